import { expect, it } from "vitest";
import { keyEnabled } from "../../../checks/azure/key-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, azureVersion, testAzureVersion } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const older = azureVersion({ version: "0ld" });
const newest = azureVersion({ enabled: false });

testCheck(keyEnabled, {
  pass: [
    { name: "enabled", resource: azureVaultKey(), message: testAzureVersion },
    { name: "enabled, in a managed HSM", resource: azureHsmKey() },
    { name: "enabled, and nothing known of other versions", resource: azureVaultKey({ versions: denied }) },
    {
      name: "an older one is disabled: another check says so",
      resource: azureVaultKey({ versions: known([{ ...older, enabled: false }, azureVersion()]) }),
    },
    {
      name: "expired: another check says so",
      resource: azureVaultKey({ expires: known(Date.UTC(2026, 0, 1)) }),
    },
    {
      name: "enabled again since the versions were listed",
      resource: azureVaultKey({ versions: known([newest]) }),
    },
  ],
  fail: [
    {
      name: "disabled",
      resource: azureVaultKey({ enabled: known(false), versions: known([newest]) }),
      message: new RegExp(`^the current version ${testAzureVersion} is disabled$`),
    },
    {
      name: "the newest is disabled, while an older one is enabled",
      resource: azureVaultKey({ enabled: known(false), versions: known([older, newest]) }),
      message: "is disabled; what is left enabled can only unwrap: 0ld",
    },
    {
      name: "all are disabled",
      resource: azureVaultKey({ enabled: known(false), versions: known([{ ...older, enabled: false }, newest]) }),
      message: /is disabled$/,
    },
    {
      name: "disabled since the versions were listed",
      resource: azureVaultKey({ enabled: known(false), versions: known([azureVersion()]) }),
      message: /is disabled$/,
    },
    {
      name: "disabled, and nothing known of other versions",
      resource: azureVaultKey({ enabled: known(false), versions: denied }),
      message: /is disabled$/,
    },
  ],
  "not-applicable": [
    {
      name: "no such key",
      resource: azureVaultKey({ existence: known("absent"), enabled: unreadable("not-found", "") }),
    },
  ],
  unknown: [
    { name: "not reported", resource: azureVaultKey({ enabled: unreadable("not-reported", "") }) },
    { name: "which version is current is not reported", resource: azureVaultKey({ current_version: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it.each([
  [
    "vault",
    azureVaultKey({ enabled: known(false) }),
    `az keyvault key set-attributes --vault-name customer-cmek --name anthropic --version ${testAzureVersion} --enabled true`,
  ],
  [
    "managed HSM",
    azureHsmKey({ enabled: known(false) }),
    `az keyvault key set-attributes --hsm-name customer-cmek --name anthropic --version ${testAzureVersion} --enabled true`,
  ],
])("enables the version in a %s", (_name, resource, command) => {
  expect(offeredCommands(keyEnabled, resource)).toEqual([command]);
});
