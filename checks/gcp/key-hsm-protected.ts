import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const hardware = ["HSM", "HSM_SINGLE_TENANT"];
const external = ["EXTERNAL", "EXTERNAL_VPC"];

export const keyHsmProtected = defineCheck({
  id: "gcp/key-hsm-protected",
  title: "The key's material is protected by hardware",
  resource: "gcp.kms-key",
  severity: "low",
  why: "Anthropic strongly recommends a key in a hardware security module. A software key works, with its material in the memory of Google's servers.",
  remediation:
    "Create a key with `--protection-level hsm` and register it instead: a protection level cannot be changed.",
  references: ["https://cloud.google.com/kms/docs/protection-levels"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(2)", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-10", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.1", basis: "judgement" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["primary", "template"],
    excludes({ primary, template }) {
      const level = (primary ?? template)?.protection_level ?? null;
      if (level === null) return "the key has no version yet";
      return external.includes(level) ? "the key is kept outside Google Cloud: see gcp/key-not-external" : undefined;
    },
  },

  reads: ["primary", "template"],
  evaluate({ primary, template }) {
    const level = (primary ?? template)?.protection_level ?? "unspecified";
    const next = template?.protection_level ?? null;
    const evidence = { protection_level: level, next_protection_level: next };
    const weaker = hardware.includes(level) && next !== null && !hardware.includes(next);
    if (!hardware.includes(level)) {
      const message = `the primary version's protection level is ${level}: that works, and hardware is strongly recommended`;
      return { outcome: "fail", message, evidence };
    }
    const remark = weaker ? `; the next version will be ${next}, which is weaker` : "";
    return { outcome: "pass", message: `the primary version's protection level is ${level}${remark}`, evidence };
  },
});
