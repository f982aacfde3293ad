import { formatDate, formatDateOrNull } from "../../src/access/dates.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { gcloudVersion } from "../../src/access/gcp/gcloud.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const primaryVersionEnabled = defineCheck({
  id: "gcp/primary-version-enabled",
  title: "The key's primary version is enabled",
  resource: "gcp.kms-key",
  severity: "critical",
  why: "Anthropic encrypts with the primary version. Within an hour of its being switched off nothing new can be written, and what it encrypted cannot be read; destroyed, it takes that data with it.",
  remediation:
    "Enable the primary version again, restoring it first where it is scheduled for destruction; then find out who switched it off, and why.",
  references: ["https://cloud.google.com/kms/docs/key-states"],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["purpose"],
    excludes({ purpose }) {
      return purpose === "ENCRYPT_DECRYPT"
        ? undefined
        : `a key of purpose ${purpose} has no primary version: see gcp/key-symmetric-encrypt-decrypt`;
    },
  },

  reads: ["primary", "registered_key"],
  evaluate({ primary }) {
    if (primary === null) {
      return { outcome: "fail", message: "the key has no primary version", evidence: { version: null } };
    }
    const { number, state, destroyed } = primary;
    const evidence = { version: number, state, destroyed: formatDateOrNull(destroyed) };
    if (state === "ENABLED") return { outcome: "pass", message: `version ${number} is primary and enabled`, evidence };
    const when = destroyed === null ? "" : `, ${state === "DESTROYED" ? "since" : "for"} ${formatDate(destroyed)}`;
    return { outcome: "fail", message: `the primary version ${number} is in state ${state}${when}`, evidence };
  },

  commands({ primary, registered_key }) {
    if (primary === null) return [];
    const enable = gcloudVersion("enable", primary.number, registered_key);
    if (primary.state === "DISABLED") return [enable];
    // A restored version is disabled: https://cloud.google.com/kms/docs/destroy-restore
    if (primary.state === "DESTROY_SCHEDULED")
      return [gcloudVersion("restore", primary.number, registered_key), enable];
    return [];
  },
});
