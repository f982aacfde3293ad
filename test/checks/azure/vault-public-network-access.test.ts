import { expect, it } from "vitest";
import { vaultPublicNetworkAccess } from "../../../checks/azure/vault-public-network-access.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureFirewall, azureHsmKey, azureVaultKey, testAzureSubscription } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const withAccess = (access: string | null) => ({ vault_public_access: known(access) });

testCheck(vaultPublicNetworkAccess, {
  pass: [
    { name: "enabled", resource: azureVaultKey(), message: "is enabled" },
    { name: "enabled, in small letters", resource: azureVaultKey(withAccess("enabled")) },
    { name: "enabled, in capitals", resource: azureVaultKey(withAccess("ENABLED")) },
    { name: "absent, which means enabled", resource: azureVaultKey(withAccess(null)), message: "is not set" },
    { name: "in a managed HSM", resource: azureHsmKey() },
    {
      name: "enabled, behind a firewall: another check says so",
      resource: azureVaultKey({ vault_firewall: known(azureFirewall()) }),
    },
  ],
  fail: [
    { name: "disabled", resource: azureVaultKey(withAccess("Disabled")), message: "is Disabled, not Enabled" },
    {
      name: "secured by a perimeter",
      resource: azureVaultKey(withAccess("SecuredByPerimeter")),
      message: "is SecuredByPerimeter, not Enabled",
    },
    { name: "a word that is not invented yet", resource: azureVaultKey(withAccess("Sometimes")), message: "Sometimes" },
    { name: "disabled, in a managed HSM", resource: azureHsmKey(withAccess("Disabled")), message: "is Disabled" },
  ],
  "not-applicable": [
    { name: "no such key", resource: azureVaultKey({ ...withAccess("Disabled"), existence: known("absent") }) },
  ],
  unknown: [
    { name: "the vault may not be read", resource: azureVaultKey({ vault_public_access: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it("names the benchmark that wants the opposite", () => {
  expect(vaultPublicNetworkAccess.conflicts).toMatchObject([{ framework: "CIS Azure Foundations", id: "8.3.7" }]);
});

it.each([
  [
    "a vault",
    azureVaultKey(withAccess("Disabled")),
    [
      `az keyvault update --name customer-cmek --subscription ${testAzureSubscription} --default-action Deny --public-network-access Enabled`,
      `az keyvault network-rule add --name customer-cmek --subscription ${testAzureSubscription} --ip-address 160.79.104.0/21`,
    ],
  ],
  [
    "a managed HSM",
    azureHsmKey(withAccess("Disabled")),
    [
      `az keyvault update-hsm --hsm-name customer-cmek --subscription ${testAzureSubscription} --default-action Deny --public-network-access Enabled`,
      `az keyvault network-rule add --hsm-name customer-cmek --subscription ${testAzureSubscription} --ip-address 160.79.104.0/21`,
    ],
  ],
])("opens %s to Anthropic alone", (_name, resource, commands) => {
  expect(offeredCommands(vaultPublicNetworkAccess, resource)).toEqual(commands);
});
