import { expect, it } from "vitest";
import { servicePrincipalCanWrap } from "../../../checks/azure/service-principal-can-wrap.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { azureCryptoServiceEncryptionUserRole, azureReadAction } from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureRoleAssignment } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureDenyAssignment,
  azureHsmKey,
  azureKeyVaultReaderRole,
  azurePermissions,
  azureRegistration,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureSubscriptionScope,
  testAzureVault,
  testAzureVersion,
} from "../../support/azure-vault-key.ts";
import { testCheck, testSettings, testTime } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const application = `application:${anthropicAzureApplication}`;
const keys = "Microsoft.KeyVault/vaults/keys";

/** Reached by these, and nothing else. */
const reached = (...assignments: readonly AzureRoleAssignment[]) => ({
  principal_assignments: known(assignments),
  assignments: known(assignments),
});
const custom = azureAssignment({ role: testAzureCustomRole });
const customRole = azureRoleFact(testAzureCustomRole);
const byPolicies = (...policies: readonly ReturnType<typeof azureAccessPolicy>[]) => ({
  vault_rbac: known(false),
  vault_access_policies: known(policies),
});
const secretsOnly =
  "((!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'))";
const keysToo =
  "((!(ActionMatches{'Microsoft.KeyVault/vaults/keys/*'})) OR (@Request[Microsoft.KeyVault/vaults/keys:name] StringEquals 'x'))";

