import { keyExists } from "../../../checks/aws/key-exists.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(keyExists, {
  pass: [{ name: "present", resource: awsKmsKey() }],
  fail: [
    { name: "the account and region say that it is not there", resource: awsKmsKey({ existence: known("absent") }) },
  ],
  "not-applicable": "cannot-happen",
  unknown: [
    { name: "DescribeKey denied", resource: awsKmsKey({ existence: unreadable("access-denied", "") }) },
    { name: "DescribeKey throttled", resource: awsKmsKey({ existence: unreadable("throttled", "") }) },
    { name: "last read too long ago", resource: awsKmsKey({ existence: unreadable("stale", "") }) },
  ],
});
