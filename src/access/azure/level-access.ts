import type { AzureRole, AzureRoleAssignment } from "../../model/azure.ts";
import type { AzureAssignment, AzureLevelAccess, AzureLevelKind } from "../../model/azure-access.ts";
import type { Fact } from "../../model/fact.ts";
import { type AzureHome, azureLevelOf } from "./scope.ts";

/** The assignments that reach the key, or one of its versions, each with what its role permits; by `roleOf` of its id. */
export function assignmentsOf(
  assignments: readonly AzureRoleAssignment[],
  home: AzureHome,
  roleOf: (role_definition_id: string) => Fact<AzureRole>,
): readonly AzureAssignment[] {
  return assignments.flatMap(({ scope, ...assignment }) => {
    const level = azureLevelOf(scope, home);
    return level === undefined ? [] : [{ ...assignment, level, permits: roleOf(assignment.role_definition_id) }];
  });
}

export function levelAccess(kind: AzureLevelKind, assignments: readonly AzureAssignment[]): AzureLevelAccess {
  return { kind, assignments: assignments.filter(({ level }) => level.kind === kind) };
}
