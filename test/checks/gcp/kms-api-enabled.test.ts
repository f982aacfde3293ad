import { kmsApiEnabled } from "../../../checks/gcp/kms-api-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testGcpProject, testGcpProjectNumber } from "../../support/gcp-kms-key.ts";

const service = (state: string) => known({ service: "cloudkms.googleapis.com", state });
const denied = unreadable("access-denied", "");
const offIn = (project: string) =>
  unreadable("api-disabled", `SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in projects/${project}: denied`);
const switchedOff = offIn("999");

testCheck(kmsApiEnabled, {
  pass: [
    { name: "enabled", resource: gcpKmsKey() },
    {
      name: "nobody says, and Cloud KMS answers",
      resource: gcpKmsKey({ kms_service: denied }),
      message: "answers about the keys",
    },
    {
      name: "enabled, and switched off in another project: that of the service itself",
      resource: gcpKmsKey({ existence: switchedOff }),
    },
  ],
  fail: [
    { name: "disabled", resource: gcpKmsKey({ kms_service: service("DISABLED") }), message: "in state DISABLED" },
    {
      name: "disabled, and so nothing can be read of the key",
      resource: gcpKmsKey({ kms_service: service("DISABLED"), existence: switchedOff }),
      message: "in state DISABLED",
    },
    {
      name: "nobody says but Cloud KMS itself",
      resource: gcpKmsKey({ kms_service: denied, existence: offIn(testGcpProjectNumber) }),
      message: `not enabled in projects/${testGcpProjectNumber}`,
    },
    {
      name: "nobody says but Cloud KMS itself, which names the project as it is registered",
      resource: gcpKmsKey({ kms_service: denied, existence: offIn(testGcpProject), project: denied }),
    },
    {
      name: "nobody says but Cloud KMS itself, in its older words",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: Cloud KMS API has not been used in project ${testGcpProjectNumber} before or it is disabled.`,
        ),
      }),
    },
    {
      name: "nobody says but Cloud KMS itself, whose details say of which API and its words where",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in a project: Cloud Key Management Service (KMS) API has not been used in project ${testGcpProjectNumber} before or it is disabled.`,
        ),
      }),
    },
    {
      name: "nobody says but Cloud KMS itself, whose words name another project than its details",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in projects/${testGcpProjectNumber}: Cloud KMS API has not been used in project 999 before or it is disabled.`,
        ),
      }),
    },
    {
      name: "a state that is not invented yet",
      resource: gcpKmsKey({ kms_service: service("FROZEN") }),
      message: "FROZEN",
    },
  ],
  "not-applicable": "cannot-happen",
  unknown: [
    { name: "nothing may be read", resource: gcpKmsKey({ kms_service: denied, existence: denied }) },
    {
      name: "Cloud KMS refuses, and names the project",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "access-denied",
          `Cloud KMS: permission cloudkms.cryptoKeys.get denied on projects/${testGcpProject}/locations/us-central1`,
        ),
      }),
    },
    {
      name: "switched off in another project, on whose quota the requests are made",
      resource: gcpKmsKey({ kms_service: denied, existence: switchedOff }),
    },
    {
      name: "switched off in a project that may be the key's, by its number",
      resource: gcpKmsKey({ kms_service: denied, existence: offIn(testGcpProjectNumber), project: denied }),
    },
    {
      name: "another API is switched off in the key's project, on the way to Cloud KMS",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: iamcredentials.googleapis.com is not enabled in projects/${testGcpProjectNumber}: denied`,
        ),
      }),
    },
    {
      name: "another API is switched off, and the answer names a ring that is called as Cloud KMS is",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: iam.googleapis.com is not enabled in projects/${testGcpProjectNumber}: no (projects/p/keyRings/KMS)`,
        ),
      }),
    },
    {
      name: "switched off, and the answer says what was asked about, and not where",
      resource: gcpKmsKey({
        kms_service: denied,
        existence: unreadable(
          "api-disabled",
          `SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in a project: no (projects/${testGcpProject}/locations/l)`,
        ),
      }),
    },
    {
      name: "switched off, and the answer does not say where",
      resource: gcpKmsKey({ kms_service: denied, existence: unreadable("api-disabled", "SERVICE_DISABLED: denied") }),
    },
  ],
});
