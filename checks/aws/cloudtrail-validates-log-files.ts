import { existingKey } from "../../src/access/aws/existing-key.ts";
import { keyUse, recordsEvent, unreadPartsOf } from "../../src/access/aws/trail-records.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const cloudtrailValidatesLogFiles = defineCheck({
  id: "aws/cloudtrail-validates-log-files",
  title: "A trail that records the key's use validates its log files",
  resource: "aws.kms-key",
  severity: "low",
  why: "Without digests nobody can prove that a record of the key's use was not changed or deleted after it was delivered.",
  remediation:
    "Turn on log file validation for the trail (`aws cloudtrail update-trail --name … --enable-log-file-validation`).",
  references: ["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html"],
  controls: [
    { framework: "PCI DSS", version: "4.0.1", id: "10.3.4", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "LOG-02", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "LOG-09", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-9", basis: "judgement" },
    { framework: "CIS AWS", version: "7.0", id: "4.2", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["trails"],
    excludes({ trails }) {
      const none = trails.every((trail) => recordsEvent(trail, keyUse) === false);
      return none ? "no trail records the key's use: see aws/cloudtrail-logs-key-use" : undefined;
    },
  },

  reads: ["trails"],
  evaluate({ trails }) {
    const recording = trails.filter((trail) => recordsEvent(trail, keyUse) === true);
    const validating = recording.filter(({ validates_log_files }) => validates_log_files).map(({ arn }) => arn);
    if (validating.length > 0) {
      const message = `log files are validated by ${validating.join(", ")}`;
      return { outcome: "pass", message, evidence: { validating } };
    }
    // Where no trail is known to record, each that may would make this a failure at least.
    const open = trails.filter(
      (trail) => recordsEvent(trail, keyUse) === undefined && (trail.validates_log_files || recording.length === 0),
    );
    if (open.length > 0) {
      const message = `whether ${open.map(({ arn }) => arn).join(", ")} records the key's use cannot be read`;
      return { outcome: "undecided", on: open.flatMap(unreadPartsOf), message };
    }
    const arns = recording.map(({ arn }) => arn);
    return {
      outcome: "fail",
      message: `the key's use is recorded, but no log file of it is validated: ${arns.join(", ")}`,
      evidence: { recording: arns },
    };
  },
});
