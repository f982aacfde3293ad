import { servicePrincipalLeastPrivilege } from "../../../checks/azure/service-principal-least-privilege.ts";
import {
  azureCryptoServiceEncryptionUserRole,
  azureNeededActions,
  azureNeedlessActions,
} from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureAccessPolicy, AzureRole, AzureRoleAssignment } from "../../../src/model/azure.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureContributorRole,
  azureCryptoOfficerRole,
  azureHsmKey,
  azureKeyVaultAdministratorRole,
  azureOwnerRole,
  azureReaderRole,
  azureRole,
  azureRoleFact,
  azureUserAccessAdministratorRole,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureOwner,
  testAzureStranger,
  testAzureSubscriptionScope,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const keys = "Microsoft.KeyVault/vaults/keys";
/** Reaching the service principal beside the documented one. */
const also = (...more: readonly AzureRoleAssignment[]) => ({
  assignments: azureAssignmentsWith(...more),
  principal_assignments: known([azureAssignment(), ...more]),
});
const customRole = (role: Fact<AzureRole>) => ({
  ...also(azureAssignment({ role: testAzureCustomRole })),
  [azureRoleFact(testAzureCustomRole)]: role,
});
const custom = (permissions: Parameters<typeof azureRole>[0]) => customRole(known(azureRole(permissions)));
const policyOf = (object_id: string, key_permissions: readonly string[], changes: Partial<AzureAccessPolicy> = {}) => ({
  vault_rbac: known(false),
  vault_access_policies: known([azureAccessPolicy({ object_id, key_permissions, ...changes })]),
});
const byPolicy = (key_permissions: readonly string[]) => ({
  vault_rbac: known(false),
  vault_access_policies: known([azureAccessPolicy({ key_permissions })]),
});

