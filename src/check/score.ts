/** One number for how a key stands: see docs/score.md, which is the published form of these rules. */
import type { FindingStatus } from "../model/finding.ts";
import { isDecided, type OutcomeName, type Severity } from "../model/outcome.ts";
import type { Score } from "../model/score.ts";

/** The newest outcome of a check, and the status of its finding where it has one. */
export interface ScoredCheck {
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly status?: FindingStatus;
  /** How many there are of this kind; one where it is not said. */
  readonly count?: number;
}

export const severityWeights = { critical: 40, high: 15, medium: 5, low: 1 } as const satisfies Record<
  Severity,
  number
>;

/** The most that a key has while a critical check fails. */
export const mostWhileCritical = 39;

/**
 * `score`: the share of weight that passes, as a whole number from 0 to 100, rounded down; `unknown_share`: the share
 * that nobody could judge, from 0 to 1. Both null where no check applies.
 */
export function scoreOf(checks: readonly ScoredCheck[]): Score {
  const applicable = checks.filter(({ outcome }) => outcome !== "not-applicable");
  const all = weightOf(applicable);
  if (all === 0) return { score: null, unknown_share: null };
  const passed = weightOf(applicable.filter(({ outcome }) => outcome === "pass"));
  const unknown = weightOf(applicable.filter(({ outcome }) => !isDecided(outcome)));
  const share = Math.floor((100 * passed) / all);
  const critical = applicable.some((check) => check.severity === "critical" && isFailing(check));
  return { score: critical ? Math.min(mostWhileCritical, share) : share, unknown_share: unknown / all };
}

function weightOf(checks: readonly ScoredCheck[]): number {
  return checks.reduce((sum, { severity, count = 1 }) => sum + count * severityWeights[severity], 0);
}

/** What failed when it was last judged goes on failing while nobody can judge it; an acceptance mends nothing. */
function isFailing({ outcome, status }: ScoredCheck): boolean {
  return outcome === "fail" || (!isDecided(outcome) && (status === "open" || status === "accepted"));
}
