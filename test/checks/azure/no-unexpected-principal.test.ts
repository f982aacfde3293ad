import { noUnexpectedPrincipal } from "../../../checks/azure/no-unexpected-principal.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../../src/guidance/identifiers.ts";
import type { AzureDenyAssignment, AzureRole, AzureRoleAssignment } from "../../../src/model/azure.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureContributorRole,
  azureCryptoOfficerRole,
  azureDenyAssignment,
  azureHsmKey,
  azureKeyVaultAdministratorRole,
  azureKeyVaultReaderRole,
  azureOwnerRole,
  azurePermissions,
  azureRegistration,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureManagementGroup,
  testAzureOwner,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const keys = "Microsoft.KeyVault/vaults/keys";
const application = `application:${anthropicAzureApplication}`;

const somebody = (changes: Parameters<typeof azureAssignment>[0] = {}) =>
  azureAssignment({ principal_id: testAzureStranger, principal_type: "User", ...changes });
const also = (...more: readonly AzureRoleAssignment[]) => ({ assignments: azureAssignmentsWith(...more) });
const expecting = (...expected_principals: readonly string[]) => ({
  registration: known(azureRegistration({ expected_principals })),
});
const custom = (role: Fact<AzureRole>, scope = testAzureVault) => ({
  ...also(somebody({ role: testAzureCustomRole, scope })),
  [azureRoleFact(testAzureCustomRole)]: role,
});
const byPolicies = (...key_permissions: readonly string[]) => ({
  vault_rbac: known(false),
  vault_access_policies: known([
    azureAccessPolicy(),
    azureAccessPolicy({ object_id: testAzureStranger, key_permissions }),
  ]),
});
const denying = (changes: Partial<AzureDenyAssignment> = {}) => ({
  deny_assignments: known([azureDenyAssignment(changes)]),
});
const lookalike = known([
  {
    object_id: testAzureStranger,
    application_id: "11111111-2222-4333-8444-555555555555",
    display_name: anthropicAzureApplicationName,
  },
]);

const strangersApplication = known([
  {
    object_id: testAzureStranger,
    application_id: "11111111-2222-4333-8444-555555555555",
    display_name: "Acme Backup",
  },
]);

