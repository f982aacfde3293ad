/** Whether a check's own correction of a failure may be offered: only what was judged and found better. */
import type { FactsByName } from "../model/fact.ts";
import { type Outcome, type OutcomeName, severities } from "../model/outcome.ts";
import type { Check, CheckContext } from "./define-check.ts";
import { runCheck } from "./run-check.ts";

/** How a correction is judged before it is offered. */
export interface Rejudge {
  /** Every check that must not be worse off. */
  readonly catalogue: readonly Check[];
  /** All facts, raw and derived, as they would be with this policy; undefined where the provider would refuse it. */
  readonly factsWith: (policyText: string) => FactsByName | undefined;
}

/**
 * The text of the policy that mends this check's failure, or undefined where the check has none to offer, does not fail,
 * or another check of the catalogue would be worse off. A correction that breaks is a bug of the check and throws.
 */
export function offerCorrection(
  check: Check,
  facts: FactsByName,
  rejudge: Rejudge,
  context: CheckContext,
): string | undefined {
  if (check.correct === undefined || runCheck(check, facts, context).outcome !== "fail") return undefined;
  const text = check.correct(valuesFor(check, facts) as never, context);
  const corrected = text === undefined ? undefined : rejudge.factsWith(text);
  if (corrected === undefined) return undefined;
  if (runCheck(check, corrected, context).outcome !== "pass") return undefined;
  const worse = rejudge.catalogue.some((other) => {
    if (other.resource !== check.resource) return false;
    return isWorse(runCheck(other, facts, context), runCheck(other, corrected, context));
  });
  return worse ? undefined : text;
}

/** The commands that mend this check's failure; undefined where it has none to offer, or does not fail. */
export function offerCommands(check: Check, facts: FactsByName, context: CheckContext): readonly string[] | undefined {
  if (check.commands === undefined || runCheck(check, facts, context).outcome !== "fail") return undefined;
  const commands = check.commands(valuesFor(check, facts) as never, context);
  return commands.length === 0 ? undefined : commands;
}

/** What `correct` and `commands` are given: a check that failed has everything that it reads. */
function valuesFor(check: Check, facts: FactsByName): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const name of check.reads) {
    const fact = facts[name];
    values[name] = fact?.state === "known" ? fact.value : undefined;
  }
  for (const name of [...check.passNeeds, ...check.mayRead]) values[name] = facts[name];
  return values;
}

const rank = { pass: 0, "not-applicable": 0, unknown: 1, fail: 2, error: 3 } satisfies Record<OutcomeName, number>;

/** A failure is worse than before also where it weighs more. */
export function isWorse(before: Outcome, after: Outcome): boolean {
  if (rank[after.outcome] !== rank[before.outcome]) return rank[after.outcome] > rank[before.outcome];
  return after.outcome === "fail" && severities.indexOf(after.severity) < severities.indexOf(before.severity);
}
