import type { Json } from "./json.ts";
import type { OutcomeName, Severity } from "./outcome.ts";
import type { Provider } from "./resource.ts";
import type { Sight } from "./snapshot.ts";

/** Public contract: `accepted` is decided by people, `retired` follows the key; `none` never failed. */
export const findingStatuses = ["open", "accepted", "resolved", "retired", "none"] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** One outcome of a finding and how long it held. Times in epoch milliseconds; `until` is null while it holds. */
export interface OutcomeInterval {
  readonly outcome: OutcomeName;
  /** The finding's status once this outcome was concluded. */
  readonly status: FindingStatus;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: Json;
  /** The revision of the rules, and the version of the catalogue, under which it was said. */
  readonly guidance: string;
  readonly catalogue: string;
  readonly since: number;
  readonly until: number | null;
}

/** The question "this check on this subject", with its latest outcome. */
export interface Finding {
  readonly id: string;
  readonly check: string;
  readonly provider: Provider;
  /** The key's name; null for kinds that are no key. */
  readonly key: string | null;
  readonly resource: { readonly kind: string; readonly name: string };
  readonly status: FindingStatus;
  readonly latest: OutcomeInterval;
  /** Where the latest outcome decided nothing: the last one that did, if any. */
  readonly last_decided: OutcomeInterval | null;
  /** When the present or last run of failing began; null if it never failed. */
  readonly opened_at: number | null;
  readonly resolved_at: number | null;
}

/**
 * After more than this many intervals without a result nobody was looking: the store then begins a new run, and what lies
 * between two runs is shown as a gap.
 */
export const intervalsUntilGap = 2;

/** An unbroken run of equal results of one call on one subject. Times are epoch milliseconds. */
export interface SightRun {
  readonly subject: string;
  readonly call: string;
  readonly part: string | null;
  readonly state: Sight;
  readonly detail: string | null;
  readonly from: number;
  readonly last: number;
  /** How often the call was made when it was made last, in milliseconds. */
  readonly interval_ms: number;
}
