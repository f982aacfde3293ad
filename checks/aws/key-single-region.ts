import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keySingleRegion = defineCheck({
  id: "aws/key-single-region",
  title: "The key is a single-Region key",
  resource: "aws.kms-key",
  severity: "medium",
  why: "The material of a multi-Region key may be replicated to any Region, each replica with a policy of its own that nobody watches here.",
  remediation:
    "Create a single-Region key and register it instead: a multi-Region key cannot be turned into one. Until then, keep it from being replicated further.",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.Core.CN06", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(5)", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["registered_key"],
  passNeeds: ["multi_region"],
  evaluate({ registered_key, multi_region }) {
    // The prefix is reserved for multi-Region keys, whichever of them this is.
    const prefixed = registered_key.arn.includes(":key/mrk-");
    if (prefixed || (multi_region.state === "known" && multi_region.value)) {
      const how = prefixed ? `: its id begins with "mrk-"` : "";
      return { outcome: "fail", message: `the key is a multi-Region key${how}`, evidence: { arn: registered_key.arn } };
    }
    return { outcome: "pass", message: "the key is a single-Region key", evidence: { arn: registered_key.arn } };
  },
});
