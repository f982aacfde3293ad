import { existingKey } from "../../src/access/aws/existing-key.ts";
import { keyChange, keyUse, recordsEvent, unreadPartsOf } from "../../src/access/aws/trail-records.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AwsTrailWithLogging } from "../../src/model/aws.ts";

const events = [keyUse, keyChange];

export const cloudtrailLogsKeyUse = defineCheck({
  id: "aws/cloudtrail-logs-key-use",
  title: "A trail records the use and every change of the key",
  resource: "aws.kms-key",
  severity: "medium",
  why: "Without a trail that takes KMS events, nobody can tell afterwards who used the key or who changed its policy.",
  remediation:
    "Let a trail that logs take management events, reads and writes, of the key's region, and take AWS KMS out of its excluded event sources.",
  references: [
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AU-2", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.15", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "10.2.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "LOG-11", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "4.1", basis: "seen" },
  ],

  scope: existingKey,

  reads: ["trails"],
  evaluate({ trails }) {
    const found = events.map((event) => ({ event, by: trails.filter((trail) => recordsEvent(trail, event) === true) }));
    const missed = found.filter(({ by }) => by.length === 0).map(({ event }) => event);
    if (missed.length === 0) {
      const recorded_by = Object.fromEntries(found.map(({ event, by }) => [event.name, by.map(({ arn }) => arn)]));
      return { outcome: "pass", message: "reads and writes of the key are recorded", evidence: { recorded_by } };
    }
    // Several trails may record together what no single one does: proof is an event that none of them can.
    const unrecorded = missed.filter((event) => trails.every((trail) => recordsEvent(trail, event) === false));
    if (unrecorded.length === 0) {
      const open = trails.filter((trail) => missed.some((event) => recordsEvent(trail, event) === undefined));
      const message = `what could record ${missed.map(({ name }) => name).join(" and ")} cannot be read`;
      return { outcome: "undecided", on: open.flatMap(unreadPartsOf), message };
    }
    const names = unrecorded.map(({ name }) => name);
    const reasons = trails.map((trail) => ({ trail: trail.arn, reason: reasonAgainst(trail) }));
    const told = reasons.map(({ trail, reason }) => `${trail} ${reason}`).join("; ");
    return {
      outcome: "fail",
      message: `no trail records ${names.join(" and ")} on the key: ${
        trails.length === 0 ? "there is no trail; CloudTrail's Event history alone keeps 90 days" : told
      }`,
      evidence: { not_recorded: names, trails: reasons },
    };
  },
});

function reasonAgainst({ covers_region, status }: AwsTrailWithLogging): string {
  if (!covers_region) return "does not cover the key's region";
  if (status.state === "known" && !status.value.logging) return "is stopped";
  if (status.state === "known" && status.value.delivery_error !== null) {
    return `cannot deliver (${status.value.delivery_error})`;
  }
  return "leaves these events out";
}
