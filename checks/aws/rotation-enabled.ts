import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const pendingDeletion = ["PendingDeletion", "PendingReplicaDeletion"];

export const rotationEnabled = defineCheck({
  id: "aws/rotation-enabled",
  title: "The key rotates automatically",
  resource: "aws.kms-key",
  severity: "low",
  why: "A key that never rotates keeps everything it ever encrypted under one piece of material. Rotation changes nothing for Anthropic: older data stays readable.",
  remediation: "Turn on automatic rotation (`aws kms enable-key-rotation --key-id …`).",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"],
  controls: [
    { framework: "FSBP", version: "2026", id: "KMS.4", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "4.6", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.4", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-12", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN03", basis: "seen" },
  ],

  scope: {
    within: existingKey,
    reads: ["state", "spec", "origin"],
    // AWS KMS rotates by itself only symmetric keys whose material it made.
    excludes({ state, spec, origin }) {
      if (origin !== "AWS_KMS") return `material of origin ${origin} has no automatic rotation`;
      if (spec !== "SYMMETRIC_DEFAULT") return `a key of spec ${spec} has no automatic rotation`;
      return pendingDeletion.includes(state) ? `a key in state ${state} does not rotate` : undefined;
    },
  },

  reads: ["rotation"],
  evaluate({ rotation: { enabled, period_days } }) {
    const evidence = { enabled, period_days };
    if (!enabled) return { outcome: "fail", message: "automatic rotation is off", evidence };
    const period = period_days === null ? "" : `, every ${period_days} days`;
    return { outcome: "pass", message: `automatic rotation is on${period}`, evidence };
  },
});
