// Refused: Source has 0 element(s) but target requires 1
import { keyExists } from "../../../checks/aws/key-exists.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(keyExists, {
  pass: [{ name: "present", resource: awsKmsKey() }],
  fail: "cannot-happen",
  "not-applicable": "cannot-happen",
  unknown: [],
});
