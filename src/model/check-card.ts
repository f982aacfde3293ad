import type { Severity } from "./outcome.ts";
import type { ResourceKind } from "./resource.ts";

/** A control of a published framework that a check speaks to. `seen`: in a published mapping; `judgement`: ours. */
export interface Control {
  readonly framework: string;
  readonly version: string;
  readonly id: string;
  readonly basis: "seen" | "judgement";
}

/**
 * A control that asks for the opposite of what a check asks for: whoever follows one fails the other, and has to be told
 * why, and what is there in its place.
 */
export interface Conflict {
  readonly framework: string;
  readonly version: string;
  readonly id: string;
  readonly reason: string;
  readonly compensating: readonly string[];
}

/** Everything about a check that is not code. */
export interface CheckCard {
  /** `<provider>/<name>`: the path under `checks/`. A public contract, never reused. */
  readonly id: string;
  /** States the good state; at most 100 characters. */
  readonly title: string;
  readonly resource: ResourceKind;
  readonly severity: Severity;
  /** The consequence, in one or two sentences. */
  readonly why: string;
  /** What to do; begins with a verb. */
  readonly remediation: string;
  readonly references: readonly string[];
  readonly controls: readonly Control[];
  readonly conflicts?: readonly Conflict[];
}
