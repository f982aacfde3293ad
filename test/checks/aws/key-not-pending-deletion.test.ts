import { keyNotPendingDeletion } from "../../../checks/aws/key-not-pending-deletion.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const date = known(Date.UTC(2026, 11, 1, 10, 30));
const notReported = unreadable("not-reported", "");

testCheck(keyNotPendingDeletion, {
  pass: [
    { name: "enabled", resource: awsKmsKey() },
    { name: "disabled: another check's", resource: awsKmsKey({ state: known("Disabled") }) },
    { name: "a state not yet invented", resource: awsKmsKey({ state: known("Hibernating") }), message: "Hibernating" },
  ],
  fail: [
    {
      name: "deletion pending",
      resource: awsKmsKey({ state: known("PendingDeletion"), deletion_date: date }),
      message: "PendingDeletion and will be deleted at 2026-12-01T10:30:00Z",
      severity: "critical",
    },
    {
      name: "deletion pending, date not reported",
      resource: awsKmsKey({ state: known("PendingDeletion"), deletion_date: notReported }),
      message: "on a date that could not be read",
    },
    {
      name: "deletion pending, without a date",
      resource: awsKmsKey({ state: known("PendingDeletion"), deletion_date: known(null) }),
      message: "on a date that could not be read",
    },
    {
      name: "deletion pending for replicas first",
      resource: awsKmsKey({ state: known("PendingReplicaDeletion") }),
      message: /PendingReplicaDeletion.*once its replicas are/,
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent"), state: notReported }) }],
  unknown: [
    { name: "state not reported", resource: awsKmsKey({ state: notReported }) },
    {
      name: "existence denied",
      resource: awsKmsKey({ existence: unreadable("access-denied", "") }),
    },
    { name: "enabled, with a date that cannot be read", resource: awsKmsKey({ deletion_date: notReported }) },
  ],
});
