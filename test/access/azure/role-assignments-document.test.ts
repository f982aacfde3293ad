import { describe, expect, it } from "vitest";
import { catalogue } from "../../../checks/index.ts";
import { deriveAzureVaultKeyFacts } from "../../../src/access/azure/derive.ts";
import { isAzureFactValue } from "../../../src/access/azure/fact-forms.ts";
import { azureRoleAssignmentsDocument } from "../../../src/access/azure/role-assignments-document.ts";
import { type DocumentRules, judgeDocument } from "../../../src/audit/judge-document.ts";
import { azureCryptoUserRole } from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import { known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import {
  azureOwnerRole,
  azureRegistration,
  azureRoleFact,
  azureRoleId,
  testAzureCustomRole,
  testAzureGroup,
  testAzureHost,
  testAzureHsm,
  testAzureKey,
  testAzureKeyScope,
  testAzureKeyUri,
  testAzureOwner,
  testAzurePrincipal,
  testAzureRegistration,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const { recognizes, read, facts, keys, tells, comesWith } = azureRoleAssignmentsDocument;
const nowhere = { account: null, key: null };

/** As `az role assignment list` prints one, with what is not used left out. */
function printed(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    condition: null,
    conditionVersion: null,
    id: `${testAzureKeyScope}/providers/Microsoft.Authorization/roleAssignments/1`,
    name: "1",
    principalId: testAzurePrincipal,
    principalName: anthropicAzureApplication,
    principalType: "ServicePrincipal",
    roleDefinitionId: azureRoleId(azureCryptoUserRole),
    roleDefinitionName: "Key Vault Crypto User",
    scope: testAzureKeyScope,
    type: "Microsoft.Authorization/roleAssignments",
    ...changes,
  };
}
const owner = printed({
  principalId: testAzureOwner,
  principalName: "admin@customer.example",
  principalType: "User",
  roleDefinitionId: azureRoleId(azureOwnerRole),
  scope: testAzureSubscriptionScope,
});
const group = printed({ principalId: testAzureGroup, principalName: "admins", principalType: "Group" });

function text(...assignments: readonly unknown[]) {
  return JSON.stringify(assignments, null, 2);
}

function factsOf(content: string, registration = testAzureRegistration) {
  return facts(content, registration, testAzureKey);
}

describe("the document of role assignments", () => {
  it("is known by the ids of roles", () => {
    expect(recognizes(text(printed()))).toBe(true);
    expect(recognizes(JSON.stringify({ role_definition_id: "x" }))).toBe(false);
    expect(read(text(printed()))).toEqual({ ok: true, content: text(printed()) });
    expect(read("{}")).toEqual({
      ok: false,
      error: "`az role assignment list` prints a list, and this is none (line 1, column 1)",
    });
    expect(read("[").ok).toBe(false);
  });

  it("is read into what is assigned, and to whom it says the application is", () => {
    const told = factsOf(text(printed(), owner));
    const first = {
      id: `${testAzureKeyScope}/providers/Microsoft.Authorization/roleAssignments/1`,
      scope: testAzureKeyScope,
      role_definition_id: azureRoleId(azureCryptoUserRole),
      principal_id: testAzurePrincipal,
      principal_type: "ServicePrincipal",
      condition: null,
    };
    expect(told["assignments"]).toMatchObject({ state: "known", value: [first, { principal_id: testAzureOwner }] });
    expect(told["principal_assignments"]).toEqual(known([first]));
    expect(told["vault"]).toEqual(known({ id: testAzureVault, kind: "vault", uri: `https://${testAzureHost}/` }));
    const derived = deriveAzureVaultKeyFacts({ ...told, reads: known({ azure_directory: false }) }, testAzureKey);
    expect(derived.published_principal).toMatchObject({ state: "known", value: { object_id: testAzurePrincipal } });
    expect(derived.subscription_access).toMatchObject({ value: { assignments: [{ principal_id: testAzureOwner }] } });
  });

  it("tells what it says it tells, in the form of a fact", () => {
    for (const [name, fact] of Object.entries(factsOf(text(printed())))) {
      expect([...tells, ...comesWith], name).toContain(name.split(":")[0]);
      if (fact.state === "known" && name !== "registration")
        expect(isAzureFactValue(name, fact.value), name).toBe(true);
    }
  });

  it("knows what documented roles permit, in whatever letters, and no other", () => {
    const shouted = printed({ roleDefinitionId: azureRoleId(azureCryptoUserRole).toUpperCase() });
    const custom = printed({ roleDefinitionId: azureRoleId(testAzureCustomRole), roleDefinitionName: "Owner" });
    const told = factsOf(text(shouted, custom));
    expect(told[azureRoleFact(azureCryptoUserRole)]).toMatchObject({ value: { name: "Key Vault Crypto User" } });
    expect(told[azureRoleFact(testAzureCustomRole)]).toMatchObject({ state: "unreadable", reason: "unsupported" });
  });

  it("goes by the principal that is registered, and says where it knows none", () => {
    const registration = azureRegistration({}, { service_principal_object_id: testAzureOwner });
    expect(factsOf(text(printed(), owner), registration)["principal_assignments"]).toMatchObject({
      value: [{ principal_id: testAzureOwner }],
    });
    expect(factsOf(text(owner))["principal_assignments"]).toMatchObject({
      reason: "not-reported",
      detail: "the document does not say which principal is the application's",
    });
    expect(factsOf(text(owner), azureRegistration({ azure: null }))["principal_assignments"]?.state).toBe("unreadable");
  });

  it.each([
    ["a group", group],
    ["a kind that nobody knows", printed({ principalType: "Robot", principalId: testAzureGroup })],
    ["a kind that is not told", printed({ principalType: null, principalId: testAzureGroup })],
  ])("does not know who is in %s", (_, assignment) => {
    expect(factsOf(text(printed(), assignment))["principal_assignments"]).toMatchObject({
      reason: "not-reported",
      detail: expect.stringContaining(testAzureGroup),
    });
    // What does not reach the key is given to whom it likes.
    const beside = { ...assignment, scope: `${testAzureVault}-2` };
    expect(factsOf(text(printed(), beside))["principal_assignments"]?.state).toBe("known");
  });

  it.each(["id", "scope", "roleDefinitionId", "principalId", "principalType", "condition"])(
    "does not know the assignments where one has no %s",
    (name) => {
      expect(factsOf(text(owner, printed({ [name]: undefined })))["assignments"]).toMatchObject({
        reason: "not-reported",
        detail: `[1].${name} is not in the document`,
      });
    },
  );

  it("belongs to the keys that it names, else to any of the vaults, else to any", () => {
    const named = (...scopes: readonly string[]) =>
      keys(text(...scopes.map((scope) => printed({ scope }))), nowhere).map(({ resource }) => resource);
    expect(named(testAzureKeyScope.toUpperCase(), testAzureSubscriptionScope, testAzureVault)).toEqual([
      testAzureKeyUri,
    ]);
    expect(named(testAzureKeyScope, `${testAzureVault}/keys/b`)).toEqual([
      testAzureKeyUri,
      `https://${testAzureHost}/keys/b`,
    ]);
    expect(named(testAzureVault, testAzureHsm)).toEqual([
      `https://${testAzureHost}/keys/any-key`,
      "https://customer-cmek.managedhsm.azure.net/keys/any-key",
    ]);
    expect(named(testAzureSubscriptionScope)).toEqual(["https://any.vault.azure.net/keys/any-key"]);
    expect(keys(text(printed()), { account: testAzureHost, key: testAzureKey })).toEqual([testAzureKey]);
    const another = { account: "another.vault.azure.net", key: null };
    expect(keys(text(printed()), another).map(({ account }) => account)).toEqual(["another.vault.azure.net"]);
    expect(keys("[{}]", nowhere)).toHaveLength(1);
  });
});

describe("checks of role assignments in a file", () => {
  const rules: DocumentRules = {
    catalogue,
    version: "1",
    guidance: newestGuidance,
    settings: testSettings,
  };

  function judged(content: string) {
    const document = azureRoleAssignmentsDocument;
    const asked = { document, content, origin: nowhere, registration: testAzureRegistration };
    return Object.fromEntries(judgeDocument(rules, asked, testTime).map(({ check, outcome }) => [check, outcome]));
  }

  it("pass what is documented", () => {
    expect(judged(text(printed(), owner))).toEqual({
      "azure/grant-scoped-to-key": "pass",
      "azure/no-unexpected-principal": "pass",
      "azure/service-principal-can-wrap": "pass",
      "azure/service-principal-least-privilege": "pass",
    });
  });

  it("fail what is too wide, and what is missing", () => {
    const wide = printed({ roleDefinitionId: azureRoleId(azureOwnerRole) });
    expect(judged(text(wide))).toMatchObject({
      "azure/service-principal-can-wrap": "fail",
      "azure/service-principal-least-privilege": "fail",
    });
  });

  it("do not know what a group would add", () => {
    expect(judged(text(printed(), group))).toMatchObject({
      "azure/service-principal-can-wrap": "pass",
      "azure/service-principal-least-privilege": "unknown",
    });
    expect(judged(text(owner))).toMatchObject({ "azure/service-principal-can-wrap": "unknown" });
  });
});
