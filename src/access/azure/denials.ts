/** Deny assignments that stand at or above a key, and whether the service principal is among those whom they are about. */
import type { AzureDeniedPrincipal, AzureDenyAssignment } from "../../model/azure.ts";
import type { AzureDenial, AzurePublishedPrincipal } from "../../model/azure-access.ts";
import type { Fact } from "../../model/fact.ts";
import { everybody } from "./deny.ts";
import { isSameId } from "./same-id.ts";
import { type AzureHome, azureLevelOf, isAtOrAbove } from "./scope.ts";

/** `about` are the ids of those that Azure says are about the service principal. */
export function denialsOf(
  assignments: readonly AzureDenyAssignment[],
  home: AzureHome,
  principal: Fact<AzurePublishedPrincipal | null>,
  about: Fact<readonly string[]>,
): readonly AzureDenial[] {
  return assignments.flatMap((assignment) => {
    const level = azureLevelOf(assignment.scope, home);
    if (level === undefined || !isAtOrAbove(level)) return [];
    // What stands above the key and is not handed down is about something else.
    if (level.kind !== "key" && !assignment.applies_to_child_scopes) return [];
    return [{ ...assignment, level, names_principal: namesPrincipal(assignment, principal, about) }];
  });
}

type Names = AzureDenial["names_principal"];

function namesPrincipal(
  { id, principals, excluded }: AzureDenyAssignment,
  principal: Fact<AzurePublishedPrincipal | null>,
  about: Fact<readonly string[]>,
): Names {
  if (principal.state === "known" && principal.value === null) return "no";
  const own = principal.state === "known" ? (principal.value?.object_id ?? null) : null;
  const resolved = about.state === "known" && about.value.some((one) => isSameId(one, id));
  const denied: Names = resolved ? "yes" : strongest(principals.map((one) => isAbout(one, own, about)));
  if (denied === "no") return "no";
  const spared = strongest(excluded.map((one) => sparing(one, own)));
  if (spared === "yes") return "no";
  return spared === "undecided" ? "undecided" : denied;
}

/** Of what Azure did not name, a group is known not to hold the service principal where Azure was asked. */
function isAbout({ id, type }: AzureDeniedPrincipal, own: string | null, about: Fact<readonly string[]>): Names {
  if (id === everybody) return "yes";
  if (isKind(type, "user")) return "no";
  if (own === null) return "undecided";
  if (isSameId(id, own)) return "yes";
  return about.state === "known" || isKind(type, "serviceprincipal") ? "no" : "undecided";
}

/** Azure does not say who is in a group that is spared. */
function sparing({ id, type }: AzureDeniedPrincipal, own: string | null): Names {
  if (id === everybody) return "yes";
  if (own !== null && isSameId(id, own)) return "yes";
  if (isKind(type, "user")) return "no";
  return own !== null && isKind(type, "serviceprincipal") ? "no" : "undecided";
}

function isKind(type: string | null, kind: string): boolean {
  return type?.toLowerCase() === kind;
}

function strongest(answers: readonly Names[]): Names {
  if (answers.includes("yes")) return "yes";
  return answers.includes("undecided") ? "undecided" : "no";
}
