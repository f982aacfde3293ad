/** The levels above and at a key that could be looked at, for checks that are given them as they are. */
import type { Unreadable } from "../../model/fact.ts";
import type { GcpLevelAccess } from "../../model/gcp-access.ts";
import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";
import type { Facts } from "../../model/resource.ts";

export type GcpLevelFact = "key_access" | "ring_access" | "project_access" | "ancestor_access";

export interface GcpLevelsRead {
  /** From the key up. */
  readonly levels: readonly GcpLevelAccess[];
  /** What could not be read, by the name of the fact or of the level. */
  readonly unread: readonly { readonly name: string; readonly fact: Unreadable }[];
  /** False where nobody was to look above the project. */
  readonly looked_above: boolean;
}

/** For messages, where nobody was to look further. */
export const asFarAsTheProject = "as far as the project (reads.gcp_ancestors is off)";

/** Of the facts given, in this order: key, ring, project, what is above. */
export function levelsRead(facts: Partial<Facts<"gcp.kms-key", GcpLevelFact>>): GcpLevelsRead {
  const own = (["key_access", "ring_access", "project_access"] as const).flatMap((name) => {
    const fact = facts[name];
    return fact === undefined ? [] : [{ name, fact }];
  });
  const above = facts.ancestor_access;
  const named = [
    ...own,
    ...(above?.state === "unreadable" ? [{ name: "ancestor_access", fact: above }] : []),
    ...ancestorsOf(above?.state === "known" ? above.value : null),
  ];
  return {
    levels: named.flatMap(({ fact }) => (fact.state === "known" ? [fact.value] : [])),
    unread: named.flatMap(({ name, fact }) => (fact.state === "unreadable" ? [{ name, fact }] : [])),
    looked_above: above !== undefined && (above.state === "unreadable" || above.value !== null),
  };
}

function ancestorsOf(ancestors: GcpKmsKeyFacts["ancestor_access"]) {
  return (ancestors ?? []).map(({ name, access }) => ({ name, fact: access }));
}
