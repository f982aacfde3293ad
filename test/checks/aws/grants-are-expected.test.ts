import { grantsAreExpected } from "../../../checks/aws/grants-are-expected.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsGrant } from "../../../src/model/aws.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const foreign = "999988887777";
const partner = `arn:aws:iam::${foreign}:role/partner`;
const ownRole = `arn:aws:iam::${testAccount}:role/app`;
const service = "dynamodb.us-east-2.amazonaws.com";
const grant: AwsGrant = {
  id: "g1",
  name: null,
  grantee: ownRole,
  retiring: null,
  issuing_account: `arn:aws:iam::${testAccount}:root`,
  operations: ["Decrypt", "DescribeKey"],
  context_equals: null,
  context_subset: null,
};

const withGrants = (...changes: readonly Partial<AwsGrant>[]) =>
  awsKmsKey({ grants: known(changes.map((one, index) => ({ ...grant, id: `g${index + 1}`, ...one }))) });
function expecting(expected_principals: readonly string[], ...changes: readonly Partial<AwsGrant>[]) {
  return awsKmsKey({
    grants: known(changes.map((one, index) => ({ ...grant, id: `g${index + 1}`, ...one }))),
    registration: known({ ...testRegistration, expected_principals }),
  });
}

testCheck(grantsAreExpected, {
  pass: [
    { name: "none", resource: awsKmsKey(), message: "the key has no grants" },
    { name: "an own role", resource: withGrants({}) },
    {
      name: "an own role's session",
      resource: withGrants({ grantee: `arn:aws:sts::${testAccount}:assumed-role/a/b` }),
    },
    { name: "an own user, retired by an own role", resource: withGrants({ retiring: ownRole }) },
    { name: "an own service's", resource: withGrants({ grantee: service, retiring: service }) },
    {
      name: "the same, the issuer by its number",
      resource: withGrants({ grantee: service, issuing_account: testAccount }),
    },
    { name: "an expected role", resource: expecting([partner], { grantee: partner }) },
    { name: "a role of an expected account", resource: expecting([foreign], { grantee: partner }) },
    {
      name: "a role of an account expected by its root",
      resource: expecting([`arn:aws:iam::${foreign}:root`], { grantee: partner }),
    },
    {
      name: "a session of an expected role",
      resource: expecting([partner], { grantee: `arn:aws:sts::${foreign}:assumed-role/partner/s` }),
    },
    { name: "an expected retiring principal", resource: expecting([partner], { retiring: partner }) },
    { name: "an expected service", resource: expecting([service], { grantee: service, issuing_account: foreign }) },
    {
      name: "a service for an expected account",
      resource: expecting([foreign], { grantee: service, issuing_account: foreign }),
    },
    { name: "a deleted role: another check's", resource: withGrants({ grantee: "AROAIOSFODNN7EXAMPLE1" }) },
  ],
  fail: [
    {
      name: "Anthropic's role",
      resource: withGrants({ grantee: anthropicAwsRoleArn }),
      message:
        "g1 gives arn:aws:iam::915198916910:role/anthropic-cmek-client-us kms:Decrypt, kms:DescribeKey, which is of Anthropic's account and needs no grant",
      severity: "high",
    },
    { name: "Anthropic's account", resource: withGrants({ grantee: `arn:aws:iam::${anthropicAwsAccount}:root` }) },
    {
      name: "Anthropic's role, though expected",
      resource: expecting([anthropicAwsRoleArn], { grantee: anthropicAwsRoleArn }),
    },
    { name: "retired by Anthropic's role", resource: withGrants({ retiring: anthropicAwsRoleArn }) },
    {
      name: "a foreign role",
      resource: withGrants({ name: "backup", grantee: partner }),
      message: `grant backup gives ${partner} kms:Decrypt, kms:DescribeKey, which is neither of the own account nor expected`,
    },
    {
      name: "a foreign role that may describe only",
      resource: withGrants({ grantee: partner, operations: ["DescribeKey"] }),
    },
    {
      name: "a foreign role, bound to an encryption context",
      resource: withGrants({ grantee: partner, context_equals: { team: "payments" } }),
    },
    {
      name: "a foreign role, bound to a part of one",
      resource: withGrants({ grantee: partner, context_subset: { team: "payments" } }),
    },
    { name: "a foreign account", resource: withGrants({ grantee: foreign }) },
    { name: "a foreign retiring principal", resource: withGrants({ retiring: partner }), message: "may be retired by" },
    {
      name: "the own account's number in another partition",
      resource: withGrants({ grantee: `arn:aws-cn:iam::${testAccount}:role/app` }),
    },
    { name: "another role than the expected one", resource: expecting([partner], { grantee: `${partner}2` }) },
    {
      name: "a service for a foreign account",
      resource: withGrants({ grantee: service, issuing_account: `arn:aws:iam::${foreign}:root` }),
      message: `for account arn:aws:iam::${foreign}:root, which issued it`,
    },
    { name: "a principal of no known form", resource: withGrants({ grantee: "somebody" }) },
    {
      name: "a foreign role beside a service whose account is not told",
      resource: withGrants({ grantee: service, issuing_account: null }, { grantee: partner }),
      message: "grant g2",
    },
    {
      name: "more than a message holds",
      resource: withGrants(...Array.from({ length: 7 }, () => ({ grantee: partner }))),
      message: "; and 2 more",
    },
    {
      name: "a foreign role, the policy denied",
      resource: awsKmsKey({
        grants: known([{ ...grant, grantee: partner }]),
        policy_text: unreadable("access-denied", ""),
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "grants denied", resource: awsKmsKey({ grants: unreadable("access-denied", "") }) },
    {
      name: "a service whose account is not told",
      resource: withGrants({ grantee: service, issuing_account: null }),
      message: "which account issued",
    },
  ],
});
