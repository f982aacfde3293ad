import { grantScopedToKey } from "../../../checks/azure/grant-scoped-to-key.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureRoleAssignment } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureHsmKey,
  azureReaderRole,
  azureRegistration,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
  testAzureVersion,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
/** Reaching the service principal beside the documented one. */
const also = (...more: readonly AzureRoleAssignment[]) => ({
  assignments: azureAssignmentsWith(...more),
  principal_assignments: known([azureAssignment(), ...more]),
});
const onVault = azureAssignment({ scope: testAzureVault });
const dedicated = { registration: known(azureRegistration({}, { dedicated_vault: true })) };
const shared = { vault_keys: known(["anthropic", "other"]) };
const group = { principal_id: testAzureGroup, principal_type: "Group" };

testCheck(grantScopedToKey, {
  pass: [
    {
      name: "on the key, and the list of the vault's keys has none",
      resource: azureVaultKey({ vault_keys: known([]) }),
    },
    { name: "on the key, in a vault of others", resource: azureVaultKey(shared) },
    {
      name: "on the key, in capitals",
      resource: azureVaultKey({
        ...shared,
        ...also(azureAssignment({ scope: testAzureKeyScope.toUpperCase() })),
      }),
    },
    { name: "on a vault that holds no other key", resource: azureVaultKey(also(onVault)) },
    {
      name: "on a vault that is registered as dedicated",
      resource: azureVaultKey({ ...also(onVault), ...shared, ...dedicated }),
    },
    {
      name: "on a vault that is registered as dedicated, and nobody knows its keys",
      resource: azureVaultKey({ ...also(onVault), ...dedicated, vault_keys: denied }),
    },
    { name: "on the key, and nobody knows the vault's keys", resource: azureVaultKey({ vault_keys: denied }) },
    { name: "nothing is assigned", resource: azureVaultKey({ ...shared, principal_assignments: known([]) }) },
    {
      name: "somebody else is assigned above",
      resource: azureVaultKey({
        ...shared,
        assignments: azureAssignmentsWith(
          azureAssignment({ scope: testAzureResourceGroup, principal_id: testAzureStranger }),
        ),
      }),
    },
    {
      name: "access policies, in a vault that holds no other key",
      resource: azureVaultKey({ vault_rbac: known(false), vault_access_policies: known([azureAccessPolicy()]) }),
    },
    {
      name: "access policies, in a vault that is registered as dedicated",
      resource: azureVaultKey({ vault_rbac: known(null), ...shared, ...dedicated }),
    },
    {
      name: "access policies that do nothing, in a vault of others",
      resource: azureVaultKey({ ...shared, vault_access_policies: known([azureAccessPolicy()]) }),
    },
    {
      name: "access policies that do nothing and cannot be read",
      resource: azureVaultKey({ ...shared, vault_access_policies: denied }),
    },
    {
      name: "a role on the key that cannot be read",
      resource: azureVaultKey({
        ...also(azureAssignment({ role: testAzureCustomRole })),
        [azureRoleFact(testAzureCustomRole)]: denied,
      }),
    },
    {
      name: "nobody knows whether RBAC is on, in a vault that holds no other key",
      resource: azureVaultKey({ vault_rbac: denied }),
    },
  ],
  fail: [
    {
      name: "on a vault that holds another key",
      resource: azureVaultKey({ ...also(onVault), ...shared }),
      message: "Key Vault Crypto User on the vault customer-cmek",
    },
    {
      name: "on the resource group",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureResourceGroup }))),
      message: "resource group",
    },
    {
      name: "on the resource group, of a dedicated vault",
      resource: azureVaultKey({ ...also(azureAssignment({ scope: testAzureResourceGroup })), ...dedicated }),
    },
    {
      name: "on the subscription",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureSubscriptionScope }))),
      message: "subscription",
    },
    {
      name: "on a management group",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureManagementGroup }))),
      message: "management group",
    },
    { name: "at the root", resource: azureVaultKey(also(azureAssignment({ scope: "/" }))), message: "root" },
    {
      name: "on the current version of the key",
      resource: azureVaultKey(also(azureAssignment({ scope: `${testAzureKeyScope}/versions/${testAzureVersion}` }))),
      message: "ends with the next rotation",
    },
    {
      name: "through a group",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureSubscriptionScope, ...group }))),
    },
    {
      name: "a role that permits nothing of keys",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureResourceGroup, role: azureReaderRole }))),
      message: "Reader",
    },
    {
      name: "a role that cannot be read",
      resource: azureVaultKey(also(azureAssignment({ scope: testAzureResourceGroup, role: testAzureCustomRole }))),
      message: `role ${testAzureCustomRole}`,
    },
    {
      name: "what reaches it cannot be read, and it is assigned one itself",
      resource: azureVaultKey({
        ...also(azureAssignment({ scope: testAzureResourceGroup })),
        principal_assignments: denied,
      }),
    },
    {
      name: "on the resource group, and nobody knows anything of the vault",
      resource: azureVaultKey({
        ...also(azureAssignment({ scope: testAzureResourceGroup })),
        vault_keys: denied,
        vault_rbac: denied,
      }),
    },
    {
      name: "access policies, in a vault of others",
      resource: azureVaultKey({ ...shared, vault_rbac: known(false) }),
      message: "access policies",
    },
    {
      name: "access policies that cannot be read, in a vault of others",
      resource: azureVaultKey({ ...shared, vault_rbac: known(null), vault_access_policies: denied }),
    },
  ],
  "not-applicable": [
    {
      name: "no service principal",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: known(null) }),
    },
    { name: "a managed HSM", resource: azureHsmKey(), message: "local RBAC" },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "what reaches it cannot be read", resource: azureVaultKey({ principal_assignments: denied }) },
    {
      name: "nobody knows who it is",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: denied }),
    },
    {
      name: "on the vault, and nobody knows its keys",
      resource: azureVaultKey({ ...also(onVault), vault_keys: denied }),
    },
    {
      name: "on the vault, and the list of its keys has none, not even this one",
      resource: azureVaultKey({ ...also(onVault), vault_keys: known([]) }),
      message: "nobody knows whether",
    },
    {
      name: "access policies, and the list of the vault's keys has none",
      resource: azureVaultKey({ vault_rbac: known(false), vault_keys: known([]) }),
    },
    {
      name: "access policies, and nobody knows the vault's keys",
      resource: azureVaultKey({ vault_rbac: known(false), vault_keys: denied }),
    },
    {
      name: "nobody knows whether RBAC is on, in a vault of others",
      resource: azureVaultKey({ ...shared, vault_rbac: denied }),
    },
    { name: "registration unknown", resource: azureVaultKey({ registration: denied }) },
  ],
});
