import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { isEnforced, judgePerimeter } from "../../src/access/azure/perimeter.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const vaultPerimeterAllowsAnthropic = defineCheck({
  id: "azure/vault-perimeter-allows-anthropic",
  title: "No network security perimeter keeps Anthropic out of the vault",
  resource: "azure.vault-key",
  severity: "high",
  why: "A perimeter in enforced mode refuses every request that no rule of its own lets in, whatever the vault's own settings say; Anthropic calls from outside.",
  remediation:
    "Give the perimeter's profile an inbound rule with all of Anthropic's outbound range (160.79.104.0/21; ask Anthropic for the current list), or take the vault out of the perimeter.",
  references: [
    "https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-concepts",
    "https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-transition",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["registered_key"],
    excludes({ registered_key }) {
      return registered_key.kind === "managed-hsm" ? "a network security perimeter takes in no managed HSM" : undefined;
    },
  },

  reads: ["perimeters"],
  evaluate({ perimeters }, { settings: { anthropic_egress } }) {
    const judged = perimeters
      .map((perimeter) => judgePerimeter(perimeter, anthropic_egress))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const evidence = {
      perimeters: judged.map(({ name, access_mode, decision, refused }) => ({
        name,
        access_mode,
        decision,
        refused_addresses: [...refused],
      })),
    };
    const blocking = judged.filter(({ decision }) => decision === "blocked");
    if (blocking.length > 0) {
      const told = blocking.map(({ name, refused }) => `${name} (from ${refused.join(", ")})`);
      return { outcome: "fail", message: `kept out by the perimeter ${told.join(", ")}`, evidence };
    }
    const on = judged.filter(({ decision }) => decision === "conditional").flatMap((one) => one.on);
    if (on.length > 0) {
      return { outcome: "undecided", on, message: `whether a perimeter keeps Anthropic out hangs on ${on.join(", ")}` };
    }
    if (judged.length === 0) return { outcome: "pass", message: "the vault is in no perimeter", evidence };
    const told = judged.map(({ name, access_mode, lets_in }) =>
      lets_in
        ? `${name} lets in ${anthropic_egress.join(", ")}`
        : `${name} is in mode ${access_mode}, in which the vault's own settings let in what they do`,
    );
    const warning = judged.some((one) => !isEnforced(one) && !one.lets_in)
      ? ": enforced, it would keep Anthropic out"
      : "";
    return { outcome: "pass", message: `${told.join("; ")}${warning}`, evidence };
  },
});
