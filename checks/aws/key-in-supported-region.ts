import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { recommendedAwsRegions, supportedAwsRegions } from "../../src/guidance/supported-regions.ts";

export const keyInSupportedRegion = defineCheck({
  id: "aws/key-in-supported-region",
  title: "The key is in a region that Anthropic supports",
  resource: "aws.kms-key",
  severity: "high",
  why: "Anthropic calls keys in the supported regions only, and a key cannot be moved to another one.",
  remediation: `Create a key in one of ${supportedAwsRegions.join(", ")} (recommended: ${recommendedAwsRegions.join(", ")}) and register it instead.`,
  references: ["https://docs.aws.amazon.com/general/latest/gr/kms.html"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.Core.CN06", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(5)", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.23", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["registered_key"],
  evaluate({ registered_key: { region } }) {
    const recommended = recommendedAwsRegions.includes(region);
    if (supportedAwsRegions.includes(region)) {
      const remark = recommended ? "" : `; recommended is ${recommendedAwsRegions.join(" or ")}`;
      return {
        outcome: "pass",
        message: `the region ${region} is supported${remark}`,
        evidence: { region, recommended },
      };
    }
    // A new region of the supported geography may be fine: what is said is that nobody here can tell.
    const why = region.startsWith("us-")
      ? "is not known to this version as a supported one"
      : "is outside the supported geography";
    return {
      outcome: "fail",
      message: `the region ${region} ${why}; supported are ${supportedAwsRegions.join(", ")}`,
      evidence: { region, supported: supportedAwsRegions },
    };
  },
});
