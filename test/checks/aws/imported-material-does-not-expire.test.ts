import { importedMaterialDoesNotExpire } from "../../../checks/aws/imported-material-does-not-expire.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const imported = { origin: known("EXTERNAL") };
const notReported = unreadable("not-reported", "");

testCheck(importedMaterialDoesNotExpire, {
  pass: [
    { name: "imported without an end", resource: awsKmsKey(imported) },
    { name: "the same, switched off", resource: awsKmsKey({ ...imported, state: known("Disabled") }) },
  ],
  fail: [
    {
      name: "imported until a date",
      resource: awsKmsKey({ ...imported, material_expires: known(Date.UTC(2027, 0, 31, 8)) }),
      message: "expires at 2027-01-31T08:00:00Z",
      severity: "high",
    },
    {
      name: "imported until a date gone by",
      resource: awsKmsKey({ ...imported, material_expires: known(Date.UTC(2026, 0, 31)) }),
      message: "2026-01-31T00:00:00Z",
    },
  ],
  "not-applicable": [
    {
      name: "made by AWS KMS, the end not reported",
      resource: awsKmsKey({ material_expires: notReported }),
      message: "AWS_KMS",
    },
    { name: "in a custom key store", resource: awsKmsKey({ origin: known("AWS_CLOUDHSM") }) },
    { name: "in an external key store", resource: awsKmsKey({ origin: known("EXTERNAL_KEY_STORE") }) },
    {
      name: "no material, not yet or not any more",
      resource: awsKmsKey({ ...imported, state: known("PendingImport") }),
      message: "see aws/key-enabled",
    },
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "origin not reported", resource: awsKmsKey({ origin: notReported }) },
    { name: "imported, the end not reported", resource: awsKmsKey({ ...imported, material_expires: notReported }) },
  ],
});
