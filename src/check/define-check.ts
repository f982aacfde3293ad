import type { CheckCard } from "../model/check-card.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import type { Unreadable } from "../model/fact.ts";
import type { GuidanceRevision } from "../model/guidance-revision.ts";
import type { Json } from "../model/json.ts";
import type { Severity } from "../model/outcome.ts";
import type { FactName, Facts, FactValues, ResourceKind } from "../model/resource.ts";

/** What a check may know beside the facts. */
export interface CheckContext {
  /** The moment that is judged, in epoch milliseconds. */
  readonly at: number;
  readonly guidance: GuidanceRevision;
  readonly settings: CheckSettings;
}

/**
 * What a check may answer. `undecided` names what would decide: context that is not known, or a fact of `passNeeds`
 * or `mayRead` that could not be read. `unknown`, `error` and `not-applicable` are not a check's to say.
 */
export type Verdict =
  | { readonly outcome: "pass"; readonly message: string; readonly evidence: Json }
  | {
      readonly outcome: "fail";
      readonly message: string;
      readonly evidence: Json;
      /** Where this failure weighs more or less than the check's own severity. */
      readonly severity?: Severity;
    }
  | { readonly outcome: "undecided"; readonly on: readonly Undecided[]; readonly message: string };

/** What would decide: context or a fact by name, or a part of a fact that could not be read. */
export type Undecided = string | { readonly name: string; readonly why: Unreadable };

/** For which resources a check says anything. */
export interface Scope<K extends ResourceKind, S extends FactName<K>> {
  readonly reads: readonly S[];
  /** A reason why the check says nothing about this resource, or undefined. */
  readonly excludes: (facts: FactValues<K, S>, context: CheckContext) => string | undefined;
  /** A wider scope that is asked before: its answer needs none of the facts of this one. */
  readonly within?: AnyScope;
}

/** Any scope, for the runner. */
export interface AnyScope {
  readonly reads: readonly string[];
  readonly excludes: (facts: never, context: CheckContext) => string | undefined;
  readonly within?: AnyScope;
}

/** A check as it is written: its card, the facts it may see, and a pure function from those to a verdict. */
export interface CheckDefinition<
  K extends ResourceKind,
  S extends FactName<K>,
  R extends FactName<K>,
  P extends FactName<K>,
  M extends FactName<K>,
> extends CheckCard {
  readonly resource: K;
  /** Read first and alone, so that a refused permission never makes noise about a resource that is out of scope. */
  readonly scope?: Scope<K, S>;
  /** Without these there is no verdict at all. */
  readonly reads: readonly R[];
  /** Handed over as they are: a fail may be said without them, a pass may not. */
  readonly passNeeds?: readonly P[];
  /** Handed over as they are too: the check itself says what an unreadable one leaves open. */
  readonly mayRead?: readonly M[];
  readonly evaluate: (facts: FactValues<K, R> & Facts<K, P | M>, context: CheckContext) => Verdict;
  /** Checks whose failing explains a failure of this one, which then names those that fail as its `caused_by`. */
  readonly explainedBy?: readonly string[];
  /**
   * For a failure that a changed policy would mend: the text of that policy, or undefined where there is none. It is
   * offered only once it was judged: this check passes on it, and no other is worse off.
   */
  readonly correct?: (facts: FactValues<K, R> & Facts<K, P | M>, context: CheckContext) => string | undefined;
  /** For a failure that commands would mend: exactly those, one after the other, for a shell; empty where none would. */
  readonly commands?: (facts: FactValues<K, R> & Facts<K, P | M>, context: CheckContext) => readonly string[];
}

/** Any check, for those who run them without knowing which. Only the runner calls its functions. */
export interface Check<K extends ResourceKind = ResourceKind> extends CheckCard {
  readonly resource: K;
  readonly scope?: AnyScope;
  readonly reads: readonly string[];
  readonly passNeeds: readonly string[];
  readonly mayRead: readonly string[];
  readonly evaluate: (facts: never, context: CheckContext) => Verdict;
  readonly explainedBy?: readonly string[];
  readonly correct?: (facts: never, context: CheckContext) => string | undefined;
  readonly commands?: (facts: never, context: CheckContext) => readonly string[];
}

/**
 * Declares a check. The compiler holds it to what it declared: a fact that is not listed, an outcome that is the
 * runner's, a promise, or an unlooked-at fact of `passNeeds` or `mayRead` does not compile.
 */
export function defineCheck<
  const K extends ResourceKind,
  const S extends FactName<K> = never,
  const R extends FactName<K> = never,
  const P extends FactName<K> = never,
  const M extends FactName<K> = never,
>(definition: CheckDefinition<K, S, R, P, M>): Check<K> {
  return { passNeeds: [], mayRead: [], ...definition };
}
