import { grantScopedToKey } from "../../../checks/gcp/grant-scoped-to-key.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  gcpBinding,
  gcpKmsKey,
  gcpPolicy,
  noAncestors,
  testGcpFolder,
  testGcpOrganization,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const bound = (role: string, member: string = anthropicGcpMember) => known(gcpPolicy([gcpBinding(role, member)]));
const use = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

testCheck(grantScopedToKey, {
  pass: [
    { name: "on the key", resource: gcpKmsKey() },
    { name: "as far as the project", resource: gcpKmsKey({ reads: noAncestors }), message: "as far as the project" },
    { name: "somebody else above", resource: gcpKmsKey({ [ringPolicy]: bound(use, "group:admins@acme.example") }) },
    { name: "no binding at all: that is for another check", resource: gcpKmsKey({ key_policy: known(gcpPolicy([])) }) },
    {
      name: "everybody above: that is for another check",
      resource: gcpKmsKey({ [ringPolicy]: bound(use, "allUsers") }),
    },
  ],
  fail: [
    { name: "on the ring", resource: gcpKmsKey({ [ringPolicy]: bound(use) }), message: `${use} on ${testGcpRing}` },
    {
      name: "on the project",
      resource: gcpKmsKey({ project_policy: bound("roles/cloudkms.viewer") }),
      message: "on projects/",
    },
    { name: "on a folder", resource: gcpKmsKey({ [folderPolicy]: bound(use) }), message: testGcpFolder },
    {
      name: "on the organization",
      resource: gcpKmsKey({ [`organization_policy:${testGcpOrganization}`]: bound(use) }),
      message: testGcpOrganization,
    },
    {
      name: "another role, whatever it is",
      resource: gcpKmsKey({ project_policy: bound("roles/storage.objectViewer") }),
      message: "roles/storage.objectViewer",
    },
    {
      name: "by the address of deny policies",
      resource: gcpKmsKey({
        [ringPolicy]: bound(
          use,
          `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpMember.slice(15)}`,
        ),
      }),
    },
    {
      name: "on the ring, and the project cannot be read",
      resource: gcpKmsKey({ [ringPolicy]: bound(use), project_policy: denied }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the ring cannot be read", resource: gcpKmsKey({ [ringPolicy]: denied }) },
    { name: "the project cannot be read", resource: gcpKmsKey({ project_policy: denied }) },
    { name: "a folder cannot be read", resource: gcpKmsKey({ [folderPolicy]: denied }) },
    { name: "what is above cannot be read", resource: gcpKmsKey({ ancestors: denied }) },
  ],
});
