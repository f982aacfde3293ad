import { existingKey } from "../../src/access/aws/existing-key.ts";
import { formatDate } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyNotPendingDeletion = defineCheck({
  id: "aws/key-not-pending-deletion",
  title: "The key is not about to be deleted",
  resource: "aws.kms-key",
  severity: "critical",
  why: "A key that waits for its deletion cannot be used, and with it everything encrypted under it is lost: Anthropic keeps no copy.",
  remediation:
    "Cancel the deletion (`aws kms cancel-key-deletion --key-id …`) and enable the key, which AWS leaves disabled (`aws kms enable-key --key-id …`); then find out who scheduled it, and why.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
  ],
  controls: [
    { framework: "FSBP", version: "2026", id: "KMS.3", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "5.7", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
  ],

  scope: existingKey,

  reads: ["state"],
  passNeeds: ["deletion_date"],
  evaluate({ state, deletion_date }) {
    if (state === "PendingReplicaDeletion") {
      return {
        outcome: "fail",
        message: `the key is in state ${state}: it will be deleted once its replicas are, and has no date until then`,
        evidence: { state, deletion_date: null },
      };
    }
    const date =
      deletion_date.state === "known" && deletion_date.value !== null ? formatDate(deletion_date.value) : null;
    if (state === "PendingDeletion") {
      const when = date === null ? "on a date that could not be read" : `at ${date}`;
      return {
        outcome: "fail",
        message: `the key is in state ${state} and will be deleted ${when}`,
        evidence: { state, deletion_date: date },
      };
    }
    return { outcome: "pass", message: `no deletion is pending: the key is in state ${state}`, evidence: { state } };
  },
});
