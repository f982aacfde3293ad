// What a consumer of an export is to make of a finding, where its format has a word for it.
import { isDecided, type OutcomeName, type Severity } from "../model/outcome.ts";
import type { FindingBody } from "./exported-finding.ts";

export interface Verdict {
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  /** The failure first; beside it why it cannot be judged now, where sight was lost. */
  readonly messages: readonly string[];
}

/**
 * Lost sight is not mended: a failure that is still open stays one, though nobody can say now whether it holds. Other
 * formats have no status beside the outcome to tell it.
 */
export function verdictOf({ status, outcome, severity, message, last_decided }: FindingBody): Verdict {
  const stands = status === "open" || status === "accepted";
  if (stands && !isDecided(outcome) && last_decided?.outcome === "fail") {
    const messages = [last_decided.message, `cannot be judged now: ${message}`];
    return { outcome: "fail", severity: last_decided.severity, messages };
  }
  return { outcome, severity, messages: [message] };
}
