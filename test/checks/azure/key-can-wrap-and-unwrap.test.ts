import { expect, it } from "vitest";
import { keyCanWrapAndUnwrap } from "../../../checks/azure/key-can-wrap-and-unwrap.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureVersion } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const withOperations = (operations: readonly string[] | null) => azureVaultKey({ key_operations: known(operations) });

testCheck(keyCanWrapAndUnwrap, {
  pass: [
    { name: "these two", resource: azureVaultKey() },
    { name: "in another order", resource: withOperations(["unwrapKey", "wrapKey"]) },
    { name: "and others", resource: withOperations(["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"]) },
    { name: "absent, which means all", resource: withOperations(null) },
    { name: "empty, which means all", resource: withOperations([]) },
    { name: "in other letters", resource: withOperations(["WrapKey", "unwrapkey"]) },
    { name: "in a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    { name: "no unwrapping", resource: withOperations(["wrapKey"]), message: /do not have unwrapKey$/ },
    { name: "no wrapping", resource: withOperations(["unwrapKey", "decrypt"]), message: /do not have wrapKey$/ },
    {
      name: "neither",
      resource: withOperations(["encrypt", "decrypt"]),
      message: "do not have wrapKey and unwrapKey",
    },
    { name: "only words that look like them", resource: withOperations(["wrap", "unwrap"]), message: "do not have" },
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

it("permits the two", () => {
  expect(offeredCommands(keyCanWrapAndUnwrap, withOperations(["encrypt", "decrypt"]))).toEqual([
    `az keyvault key set-attributes --vault-name customer-cmek --name anthropic --version ${testAzureVersion} --ops wrapKey unwrapKey`,
  ]);
});
