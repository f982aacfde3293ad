import { noBlockingDeny } from "../../../checks/gcp/no-blocking-deny.ts";
import { anthropicGcpAccount } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpDenyRule } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  gcpKmsKey,
  testGcpFolder,
  testGcpOrganization,
  testGcpProject,
  testGcpProjectNumber,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const account = `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`;
const everybody = "principalSet://goog/public:all";
const use = "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt";
const levels = [`projects/${testGcpProject}`, testGcpFolder, testGcpOrganization];
const none = Object.fromEntries(levels.map((level) => [`deny_policies:${level}`, known([])]));
const reads = known({ gcp_ancestors: true, gcp_perimeters: false, gcp_deny_policies: true });

/** With this rule on the project, and nothing above. */
const withRule = (rule: Partial<GcpDenyRule>, level = levels[0]) =>
  gcpKmsKey({
    reads,
    ...none,
    [`deny_policies:${level}`]: known([
      {
        name: "policies/p/denypolicies/d",
        rules: [
          {
            denied_principals: [],
            exception_principals: [],
            denied_permissions: [use],
            exception_permissions: [],
            condition: null,
            ...rule,
          },
        ],
      },
    ]),
  });
const tag = { title: null, expression: 'resource.matchTag("1/env", "prod")' };

testCheck(noBlockingDeny, {
  pass: [
    { name: "no deny policy", resource: gcpKmsKey({ reads, ...none }) },
    {
      name: "another permission",
      resource: withRule({
        denied_principals: [everybody],
        denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.destroy"],
      }),
    },
    { name: "somebody else", resource: withRule({ denied_principals: ["principal://goog/subject/ann@acme.example"] }) },
    {
      name: "everybody of the key's own project, by its number",
      resource: withRule({
        denied_principals: [`principalSet://cloudresourcemanager.googleapis.com/projects/${testGcpProjectNumber}`],
      }),
    },
    {
      name: "everybody but the account",
      resource: withRule({ denied_principals: [everybody], exception_principals: [account] }),
    },
    {
      name: "every permission but this",
      resource: withRule({
        denied_principals: [everybody],
        denied_permissions: ["cloudkms.googleapis.com/*"],
        exception_permissions: [
          "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
          "cloudkms.googleapis.com/cryptoKeyVersions.useToEncrypt",
          "cloudkms.googleapis.com/cryptoKeys.get",
        ],
      }),
    },
  ],
  fail: [
    { name: "everybody", resource: withRule({ denied_principals: [everybody] }), message: "policies/p/denypolicies/d" },
    { name: "the account", resource: withRule({ denied_principals: [account] }), message: "useToDecrypt" },
    {
      name: "everything of Cloud KMS",
      resource: withRule({
        denied_principals: [everybody],
        denied_permissions: ["cloudkms.googleapis.com/cryptoKeys.*"],
      }),
      message: "cryptoKeys.get",
    },
    { name: "on a folder", resource: withRule({ denied_principals: [everybody] }, testGcpFolder) },
    { name: "on the organization", resource: withRule({ denied_principals: [everybody] }, testGcpOrganization) },
  ],
  "not-applicable": [
    { name: "nobody looks", resource: gcpKmsKey() },
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent"), reads }) },
  ],
  unknown: [
    { name: "a tag", resource: withRule({ denied_principals: [everybody], condition: tag }) },
    {
      name: "a group that may hold the account",
      resource: withRule({ denied_principals: ["principalSet://goog/group/all@partner.example"] }),
    },
    {
      name: "an exception for a group that may hold the account",
      resource: withRule({
        denied_principals: [everybody],
        exception_principals: ["principalSet://goog/group/all@partner.example"],
      }),
    },
    {
      name: "the project's cannot be read",
      resource: gcpKmsKey({ reads, ...none, [`deny_policies:${levels[0]}`]: denied }),
    },
  ],
});
