import { resourceAccess } from "../access/registry.ts";
import type { Check, CheckContext } from "../check/define-check.ts";
import { runCheck } from "../check/run-check.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import { type FactsByName, known } from "../model/fact.ts";
import { type GuidanceRevision, guidanceRevisions } from "../model/guidance-revision.ts";
import type { Json } from "../model/json.ts";
import type { KeyResource } from "../model/key.ts";
import type { Outcome } from "../model/outcome.ts";

/** What is judged by, beside the facts. */
export interface Rules {
  readonly catalogue: readonly Check[];
  /** The version of the catalogue, kept with every outcome. */
  readonly version: string;
  readonly guidance: GuidanceRevision;
  readonly settings: CheckSettings;
  /** What may be looked at beyond the keys' own accounts: `reads:` in the configuration. */
  readonly reads: Readonly<Record<string, boolean>>;
}

/** Puts every check for this kind of resource to its facts. Pure: the moment comes as an argument (epoch milliseconds). */
export function judge(
  rules: Rules,
  key: KeyResource,
  facts: FactsByName,
  guidance: string | null,
  at: number,
): Judgement {
  const context = watched(contextOf(rules, guidance, at));
  const all = allFacts(rules, key, facts);
  const checks = rules.catalogue.filter((check) => check.resource === key.kind);
  const judged = checks.map((check) => ({ check, outcome: runCheck(check, all, context) }));
  const failing = new Set(judged.filter(({ outcome }) => outcome.outcome === "fail").map(({ check }) => check.id));
  return {
    guidance: context.guidance,
    looked_at_time: context.looked_at_time,
    outcomes: judged.map(({ check, outcome }) => withCauses(check, outcome, failing)),
  };
}

/** The facts as checks see them: those that were read, what may be looked at, and what follows from both. */
export function allFacts(rules: Pick<Rules, "reads">, key: KeyResource, facts: FactsByName): FactsByName {
  const raw = { ...facts, reads: known(rules.reads) };
  return { ...raw, ...resourceAccess[key.kind].derive(raw, key) };
}

/** `guidance` is the key's own revision, or null for the configured one; `at` in epoch milliseconds. */
export function contextOf(rules: Rules, guidance: string | null, at: number): CheckContext {
  const revision = guidanceRevisions.find((one) => one === guidance) ?? rules.guidance;
  return { at, guidance: revision, settings: rules.settings };
}

/** The same, and it tells whether anybody has asked what time it is. */
function watched({ at, ...rest }: CheckContext): CheckContext & { readonly looked_at_time: boolean } {
  let looked = false;
  return {
    ...rest,
    get at() {
      looked = true;
      return at;
    },
    get looked_at_time() {
      return looked;
    },
  };
}

/** A failure that others may explain names those of them that fail beside it. */
function withCauses({ explainedBy }: Check, outcome: Outcome, failing: ReadonlySet<string>): Outcome {
  if (explainedBy === undefined || outcome.outcome !== "fail") return outcome;
  const { evidence } = outcome;
  const named = typeof evidence === "object" && evidence !== null && !isList(evidence) ? evidence : { evidence };
  return { ...outcome, evidence: { ...named, caused_by: explainedBy.filter((id) => failing.has(id)) } };
}

/** `Array.isArray` does not narrow a list that is read-only. */
function isList(evidence: Json & object): evidence is readonly Json[] {
  return Array.isArray(evidence);
}

export interface Judgement {
  readonly guidance: GuidanceRevision;
  readonly outcomes: readonly Outcome[];
  /** Whether the outcomes may be others at another moment, with the same facts. */
  readonly looked_at_time: boolean;
}
