import { type Fact, type FactsByName, unreadable } from "../model/fact.ts";

/** A fact that is not there counts as not read yet. */
export function factNamed(facts: FactsByName, name: string): Fact<unknown> {
  return facts[name] ?? unreadable("not-read-yet", `${name} has not been read`);
}
