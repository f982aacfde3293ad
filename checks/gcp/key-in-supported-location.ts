import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { recommendedGcpLocations, supportedGcpLocation } from "../../src/guidance/supported-regions.ts";

/** Names of more than one region: https://cloud.google.com/kms/docs/locations */
const several = /^(?:us|eu|asia|global|europe|nam[0-9]+|eur[0-9]+|asia[0-9]+)$/;

export const keyInSupportedLocation = defineCheck({
  id: "gcp/key-in-supported-location",
  title: "The key is in a location that Anthropic supports",
  resource: "gcp.kms-key",
  severity: "high",
  why: "Anthropic calls keys in single regions of the United States only, and a key cannot be moved to another location.",
  remediation: `Create a key in a single region of the United States (recommended: ${recommendedGcpLocations.join(", ")}) and register it instead.`,
  references: ["https://cloud.google.com/kms/docs/locations"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.Core.CN06", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(5)", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.23", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  evaluate({ registered_key: { location } }) {
    const recommended = recommendedGcpLocations.includes(location);
    if (supportedGcpLocation.test(location)) {
      const remark = recommended ? "" : `; recommended is ${recommendedGcpLocations.join(" or ")}`;
      return {
        outcome: "pass",
        message: `the location ${location} is supported${remark}`,
        evidence: { location, recommended },
      };
    }
    const message = `the location ${location} ${whyNot(location)}`;
    return { outcome: "fail", message, evidence: { location, recommended: false } };
  },
});

function whyNot(location: string): string {
  if (several.test(location)) return "is not a single region";
  // A new region of the supported geography may be fine: what is said is that nobody here can tell.
  if (location.startsWith("us-")) return "is not known to this version as a supported one";
  return "is outside the supported geography";
}