testCheck(servicePrincipalCanWrap, {
  pass: [
    { name: "the documented role on the key", resource: azureVaultKey() },
    {
      name: "the narrower role",
      resource: azureVaultKey(reached(azureAssignment({ role: azureCryptoServiceEncryptionUserRole }))),
    },
    {
      name: "through a group",
      resource: azureVaultKey(reached(azureAssignment({ principal_id: testAzureGroup, principal_type: "Group" }))),
      message: "may read the key",
    },
    { name: "on the vault", resource: azureVaultKey(reached(azureAssignment({ scope: testAzureVault }))) },
    {
      name: "on the resource group, in capitals",
      resource: azureVaultKey(reached(azureAssignment({ scope: testAzureResourceGroup.toUpperCase() }))),
    },
    {
      name: "on the subscription",
      resource: azureVaultKey(reached(azureAssignment({ scope: testAzureSubscriptionScope }))),
    },
    {
      name: "on a management group",
      resource: azureVaultKey(reached(azureAssignment({ scope: testAzureManagementGroup }))),
    },
    { name: "at the root", resource: azureVaultKey(reached(azureAssignment({ scope: "/" }))) },
    {
      name: "a role with wildcards",
      resource: azureVaultKey({ ...reached(custom), [customRole]: known(azureRole({ data_actions: [`${keys}/*`] })) }),
    },
    {
      name: "a role in other letters' case",
      resource: azureVaultKey({
        ...reached(custom),
        [customRole]: known(
          azureRole({ data_actions: [`${keys}/READ`, `${keys}/WRAP/action`, `${keys}/Unwrap/Action`] }),
        ),
      }),
    },
    {
      name: "taken away in one set of the role and given in another",
      resource: azureVaultKey({
        ...reached(custom),
        [customRole]: known({
          name: "Custom",
          type: "CustomRole",
          permissions: [
            azurePermissions({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/wrap/action`] }),
            azurePermissions({ data_actions: [`${keys}/wrap/action`] }),
          ],
        }),
      }),
    },
    {
      name: "a condition about secrets",
      resource: azureVaultKey(reached(azureAssignment({ condition: secretsOnly }))),
    },
    {
      name: "a role beside it cannot be read",
      resource: azureVaultKey({ ...reached(azureAssignment(), custom), [customRole]: denied }),
    },
    {
      name: "what reaches it cannot be read, and it is assigned the role itself",
      resource: azureVaultKey({ principal_assignments: denied }),
    },
    { name: "the levels cannot be read", resource: azureVaultKey({ assignments: denied }) },
    {
      name: "a deny assignment that spares it",
      resource: azureVaultKey({
        deny_assignments: known([
          azureDenyAssignment({ excluded: [{ id: testAzurePrincipal, type: "ServicePrincipal" }] }),
        ]),
      }),
    },
    { name: "an access policy", resource: azureVaultKey({ ...byPolicies(azureAccessPolicy()), ...reached() }) },
    {
      name: "an access policy for everything, and deny assignments do not count",
      resource: azureVaultKey({
        ...byPolicies(azureAccessPolicy({ key_permissions: ["all"] })),
        deny_assignments: known([azureDenyAssignment()]),
      }),
    },
    {
      name: "the directory is not looked at, and its object id is registered",
      resource: azureVaultKey({
        reads: known({ azure_directory: false }),
        registration: known(azureRegistration({}, { service_principal_object_id: testAzurePrincipal })),
      }),
    },
  ],
  fail: [
    { name: "nothing is assigned", resource: azureVaultKey(reached()), message: "wrap/action" },
    {
      name: "the tenant has no service principal",
      resource: azureVaultKey({ [application]: known(null) }),
      message: "no service principal",
    },
    {
      name: "a role that only reads",
      resource: azureVaultKey(reached(azureAssignment({ role: azureKeyVaultReaderRole }))),
      message: /wrap.*unwrap/,
    },
    {
      name: "wrap is taken away",
      resource: azureVaultKey({
        ...reached(custom),
        [customRole]: known(azureRole({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/wrap/*`] })),
      }),
    },
    {
      name: "the actions are ARM's",
      resource: azureVaultKey({ ...reached(custom), [customRole]: known(azureRole({ actions: [`${keys}/*`, "*"] })) }),
    },
    {
      name: "a deny assignment",
      resource: azureVaultKey({ deny_assignments: known([azureDenyAssignment()]) }),
      message: "denied by Protect the keys",
    },
    {
      name: "a deny assignment, and a role that cannot be read",
      resource: azureVaultKey({
        ...reached(azureAssignment(), custom),
        [customRole]: denied,
        deny_assignments: known([azureDenyAssignment()]),
      }),
    },
    {
      name: "on another key of the vault",
      resource: azureVaultKey(reached(azureAssignment({ scope: `${testAzureVault}/keys/other` }))),
    },
    {
      name: "access policies are in force, and only a role is assigned",
      resource: azureVaultKey(byPolicies()),
      message: "no access policy",
    },
    { name: "RBAC was never set", resource: azureVaultKey({ vault_rbac: known(null) }) },
    {
      name: "access policies are in force, and none is for it, whatever reaches it",
      resource: azureVaultKey({ ...byPolicies(), principal_assignments: denied }),
      message: "no access policy",
    },
    {
      name: "an access policy without unwrap",
      resource: azureVaultKey(byPolicies(azureAccessPolicy({ key_permissions: ["get", "wrapkey"] }))),
      message: "unwrap",
    },
    {
      name: "an access policy that lists and does not get",
      resource: azureVaultKey(byPolicies(azureAccessPolicy({ key_permissions: ["list", "wrapkey", "unwrapkey"] }))),
      message: azureReadAction,
    },
    {
      name: "an access policy for it on somebody's behalf",
      resource: azureVaultKey(byPolicies(azureAccessPolicy({ application_id: anthropicAzureApplication }))),
    },
    {
      name: "an access policy does nothing where RBAC is on",
      resource: azureVaultKey({ ...reached(), vault_access_policies: known([azureAccessPolicy()]) }),
      message: "no role",
    },
  ],
  "not-applicable": [
    { name: "a managed HSM", resource: azureHsmKey(), message: "local RBAC" },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "nobody knows who it is", resource: azureVaultKey({ [application]: denied }) },
    {
      name: "the directory is not looked at",
      resource: azureVaultKey({ reads: known({ azure_directory: false }) }),
      message: "service_principal_object_id",
    },
    {
      name: "what reaches it cannot be read, and it is assigned nothing itself",
      resource: azureVaultKey({ assignments: known([]), principal_assignments: denied }),
    },
    {
      name: "its role cannot be read",
      resource: azureVaultKey({ ...reached(custom), [customRole]: denied }),
    },
    {
      name: "a condition about keys",
      resource: azureVaultKey(reached(azureAssignment({ condition: keysToo }))),
    },
    {
      name: "on the current version of the key only",
      resource: azureVaultKey(reached(azureAssignment({ scope: `${testAzureKeyScope}/versions/${testAzureVersion}` }))),
    },
    { name: "deny assignments cannot be read", resource: azureVaultKey({ deny_assignments: denied }) },
    {
      name: "a deny assignment that spares a group",
      resource: azureVaultKey({
        deny_assignments: known([azureDenyAssignment({ excluded: [{ id: testAzureGroup, type: "Group" }] })]),
      }),
    },
    {
      name: "a deny assignment with a condition",
      resource: azureVaultKey({ deny_assignments: known([azureDenyAssignment({ condition: keysToo })]) }),
    },
    { name: "nobody knows whether RBAC is on", resource: azureVaultKey({ vault_rbac: denied }) },
    {
      name: "an access policy that may be a group's",
      resource: azureVaultKey(byPolicies(azureAccessPolicy({ object_id: testAzureGroup }))),
    },
    { name: "existence unknown", resource: azureVaultKey({ existence: denied }) },
    { name: "registration unknown", resource: azureVaultKey({ registration: denied }) },
  ],
});

it("does not miss assignments where access policies are in force", () => {
  const { facts } = azureVaultKey({
    ...byPolicies(azureAccessPolicy({ object_id: testAzureGroup })),
    principal_assignments: denied,
  });
  const outcome = runCheck(servicePrincipalCanWrap, facts, {
    at: testTime,
    guidance: newestGuidance,
    settings: testSettings,
  });
  const membership = { fact: `membership of ${testAzureGroup}`, reason: "conditional" };
  expect(outcome).toMatchObject({ outcome: "unknown", evidence: { missing: [membership, membership, membership] } });
});
