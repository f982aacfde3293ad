import { azVault } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { refusedRanges, staleRules } from "../../src/access/azure/firewall.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicInboundRange } from "../../src/guidance/identifiers.ts";

export const vaultFirewallIsCurrent = defineCheck({
  id: "azure/vault-firewall-is-current",
  title: "The vault's firewall lists the addresses from which Anthropic calls today",
  resource: "azure.vault-key",
  severity: "low",
  why: "Addresses that Anthropic gave up are somebody else's by now, and those at which it is reached are not all from which it calls.",
  remediation:
    "Remove the retired addresses from the firewall (`az keyvault network-rule remove --name … --ip-address …`), and list the outbound range in place of the inbound one.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/general/network-security"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["vault_firewall", "registered_key"],
  mayRead: ["vault"],
  evaluate({ vault_firewall }, { settings: { anthropic_egress } }) {
    if (vault_firewall === null) {
      return { outcome: "pass", message: "the vault has no firewall", evidence: { retired: [], inbound_only: false } };
    }
    const { retired, inbound_only, unread } = staleRules(vault_firewall, anthropic_egress);
    const rules = retired
      .map(({ rule, addresses }) => ({ rule, addresses: [...addresses] }))
      .toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
    const evidence = { retired: rules, inbound_only };
    const wrong = [
      ...rules.map(({ rule, addresses }) => {
        const held =
          addresses.length === 1 && addresses[0] === alone(rule) ? "" : ` holds ${addresses.join(", ")}, which`;
        return `${rule}${held} is retired: Anthropic does not call from there any more`;
      }),
      ...(inbound_only
        ? [
            `of Anthropic's addresses only those of ${anthropicInboundRange} are listed, where it is reached; it calls from ${anthropic_egress.join(", ")}`,
          ]
        : []),
    ];
    if (wrong.length > 0) return { outcome: "fail", message: wrong.join("; "), evidence };
    if (unread.length > 0) {
      const on = unread.map((rule) => `the rule "${rule}"`);
      return { outcome: "undecided", on, message: `${on.join(", ")} is neither an address nor a range` };
    }
    return { outcome: "pass", message: "the firewall lists no retired address", evidence };
  },

  commands({ vault_firewall, registered_key, vault }, { settings: { anthropic_egress } }) {
    if (vault_firewall === null) return [];
    const { retired, inbound_only } = staleRules(vault_firewall, anthropic_egress);
    // A wider rule may be there for somebody else as well.
    if (retired.some(({ rule, addresses }) => addresses.length > 1 || addresses[0] !== alone(rule))) return [];
    const missing = inbound_only ? refusedRanges(vault_firewall.ip_rules, anthropic_egress) : [];
    return [
      ...(missing.length === 0 ? [] : [azVault("network-rule add", registered_key, vault, { "ip-address": missing })]),
      ...(retired.length === 0
        ? []
        : [azVault("network-rule remove", registered_key, vault, { "ip-address": retired.map(({ rule }) => rule) })]),
    ];
  },
});

/** The address of a rule that holds one. */
function alone(rule: string): string {
  return rule.replace(/\/32$/, "");
}
