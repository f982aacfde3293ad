import { keySingleRegion } from "../../../checks/aws/key-single-region.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testAccount, testRegion } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const multi = known({
  arn: `arn:aws:kms:${testRegion}:${testAccount}:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
  partition: "aws",
  account: testAccount,
  region: testRegion,
});
const notReported = unreadable("not-reported", "");

testCheck(keySingleRegion, {
  pass: [{ name: "single-Region", resource: awsKmsKey() }],
  fail: [
    { name: "multi-Region", resource: awsKmsKey({ multi_region: known(true) }), message: "is a multi-Region key" },
    {
      name: "multi-Region by flag and id",
      resource: awsKmsKey({ multi_region: known(true), registered_key: multi }),
      message: 'begins with "mrk-"',
    },
    {
      name: "multi-Region by its id, the flag not reported",
      resource: awsKmsKey({ multi_region: notReported, registered_key: multi }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "flag not reported, no prefix", resource: awsKmsKey({ multi_region: notReported }) }],
});
