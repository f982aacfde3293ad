import { keyCustomerManaged } from "../../../checks/aws/key-customer-managed.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(keyCustomerManaged, {
  pass: [{ name: "the customer's", resource: awsKmsKey() }],
  fail: [
    { name: "managed by AWS", resource: awsKmsKey({ manager: known("AWS") }), message: "manager is AWS" },
    { name: "a manager not yet invented", resource: awsKmsKey({ manager: known("PARTNER") }), message: "PARTNER" },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "manager not reported", resource: awsKmsKey({ manager: unreadable("not-reported", "") }) }],
});
