import { azVault } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const vaultSoftDelete = defineCheck({
  id: "azure/vault-soft-delete",
  title: "What is deleted in the vault can be recovered",
  resource: "azure.vault-key",
  severity: "medium",
  why: "In a vault without soft delete a deleted key is gone at once, and all workspace data under it.",
  remediation:
    "Turn soft delete on (`az keyvault update … --set properties.enableSoftDelete=true`); it cannot be turned off again.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview"],
  controls: [
    { framework: "CIS Azure Foundations", version: "5.0.0", id: "8.3.5", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "CP-9", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["vault_soft_delete", "registered_key"],
  mayRead: ["vault"],
  evaluate({ vault_soft_delete }) {
    const evidence = { soft_delete: vault_soft_delete };
    if (vault_soft_delete === false) return { outcome: "fail", message: "soft delete is off", evidence };
    // Every vault has had it since it became the default, whether Azure writes so or not.
    const unset = vault_soft_delete === null ? ", as in every vault where it is not set" : "";
    return { outcome: "pass", message: `soft delete is on${unset}`, evidence };
  },

  commands({ registered_key, vault }) {
    return [azVault("update", registered_key, vault, { set: "properties.enableSoftDelete=true" })];
  },
});
