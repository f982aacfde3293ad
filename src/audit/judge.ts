import { deriveFacts } from "../access/registry.ts";
import type { Check, CheckContext } from "../check/define-check.ts";
import { type FactsByName, runCheck } from "../check/run-check.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import { type GuidanceRevision, guidanceRevisions } from "../model/guidance-revision.ts";
import type { KeyResource } from "../model/key.ts";
import type { Outcome } from "../model/outcome.ts";

/** What is judged by, beside the facts. */
export interface Rules {
  readonly catalogue: readonly Check[];
  /** The version of the catalogue, kept with every outcome. */
  readonly version: string;
  readonly guidance: GuidanceRevision;
  readonly settings: CheckSettings;
}

/** Puts every check for this kind of resource to its facts. Pure: the moment comes as an argument (epoch milliseconds). */
export function judge(
  rules: Rules,
  key: KeyResource,
  facts: FactsByName,
  guidance: string | null,
  at: number,
): Judgement {
  const revision = guidanceRevisions.find((known) => known === guidance) ?? rules.guidance;
  const context: CheckContext = { at, guidance: revision, settings: rules.settings };
  const all = { ...facts, ...deriveFacts[key.kind](facts, key) };
  const outcomes = rules.catalogue
    .filter((check) => check.resource === key.kind)
    .map((check) => runCheck(check, all, context));
  return { guidance: revision, outcomes };
}

export interface Judgement {
  readonly guidance: GuidanceRevision;
  readonly outcomes: readonly Outcome[];
}
