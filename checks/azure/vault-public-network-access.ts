import { azVault } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const vaultPublicNetworkAccess = defineCheck({
  id: "azure/vault-public-network-access",
  title: "The vault can be reached from public networks",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic calls the vault over its public endpoint and has no other way in. Switched off, every call is refused, whatever the firewall and the roles say.",
  remediation:
    "Enable public network access (`az keyvault update … --public-network-access Enabled`) with a firewall that denies by default and lets Anthropic's outbound range in. Exempt the vault from whatever Azure Policy sets it back (effects `modify` and `deployIfNotExists`).",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/network-security",
    "https://learn.microsoft.com/en-us/azure/key-vault/general/how-to-azure-key-vault-network-security",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
  ],
  conflicts: [
    {
      framework: "CIS Azure Foundations",
      version: "5.0.0",
      id: "8.3.7",
      reason: "The benchmark asks for public network access to be off; Anthropic calls the vault's public endpoint.",
      compensating: [
        "a firewall that denies by default and lets Anthropic's outbound range in",
        "role-based access control, with the service principal's role on the key alone",
        "AuditEvent records of every call, refused ones too",
        "a look at the vault's settings in every run of the fast lane",
      ],
    },
  ],

  scope: existingAzureKey,

  reads: ["vault_public_access", "registered_key"],
  mayRead: ["vault"],
  evaluate({ vault_public_access }) {
    const evidence = { public_network_access: vault_public_access };
    if (vault_public_access === null) {
      return { outcome: "pass", message: "public network access is not set, which means enabled", evidence };
    }
    return vault_public_access.toLowerCase() === "enabled"
      ? { outcome: "pass", message: "public network access is enabled", evidence }
      : { outcome: "fail", message: `public network access is ${vault_public_access}, not Enabled`, evidence };
  },

  commands({ registered_key, vault }, { settings }) {
    // Denying by default at the same time, so that the vault is open to nobody else, not even in between.
    const flags = { "default-action": "Deny", "public-network-access": "Enabled" };
    return [
      azVault("update", registered_key, vault, flags),
      azVault("network-rule add", registered_key, vault, { "ip-address": settings.anthropic_egress }),
    ];
  },
});
