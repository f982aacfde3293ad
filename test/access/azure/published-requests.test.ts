import { describe, expect, it } from "vitest";
import { askForPrincipal } from "../../../src/access/azure/published-requests.ts";
import {
  azureCryptoServiceEncryptionUserRole,
  azureNeededActions,
  azureWrapAction,
} from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureVaultKeyFacts } from "../../../src/model/azure-vault-key.ts";
import { type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import type { Facts } from "../../../src/model/resource.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureDenyAssignment,
  azureReaderRole,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzurePrincipal,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const refused = unreadable("access-denied", "refused");
const secretRole = { [azureRoleFact(testAzureCustomRole)]: refused };

function ask(changes: FactsByName) {
  const facts = azureVaultKey(changes).facts as Facts<"azure.vault-key", keyof AzureVaultKeyFacts>;
  const [answer] = askForPrincipal([azureWrapAction], facts);
  if (answer === undefined) throw new Error("nothing was answered");
  return answer;
}

function reaching(...assignments: readonly ReturnType<typeof azureAssignment>[]) {
  return { principal_assignments: known(assignments) };
}

const aboutSecrets = "!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/*'}) OR (@a b c)";
const aboutKeys = "!(ActionMatches{'Microsoft.KeyVault/vaults/keys/*'}) OR (@a b c)";
const withPolicies = { vault_rbac: known(false), principal_assignments: known([]) };

describe("askForPrincipal", () => {
  it("answers each question of a healthy key", () => {
    const facts = azureVaultKey().facts as Facts<"azure.vault-key", keyof AzureVaultKeyFacts>;
    expect(askForPrincipal(azureNeededActions, facts)).toEqual(
      azureNeededActions.map((action) => ({
        action,
        decision: "allowed",
        on: [],
        by: ["Key Vault Crypto User on the key"],
        why: "",
      })),
    );
  });

  it.each([
    [
      "the narrower role",
      reaching(azureAssignment({ role: azureCryptoServiceEncryptionUserRole })),
      "Key Vault Crypto Service Encryption User on the key",
    ],
    [
      "the vault",
      reaching(azureAssignment({ scope: testAzureVault })),
      "Key Vault Crypto User on the vault customer-cmek",
    ],
    [
      "a group, as Azure resolves it",
      reaching(azureAssignment({ principal_id: testAzureGroup, principal_type: "Group" })),
      "Key Vault Crypto User on the key",
    ],
    [
      "a condition about something else",
      reaching(azureAssignment({ condition: aboutSecrets })),
      "Key Vault Crypto User on the key",
    ],
    [
      "one of two, of which the other is not readable",
      { ...secretRole, ...reaching(azureAssignment(), azureAssignment({ role: testAzureCustomRole })) },
      "Key Vault Crypto User on the key",
    ],
    [
      "a deny assignment of something else",
      { deny_assignments: known([azureDenyAssignment({ permissions: [] })]) },
      "Key Vault Crypto User on the key",
    ],
    [
      "an access policy",
      { ...withPolicies, vault_access_policies: known([azureAccessPolicy()]) },
      `the vault's access policy for ${testAzurePrincipal}`,
    ],
    [
      "an access policy, and RBAC was never set",
      { ...withPolicies, vault_rbac: known(null), vault_access_policies: known([azureAccessPolicy()]) },
      `the vault's access policy for ${testAzurePrincipal}`,
    ],
    [
      "an access policy, whatever is denied",
      {
        ...withPolicies,
        vault_access_policies: known([azureAccessPolicy()]),
        deny_assignments: known([azureDenyAssignment()]),
      },
      `the vault's access policy for ${testAzurePrincipal}`,
    ],
  ])("allowed by %s", (_, changes, by) => {
    expect(ask(changes)).toMatchObject({ decision: "allowed", by: [by] });
  });

  it.each([
    ["nothing is assigned", reaching(), "no role that is assigned to it permits it"],
    [
      "a role that does not",
      reaching(azureAssignment({ role: azureReaderRole })),
      "no role that is assigned to it permits it",
    ],
    [
      "actions of ARM's only",
      {
        ...reaching(azureAssignment({ role: testAzureCustomRole })),
        [azureRoleFact(testAzureCustomRole)]: known(azureRole({ actions: ["*"] })),
      },
      "no role that is assigned to it permits it",
    ],
    [
      "a policy counts for nothing beside RBAC",
      { ...reaching(), vault_access_policies: known([azureAccessPolicy()]) },
      "no role that is assigned to it permits it",
    ],
    [
      "a role counts for nothing beside policies",
      { vault_rbac: known(false) },
      "no access policy of the vault permits it",
    ],
    [
      "a policy for less",
      { ...withPolicies, vault_access_policies: known([azureAccessPolicy({ key_permissions: ["get"] })]) },
      "no access policy of the vault permits it",
    ],
    [
      "a policy for an application on its behalf",
      {
        ...withPolicies,
        vault_access_policies: known([azureAccessPolicy({ application_id: anthropicAzureApplication })]),
      },
      "no access policy of the vault permits it",
    ],
    [
      "no service principal",
      { [`application:${anthropicAzureApplication}`]: known(null) },
      "the tenant has no service principal of the application",
    ],
    ["it is denied", { deny_assignments: known([azureDenyAssignment()]) }, "denied by Protect the keys"],
  ])("refused: %s", (_, changes, why) => {
    expect(ask(changes)).toMatchObject({ decision: "refused", why, by: [] });
  });

  it.each([
    ["what could not be read", { principal_assignments: refused }, [{ name: "published_access", why: refused }]],
    [
      "a role that could not be read",
      { ...secretRole, ...reaching(azureAssignment({ role: testAzureCustomRole })) },
      [{ name: azureRoleFact(testAzureCustomRole), why: refused }],
    ],
    [
      "a condition",
      reaching(azureAssignment({ condition: aboutKeys })),
      ["the condition of Key Vault Crypto User on the key"],
    ],
    [
      "a version of the key",
      reaching(azureAssignment({ scope: `${testAzureKeyScope}/versions/1` })),
      ["which version of the key is asked: Key Vault Crypto User on the key version 1"],
    ],
    ["deny assignments", { deny_assignments: refused }, [{ name: "denials", why: refused }]],
    [
      "whom one is about",
      { deny_assignments: known([azureDenyAssignment({ excluded: [{ id: testAzureGroup, type: "Group" }] })]) },
      ["whom the deny assignment Protect the keys is about"],
    ],
    [
      "whether the vault has RBAC",
      { ...reaching(), vault_rbac: refused, vault_access_policies: known([azureAccessPolicy()]) },
      [{ name: "vault_rbac", why: refused }],
    ],
    ["access policies", { ...withPolicies, vault_access_policies: refused }, [{ name: "policy_access", why: refused }]],
    [
      "who is meant by a policy",
      { ...withPolicies, vault_access_policies: known([azureAccessPolicy({ object_id: testAzureGroup })]) },
      [`membership of ${testAzureGroup}`],
    ],
    [
      "who it is",
      {
        ...withPolicies,
        [`application:${anthropicAzureApplication}`]: refused,
        vault_access_policies: known([azureAccessPolicy()]),
      },
      [{ name: "published_access", why: refused }],
    ],
  ])("open on %s", (_, changes, on) => {
    expect(ask(changes)).toMatchObject({ decision: "open", on });
  });

  it("names every source, sorted", () => {
    const scope = testAzureSubscriptionScope;
    const { by } = ask(reaching(azureAssignment(), azureAssignment({ scope: "/" }), azureAssignment({ scope })));
    expect(by).toEqual([
      "Key Vault Crypto User on the key",
      "Key Vault Crypto User on the root of the tenant",
      `Key Vault Crypto User on the subscription ${scope.split("/").at(-1)}`,
    ]);
  });
});
