/**
 * What somebody is given on a key, by role assignments and by access policies of the vault, whichever count.
 * https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-access-policy
 */
import type { AzureAccessPolicy, AzureRole } from "../../model/azure.ts";
import type { AzureAssignment, AzureLevelKind, AzurePolicyAccess } from "../../model/azure-access.ts";
import { type Fact, known, mapFact } from "../../model/fact.ts";
import { policyActions } from "./policy-permissions.ts";
import { tellAssignment } from "./tell-level.ts";

export interface AzureGrant {
  readonly level: AzureLevelKind;
  readonly principal_id: string;
  /** Null where Azure does not say, as in access policies. */
  readonly principal_type: string | null;
  readonly permits: Fact<AzureRole>;
  /** The assignment that gives it; null where an access policy does. */
  readonly assignment: AzureAssignment | null;
  /** What gives it, in words. */
  readonly told: string;
}

/** Where access policies are in force, assignments give no data actions. */
export function grantsInForce(
  assignments: readonly AzureAssignment[],
  { in_force, policies }: AzurePolicyAccess,
): readonly AzureGrant[] {
  return in_force ? [...administrativeGrants(assignments), ...policies.map(grantOfPolicy)] : assignments.map(grantOf);
}

/**
 * As assignments count where they do not decide over keys, for what they let somebody administer: where access policies
 * are in force, and in a managed HSM, which has roles of its own.
 */
export function administrativeGrants(assignments: readonly AzureAssignment[]): readonly AzureGrant[] {
  return assignments.map((one) => grantOf(withoutData(one)));
}

function withoutData(assignment: AzureAssignment): AzureAssignment {
  const permits = mapFact(assignment.permits, (role) =>
    known({ ...role, permissions: role.permissions.map((set) => ({ ...set, data_actions: [] })) }),
  );
  return { ...assignment, permits };
}

function grantOf(assignment: AzureAssignment): AzureGrant {
  const { level, principal_id, principal_type, permits } = assignment;
  return { level: level.kind, principal_id, principal_type, permits, assignment, told: tellAssignment(assignment) };
}

function grantOfPolicy(policy: AzureAccessPolicy): AzureGrant {
  const data_actions = policyActions(policy);
  const role = {
    name: "access policy",
    type: "AccessPolicy",
    permissions: [{ actions: [], not_actions: [], data_actions, not_data_actions: [] }],
  };
  return {
    level: "vault",
    principal_id: policy.object_id,
    principal_type: null,
    permits: known(role),
    assignment: null,
    told: `an access policy of the vault (${policy.key_permissions.toSorted().join(", ")})`,
  };
}
