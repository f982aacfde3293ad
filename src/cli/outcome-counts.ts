import type { OutcomeName } from "../model/outcome.ts";

/** What there is to do comes first. */
const order = {
  fail: 0,
  unknown: 1,
  error: 2,
  pass: 3,
  "not-applicable": 4,
} as const satisfies Record<OutcomeName, number>;

/** `1 fail, 26 pass, 2 not-applicable`: always in the same order; empty where there is none. */
export function outcomeCounts(outcomes: readonly { readonly outcome: OutcomeName }[]): string {
  const groups = Map.groupBy(outcomes, ({ outcome }) => outcome);
  return [...groups]
    .toSorted(([a], [b]) => order[a] - order[b])
    .map(([outcome, of]) => `${of.length} ${outcome}`)
    .join(", ");
}
