import { formatDate } from "../../src/access/dates.ts";
import { judgeEarlierVersions } from "../../src/access/gcp/earlier-versions.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { gcloudVersion } from "../../src/access/gcp/gcloud.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const earlierVersionsEnabled = defineCheck({
  id: "gcp/earlier-versions-enabled",
  title: "Every earlier version of the key is enabled",
  resource: "gcp.kms-key",
  severity: "critical",
  why: "What was encrypted before a rotation can be read with the version of that time only. A version that is switched off makes that data unreadable, and one that is destroyed loses it.",
  remediation:
    "Enable the version again, restoring it first where it is scheduled for destruction. Where it was never used for Anthropic, say since when the key is (`in_use_since`).",
  references: ["https://cloud.google.com/kms/docs/key-states", "https://cloud.google.com/kms/docs/key-rotation"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["versions", "primary", "registration", "registered_key"],
  evaluate({ versions, primary, registration: { in_use_since } }) {
    const { off, gone, unlisted } = judgeEarlierVersions(versions, primary, in_use_since);
    const lost = [
      ...off.map(({ number, state, destroyed }) => {
        const when = destroyed === null ? "" : ` (${formatDate(destroyed)})`;
        return `version ${number} is in state ${state}${when}`;
      }),
      ...(in_use_since === null
        ? unlisted.map((number) => `version ${number} is not listed any more: it was deleted`)
        : []),
    ];
    const evidence = {
      listed: versions.map(({ number, state }) => ({ version: number, state })),
      primary: primary?.number ?? null,
      not_listed: unlisted,
      in_use_since,
    };
    if (lost.length > 0) return { outcome: "fail", message: lost.join("; "), evidence };
    if (unlisted.length > 0) {
      return {
        outcome: "undecided",
        on: unlisted.map((number) => `when version ${number} was destroyed`),
        message: `nobody knows whether version ${unlisted.join(", ")}, which was deleted, was destroyed before ${in_use_since}`,
      };
    }
    const before = gone.length === 0 ? "" : `; gone before ${in_use_since}: ${gone.join(", ")}`;
    return { outcome: "pass", message: `every earlier version that counts is enabled${before}`, evidence };
  },

  commands({ versions, primary, registration, registered_key }) {
    const { off } = judgeEarlierVersions(versions, primary, registration.in_use_since);
    return off.flatMap(({ number, state }) => {
      const enable = gcloudVersion("enable", number, registered_key);
      if (state === "DISABLED") return [enable];
      return state === "DESTROY_SCHEDULED" ? [gcloudVersion("restore", number, registered_key), enable] : [];
    });
  },
});
