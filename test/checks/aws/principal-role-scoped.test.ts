import { principalRoleScoped } from "../../../checks/aws/principal-role-scoped.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, documentedPolicy, testAccount, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const own = {
  Sid: "Own",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${testAccount}:root` },
  Action: "kms:*",
  Resource: "*",
};
const use = { Sid: "Use", Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt"], Resource: "*" };
const root = { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` };
const role = { AWS: anthropicAwsRoleArn };

const publishedAnywhere = "arn:aws:iam::*:role/anthropic-cmek-client-us";

const withPolicy = (...statements: readonly object[]) =>
  awsKmsKey({ policy_text: known(JSON.stringify({ Version: "2012-10-17", Statement: [own, ...statements] })) });
const when = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });

testCheck(principalRoleScoped, {
  pass: [
    {
      name: "everybody, by the customer's own VPC endpoint",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("StringEquals", "aws:SourceVpce", "vpce-0123456789abcdef0"),
      }),
    },
    {
      name: "everybody, by a VPC endpoint of the customer's own account",
      resource: withPolicy({ ...use, Principal: "*", ...when("StringEquals", "aws:VpceAccount", testAccount) }),
    },
    {
      name: "everybody, from the customer's own VPC",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("StringEquals", "aws:SourceVpc", "vpc-0123456789abcdef0"),
      }),
    },
    {
      name: "everybody, from the customer's own addresses",
      resource: withPolicy({ ...use, Principal: "*", ...when("IpAddress", "aws:SourceIp", "203.0.113.0/24") }),
    },
    {
      name: "everybody but one, from the customer's own addresses",
      resource: withPolicy({
        ...use,
        NotPrincipal: { AWS: testAccount },
        ...when("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
      }),
    },
    { name: "the documented policy", resource: awsKmsKey({ policy_text: known(documentedPolicy()) }) },
    { name: "the own account alone", resource: withPolicy() },
    {
      name: "the role without conditions",
      resource: withPolicy({ ...use, Principal: role }),
      message: /are refused every operation$/,
    },
    {
      name: "the whole account, denied",
      resource: withPolicy({ ...use, Principal: root, Effect: "Deny" }),
      message: /are refused every operation$/,
    },
    {
      name: "the root beside another account's, narrowed to the role",
      resource: withPolicy({
        ...use,
        Principal: { AWS: [anthropicAwsAccount, "999988887777"] },
        ...when("ArnEquals", "aws:PrincipalArn", anthropicAwsRoleArn),
      }),
      message: "names the whole account, and its condition narrows",
    },
    {
      name: "the root, narrowed to the role",
      resource: withPolicy({ ...use, Principal: root, ...when("ArnEquals", "aws:PrincipalArn", anthropicAwsRoleArn) }),
      message: "names the whole account, and its condition narrows",
    },
    {
      name: "everybody, narrowed to the role",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("StringEquals", "aws:PrincipalArn", anthropicAwsRoleArn),
      }),
    },
    {
      name: "the bare account id, narrowed to the role's name in any account",
      resource: withPolicy({
        ...use,
        Principal: { AWS: anthropicAwsAccount },
        ...when("ArnLike", "aws:PrincipalArn", publishedAnywhere),
      }),
    },
    {
      name: "everybody of that account, narrowed to the role's name in any account",
      resource: withPolicy({
        ...use,
        Principal: "*",
        Condition: {
          StringEquals: { "aws:PrincipalAccount": anthropicAwsAccount },
          ArnLike: { "aws:PrincipalArn": publishedAnywhere },
        },
      }),
    },
    {
      name: "the root, denied to everybody but the role",
      resource: withPolicy(
        { ...use, Principal: root },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "kms:*",
          Resource: "*",
          ...when("ArnNotEquals", "aws:PrincipalArn", anthropicAwsRoleArn),
        },
      ),
    },
    {
      name: "a session of the role",
      resource: withPolicy({
        ...use,
        Principal: { AWS: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/s` },
      }),
    },
    {
      name: "another role of the account, for another service",
      resource: withPolicy({
        ...use,
        Action: "s3:*",
        Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/other` },
      }),
    },
    {
      name: "another partition's account of that number",
      resource: withPolicy({ ...use, Principal: { AWS: `arn:aws-cn:iam::${anthropicAwsAccount}:root` } }),
    },
  ],
  fail: [
    {
      name: "everybody, narrowed to another role of that account, in whichever partition",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("ArnLike", "aws:PrincipalArn", `arn:*:iam::${anthropicAwsAccount}:role/other`),
      }),
      message: `than the published role: arn:aws:iam::${anthropicAwsAccount}:role/other (statement`,
    },
    {
      name: "the root, from the addresses that Anthropic calls from",
      resource: withPolicy({ ...use, Principal: root, ...when("IpAddress", "aws:SourceIp", "160.79.104.0/21") }),
    },
    {
      name: "the root, from addresses that are none of Anthropic's",
      resource: withPolicy({ ...use, Principal: root, ...when("IpAddress", "aws:SourceIp", "203.0.113.0/24") }),
    },
    {
      name: "everybody, with that account as caller, from addresses that are none of Anthropic's",
      resource: withPolicy({
        ...use,
        Principal: "*",
        Condition: {
          StringEquals: { "kms:CallerAccount": anthropicAwsAccount },
          IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
        },
      }),
    },
    {
      name: "everybody, from the addresses that Anthropic calls from",
      resource: withPolicy(
        { ...use, Sid: "Office", Principal: "*", ...when("IpAddress", "aws:SourceIp", "203.0.113.0/24") },
        { ...use, Principal: "*", ...when("IpAddress", "aws:SourceIp", "160.79.104.0/24") },
      ),
      message: /\(statement 3 "Use"\)$/,
    },
    {
      name: "everybody, from half of the Internet, where Anthropic does not call from",
      resource: withPolicy({ ...use, Principal: "*", ...when("IpAddress", "aws:SourceIp", "0.0.0.0/1") }),
    },
    {
      name: "the root, from anywhere but one VPC endpoint",
      resource: withPolicy({
        ...use,
        Principal: root,
        ...when("StringNotEquals", "aws:SourceVpce", "vpce-0123456789abcdef0"),
      }),
    },
    { name: "the console wizard's: the root", resource: withPolicy({ ...use, Principal: root }), message: "Use" },
    { name: "the bare account id", resource: withPolicy({ ...use, Principal: { AWS: anthropicAwsAccount } }) },
    { name: "everybody", resource: withPolicy({ ...use, Principal: "*" }) },
    { name: "everybody, in a list", resource: withPolicy({ ...use, Principal: { AWS: [anthropicAwsRoleArn, "*"] } }) },
    {
      name: "everybody, with that account as caller",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("StringEquals", "kms:CallerAccount", anthropicAwsAccount),
      }),
    },
    {
      name: "a second role of the account",
      resource: withPolicy(
        { ...use, Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/*` } },
        {
          ...use,
          Sid: "Any",
          Principal: "*",
          ...when("ArnLike", "aws:PrincipalArn", `arn:aws:iam::${anthropicAwsAccount}:role/*`),
        },
      ),
    },
    ...["arn:aws:iam::*:role/other", "arn:*:iam::*:user/bob", "arn:aws:iam::${aws:PrincipalAccount}:role/other"].map(
      (arn) => ({
        name: `another name in any account: ${arn}`,
        resource: withPolicy({ ...use, Principal: root, ...when("ArnLike", "aws:PrincipalArn", arn) }),
      }),
    ),
    {
      name: "names like the role's in any account",
      resource: withPolicy({
        ...use,
        Principal: root,
        ...when("ArnLike", "aws:PrincipalArn", `${publishedAnywhere}*`),
      }),
    },
    {
      name: "another role, by name",
      resource: withPolicy({
        ...use,
        Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/anthropic-cmek-client-eu` },
      }),
      message: "role/anthropic-cmek-client-eu",
    },
    {
      name: "the published role's name with a path, which is another role",
      resource: withPolicy({
        ...use,
        Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/x/anthropic-cmek-client-us` },
      }),
    },
    {
      name: "a user, by name in a condition",
      resource: withPolicy({
        ...use,
        Principal: "*",
        ...when("ArnEquals", "aws:PrincipalArn", `arn:aws:iam::${anthropicAwsAccount}:user/bob`),
      }),
    },
    {
      name: "a session of another role",
      resource: withPolicy({
        ...use,
        Principal: { AWS: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/other/s` },
      }),
    },
    {
      name: "everybody but somebody",
      resource: withPolicy({
        Effect: "Allow",
        NotPrincipal: { AWS: `arn:aws:iam::${testAccount}:root` },
        Action: "kms:Decrypt",
        Resource: "*",
      }),
    },
    {
      name: "the root, bound to an organization that anybody can claim",
      resource: withPolicy({
        ...use,
        Principal: root,
        ...when("StringEquals", "kms:EncryptionContext:anthropic:org_uuid", testOrganization),
      }),
    },
    {
      name: "the root, on a tag that is not known",
      resource: withPolicy({ ...use, Principal: root, ...when("StringEquals", "aws:PrincipalTag/team", "cmek") }),
    },
    {
      name: "the root may describe only",
      resource: withPolicy({ ...use, Action: "kms:DescribeKey", Principal: root }),
    },
    {
      name: "the root, pinned to itself by a variable",
      resource: withPolicy({
        ...use,
        Principal: root,
        ...when("StringEquals", "aws:PrincipalArn", "${aws:PrincipalArn}"),
      }),
    },
    {
      name: "grants unreadable beside a public statement",
      resource: awsKmsKey({
        policy_text: known(JSON.stringify({ Statement: { ...use, Principal: "*" } })),
        grants: unreadable("access-denied", ""),
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "policy that is no JSON", resource: awsKmsKey({ policy_text: known("{") }), message: "line 1" },
    {
      name: "policy with a statement that cannot be understood",
      resource: awsKmsKey({ policy_text: known('{"Statement": [7]}') }),
      message: "malformed",
    },
  ],
});
