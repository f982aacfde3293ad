import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { azureKeyParts } from "../../../src/access/azure/key-name.ts";
import { azureKeyScope, azureLevelOf, isAtOrAbove } from "../../../src/access/azure/scope.ts";
import {
  testAzureHsm,
  testAzureHsmKey,
  testAzureKeyScope,
  testAzureKeyUri,
  testAzureManagementGroup,
  testAzureResourceGroup,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const key = azureKeyParts(testAzureKeyUri);
const home = { key, vault_id: testAzureVault };
const elsewhere = "/subscriptions/00000000-1111-2222-3333-444444444444";

describe("azureKeyParts", () => {
  it("takes the name of a key apart", () => {
    expect(key).toEqual({
      host: "customer-cmek.vault.azure.net",
      kind: "vault",
      vault: "customer-cmek",
      key: "anthropic",
    });
    expect(azureKeyParts(testAzureHsmKey.resource).kind).toBe("managed-hsm");
    expect(azureKeyParts("https://v.managedhsm.usgovcloudapi.net/keys/k").kind).toBe("managed-hsm");
    expect(azureKeyParts("https://managedhsm.vault.azure.cn/keys/k")).toMatchObject({
      kind: "vault",
      vault: "managedhsm",
    });
  });
});

const reaching = [
  ["", "root"],
  ["/", "root"],
  [testAzureManagementGroup, "management-group"],
  [testAzureSubscriptionScope, "subscription"],
  [`${testAzureSubscriptionScope}/`, "subscription"],
  [testAzureResourceGroup, "resource-group"],
  [testAzureVault, "vault"],
  [testAzureKeyScope, "key"],
  [`${testAzureKeyScope}/versions/0123`, "key-version"],
  [`${testAzureKeyScope}/0123`, "key-version"],
] as const;

describe("azureLevelOf", () => {
  it.each(reaching)("takes %j for the %s", (scope, kind) => {
    expect(azureLevelOf(scope, home)).toEqual({ kind, scope });
    expect(azureLevelOf(scope.toUpperCase(), home)?.kind).toBe(kind);
  });

  it.each([
    ["another subscription", elsewhere],
    ["another resource group", `${testAzureSubscriptionScope}/resourceGroups/other`],
    ["another vault", `${testAzureVault}-2`],
    ["a vault of the same name elsewhere", testAzureVault.replace(testAzureSubscriptionScope, elsewhere)],
    ["another key", `${testAzureVault}/keys/anthropic-2`],
    ["a secret of the key's name", `${testAzureVault}/secrets/anthropic`],
    ["a managed HSM of the vault's name", testAzureHsm],
    ["another kind of resource", `${testAzureResourceGroup}/providers/Microsoft.Storage/storageAccounts/customer-cmek`],
    ["what is no scope", `${testAzureSubscriptionScope}/resourceGroups`],
    ["what is below a version", `${testAzureKeyScope}/versions/0123/more`],
    ["what is below a management group", `${testAzureManagementGroup}/subscriptions/x`],
    ["no management group", "/providers/Microsoft.Management/managementGroups"],
    ["another provider at the root", "/providers/Microsoft.Billing/billingAccounts/1"],
  ])("leaves out %s", (_, scope) => {
    expect(azureLevelOf(scope, home)).toBeUndefined();
  });

  it("goes by the vault's name where nobody knows where it is", () => {
    const lost = { key, vault_id: null };
    expect(azureLevelOf(elsewhere, lost)?.kind).toBe("subscription");
    expect(azureLevelOf(testAzureKeyScope.replace(testAzureSubscriptionScope, elsewhere), lost)?.kind).toBe("key");
    expect(azureLevelOf(`${testAzureVault}-2`, lost)).toBeUndefined();
  });

  it("knows managed HSMs", () => {
    const hsm = { key: azureKeyParts(testAzureHsmKey.resource), vault_id: testAzureHsm };
    expect(azureLevelOf(testAzureHsm, hsm)?.kind).toBe("vault");
    expect(azureLevelOf(testAzureVault, hsm)).toBeUndefined();
  });

  it("never minds the case of letters", () => {
    fc.assert(
      fc.property(fc.constantFrom(...reaching), fc.infiniteStream(fc.boolean()), ([scope, kind], coin) => {
        const mixed = Array.from(scope, (sign) =>
          coin.next().value === true ? sign.toUpperCase() : sign.toLowerCase(),
        );
        expect(azureLevelOf(mixed.join(""), home)?.kind).toBe(kind);
      }),
    );
  });
});

describe("isAtOrAbove", () => {
  it("leaves out versions alone", () => {
    const kinds = reaching.map(([scope]) => azureLevelOf(scope, home));
    const below = kinds.filter((level) => level !== undefined && !isAtOrAbove(level));
    expect(below.map((level) => level?.kind)).toEqual(["key-version", "key-version"]);
  });
});

describe("azureKeyScope", () => {
  it("is below the vault, where that is known", () => {
    expect(azureKeyScope(home)).toBe(testAzureKeyScope);
    expect(azureKeyScope({ key, vault_id: `${testAzureVault}/` })).toBe(testAzureKeyScope);
    expect(azureKeyScope({ key, vault_id: null })).toBeUndefined();
  });
});
