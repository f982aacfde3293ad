import { keyInSupportedRegion } from "../../../checks/aws/key-in-supported-region.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testAccount } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

function inRegion(region: string, partition = "aws") {
  const arn = `arn:${partition}:kms:${region}:${testAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  return awsKmsKey({ registered_key: known({ arn, partition, account: testAccount, region }) });
}

testCheck(keyInSupportedRegion, {
  pass: [
    { name: "recommended", resource: inRegion("us-east-2"), message: /is supported$/ },
    ...["us-east-1", "us-west-1", "us-west-2"].map((region) => ({
      name: `${region}, not recommended`,
      resource: inRegion(region),
      message: "is supported; recommended is us-east-2",
    })),
  ],
  fail: [
    {
      name: "a region of the country that nobody here knows",
      resource: inRegion("us-east-3"),
      message: "us-east-3 is not known to this version",
    },
    { name: "another such", resource: inRegion("us-central-1"), message: "not known to this version" },
    {
      name: "GovCloud",
      resource: inRegion("us-gov-west-1", "aws-us-gov"),
      message: "not known to this version",
    },
    { name: "Europe", resource: inRegion("eu-central-1"), message: "outside the supported geography" },
    { name: "Canada", resource: inRegion("ca-central-1"), message: "outside the supported geography" },
    { name: "a supported name with more behind", resource: inRegion("us-east-22") },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "whether it exists denied", resource: awsKmsKey({ existence: unreadable("access-denied", "") }) }],
});
