import { noBlockingDeny } from "../../../checks/azure/no-blocking-deny.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureDenyAssignment } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureDenyAssignment,
  azureHsmKey,
  azurePermissions,
  azureVaultKey,
  testAzureGroup,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzurePrincipal,
  testAzureStranger,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const keys = "Microsoft.KeyVault/vaults/keys";
const application = `application:${anthropicAzureApplication}`;
const principal = { id: testAzurePrincipal, type: "ServicePrincipal" };
const group = { id: testAzureGroup, type: "Group" };

const denying = (changes: Partial<AzureDenyAssignment> = {}) => ({
  deny_assignments: known([azureDenyAssignment(changes)]),
});
const of = (permissions: Parameters<typeof azurePermissions>[0]) =>
  denying({ permissions: [azurePermissions(permissions)] });

testCheck(noBlockingDeny, {
  pass: [
    { name: "none", resource: azureVaultKey() },
    {
      name: "none, and access policies that do nothing cannot be read",
      resource: azureVaultKey({ vault_access_policies: denied }),
    },
    {
      name: "everybody but the service principal",
      resource: azureVaultKey(denying({ excluded: [{ ...principal, id: testAzurePrincipal.toUpperCase() }] })),
    },
    {
      name: "somebody else",
      resource: azureVaultKey(denying({ principals: [{ id: testAzureStranger, type: "User" }] })),
    },
    {
      name: "a group that Azure says is not about it",
      resource: azureVaultKey(denying({ principals: [group] })),
    },
    { name: "other actions on data", resource: azureVaultKey(of({ data_actions: [`${keys}/delete`] })) },
    { name: "actions of ARM's", resource: azureVaultKey(of({ actions: ["*"] })) },
    {
      name: "every action but those",
      resource: azureVaultKey(
        of({ data_actions: ["*"], not_data_actions: [`${keys}/READ`, `${keys}/wrap/*`, `${keys}/unwrap/action`] }),
      ),
    },
    {
      name: "on the vault, and not handed down",
      resource: azureVaultKey(denying({ applies_to_child_scopes: false })),
    },
    {
      name: "other actions on data, under a condition of their own",
      resource: azureVaultKey(
        denying({ permissions: [{ ...azurePermissions({ data_actions: [`${keys}/delete`] }), condition: "@x y z" }] }),
      ),
    },
    { name: "on another key", resource: azureVaultKey(denying({ scope: `${testAzureVault}/keys/other` })) },
  ],
  fail: [
    { name: "everybody", resource: azureVaultKey(denying()), message: "Protect the keys on the vault" },
    {
      name: "by itself",
      resource: azureVaultKey(denying({ principals: [{ ...principal, id: testAzurePrincipal.toUpperCase() }] })),
    },
    {
      name: "a group that Azure says it is in",
      resource: azureVaultKey({
        ...denying({ principals: [group] }),
        principal_deny_assignments: known([azureDenyAssignment().id.toUpperCase()]),
      }),
    },
    {
      name: "one of the actions",
      resource: azureVaultKey(of({ data_actions: [`${keys}/UNWRAP/action`] })),
      message: /denied Microsoft.KeyVault\/vaults\/keys\/unwrap\/action by Protect/,
    },
    {
      name: "the actions, beside others that a condition is about",
      resource: azureVaultKey(
        denying({
          permissions: [
            azurePermissions({ data_actions: [`${keys}/*`] }),
            { ...azurePermissions({ data_actions: ["Microsoft.Storage/*"] }), condition: "@x y z" },
          ],
        }),
      ),
    },
    { name: "reading alone", resource: azureVaultKey(of({ data_actions: ["*/read"] })), message: "keys/read" },
    {
      name: "on the key itself, and not handed down",
      resource: azureVaultKey(denying({ scope: testAzureKeyScope, applies_to_child_scopes: false })),
      message: "on the key",
    },
    { name: "on a management group", resource: azureVaultKey(denying({ scope: testAzureManagementGroup })) },
    {
      name: "everybody but somebody else",
      resource: azureVaultKey(denying({ excluded: [{ id: testAzureStranger, type: "User" }] })),
    },
    {
      name: "everybody, and another that may",
      resource: azureVaultKey({
        deny_assignments: known([azureDenyAssignment(), azureDenyAssignment({ name: "B", excluded: [group] })]),
      }),
    },
    {
      name: "everybody, and Azure did not say which are about it",
      resource: azureVaultKey({ ...denying(), principal_deny_assignments: denied }),
    },
  ],
  "not-applicable": [
    {
      name: "the vault goes by access policies",
      resource: azureVaultKey({ ...denying(), vault_rbac: known(false) }),
      message: "access policies",
    },
    {
      name: "the vault goes by access policies that cannot be read",
      resource: azureVaultKey({ vault_rbac: known(null), vault_access_policies: denied, deny_assignments: denied }),
    },
    { name: "no service principal", resource: azureVaultKey({ ...denying(), [application]: known(null) }) },
    { name: "a managed HSM", resource: azureHsmKey(), message: "local RBAC" },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "they cannot be read", resource: azureVaultKey({ deny_assignments: denied }) },
    { name: "a group is spared", resource: azureVaultKey(denying({ excluded: [group] })) },
    {
      name: "a group, and Azure did not say whether it is about it",
      resource: azureVaultKey({ ...denying({ principals: [group] }), principal_deny_assignments: denied }),
    },
    {
      name: "a condition",
      resource: azureVaultKey(denying({ condition: "@Principal[department] StringEquals 'x'" })),
    },
    {
      name: "a condition of the actions alone",
      resource: azureVaultKey(
        denying({ permissions: [{ ...azurePermissions({ data_actions: [`${keys}/*`] }), condition: "@x y z" }] }),
      ),
      message: "whether a deny assignment hits",
    },
    { name: "nobody knows who it is", resource: azureVaultKey({ ...denying(), [application]: denied }) },
    { name: "nobody knows whether RBAC is on", resource: azureVaultKey({ ...denying(), vault_rbac: denied }) },
  ],
});
