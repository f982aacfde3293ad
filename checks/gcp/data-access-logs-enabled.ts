import { dataAccessLogging, type GcpLogType } from "../../src/access/gcp/data-access-logging.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { asFarAsTheProject } from "../../src/access/gcp/levels-read.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const dataAccessLogsEnabled = defineCheck({
  id: "gcp/data-access-logs-enabled",
  title: "Data access logs of Cloud KMS are on, and record the published service account",
  resource: "gcp.kms-key",
  severity: "medium",
  why: "Google writes no record of who encrypts and decrypts unless these logs are switched on; an exemption leaves out exactly those whom it names.",
  remediation:
    "Switch on `DATA_READ` and `DATA_WRITE` for `cloudkms.googleapis.com` in the project's audit configuration, without an exemption (`gcloud projects get-iam-policy`, edit `auditConfigs`, `gcloud projects set-iam-policy`).",
  references: [
    "https://cloud.google.com/logging/docs/audit/configure-data-access",
    "https://cloud.google.com/kms/docs/audit-logging",
  ],
  controls: [
    { framework: "CIS GCP", version: "5.0", id: "2.1", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-2", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.15", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "10.2.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "LOG-11", basis: "seen" },
    { framework: "SOC 2", version: "2017", id: "CC7.2", basis: "seen" },
  ],

  scope: existingGcpKey,

  reads: ["audit_logging", "reads"],
  evaluate({ audit_logging, reads }) {
    const { data_read, data_write, unread } = dataAccessLogging(audit_logging);
    const off = [...whereOff("DATA_READ", data_read), ...whereOff("DATA_WRITE", data_write)];
    const exempt = data_read.exemptions.map(({ level, member }) => ({ level: level.name, member: member.text }));
    const evidence = { data_read: onAt(data_read), data_write: onAt(data_write), exempt };
    const open = unread.map(({ level, fact }) => ({ name: `audit configuration of ${level.name}`, why: fact }));
    const surely = data_read.exemptions.filter(({ holding }) => holding !== "perhaps");
    if (surely.length > 0) {
      const told = surely.map(({ level, member }) => `${member.text} on ${level.name}`);
      return {
        outcome: "fail",
        message: `${anthropicGcpAccount} is left out of DATA_READ: ${told.join(", ")}`,
        evidence,
      };
    }
    if (off.length > 0 && open.length === 0) {
      const where = reads.gcp_ancestors ? "nowhere that reaches the project" : `nowhere, ${asFarAsTheProject}`;
      return { outcome: "fail", message: `switched on ${where}: ${off.join(", ")}`, evidence };
    }
    const perhaps = data_read.exemptions.map(({ member }) => `membership of ${member.text}`);
    if (open.length > 0 || perhaps.length > 0) {
      const message = "whether every use of the key by the account is recorded is not known";
      return { outcome: "undecided", on: [...open, ...perhaps], message };
    }
    const written = data_write.exemptions.map(({ member }) => member.text);
    const remark = written.length === 0 ? "" : `; ${written.join(", ")} is left out of DATA_WRITE`;
    const far = reads.gcp_ancestors ? "" : `, ${asFarAsTheProject}`;
    return { outcome: "pass", message: `DATA_READ and DATA_WRITE of Cloud KMS are recorded${far}${remark}`, evidence };
  },
});

function onAt({ switched_on }: GcpLogType) {
  return switched_on.map(({ level, service }) => ({ level: level.name, service }));
}

function whereOff(type: string, { switched_on }: GcpLogType): readonly string[] {
  return switched_on.length === 0 ? [type] : [];
}
