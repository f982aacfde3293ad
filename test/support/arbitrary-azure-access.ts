/** Sets of assignments, deny assignments and settings of a vault that nobody thought of, and the facts that they are. */
import fc from "fast-check";
import { azureCryptoServiceEncryptionUserRole, azureCryptoUserRole } from "../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../src/guidance/identifiers.ts";
import type { AzureDenyAssignment, AzureRoleAssignment } from "../../src/model/azure.ts";
import { type Fact, known, unreadable } from "../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureCryptoOfficerRole,
  azureDenyAssignment,
  azureOwnerRole,
  azurePermissions,
  azureReaderRole,
  azureRole,
  azureRoleFact,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
  testAzureVersion,
} from "./azure-vault-key.ts";

const keys = "Microsoft.KeyVault/vaults/keys";
const secretRole = "5ec2e700-0008-4000-8000-00000000a008";
const lookalikeId = "a1b2c3d4-0009-4000-8000-00000000a009";

const principals = [
  [testAzurePrincipal, "ServicePrincipal"],
  [testAzureGroup, "Group"],
  [testAzureStranger, "User"],
  [lookalikeId, "ServicePrincipal"],
  [testAzureStranger, "Ghost"],
] as const;
const aboutKeys = "@Resource[Microsoft.KeyVault/vaults/keys:name] StringEquals 'x'";

export const arbitraryAssignment: fc.Arbitrary<AzureRoleAssignment> = fc
  .record({
    role: fc.constantFrom(
      azureCryptoUserRole,
      azureCryptoServiceEncryptionUserRole,
      azureCryptoOfficerRole,
      azureOwnerRole,
      azureReaderRole,
      testAzureCustomRole,
      secretRole,
    ),
    scope: fc.constantFrom(
      testAzureKeyScope,
      testAzureKeyScope,
      `${testAzureKeyScope}/versions/${testAzureVersion}`,
      testAzureVault,
      testAzureResourceGroup,
      testAzureSubscriptionScope,
      testAzureManagementGroup,
      "/",
    ),
    principal: fc.constantFrom(...principals),
    condition: fc.constantFrom(null, null, aboutKeys),
  })
  .map(({ principal: [principal_id, principal_type], ...rest }) =>
    azureAssignment({ ...rest, principal_id, principal_type }),
  );

/** Of everybody, of the service principal, of others. */
export const arbitraryDenyAssignment: fc.Arbitrary<AzureDenyAssignment> = fc
  .record({
    scope: fc.constantFrom(testAzureKeyScope, testAzureVault, testAzureManagementGroup),
    applies_to_child_scopes: fc.constantFrom(true, true, false),
    permissions: fc.constantFrom(
      [azurePermissions({ data_actions: ["*"] })],
      [azurePermissions({ data_actions: [`${keys}/unwrap/action`] })],
      [azurePermissions({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/*`] })],
    ),
    principals: fc.constantFrom(
      [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
      [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
      [{ id: testAzurePrincipal, type: "ServicePrincipal" }],
      [{ id: testAzureStranger, type: "User" }],
      [{ id: testAzureGroup, type: "Group" }],
    ),
    excluded: fc.constantFrom(
      [],
      [],
      [],
      [{ id: testAzureGroup, type: "Group" }],
      [{ id: testAzurePrincipal, type: "ServicePrincipal" }],
    ),
    condition: fc.constantFrom(null, null, null, aboutKeys),
  })
  .map((changes) => azureDenyAssignment(changes));

/** Everything but who is assigned what. */
export const arbitrarySetting = fc.record({
  vault_rbac: fc.constantFrom(true, true, false, null),
  key_permissions: fc.constantFrom([], ["get", "wrapkey", "unwrapkey"], ["all"], ["decrypt"]),
  policy_for: fc.constantFrom(testAzurePrincipal, testAzureStranger),
  vault_keys: fc.constantFrom(["anthropic"], ["anthropic", "other"]),
  denies: fc.array(arbitraryDenyAssignment, { maxLength: 1 }),
  ends: fc.boolean(),
});
export type AzureSetting = typeof arbitrarySetting extends fc.Arbitrary<infer T> ? T : never;

export const arbitraryAssignments = fc.array(arbitraryAssignment, { maxLength: 4 });

/** Who is in the group is known to Azure, and to nobody else. */
export const reachesPrincipal = ({ principal_id }: AzureRoleAssignment) =>
  principal_id === testAzurePrincipal || principal_id === testAzureGroup;
export const isAboveVersions = ({ scope }: AzureRoleAssignment) => !scope.includes("/versions/");

/** Facts for `azureVaultKey`. */
export function factsOf(list: readonly AzureRoleAssignment[], given: AzureSetting): Record<string, Fact<unknown>> {
  const own = { object_id: testAzurePrincipal, application_id: anthropicAzureApplication };
  const other = { object_id: lookalikeId, application_id: "11111111-2222-4333-8444-555555555555" };
  const applications = [own, other]
    .filter(({ object_id }) => list.some(({ principal_id }) => principal_id === object_id))
    .map((one) => ({ ...one, display_name: anthropicAzureApplicationName }));
  const schedules = list.map(({ id, scope, principal_id, role_definition_id }) => ({
    assignment_id: id,
    scope,
    principal_id,
    role_definition_id,
    ends: Date.UTC(2027, 1, 1),
    type: "Assigned",
  }));
  return {
    assignments: known(list.filter(isAboveVersions)),
    principal_assignments: known(list.filter(reachesPrincipal)),
    assigned_applications: known(applications),
    assignment_schedules: known(given.ends ? schedules.slice(0, 2) : null),
    deny_assignments: known(given.denies),
    vault_rbac: known(given.vault_rbac),
    vault_access_policies: known([
      azureAccessPolicy({ object_id: given.policy_for, key_permissions: given.key_permissions }),
    ]),
    vault_keys: known(given.vault_keys),
    [azureRoleFact(testAzureCustomRole)]: known(
      azureRole({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/wrap/action`] }),
    ),
    [azureRoleFact(secretRole)]: unreadable("access-denied", "refused"),
  };
}
