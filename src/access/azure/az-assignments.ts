/**
 * Commands of `az` that give and take role assignments, in an order that never leaves the service principal without what
 * it needs. https://learn.microsoft.com/en-us/cli/azure/role/assignment
 */
import {
  azureNeededActions,
  documentedAzureRolePermissions,
  documentedAzureRoles,
} from "../../guidance/azure-roles.ts";
import type { AzureRegisteredKey, AzureVault } from "../../model/azure.ts";
import type { AzureAssignment, AzurePolicyAccess, AzurePublishedPrincipal } from "../../model/azure-access.ts";
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Fact, known } from "../../model/fact.ts";
import { az } from "./az.ts";
import { askForPrincipal } from "./published-requests.ts";
import { isOfPrincipal } from "./reaching-assignments.ts";
import { azureKeyScope } from "./scope.ts";

/**
 * Assigns a documented role on the key; nothing where nobody knows the vault's id. Azure refuses to assign what is
 * assigned already, for a while or with a condition too: then it is the other role.
 */
export function assignDocumentedRole(
  principal: AzurePublishedPrincipal,
  key: AzureRegisteredKey,
  vault: Fact<AzureVault>,
  reaching: readonly AzureAssignment[],
): readonly string[] {
  const scope = azureKeyScope({ key, vault_id: vault.state === "known" ? vault.value.id : null });
  const present = reaching
    .filter((one) => one.level.kind === "key" && isOfPrincipal(one, principal))
    .map(({ role_definition_id }) => role_definition_id.split("/").at(-1)?.toLowerCase());
  const role = documentedAzureRoles.find((id) => !present.includes(id));
  if (scope === undefined || role === undefined) return [];
  const assignee = { "assignee-object-id": principal.object_id, "assignee-principal-type": "ServicePrincipal" };
  const name = documentedAzureRolePermissions[role]?.name ?? role;
  return [az("role assignment create", { ...assignee, role: name, scope })];
}

/** Takes assignments away from whoever has them. */
export function deleteAssignments(assignments: readonly Pick<AzureAssignment, "id">[]): readonly string[] {
  return [...new Set(assignments.map(({ id }) => az("role assignment delete", { ids: id })))];
}

export interface AzureRemovalContext {
  readonly principal: AzurePublishedPrincipal;
  readonly key: AzureRegisteredKey;
  readonly vault: Fact<AzureVault>;
  readonly policies: Pick<AzurePolicyAccess, "in_force">;
  /** All that reaches the service principal. */
  readonly reaching: readonly AzureAssignment[];
}

/**
 * Takes assignments away that may be what the service principal has. Where the rest may not be enough for it, it is
 * assigned the documented role on the key before; where that cannot be, nothing is taken.
 */
export function removeAssignments(
  assignments: readonly AzureAssignment[],
  { principal, key, vault, policies, reaching }: AzureRemovalContext,
): readonly string[] {
  const ids = new Set(assignments.map(({ id }) => id.toLowerCase()));
  const rest = reaching.filter(({ id }) => !ids.has(id.toLowerCase()));
  const removals = deleteAssignments(assignments);
  // Where access policies are in force, it has nothing from assignments.
  const isSpared = policies.in_force || rest.length === reaching.length || givesWhatIsNeeded(rest, principal);
  if (isSpared) return removals;
  const assign = assignDocumentedRole(principal, key, vault, reaching);
  return assign.length === 0 ? [] : [...assign, ...removals];
}

/** Whether by RBAC these alone are enough, on the key itself, for certain. */
export function givesWhatIsNeeded(
  assignments: readonly AzureAssignment[],
  principal: AzurePublishedPrincipal,
): boolean {
  const answers = askForPrincipal(azureNeededActions, {
    published_access: known({ principal, assignments }),
    vault_rbac: known(true),
    policy_access: known({ in_force: false, policies: [] }),
    denials: known<AzureVaultKeyFacts["denials"]>([]),
  });
  return answers.every(({ decision }) => decision === "allowed");
}
