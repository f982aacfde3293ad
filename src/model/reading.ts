import type { Fact, Unreadable } from "./fact.ts";
import type { Json } from "./json.ts";

/** What one call told about one subject: facts, each known or unreadable, or why it did not answer. */
export interface Reading {
  /** A call of the provider's call table, e.g. `kms:GetKeyPolicy`. */
  readonly call: string;
  /** Which of several things it was made for (a trail's ARN), or null. */
  readonly part: string | null;
  /** The service's clock at the end of the read. */
  readonly at: number;
  /** Facts by name; with a part, the name is still the plain one (`trail_status`). */
  readonly answer: { readonly state: "seen"; readonly facts: Readonly<Record<string, Fact<Json>>> } | Unreadable;
  /**
   * Calls for which this answer is the complete list of parts: what is known of a part that is not in the list has
   * ended. Left out where the answer lists nothing, or not everything.
   */
  readonly parts?: Readonly<Record<string, readonly string[]>>;
}

/** The name of a fact of one of several things. */
export function partFactName(fact: string, part: string | null): string {
  return part === null ? fact : `${fact}:${part}`;
}
