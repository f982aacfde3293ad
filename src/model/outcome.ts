import type { Json } from "./json.ts";

/** Public contract: values of the API, of columns and of metric labels. */
export const outcomes = ["pass", "fail", "unknown", "not-applicable", "error"] as const;
export type OutcomeName = (typeof outcomes)[number];

/** From worst to least. Public contract, as above. */
export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** What one check said about one subject at one moment. */
export interface Outcome {
  readonly check: string;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly message: string;
  /** What the outcome rests on. Absolute times only: what does not change must not move. */
  readonly evidence: Json;
}

/** Only these decide a finding; the others say something about our sight or about ourselves. */
export function isDecided(outcome: OutcomeName): boolean {
  return outcome === "pass" || outcome === "fail" || outcome === "not-applicable";
}
