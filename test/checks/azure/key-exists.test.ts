import { expect, it } from "vitest";
import { keyExists } from "../../../checks/azure/key-exists.ts";
import type { AzureDeletion } from "../../../src/model/azure.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureHsmKey,
  azureRegistration,
  azureVaultKey,
  testAzureSubscription,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testCheck, testTime } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const deleted = Date.UTC(2026, 10, 1);
const purged = Date.UTC(2027, 0, 30);
const absent = known("absent");
const denied = unreadable("access-denied", "Caller is not authorized", { call: "keyvault:GetDeletedKey" });
const noVault = unreadable("not-found", "no vault of this name");

function keyDeleted(changes: Partial<AzureDeletion> = {}): Fact<AzureDeletion> {
  return known({ of: "key", deleted, purged, ...changes });
}

function vaultDeleted(changes: Partial<AzureDeletion> = {}): Fact<AzureDeletion> {
  return keyDeleted({ of: "vault", ...changes });
}

testCheck(keyExists, {
  pass: [
    { name: "the key is there", resource: azureVaultKey(), message: "the vault has the key" },
    { name: "the key of a managed HSM is there", resource: azureHsmKey() },
    {
      name: "the key is there, whatever is known of deleted ones",
      resource: azureVaultKey({ deletion: denied }),
    },
  ],
  fail: [
    {
      name: "the key is deleted",
      resource: azureVaultKey({ existence: absent, deletion: keyDeleted() }),
      message: "the key was deleted at 2026-11-01T00:00:00Z; it is purged for good at 2027-01-30T00:00:00Z",
    },
    {
      name: "the key is deleted, and Azure does not say when it is purged",
      resource: azureVaultKey({ existence: absent, deletion: keyDeleted({ deleted: null, purged: null }) }),
      message: "the key was deleted; Azure does not say when it is purged",
    },
    {
      name: "the vault is deleted",
      resource: azureVaultKey({ existence: absent, deletion: vaultDeleted(), vault: noVault }),
      message:
        "the vault was deleted at 2026-11-01T00:00:00Z, and its keys with it; it is purged for good at 2027-01-30T00:00:00Z",
    },
    {
      name: "the managed HSM is deleted",
      resource: azureHsmKey({ existence: absent, deletion: vaultDeleted({ deleted: null }), vault: noVault }),
      message: "the vault was deleted, and its keys with it",
    },
    {
      name: "the key is purged, or was never there",
      resource: azureVaultKey({ existence: absent, deletion: known(null) }),
      message: "there is no such key, and no deleted one to recover",
    },
    {
      name: "the vault is purged, and the key with it",
      resource: azureVaultKey({ existence: absent, deletion: known(null), vault: noVault }),
      message: /^there is no such key, nor is its vault where it should be, and no deleted one to recover$/,
    },
    {
      name: "the key is gone, and the vault does not say whether it can be recovered",
      resource: azureVaultKey({ existence: absent, deletion: denied }),
      message: "whether one can be recovered could not be read (access-denied: Caller is not authorized)",
    },
    {
      name: "the key is gone, and nobody has asked the vault yet",
      resource: azureVaultKey({ existence: absent, deletion: unreadable("not-read-yet", "") }),
      message: "could not be read (not-read-yet)",
    },
  ],
  "not-applicable": "cannot-happen",
  unknown: [
    { name: "the key may not be read", resource: azureVaultKey({ existence: unreadable("access-denied", "") }) },
    {
      name: "the vault is in no list",
      resource: azureVaultKey({
        existence: unreadable("not-found", "no vault of this name in the subscriptions a, b: configure its own"),
        deletion: unreadable("not-found", ""),
        vault: noVault,
      }),
      message: "no vault of this name in the subscriptions a, b: configure its own",
    },
    {
      name: "the vault is in no list, and a deletion was read before",
      resource: azureVaultKey({ existence: unreadable("not-found", ""), deletion: vaultDeleted() }),
    },
  ],
});

it.each([
  [
    "a deleted key",
    azureVaultKey({ existence: absent, deletion: keyDeleted() }),
    ["az keyvault key recover --vault-name customer-cmek --name anthropic"],
  ],
  [
    "a deleted key of a managed HSM",
    azureHsmKey({ existence: absent, deletion: keyDeleted() }),
    ["az keyvault key recover --hsm-name customer-cmek --name anthropic"],
  ],
  [
    "a deleted vault",
    azureVaultKey({ existence: absent, deletion: vaultDeleted(), vault: noVault }),
    ["az keyvault recover --name customer-cmek"],
  ],
  [
    "a deleted vault whose id is registered",
    azureVaultKey({
      existence: absent,
      deletion: vaultDeleted(),
      vault: noVault,
      registration: known(azureRegistration({}, { vault_resource_id: testAzureVault })),
    }),
    [`az keyvault recover --name customer-cmek --subscription ${testAzureSubscription}`],
  ],
  ["a purged key", azureVaultKey({ existence: absent, deletion: known(null) }), undefined],
  [
    "a key whose time is over",
    azureVaultKey({ existence: absent, deletion: keyDeleted({ purged: testTime }) }),
    undefined,
  ],
  ["a key of which nobody knows", azureVaultKey({ existence: absent, deletion: denied }), undefined],
])("recovers %s, where it can be", (_name, resource, commands) => {
  expect(offeredCommands(keyExists, resource)).toEqual(commands);
});
