import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const external = ["EXTERNAL", "EXTERNAL_VPC"];

export const keyNotExternal = defineCheck({
  id: "gcp/key-not-external",
  title: "The key is kept in Google Cloud",
  resource: "gcp.kms-key",
  severity: "medium",
  why: "A key in an external key manager can be reached only while that manager can: an outage there stops Anthropic, and Google cannot bring back what is lost there.",
  remediation:
    "Create a key whose protection level is `hsm` or `software`, and register it instead: a protection level cannot be changed.",
  references: ["https://cloud.google.com/kms/docs/ekm"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["primary", "template"],
  evaluate({ primary, template }) {
    const level = (primary ?? template)?.protection_level ?? null;
    const evidence = { protection_level: level };
    if (level === null) {
      return { outcome: "undecided", on: ["protection_level"], message: "the key has no version yet" };
    }
    return external.includes(level)
      ? {
          outcome: "fail",
          message: `the key's protection level is ${level}: it is kept outside Google Cloud`,
          evidence,
        }
      : { outcome: "pass", message: `the key's protection level is ${level}`, evidence };
  },
});
