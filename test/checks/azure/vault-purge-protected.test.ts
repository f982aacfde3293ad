import { expect, it } from "vitest";
import { vaultPurgeProtected } from "../../../checks/azure/vault-purge-protected.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureSubscription } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const unset = { vault_purge_protection: known(null) };

testCheck(vaultPurgeProtected, {
  pass: [
    { name: "on", resource: azureVaultKey() },
    { name: "on, in a managed HSM", resource: azureHsmKey() },
    { name: "on, and the vault's id is not known", resource: azureVaultKey({ vault: denied }) },
  ],
  fail: [
    { name: "not set", resource: azureVaultKey(unset), message: "was never turned on" },
    { name: "off", resource: azureVaultKey({ vault_purge_protection: known(false) }), message: "is off" },
    { name: "not set, in a managed HSM", resource: azureHsmKey(unset), message: "was never turned on" },
    {
      name: "not set, and soft delete alone is on",
      resource: azureVaultKey({ ...unset, vault_soft_delete: known(null) }),
      message: "was never turned on",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ ...unset, existence: known("absent") }) }],
  unknown: [
    { name: "the vault may not be read", resource: azureVaultKey({ vault_purge_protection: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it.each([
  [
    "a vault",
    azureVaultKey(unset),
    `az keyvault update --name customer-cmek --subscription ${testAzureSubscription} --enable-purge-protection true`,
  ],
  [
    "a vault whose id is not known",
    azureVaultKey({ ...unset, vault: denied }),
    "az keyvault update --name customer-cmek --enable-purge-protection true",
  ],
  [
    "a managed HSM",
    azureHsmKey(unset),
    `az keyvault update-hsm --hsm-name customer-cmek --subscription ${testAzureSubscription} --enable-purge-protection true`,
  ],
])("protects %s", (_name, resource, command) => {
  expect(offeredCommands(vaultPurgeProtected, resource)).toEqual([command]);
});
