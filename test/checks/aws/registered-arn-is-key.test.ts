import { registeredArnIsKey } from "../../../checks/aws/registered-arn-is-key.ts";
import type { Fact } from "../../../src/model/fact.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testAccount, testKeyArn, testRegion } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const notReported = unreadable("not-reported", "");

interface Registered {
  readonly region?: string;
  readonly read?: Fact<string>;
}

/** A key registered like this, and the ARN that answered. */
function registered(arn: string, { region = testRegion, read = known(testKeyArn) }: Registered = {}) {
  const registered_key = known({ arn, partition: "aws", account: testAccount, region });
  return awsKmsKey({ registered_key, read_arn: read });
}
const multi = (region: string) => `arn:aws:kms:${region}:${testAccount}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

testCheck(registeredArnIsKey, {
  pass: [
    { name: "its own ARN", resource: awsKmsKey() },
    {
      name: "a multi-Region key's",
      resource: registered(multi(testRegion), { read: known(multi(testRegion)) }),
    },
  ],
  fail: [
    {
      name: "the ARN of an alias",
      resource: registered(`arn:aws:kms:${testRegion}:${testAccount}:alias/prod`),
      message: "is an alias, which can be pointed to another key",
    },
    { name: "the name of an alias", resource: registered("alias/prod"), message: "is an alias" },
    { name: "a bare id", resource: registered(id), message: "is no ARN" },
    {
      name: "an ARN of another service",
      resource: registered(`arn:aws:iam::${testAccount}:role/prod`),
      message: "something else than a KMS key",
    },
    {
      name: "another key answered",
      resource: registered(`arn:aws:kms:${testRegion}:${testAccount}:key/00000000-12ab-34cd-56ef-1234567890ab`),
      message: `the key that answered is ${testKeyArn}`,
    },
    {
      name: "the same id of another account",
      resource: registered(`arn:aws:kms:${testRegion}:444455556666:key/${id}`),
      message: "444455556666",
    },
    {
      name: "a replica in another region answered",
      resource: registered(multi("us-east-1"), { region: "us-east-1", read: known(multi(testRegion)) }),
      message: multi(testRegion),
    },
    {
      name: "the registered region is another",
      resource: registered(testKeyArn, { region: "us-west-2" }),
      message: "is in us-east-2, and the registered region is us-west-2",
    },
    {
      name: "an alias, and what answered not reported",
      resource: registered("alias/prod", { read: notReported }),
      message: "is an alias",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "what answered not reported", resource: registered(testKeyArn, { read: notReported }) }],
});
