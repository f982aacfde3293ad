import { registeredRoleIsPublished } from "../../../checks/aws/registered-role-is-published.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn, anthropicAwsRoleName } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const withRole = (role_arn: string) => awsKmsKey({ registration: known({ ...testRegistration, role_arn }) });

testCheck(registeredRoleIsPublished, {
  pass: [
    { name: "none", resource: awsKmsKey(), message: "no role is registered" },
    { name: "the published one", resource: withRole(anthropicAwsRoleArn) },
  ],
  fail: [
    {
      name: "a role of the own account",
      resource: withRole(`arn:aws:iam::${testAccount}:role/${anthropicAwsRoleName}`),
      message: `the published one is ${anthropicAwsRoleArn}`,
    },
    { name: "another role of that account", resource: withRole(`arn:aws:iam::${anthropicAwsAccount}:role/other`) },
    { name: "that account's root", resource: withRole(`arn:aws:iam::${anthropicAwsAccount}:root`) },
    { name: "with a path", resource: withRole(anthropicAwsRoleArn.replace("role/", "role/cmek/")) },
    { name: "in other capitals", resource: withRole(anthropicAwsRoleArn.replace("anthropic", "Anthropic")) },
    { name: "in another partition", resource: withRole(anthropicAwsRoleArn.replace("arn:aws:", "arn:aws-us-gov:")) },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "not registered at that time", resource: awsKmsKey({ registration: unreadable("stale", "") }) }],
});
