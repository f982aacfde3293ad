import { type Fact, known } from "../model/fact.ts";
import type { Json } from "../model/json.ts";

/**
 * What the answer "there is no such key" tells: one fact for certain, and of the others that are named why there are none.
 */
export function absentKeyFacts(names: readonly string[], detail: string): Record<string, Fact<Json>> {
  const others = names.map((name) => [name, { state: "unreadable", reason: "not-found", detail }] as const);
  return { ...Object.fromEntries(others), existence: known("absent") };
}
