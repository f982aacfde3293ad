import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { missingKeyOperations, neededKeyOperations } from "../../src/access/azure/key-operations.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyCanWrapAndUnwrap = defineCheck({
  id: "azure/key-can-wrap-and-unwrap",
  title: "The key may be used to wrap and to unwrap",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic uses these two operations. Azure refuses whichever the key does not list, whoever asks for it.",
  remediation:
    "Permit wrapKey and unwrapKey, and nothing else (`az keyvault key set-attributes … --ops wrapKey unwrapKey`).",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-operations"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-13", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "CC6.1", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["key_operations", "current_version", "registered_key"],
  evaluate({ key_operations }) {
    const evidence = { operations: key_operations === null ? null : key_operations.toSorted() };
    const missing = missingKeyOperations(key_operations);
    return missing.length === 0
      ? { outcome: "pass", message: "the key may be used to wrap and to unwrap", evidence }
      : { outcome: "fail", message: `the key's operations do not have ${missing.join(" and ")}`, evidence };
  },

  commands({ current_version: version, registered_key }) {
    return [azKey("set-attributes", registered_key, { version, ops: neededKeyOperations })];
  },
});
