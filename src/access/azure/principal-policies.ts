/**
 * Which access policies of a vault are for the service principal. A policy names an object of the directory, and says
 * neither what it is nor, of a group, who is in it: https://learn.microsoft.com/en-us/azure/key-vault/general/assign-access-policy
 */
import type { AzureAccessPolicy, AzureAssignedApplication } from "../../model/azure.ts";
import type { AzureAssignment, AzurePolicyAccess, AzurePublishedPrincipal } from "../../model/azure-access.ts";
import type { Fact } from "../../model/fact.ts";
import { isBeyond } from "./beyond-documented.ts";
import { grantsInForce } from "./grants-in-force.ts";

/** Its own, and those of groups that it is in, as far as what is `reaching` it through groups tells of them. */
export function policiesOfPrincipal(
  policies: readonly AzureAccessPolicy[],
  { object_id: own }: AzurePublishedPrincipal,
  reaching: readonly AzureAssignment[],
): readonly AzureAccessPolicy[] {
  const ids = lowered([own, ...reaching.map(({ principal_id }) => principal_id)]);
  return policies.filter(({ object_id }) => ids.has(object_id.toLowerCase()));
}

/** Where a policy in force is beyond what is documented, and may be a group's: whether the service principal is in it. */
export function openMemberships(
  { in_force, policies }: AzurePolicyAccess,
  assignments: readonly AzureAssignment[],
  applications: Fact<readonly AzureAssignedApplication[]>,
): readonly string[] {
  const noGroups = lowered([
    ...assignments.filter(isToOne).map(({ principal_id }) => principal_id),
    ...(applications.state === "known" ? applications.value.map(({ object_id }) => object_id) : []),
  ]);
  return (
    policies
      // One for an application on somebody's behalf is no group's.
      .filter(({ application_id, object_id }) => application_id === null && !noGroups.has(object_id.toLowerCase()))
      .filter((policy) => in_force && grantsInForce([], { in_force, policies: [policy] }).some(isBeyond))
      .map(({ object_id }) => `membership of ${object_id}`)
  );
}

function isToOne({ principal_type }: AzureAssignment): boolean {
  return ["user", "serviceprincipal", "device"].includes(principal_type?.toLowerCase() ?? "");
}

function lowered(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map((id) => id.toLowerCase()));
}