testCheck(servicePrincipalLeastPrivilege, {
  pass: [
    { name: "the documented role", resource: azureVaultKey(), message: /not needed, is .*backup.*update/ },
    {
      name: "the narrower role",
      resource: azureVaultKey({
        principal_assignments: known([azureAssignment({ role: azureCryptoServiceEncryptionUserRole })]),
      }),
      message: /two roles$/,
    },
    {
      name: "both, and what each has",
      resource: azureVaultKey(also(azureAssignment({ role: azureCryptoServiceEncryptionUserRole }))),
    },
    { name: "a role of what is needed", resource: azureVaultKey(custom({ data_actions: azureNeededActions })) },
    {
      name: "a role of what is documented, in capitals",
      resource: azureVaultKey(
        custom({
          data_actions: [...azureNeededActions, ...azureNeedlessActions].map((one) => one.toUpperCase()),
          actions: ["microsoft.eventgrid/eventsubscriptions/READ"],
        }),
      ),
    },
    {
      name: "a role whose wildcard is taken away as a whole",
      resource: azureVaultKey(
        custom({ data_actions: [...azureNeededActions, `${keys}/purge/*`], not_data_actions: [`${keys}/p*`] }),
      ),
    },
    {
      name: "a role whose actions of ARM's are taken away as a whole",
      resource: azureVaultKey(
        custom({ actions: ["Microsoft.KeyVault/*"], not_actions: ["microsoft.keyvault/*"], data_actions: [] }),
      ),
    },
    { name: "a role that permits nothing", resource: azureVaultKey(custom({})) },
    { name: "nothing is assigned", resource: azureVaultKey({ principal_assignments: known([]) }) },
    {
      name: "a documented role has more by now",
      resource: azureVaultKey({
        [azureRoleFact(azureCryptoServiceEncryptionUserRole)]: known(
          azureRole({ data_actions: [`${keys}/new/action`] }),
        ),
        ...also(azureAssignment({ role: azureCryptoServiceEncryptionUserRole })),
      }),
    },
    {
      name: "a documented role cannot be read",
      resource: azureVaultKey({
        principal_assignments: known([azureAssignment({ role: azureCryptoServiceEncryptionUserRole })]),
        [azureRoleFact(azureCryptoServiceEncryptionUserRole)]: denied,
      }),
    },
    { name: "an access policy of what is needed", resource: azureVaultKey(byPolicy(["get", "wrapkey", "unwrapkey"])) },
    {
      name: "an access policy of what is documented",
      resource: azureVaultKey(
        byPolicy(["get", "list", "update", "backup", "encrypt", "decrypt", "wrapkey", "unwrapkey", "sign", "verify"]),
      ),
      message: "backup",
    },
    {
      name: "an access policy that does nothing",
      resource: azureVaultKey({ vault_access_policies: known([azureAccessPolicy({ key_permissions: ["all"] })]) }),
    },
    {
      name: "access policies that do nothing cannot be read",
      resource: azureVaultKey({ vault_access_policies: denied }),
    },
    {
      name: "an access policy for another application",
      resource: azureVaultKey({
        ...policyOf(testAzureStranger, ["all"]),
        assigned_applications: known([
          { object_id: testAzureStranger.toUpperCase(), application_id: "b4c8", display_name: "Acme Backup" },
        ]),
      }),
    },
    {
      name: "an access policy for a person",
      resource: azureVaultKey(policyOf(testAzureOwner, ["all"])),
    },
    {
      name: "an access policy for nobody knows whom, of what is documented",
      resource: azureVaultKey(policyOf(testAzureStranger, ["get", "backup"])),
    },
    {
      name: "an access policy for an application on somebody's behalf",
      resource: azureVaultKey(policyOf(testAzureGroup, ["all"], { application_id: testAzureStranger })),
    },
    {
      name: "an access policy for somebody else that does nothing",
      resource: azureVaultKey({ ...policyOf(testAzureGroup, ["all"]), vault_rbac: known(true) }),
    },
    {
      name: "a role on data that does nothing, where access policies are in force",
      resource: azureVaultKey({ ...custom({ data_actions: [`${keys}/*`] }), ...byPolicy(["get"]) }),
    },
  ],
  fail: [
    {
      name: "the administrator of vaults",
      resource: azureVaultKey(also(azureAssignment({ role: azureKeyVaultAdministratorRole }))),
      message: "Key Vault Administrator on the key",
    },
    {
      name: "the officer of keys",
      resource: azureVaultKey(also(azureAssignment({ role: azureCryptoOfficerRole }))),
      message: "Key Vault Crypto Officer",
    },
    { name: "the owner", resource: azureVaultKey(also(azureAssignment({ role: azureOwnerRole }))), message: "Owner" },
    { name: "the contributor", resource: azureVaultKey(also(azureAssignment({ role: azureContributorRole }))) },
    { name: "the reader", resource: azureVaultKey(also(azureAssignment({ role: azureReaderRole }))) },
    {
      name: "who gives access",
      resource: azureVaultKey(also(azureAssignment({ role: azureUserAccessAdministratorRole }))),
    },
    {
      name: "above, through a group",
      resource: azureVaultKey(
        also(
          azureAssignment({
            role: azureReaderRole,
            scope: testAzureSubscriptionScope,
            principal_id: testAzureGroup,
            principal_type: "Group",
          }),
        ),
      ),
      message: "subscription",
    },
    {
      name: "one action on data",
      resource: azureVaultKey(custom({ data_actions: [...azureNeededActions, `${keys}/delete`] })),
      message: `${keys}/delete`,
    },
    {
      name: "an action of ARM's",
      resource: azureVaultKey(custom({ actions: ["Microsoft.KeyVault/vaults/write"] })),
      message: "vaults/write",
    },
    {
      name: "a wildcard that is not taken away as a whole",
      resource: azureVaultKey(custom({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/delete`] })),
      message: `${keys}/*`,
    },
    {
      name: "a wildcard of one action",
      resource: azureVaultKey(custom({ data_actions: [`${keys}/wrap/*`] })),
    },
    {
      name: "taken away in another set of the role",
      resource: azureVaultKey(
        customRole(
          known({
            name: "Custom",
            type: "CustomRole",
            permissions: [
              { actions: [], not_actions: [], data_actions: [`${keys}/delete`], not_data_actions: [] },
              { actions: [], not_actions: [], data_actions: [], not_data_actions: [`${keys}/delete`] },
            ],
          }),
        ),
      ),
    },
    {
      name: "too much, with a condition",
      resource: azureVaultKey(also(azureAssignment({ role: azureOwnerRole, condition: "1 == 2" }))),
    },
    {
      name: "too much, and another role cannot be read",
      resource: azureVaultKey({
        ...also(azureAssignment({ role: azureOwnerRole }), azureAssignment({ role: testAzureCustomRole })),
        [azureRoleFact(testAzureCustomRole)]: denied,
      }),
    },
    {
      name: "what reaches it cannot be read, and it is assigned too much itself",
      resource: azureVaultKey({ ...also(azureAssignment({ role: azureOwnerRole })), principal_assignments: denied }),
    },
    {
      name: "an access policy for everything",
      resource: azureVaultKey(byPolicy(["all"])),
      message: "and 6 more",
    },
    {
      name: "an access policy for everything, and no role is assigned",
      resource: azureVaultKey({ ...byPolicy(["all"]), principal_assignments: known([]) }),
      message: "and 6 more",
    },
    {
      name: "an access policy to delete",
      resource: azureVaultKey(byPolicy(["get", "delete"])),
      message: "keys/delete",
    },
    {
      name: "an access policy for a group that it is in",
      resource: azureVaultKey({
        ...also(azureAssignment({ principal_id: testAzureGroup, principal_type: "Group" })),
        ...policyOf(testAzureGroup.toUpperCase(), ["all"]),
      }),
      message: "access policy",
    },
    { name: "an access policy of no known kind", resource: azureVaultKey(byPolicy(["teleport"])), message: "teleport" },
    {
      name: "what it may administer counts where access policies are in force",
      resource: azureVaultKey({ ...also(azureAssignment({ role: azureOwnerRole })), ...byPolicy(["get"]) }),
    },
    {
      name: "what it may administer, and nobody knows whether RBAC is on",
      resource: azureVaultKey({ ...also(azureAssignment({ role: azureOwnerRole })), vault_rbac: denied }),
    },
  ],
  "not-applicable": [
    {
      name: "no service principal",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: known(null) }),
    },
    { name: "a managed HSM", resource: azureHsmKey() },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "a role cannot be read", resource: azureVaultKey(customRole(denied)) },
    { name: "what reaches it cannot be read", resource: azureVaultKey({ principal_assignments: denied }) },
    {
      name: "too much on data, and nobody knows whether RBAC is on",
      resource: azureVaultKey({ ...custom({ data_actions: [`${keys}/*`] }), vault_rbac: denied }),
    },
    {
      name: "an access policy for what may be a group that it is in",
      resource: azureVaultKey(policyOf(testAzureGroup, ["get", "delete"])),
    },
    {
      name: "access policies cannot be read",
      resource: azureVaultKey({ vault_rbac: known(false), vault_access_policies: denied }),
    },
    {
      name: "nobody knows who it is",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: denied }),
    },
  ],
});
