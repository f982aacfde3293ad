import { expect, it } from "vitest";
import { vaultSoftDelete } from "../../../checks/azure/vault-soft-delete.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureSubscription } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const off = { vault_soft_delete: known(false) };

testCheck(vaultSoftDelete, {
  pass: [
    { name: "on", resource: azureVaultKey(), message: /^soft delete is on$/ },
    {
      name: "not set, which means on",
      resource: azureVaultKey({ vault_soft_delete: known(null) }),
      message: "as in every vault where it is not set",
    },
    { name: "on, in a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    { name: "off", resource: azureVaultKey(off), message: "soft delete is off" },
    { name: "off, in a managed HSM", resource: azureHsmKey(off), message: "soft delete is off" },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ ...off, existence: known("absent") }) }],
  unknown: [
    { name: "the vault may not be read", resource: azureVaultKey({ vault_soft_delete: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it("turns it on", () => {
  expect(offeredCommands(vaultSoftDelete, azureVaultKey(off))).toEqual([
    `az keyvault update --name customer-cmek --subscription ${testAzureSubscription} --set properties.enableSoftDelete=true`,
  ]);
});
