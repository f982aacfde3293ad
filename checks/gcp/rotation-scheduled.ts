import { formatDate } from "../../src/access/dates.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { gcloudKey } from "../../src/access/gcp/gcloud.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const day = 86_400_000;

export const rotationScheduled = defineCheck({
  id: "gcp/rotation-scheduled",
  title: "The key rotates by itself",
  resource: "gcp.kms-key",
  severity: "low",
  why: "A key that never rotates keeps everything it ever encrypted under one piece of material. Rotation changes nothing for Anthropic, as long as earlier versions stay enabled.",
  remediation: "Set a rotation period (`gcloud kms keys update … --rotation-period 90d --next-rotation-time …`).",
  references: ["https://cloud.google.com/kms/docs/key-rotation"],
  controls: [
    { framework: "CIS GCP", version: "5.0", id: "1.11", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.4", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-12", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN03", basis: "seen" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["purpose"],
    excludes({ purpose }) {
      return purpose === "ENCRYPT_DECRYPT" ? undefined : `a key of purpose ${purpose} does not rotate by itself`;
    },
  },

  reads: ["rotation", "registered_key"],
  mayRead: ["template", "import_only"],
  evaluate({ rotation: { period, next } }) {
    const evidence = { period_days: period === null ? null : period / day };
    if (period === null) return { outcome: "fail", message: "no rotation period is set", evidence };
    const then = next === null ? "" : `, next at ${formatDate(next)}`;
    return { outcome: "pass", message: `the key rotates every ${period / day} days${then}`, evidence };
  },

  commands({ registered_key, template, import_only }, { at }) {
    // Google makes no material for a key whose material comes from elsewhere, and so refuses it a period.
    const isExternal = template.state === "known" && (template.value?.protection_level.startsWith("EXTERNAL") ?? false);
    if (isExternal || (import_only.state === "known" && import_only.value)) return [];
    const tomorrow = formatDate(at + day);
    return [`${gcloudKey("update", registered_key)} --rotation-period 90d --next-rotation-time ${tomorrow}`];
  },
});
