import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** AWS documents that a key in state Updating can be used like an enabled one. */
const usable = ["Enabled", "Updating"];
const pendingDeletion = ["PendingDeletion", "PendingReplicaDeletion"];

export const keyEnabled = defineCheck({
  id: "aws/key-enabled",
  title: "The key is enabled",
  resource: "aws.kms-key",
  severity: "critical",
  why: "Within an hour of a key being switched off, Anthropic can no longer read the workspace data under it.",
  remediation:
    "Enable the key (`aws kms enable-key --key-id …`), or import its key material again where it is pending import; then find out who switched it off, and why.",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "5.7", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["state"],
    excludes({ state }) {
      return pendingDeletion.includes(state)
        ? `the key is in state ${state}: see aws/key-not-pending-deletion`
        : undefined;
    },
  },

  reads: ["state"],
  evaluate({ state }) {
    return usable.includes(state)
      ? { outcome: "pass", message: `the key is in state ${state}`, evidence: { state } }
      : { outcome: "fail", message: `the key is in state ${state} and cannot be used`, evidence: { state } };
  },
});
