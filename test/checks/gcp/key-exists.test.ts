import { keyExists } from "../../../checks/gcp/key-exists.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testGcpRing } from "../../support/gcp-kms-key.ts";

const project = { id: "customer-keys", number: "123456789012", state: "ACTIVE", parent: null };
const denied = unreadable("access-denied", "");

testCheck(keyExists, {
  pass: [{ name: "the key is there", resource: gcpKmsKey() }],
  fail: [
    {
      name: "the ring's list does not have it",
      resource: gcpKmsKey({ existence: known("absent") }),
      message: "there is no such key",
    },
    {
      name: "the ring's list does not have it, and nothing is known of the project",
      resource: gcpKmsKey({ existence: known("absent"), project: denied }),
      message: "there is no such key",
    },
    {
      name: "there is no such ring",
      resource: gcpKmsKey({
        existence: known("absent"),
        read_name: unreadable("not-found", `NOT_FOUND: KeyRing ${testGcpRing} not found.`),
      }),
      message: `there is no such key: NOT_FOUND: KeyRing ${testGcpRing} not found.`,
    },
    {
      name: "the project is being deleted",
      resource: gcpKmsKey({ project: known({ ...project, state: "DELETE_REQUESTED" }) }),
      message: "DELETE_REQUESTED",
    },
    {
      name: "the project is being deleted, and its keys are refused",
      resource: gcpKmsKey({ existence: denied, project: known({ ...project, state: "DELETE_REQUESTED" }) }),
      message: "its keys go with it",
    },
    {
      name: "a state of the project that is not invented yet",
      resource: gcpKmsKey({ project: known({ ...project, state: "FROZEN" }) }),
      message: "FROZEN",
    },
  ],
  "not-applicable": "cannot-happen",
  unknown: [
    {
      name: "Cloud KMS is switched off, in the project that the answer names",
      resource: gcpKmsKey({
        existence: unreadable("api-disabled", "cloudkms.googleapis.com is not enabled in projects/999: …"),
      }),
      message: "projects/999",
    },
    { name: "the ring may not be listed", resource: gcpKmsKey({ existence: denied }) },
    { name: "the project may not be read", resource: gcpKmsKey({ project: denied }) },
  ],
});
