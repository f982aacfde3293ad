import { dataAccessLogsEnabled } from "../../../checks/gcp/data-access-logs-enabled.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpAuditConfig } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedAuditConfigs, gcpKmsKey, gcpPolicy, noAncestors, testGcpFolder } from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const folderPolicy = `folder_policy:${testGcpFolder}`;
const config = (
  logs: Readonly<Record<string, readonly string[]>>,
  service = "cloudkms.googleapis.com",
): GcpAuditConfig => ({
  service,
  logs: Object.entries(logs).map(([type, exempted]) => ({ type, exempted })),
});
const policy = (...audit_configs: readonly GcpAuditConfig[]) => known(gcpPolicy([], { audit_configs }));
const both = { DATA_READ: [], DATA_WRITE: [] };

testCheck(dataAccessLogsEnabled, {
  pass: [
    { name: "as documented", resource: gcpKmsKey() },
    { name: "for every service", resource: gcpKmsKey({ project_policy: policy(config(both, "allServices")) }) },
    {
      name: "on the folder",
      resource: gcpKmsKey({ project_policy: policy(), [folderPolicy]: policy(...documentedAuditConfigs) }),
    },
    {
      name: "one on the project, the other on the folder",
      resource: gcpKmsKey({
        project_policy: policy(config({ DATA_READ: [] })),
        [folderPolicy]: policy(config({ DATA_WRITE: [] })),
      }),
    },
    {
      name: "on the project, and nobody looks above",
      resource: gcpKmsKey({ reads: noAncestors }),
      message: "as far as the project",
    },
    {
      name: "an exemption of somebody else",
      resource: gcpKmsKey({ project_policy: policy(config({ DATA_READ: ["user:ann@acme.example"], DATA_WRITE: [] })) }),
    },
    {
      name: "an exemption for writes",
      resource: gcpKmsKey({ project_policy: policy(config({ DATA_READ: [], DATA_WRITE: [anthropicGcpMember] })) }),
      message: "left out of DATA_WRITE",
    },
    {
      name: "an exemption under another service",
      resource: gcpKmsKey({
        project_policy: policy(config(both), config({ DATA_READ: [anthropicGcpMember] }, "storage.googleapis.com")),
      }),
    },
  ],
  fail: [
    { name: "nothing", resource: gcpKmsKey({ project_policy: policy() }), message: "DATA_READ, DATA_WRITE" },
    {
      name: "nothing on the project, and nobody looks above",
      resource: gcpKmsKey({ project_policy: policy(), reads: noAncestors }),
      message: "as far as the project",
    },
    {
      name: "reads alone",
      resource: gcpKmsKey({ project_policy: policy(config({ DATA_READ: [] })) }),
      message: "the project: DATA_WRITE",
    },
    { name: "administration alone", resource: gcpKmsKey({ project_policy: policy(config({ ADMIN_READ: [] })) }) },
    {
      name: "of another service",
      resource: gcpKmsKey({ project_policy: policy(config(both, "storage.googleapis.com")) }),
    },
    {
      name: "the account is exempt",
      resource: gcpKmsKey({ project_policy: policy(config({ DATA_READ: [anthropicGcpMember], DATA_WRITE: [] })) }),
      message: "left out of DATA_READ",
    },
    {
      name: "the account is exempt on the folder",
      resource: gcpKmsKey({ [folderPolicy]: policy(config({ DATA_READ: [anthropicGcpMember] }, "allServices")) }),
      message: testGcpFolder,
    },
    {
      name: "everybody is exempt",
      resource: gcpKmsKey({ project_policy: policy(config({ DATA_READ: ["allUsers"], DATA_WRITE: [] })) }),
    },
    {
      name: "the account is exempt, and the folder cannot be read",
      resource: gcpKmsKey({
        project_policy: policy(config({ DATA_READ: [anthropicGcpMember] })),
        [folderPolicy]: denied,
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "on, and the folder, which may exempt, cannot be read", resource: gcpKmsKey({ [folderPolicy]: denied }) },
    {
      name: "off on the project, and the folder cannot be read",
      resource: gcpKmsKey({ project_policy: policy(), [folderPolicy]: denied }),
    },
    { name: "the project cannot be read", resource: gcpKmsKey({ project_policy: denied }) },
    {
      name: "a group that may hold the account is exempt",
      resource: gcpKmsKey({
        project_policy: policy(config({ DATA_READ: ["group:all@acme.example"], DATA_WRITE: [] })),
      }),
      message: "not known",
    },
  ],
});
