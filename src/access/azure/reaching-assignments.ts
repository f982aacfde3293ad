/** What reaches the service principal, through groups too, as far as it could be read. */
import type { AzureAssignment, AzurePublishedAccess, AzurePublishedPrincipal } from "../../model/azure-access.ts";
import type { Fact } from "../../model/fact.ts";
import type { Facts } from "../../model/resource.ts";
import { type AzureLevelFact, type AzureUnread, azureLevelsRead } from "./levels-read.ts";
import { isSameId } from "./same-id.ts";

export interface AzureReaching {
  readonly assignments: readonly AzureAssignment[];
  /** What could not be read, and may hold more. */
  readonly unread: readonly AzureUnread[];
}

/** Nothing, where there is no such principal. Where Azure did not say what reaches it, the levels tell what it is assigned itself. */
export function reachingAssignments(
  principal: AzurePublishedPrincipal | null,
  access: Fact<AzurePublishedAccess | null>,
  levels: Facts<"azure.vault-key", AzureLevelFact>,
): AzureReaching {
  if (principal === null) return { assignments: [], unread: [] };
  if (access.state === "known") return { assignments: access.value?.assignments ?? [], unread: [] };
  const assignments = azureLevelsRead(levels).assignments.filter((one) => isOfPrincipal(one, principal));
  return { assignments, unread: [{ name: "published_access", why: access }] };
}

/** Whether it is given to the service principal itself, and not to a group. */
export function isOfPrincipal(
  { principal_id }: { readonly principal_id: string },
  { object_id }: AzurePublishedPrincipal,
): boolean {
  return isSameId(principal_id, object_id);
}