testCheck(noUnexpectedPrincipal, {
  pass: [
    {
      name: "what is left of a service principal that was deleted",
      resource: azureVaultKey({ [application]: known(null), assigned_applications: known([]) }),
    },
    {
      name: "the service principal, where the object id of another is registered",
      resource: azureVaultKey({
        registration: known(azureRegistration({}, { service_principal_object_id: testAzureStranger })),
      }),
    },
    {
      name: "the service principal, by what the directory says of the assigned",
      resource: azureVaultKey({ [application]: denied }),
    },
    { name: "the service principal and the subscription's owner", resource: azureVaultKey() },
    {
      name: "the service principal, its id in capitals",
      resource: azureVaultKey(also(azureAssignment({ principal_id: testAzurePrincipal.toUpperCase() }))),
    },
    {
      name: "somebody registered",
      resource: azureVaultKey({ ...also(somebody()), ...expecting(testAzureStranger.toUpperCase()) }),
    },
    {
      name: "a group that is registered",
      resource: azureVaultKey({
        ...also(somebody({ principal_id: testAzureGroup, principal_type: "Group" })),
        ...expecting(testAzureGroup),
      }),
    },
    {
      name: "somebody who only looks",
      resource: azureVaultKey(also(somebody({ role: azureKeyVaultReaderRole }))),
    },
    {
      name: "somebody whose role is about resources",
      resource: azureVaultKey(also(somebody({ role: azureContributorRole }))),
    },
    {
      name: "an officer of the vault's keys",
      resource: azureVaultKey(also(somebody({ role: azureCryptoOfficerRole, scope: testAzureVault }))),
    },
    {
      name: "administrators above",
      resource: azureVaultKey(
        also(
          somebody({ role: azureKeyVaultAdministratorRole, scope: testAzureResourceGroup }),
          somebody({ role: azureCryptoOfficerRole, scope: testAzureSubscriptionScope }),
          somebody({ role: azureKeyVaultAdministratorRole, scope: testAzureManagementGroup }),
          somebody({ role: azureKeyVaultAdministratorRole, scope: "/" }),
        ),
      ),
    },
    {
      name: "who gives access, with a role for data beside it",
      resource: azureVaultKey(
        custom(
          known(
            azureRole({
              actions: ["Microsoft.Authorization/roleAssignments/*"],
              data_actions: [`${keys}/decrypt/action`],
            }),
          ),
        ),
      ),
    },
    {
      name: "the subscription's owner, who is assigned a role on the key as well",
      resource: azureVaultKey(also(somebody({ principal_id: testAzureOwner.toUpperCase() }))),
    },
    {
      name: "one that resembles the published application is another check's",
      resource: azureVaultKey({
        ...also(somebody({ principal_type: "ServicePrincipal" })),
        assigned_applications: lookalike,
      }),
    },
    { name: "somebody whom a deny assignment hits", resource: azureVaultKey({ ...also(somebody()), ...denying() }) },
    {
      name: "somebody whose role cannot be read, and whom a deny assignment hits",
      resource: azureVaultKey({ ...custom(denied), ...denying() }),
    },
    { name: "deny assignments cannot be read", resource: azureVaultKey({ deny_assignments: denied }) },
    {
      name: "access policies: an administrator's",
      resource: azureVaultKey(byPolicies("all")),
    },
    { name: "access policies: one to look", resource: azureVaultKey(byPolicies("get", "list")) },
    {
      name: "access policies do nothing where RBAC is on",
      resource: azureVaultKey({ ...byPolicies("decrypt"), vault_rbac: known(true) }),
    },
    {
      name: "roles on data do nothing where access policies are in force",
      resource: azureVaultKey({ ...also(somebody()), vault_rbac: known(false) }),
    },
    {
      name: "access policies: the subscription's owner's",
      resource: azureVaultKey({
        vault_rbac: known(false),
        vault_access_policies: known([azureAccessPolicy({ object_id: testAzureOwner, key_permissions: ["decrypt"] })]),
      }),
    },
    {
      name: "access policies that do nothing cannot be read",
      resource: azureVaultKey({ vault_access_policies: denied }),
    },
    {
      name: "access policies are in force, and the assignments cannot be read",
      resource: azureVaultKey({ ...byPolicies("get"), assignments: denied }),
    },
    {
      name: "access policies are in force, and a role cannot be read",
      resource: azureVaultKey({ ...custom(denied), ...byPolicies("get") }),
    },
    { name: "a managed HSM, as far as ARM tells", resource: azureHsmKey(), message: "local RBAC" },
    {
      name: "a managed HSM, where roles of ARM's on keys of vaults do nothing",
      resource: azureHsmKey({ assignments: known([somebody({ scope: testAzureSubscriptionScope })]) }),
      message: "local RBAC",
    },
    {
      name: "nobody knows who the service principal is, and nobody is assigned anything",
      resource: azureVaultKey({ [application]: denied, assigned_applications: denied, assignments: known([]) }),
    },
  ],
  fail: [
    {
      name: "somebody on the key",
      resource: azureVaultKey(also(somebody())),
      message: `${testAzureStranger} (Key Vault Crypto User on the key)`,
      severity: "medium",
    },
    {
      name: "somebody on the vault who looks after nothing",
      resource: azureVaultKey(also(somebody({ scope: testAzureVault }))),
      message: "on the vault",
    },
    { name: "somebody above", resource: azureVaultKey(also(somebody({ scope: testAzureSubscriptionScope }))) },
    {
      name: "an officer of this key alone",
      resource: azureVaultKey(also(somebody({ role: azureCryptoOfficerRole }))),
      message: "Key Vault Crypto Officer on the key",
    },
    {
      name: "an owner of this key alone",
      resource: azureVaultKey(also(somebody({ role: azureOwnerRole }), somebody())),
    },
    {
      name: "a group",
      resource: azureVaultKey(also(somebody({ principal_id: testAzureGroup, principal_type: "Group" }))),
    },
    {
      name: "an application",
      resource: azureVaultKey(also(somebody({ principal_type: "ServicePrincipal" }))),
    },
    {
      name: "somebody of a type never seen before",
      resource: azureVaultKey(also(somebody({ principal_type: "Ghost" }))),
    },
    { name: "somebody of no type", resource: azureVaultKey(also(somebody({ principal_type: null }))) },
    {
      name: "one operation is enough",
      resource: azureVaultKey(custom(known(azureRole({ data_actions: [`${keys}/verify/action`] })))),
    },
    {
      name: "releasing the key",
      resource: azureVaultKey(custom(known(azureRole({ data_actions: [`${keys}/release/action`] })))),
    },
    {
      name: "with a condition",
      resource: azureVaultKey(also(somebody({ condition: "@Resource[x] StringEquals 'y'" }))),
    },
    {
      name: "somebody, and a deny assignment that spares him",
      resource: azureVaultKey({
        ...also(somebody()),
        ...denying({ excluded: [{ id: testAzureStranger.toUpperCase(), type: "User" }] }),
      }),
    },
    {
      name: "somebody, and a deny assignment that spares a group",
      resource: azureVaultKey({
        ...also(somebody()),
        ...denying({ excluded: [{ id: testAzureGroup, type: "Group" }] }),
      }),
    },
    {
      name: "somebody, and a deny assignment with a condition",
      resource: azureVaultKey({ ...also(somebody()), ...denying({ condition: "@Principal[x] StringEquals 'y'" }) }),
    },
    {
      name: "somebody, and a deny assignment that leaves him one operation",
      resource: azureVaultKey({
        ...also(somebody()),
        ...denying({
          permissions: [azurePermissions({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/verify/action`] })],
        }),
      }),
    },
    {
      name: "somebody, and deny assignments cannot be read",
      resource: azureVaultKey({ ...also(somebody()), deny_assignments: denied }),
    },
    {
      name: "an access policy, which deny assignments do not touch",
      resource: azureVaultKey({ ...byPolicies("decrypt"), ...denying() }),
    },
    {
      name: "somebody, and a role that cannot be read",
      resource: azureVaultKey({
        ...also(
          somebody(),
          somebody({ principal_id: testAzureGroup, role: testAzureCustomRole, scope: testAzureVault }),
          somebody({ role: testAzureCustomRole }),
        ),
        [azureRoleFact(testAzureCustomRole)]: denied,
      }),
    },
    {
      name: "a person, and nobody knows who the service principal is",
      resource: azureVaultKey({ ...also(somebody()), [application]: denied }),
    },
    {
      name: "one that resembles the published application, and nobody looks",
      resource: azureVaultKey({
        ...also(somebody({ principal_type: "ServicePrincipal" })),
        reads: known({ azure_directory: false }),
        registration: known(azureRegistration({}, { service_principal_object_id: testAzurePrincipal })),
        assigned_applications: denied,
      }),
    },
    {
      name: "the tenant has no service principal, and a person is assigned its role",
      resource: azureVaultKey({ ...also(somebody()), [application]: known(null), assigned_applications: known([]) }),
      message: /the key: a1b2c3d4-0003[^,]*$/,
    },
    {
      name: "the tenant has no service principal, and another application is assigned its role",
      resource: azureVaultKey({
        ...also(somebody({ principal_type: "ServicePrincipal" })),
        [application]: known(null),
        assigned_applications: strangersApplication,
      }),
    },
    {
      name: "an access policy",
      resource: azureVaultKey(byPolicies("get", "unwrapkey")),
      message: "an access policy of the vault (get, unwrapkey)",
    },
    {
      name: "nobody knows who the service principal is, and another application is assigned",
      resource: azureVaultKey({
        ...also(somebody({ principal_type: "ServicePrincipal" })),
        [application]: denied,
        assigned_applications: strangersApplication,
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the assignments cannot be read", resource: azureVaultKey({ assignments: denied }) },
    { name: "a role cannot be read", resource: azureVaultKey(custom(denied)) },
    {
      name: "a role of his that cannot be read may make him an administrator",
      resource: azureVaultKey({
        ...also(somebody(), somebody({ role: testAzureCustomRole, scope: testAzureVault })),
        [azureRoleFact(testAzureCustomRole)]: denied,
      }),
    },
    {
      name: "nobody knows who the service principal is",
      resource: azureVaultKey({ [application]: denied, assigned_applications: denied }),
    },
    {
      name: "nobody knows who the service principal is, and somebody is of a type never seen before",
      resource: azureVaultKey({
        assignments: known([somebody({ principal_type: "Ghost" })]),
        [application]: denied,
        assigned_applications: denied,
      }),
    },
    { name: "nobody knows whether RBAC is on", resource: azureVaultKey({ vault_rbac: denied }) },
    {
      name: "access policies cannot be read",
      resource: azureVaultKey({ vault_rbac: known(false), vault_access_policies: denied }),
    },
    {
      name: "an access policy, and a role of his that cannot be read may make him an administrator",
      resource: azureVaultKey({ ...custom(denied), ...byPolicies("decrypt") }),
    },
    { name: "registration unknown", resource: azureVaultKey({ registration: denied }) },
  ],
});
