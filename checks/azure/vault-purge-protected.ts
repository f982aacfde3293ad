import { azVault } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const vaultPurgeProtected = defineCheck({
  id: "azure/vault-purge-protected",
  title: "The vault is protected against purging",
  resource: "azure.vault-key",
  severity: "critical",
  why: "Without purge protection two ordinary actions, to delete and to purge, destroy the key at once and for good, and all workspace data under it.",
  remediation:
    "Turn purge protection on (`az keyvault update … --enable-purge-protection true`). It cannot be turned off again, and takes nothing from daily use.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview#purge-protection",
    "https://learn.microsoft.com/en-us/azure/key-vault/general/key-vault-recovery",
  ],
  controls: [
    { framework: "CIS Azure Foundations", version: "5.0.0", id: "8.3.5", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "SOC 2", version: "2017", id: "PI1.5", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "CP-9", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.1", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["vault_purge_protection", "registered_key"],
  mayRead: ["vault"],
  evaluate({ vault_purge_protection }) {
    const evidence = { purge_protection: vault_purge_protection };
    if (vault_purge_protection === true) {
      return { outcome: "pass", message: "what is deleted in the vault cannot be purged before its time", evidence };
    }
    // Azure takes no false for it: what was never turned on is left out.
    const how = vault_purge_protection === null ? "was never turned on" : "is off";
    return { outcome: "fail", message: `purge protection ${how}`, evidence };
  },

  commands({ registered_key, vault }) {
    return [azVault("update", registered_key, vault, { "enable-purge-protection": "true" })];
  },
});
