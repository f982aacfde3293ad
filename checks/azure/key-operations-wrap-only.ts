import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { neededKeyOperations, needlessKeyOperations } from "../../src/access/azure/key-operations.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyOperationsWrapOnly = defineCheck({
  id: "azure/key-operations-wrap-only",
  title: "The key may be used for nothing but wrapping and unwrapping",
  resource: "azure.vault-key",
  severity: "medium",
  why: "The documented role permits more than Anthropic needs. What the key itself does not permit, nobody can do with it, Anthropic included.",
  remediation: "Permit wrapKey and unwrapKey only (`az keyvault key set-attributes … --ops wrapKey unwrapKey`).",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-operations"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["key_operations", "current_version", "registered_key"],
  evaluate({ key_operations }) {
    const evidence = { operations: key_operations === null ? null : key_operations.toSorted() };
    const needless = needlessKeyOperations(key_operations);
    if (needless === "all") {
      return { outcome: "fail", message: "the key lists no operations, so all of them are permitted", evidence };
    }
    return needless.length === 0
      ? { outcome: "pass", message: "the key permits nothing but wrapping and unwrapping", evidence }
      : { outcome: "fail", message: `the key permits ${needless.join(", ")} as well`, evidence };
  },

  commands({ current_version: version, registered_key }) {
    return [azKey("set-attributes", registered_key, { version, ops: neededKeyOperations })];
  },
});
