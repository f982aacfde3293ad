/** What an outcome makes of a finding's status. */
import type { FindingStatus } from "../model/finding.ts";
import { isDecided, type OutcomeName } from "../model/outcome.ts";

/** A finding once an outcome was concluded. */
export interface Conclusion {
  readonly status: FindingStatus;
  readonly opened_at: number | null;
  /** Null while it is failing, and before it ever failed. */
  readonly resolved_at: number | null;
  /** The number of the last outcome that decided it, or null. */
  readonly decided: number | null;
}

/** That of a row which has more than that. */
export function conclusionIn({ status, opened_at, resolved_at, decided }: Conclusion): Conclusion {
  return { status, opened_at, resolved_at, decided };
}

const nothingYet: Conclusion = { status: "none", opened_at: null, resolved_at: null, decided: null };

/** `number` and `at` are those of the new outcome. */
export function conclude(
  before: Conclusion | undefined,
  outcome: OutcomeName,
  { number, at }: { readonly number: number; readonly at: number },
): Conclusion {
  const was = before ?? nothingYet;
  const status = was.status === "retired" ? statusBeforeRetirement(was) : was.status;
  const failing = status === "open" || status === "accepted";
  if (!isDecided(outcome)) {
    return { ...was, status };
  }
  if (outcome === "fail") {
    // Nobody looked while it was retired, so a finding that fails again begins to fail anew.
    const opened_at = failing && was.status !== "retired" ? was.opened_at : at;
    return { status: "open", opened_at, resolved_at: null, decided: number };
  }
  return {
    status: failing || status === "resolved" ? "resolved" : "none",
    opened_at: was.opened_at,
    resolved_at: failing ? at : was.resolved_at,
    decided: number,
  };
}

/** What a retired finding is again once its key is registered again. Nobody looked meanwhile: it is open anew. */
export function reopen(was: Conclusion, at: number): Conclusion {
  const status = statusBeforeRetirement(was);
  return { ...was, status, opened_at: status === "open" ? at : was.opened_at };
}

function statusBeforeRetirement({ opened_at, resolved_at }: Conclusion): FindingStatus {
  if (opened_at === null) {
    return "none";
  }
  return resolved_at === null ? "open" : "resolved";
}
