import { describe, expect, it } from "vitest";
import { catalogue } from "../../../checks/index.ts";
import { isAzureFactValue } from "../../../src/access/azure/fact-forms.ts";
import { azureKeyDocument } from "../../../src/access/azure/key-document.ts";
import { azureRoleAssignmentsDocument } from "../../../src/access/azure/role-assignments-document.ts";
import { azureVaultDocument } from "../../../src/access/azure/vault-document.ts";
import { type DocumentRules, judgeDocument } from "../../../src/audit/judge-document.ts";
import { known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import {
  testAzureHost,
  testAzureHsm,
  testAzureHsmHost,
  testAzureKey,
  testAzurePrincipal,
  testAzureRegistration,
  testAzureTenant,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const { recognizes, read, facts, keys, tells, comesWith } = azureVaultDocument;
const nowhere = { account: null, key: null };

/** As `az keyvault show` prints it, with what is not used left out. */
const properties = {
  accessPolicies: [
    {
      applicationId: null,
      objectId: testAzurePrincipal,
      permissions: { certificates: null, keys: ["Get", "WrapKey"], secrets: [], storage: null },
      tenantId: testAzureTenant,
    },
  ],
  enablePurgeProtection: true,
  enableRbacAuthorization: false,
  enableSoftDelete: true,
  networkAcls: {
    bypass: "AzureServices",
    defaultAction: "Deny",
    ipRules: [{ value: "160.79.104.0/21" }],
    virtualNetworkRules: [{ id: "/subscriptions/x/subnets/y", ignoreMissingVnetServiceEndpoint: null }],
  },
  privateEndpointConnections: [
    { id: "/e", privateLinkServiceConnectionState: { actionsRequired: null, description: "", status: "Approved" } },
  ],
  publicNetworkAccess: "Enabled",
  sku: { family: "A", name: "premium" },
  tenantId: testAzureTenant,
  vaultUri: `https://${testAzureHost}/`,
};

function vault(changes: Readonly<Record<string, unknown>> = {}, others: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify(
    {
      id: testAzureVault,
      location: "northcentralus",
      name: "customer-cmek",
      properties: { ...properties, ...changes },
      type: "Microsoft.KeyVault/vaults",
      ...others,
    },
    null,
    2,
  );
}

function factsOf(text: string) {
  return facts(text, testAzureRegistration, testAzureKey);
}

describe("the document of a vault", () => {
  it("is known by the vault's address", () => {
    expect(recognizes(vault())).toBe(true);
    expect(azureKeyDocument.recognizes(vault())).toBe(false);
    expect(azureRoleAssignmentsDocument.recognizes(vault())).toBe(false);
  });

  it("is read into the facts of the vault of a key that is there", () => {
    expect(read(vault())).toEqual({ ok: true, content: vault() });
    expect(factsOf(vault())).toEqual({
      vault: known({ id: testAzureVault, kind: "vault", uri: `https://${testAzureHost}/` }),
      vault_tenant: known(testAzureTenant),
      vault_location: known("northcentralus"),
      vault_rbac: known(false),
      vault_purge_protection: known(true),
      vault_soft_delete: known(true),
      vault_public_access: known("Enabled"),
      vault_firewall: known({
        default_action: "Deny",
        bypass: "AzureServices",
        ip_rules: ["160.79.104.0/21"],
        network_rules: ["/subscriptions/x/subnets/y"],
      }),
      vault_access_policies: known([
        {
          tenant: testAzureTenant,
          object_id: testAzurePrincipal,
          application_id: null,
          key_permissions: ["get", "wrapkey"],
        },
      ]),
      private_endpoints: known([{ id: "/e", status: "Approved" }]),
      registration: known(testAzureRegistration),
      existence: known("present"),
    });
  });

  it("tells what it says it tells, in the form of a fact", () => {
    const told = factsOf(vault());
    expect(Object.keys(told).toSorted()).toEqual([...tells, ...comesWith].filter((one) => one !== "reads").toSorted());
    for (const [name, fact] of Object.entries(told)) {
      if (fact.state === "known" && name !== "registration")
        expect(isAzureFactValue(name, fact.value), name).toBe(true);
    }
  });

  it("has null for what Azure left out", () => {
    const text = vault({
      accessPolicies: null,
      enablePurgeProtection: null,
      enableRbacAuthorization: null,
      enableSoftDelete: null,
      networkAcls: null,
      privateEndpointConnections: null,
      publicNetworkAccess: null,
    });
    expect(factsOf(text)).toMatchObject({
      vault_rbac: known(null),
      vault_purge_protection: known(null),
      vault_soft_delete: known(null),
      vault_public_access: known(null),
      vault_firewall: known(null),
      vault_access_policies: known([]),
      private_endpoints: known([]),
    });
  });

  it.each([
    ["enableRbacAuthorization", "vault_rbac"],
    ["enablePurgeProtection", "vault_purge_protection"],
    ["networkAcls", "vault_firewall"],
    ["vaultUri", "vault"],
    ["privateEndpointConnections", "private_endpoints"],
  ])("without %s does not know %s, and nothing else", (name, fact) => {
    const told = factsOf(vault({ [name]: undefined }));
    const gone = Object.entries(told).filter(([, { state }]) => state === "unreadable");
    expect(Object.fromEntries(gone)).toEqual({
      [fact]: {
        state: "unreadable",
        reason: "not-reported",
        detail: `properties.${name} is not in the document`,
      },
    });
  });

  it.each([
    [{ enableRbacAuthorization: "yes" }, "vault_rbac", "properties.enableRbacAuthorization is not true or false"],
    [
      { networkAcls: { ...properties.networkAcls, ipRules: ["1.2.3.4"] } },
      "vault_firewall",
      "properties.networkAcls.ipRules[0].value is not in the document",
    ],
    [{ accessPolicies: {} }, "vault_access_policies", "properties.accessPolicies is not a list"],
    [{ tenantId: 1 }, "vault_tenant", "properties.tenantId is not a text"],
  ])("says where it is not as az prints it: %j", (changes, fact, detail) => {
    expect(factsOf(vault(changes))[fact]).toMatchObject({ state: "unreadable", detail });
  });

  it("knows a managed HSM, which has neither RBAC nor access policies", () => {
    const { accessPolicies: _, enableRbacAuthorization: __, vaultUri: ___, ...others } = properties;
    const hsm = JSON.stringify({
      id: testAzureHsm,
      location: "eastus2",
      properties: { ...others, hsmUri: `https://${testAzureHsmHost}/` },
    });
    expect(recognizes(hsm)).toBe(true);
    expect(factsOf(hsm)).toMatchObject({
      vault: known({ id: testAzureHsm, kind: "managed-hsm", uri: `https://${testAzureHsmHost}/` }),
      vault_rbac: known(null),
      vault_access_policies: known([]),
      vault_purge_protection: known(true),
    });
    expect(keys(hsm, nowhere).map(({ account }) => account)).toEqual([testAzureHsmHost]);
  });

  it.each([
    ["[]", "`az keyvault show` prints one object, and this is none (line 1, column 1)"],
    ['{"vaultUri": ', "the document ends too early"],
    ["id: /subscriptions/x\nvaultUri: y", "print it with --output json"],
  ])("refuses %j", (text, words) => {
    const answer = read(text);
    expect(answer.ok ? "" : answer.error).toContain(words);
  });

  it("belongs to a key of that vault, or to the one that is named", () => {
    expect(keys(vault(), nowhere)).toEqual([{ ...testAzureKey, resource: `https://${testAzureHost}/keys/any-key` }]);
    expect(keys(vault(), { account: testAzureHost, key: testAzureKey })).toEqual([testAzureKey]);
    expect(keys("{}", { account: "other.vault.azure.net", key: null })[0]?.scope).toBe("vaults/other.vault.azure.net");
  });
});

describe("checks of a vault in a file", () => {
  const rules: DocumentRules = { catalogue, version: "1", guidance: newestGuidance, settings: testSettings };

  function judged(content: string) {
    const asked = { document: azureVaultDocument, content, origin: nowhere, registration: testAzureRegistration };
    return Object.fromEntries(judgeDocument(rules, asked, testTime).map(({ check, outcome }) => [check, outcome]));
  }

  it("are those that the vault alone decides, and no other", () => {
    expect(judged(vault({ enableRbacAuthorization: true, privateEndpointConnections: null }))).toEqual({
      "azure/key-in-supported-location": "pass",
      "azure/registered-tenant-matches": "pass",
      "azure/vault-firewall-allows-anthropic": "pass",
      "azure/vault-firewall-is-current": "pass",
      "azure/vault-public-network-access": "pass",
      "azure/vault-purge-protected": "pass",
      "azure/vault-rbac-enabled": "pass",
      "azure/vault-soft-delete": "pass",
      "azure/vault-without-private-endpoint": "pass",
    });
  });

  it("do not know what is not in the document", () => {
    expect(judged(vault({ enablePurgeProtection: undefined, enableRbacAuthorization: null }))).toMatchObject({
      "azure/vault-purge-protected": "unknown",
      "azure/vault-rbac-enabled": "fail",
      "azure/vault-soft-delete": "pass",
    });
  });
});
