import { expect, it } from "vitest";
import { keyOperationsWrapOnly } from "../../../checks/azure/key-operations-wrap-only.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureVersion } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const withOperations = (operations: readonly string[] | null) => azureVaultKey({ key_operations: known(operations) });

testCheck(keyOperationsWrapOnly, {
  pass: [
    { name: "these two", resource: azureVaultKey() },
    { name: "in other letters", resource: withOperations(["WRAPKEY", "unwrapkey"]) },
    { name: "not even both: another check says so", resource: withOperations(["wrapKey"]) },
    { name: "in a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "two more",
      resource: withOperations(["wrapKey", "unwrapKey", "sign", "encrypt"]),
      message: "the key permits encrypt, sign as well",
    },
    { name: "only others", resource: withOperations(["sign"]), message: "permits sign as well" },
    {
      name: "an operation that is not invented yet",
      resource: withOperations(["wrapKey", "unwrapKey", "teleport"]),
      message: "teleport",
    },
    { name: "absent, which means all", resource: withOperations(null), message: "all of them are permitted" },
    { name: "empty, which means all", resource: withOperations([]), message: "all of them are permitted" },
  ],
  "not-applicable": [
    {
      name: "no such key",
      resource: azureVaultKey({ existence: known("absent"), key_operations: unreadable("not-found", "") }),
    },
  ],
  unknown: [
    { name: "not reported", resource: azureVaultKey({ key_operations: unreadable("not-reported", "") }) },
    { name: "the version is not reported", resource: azureVaultKey({ current_version: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it("permits nothing else", () => {
  expect(offeredCommands(keyOperationsWrapOnly, withOperations(null))).toEqual([
    `az keyvault key set-attributes --vault-name customer-cmek --name anthropic --version ${testAzureVersion} --ops wrapKey unwrapKey`,
  ]);
});
