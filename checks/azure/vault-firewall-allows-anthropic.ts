import { azVault } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { firewallVerdict, refusedRanges } from "../../src/access/azure/firewall.ts";
import { isEnforced, judgePerimeter } from "../../src/access/azure/perimeter.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicInboundRange } from "../../src/guidance/identifiers.ts";

export const vaultFirewallAllowsAnthropic = defineCheck({
  id: "azure/vault-firewall-allows-anthropic",
  title: "The vault's firewall lets in the whole range from which Anthropic calls",
  resource: "azure.vault-key",
  severity: "high",
  why: "Requests may come from any address of the range: those that the firewall refuses fail now and then, or all of them.",
  remediation:
    "Add all of Anthropic's outbound range (160.79.104.0/21; ask Anthropic for the current list) to the firewall (`az keyvault network-rule add --name … --ip-address …`).",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/general/network-security"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["vault_public_access"],
    excludes({ vault_public_access }) {
      return vault_public_access === null || vault_public_access.toLowerCase() === "enabled"
        ? undefined
        : `the firewall decides nothing: public network access is ${vault_public_access}`;
    },
  },

  reads: ["vault_firewall", "registered_key"],
  mayRead: ["perimeters", "vault"],
  evaluate({ vault_firewall, registered_key, perimeters }, { settings: { anthropic_egress } }) {
    const { decision, on, refused } = firewallVerdict(vault_firewall, anthropic_egress);
    const evidence = {
      default_action: vault_firewall?.default_action ?? null,
      ip_rules: [...(vault_firewall?.ip_rules ?? [])].toSorted(),
      anthropic_egress: [...anthropic_egress],
      refused: [...refused],
    };
    if (decision === "allowed") {
      const open = (vault_firewall?.default_action ?? "Allow").toLowerCase() === "allow";
      const what = open ? "everybody" : anthropic_egress.join(", ");
      return { outcome: "pass", message: `the firewall lets in ${what}`, evidence };
    }
    // No perimeter takes in a managed HSM.
    const mayOverride = registered_key.kind === "vault";
    if (mayOverride && perimeters.state === "known") {
      const judged = perimeters.value.map((one) => judgePerimeter(one, anthropic_egress));
      const first = judged.find((one) => isEnforced(one) || one.lets_in);
      if (first !== undefined) {
        const what = isEnforced(first) ? "decides in the firewall's place" : "lets in what the firewall refuses";
        return { outcome: "pass", message: `the perimeter ${first.name} ${what}`, evidence };
      }
      const modes = judged.filter((one) => one.decision === "conditional").flatMap((one) => one.on);
      if (modes.length > 0) {
        return {
          outcome: "undecided",
          on: modes,
          message: `whether the firewall decides hangs on ${modes.join(", ")}`,
        };
      }
    }
    if (decision === "conditional") {
      return { outcome: "undecided", on, message: `whether the firewall lets Anthropic in hangs on ${on.join(", ")}` };
    }
    if (mayOverride && perimeters.state === "unreadable") {
      const message = `the firewall refuses ${refused.join(", ")}, unless a perimeter overrides it`;
      return { outcome: "undecided", on: ["perimeters"], message };
    }
    const remark = vault_firewall?.ip_rules.includes(anthropicInboundRange)
      ? ` (${anthropicInboundRange} is where Anthropic is reached, not all from where it calls)`
      : "";
    const message = `the firewall refuses ${refused.join(", ")}${remark}: let all of ${anthropic_egress.join(", ")} in`;
    return { outcome: "fail", message, evidence };
  },

  commands({ vault_firewall, registered_key, vault }, { settings: { anthropic_egress } }) {
    const missing = refusedRanges(vault_firewall?.ip_rules ?? [], anthropic_egress);
    return [azVault("network-rule add", registered_key, vault, { "ip-address": missing })];
  },
});
