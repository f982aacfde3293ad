import type { Fact } from "../model/fact.ts";
import type { UnreadableSource } from "../model/key-access.ts";

/** What an answer about access lacks because of this fact: nothing, or the fact by its name and why it is not known. */
export function unreadableSource(name: string, fact: Fact<unknown>): readonly UnreadableSource[] {
  if (fact.state === "known") return [];
  const { reason, detail, call = null, permission = null } = fact;
  return [{ fact: name, reason, detail, call, permission }];
}
