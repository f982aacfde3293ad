/** What is above a project, as far as it may be looked at and is known. */
import type { Fact, FactsByName } from "../../model/fact.ts";
import type { GcpLevel } from "../../model/gcp-access.ts";
import { factOf } from "./fact-of.ts";

export type LevelsAbove =
  | { readonly state: "not-looked-at" }
  | { readonly state: "looked-at"; readonly names: Fact<readonly string[]> };

/** Stands for all of them where nobody could read which they are. */
export const whateverIsAbove: GcpLevel = { kind: "organization", name: "whatever is above the project" };

/** Switched off is a decision: what was read before it counts no more, and what was never read is not missing. */
export function levelsAbove(facts: FactsByName): LevelsAbove {
  const reads = factOf(facts, "reads");
  if (reads.state === "known" && !reads.value.gcp_ancestors) return { state: "not-looked-at" };
  return { state: "looked-at", names: factOf(facts, "ancestors") };
}

/** `name` is `folders/…` or `organizations/…`. */
export function levelOfAncestor(name: string): GcpLevel {
  return { kind: name.startsWith("folders/") ? "folder" : "organization", name };
}

/** The name of the fact that is the IAM policy of a folder or an organization. */
export function ancestorPolicyFact(name: string): string {
  return `${name.startsWith("folders/") ? "folder_policy" : "organization_policy"}:${name}`;
}
