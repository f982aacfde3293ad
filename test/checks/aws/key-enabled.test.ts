import { keyEnabled } from "../../../checks/aws/key-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const notFound = unreadable("not-found", "");

testCheck(keyEnabled, {
  pass: [
    { name: "enabled", resource: awsKmsKey() },
    { name: "updating", resource: awsKmsKey({ state: known("Updating") }) },
  ],
  fail: [
    { name: "disabled", resource: awsKmsKey({ state: known("Disabled") }), message: "Disabled" },
    { name: "unavailable", resource: awsKmsKey({ state: known("Unavailable") }), message: "Unavailable" },
    { name: "pending import", resource: awsKmsKey({ state: known("PendingImport") }), message: "PendingImport" },
    { name: "creating", resource: awsKmsKey({ state: known("Creating") }), message: "Creating" },
    { name: "a state not yet invented", resource: awsKmsKey({ state: known("Hibernating") }), message: "Hibernating" },
  ],
  "not-applicable": [
    { name: "deletion pending", resource: awsKmsKey({ state: known("PendingDeletion") }) },
    { name: "deletion pending for a replica", resource: awsKmsKey({ state: known("PendingReplicaDeletion") }) },
    { name: "no such key", resource: awsKmsKey({ existence: known("absent"), state: notFound }) },
  ],
  unknown: [
    { name: "state not reported", resource: awsKmsKey({ state: unreadable("not-reported", "") }) },
    { name: "existence unknown", resource: awsKmsKey({ existence: unreadable("timeout", "") }) },
  ],
});
