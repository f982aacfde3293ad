import { roleLeastPrivilege } from "../../../checks/aws/role-least-privilege.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText } from "../../support/ask-policy.ts";
import { awsKmsKey, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";
import { administeredWith } from "../../support/key-policies.ts";

const may = (...actions: readonly string[]) => administeredWith(allow({ Sid: "Use", Action: actions }));
const orgKey = "kms:EncryptionContext:anthropic:org_uuid";

testCheck(roleLeastPrivilege, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented in ${guidance}: ${name}`,
      guidance,
      resource: awsKmsKey({ policy_text: known(text) }),
    })),
    {
      name: "the three operations",
      resource: may("kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"),
      message: /nothing beyond kms:Encrypt, kms:Decrypt, kms:DescribeKey$/,
    },
    {
      name: "a wildcard beside a name",
      resource: may("kms:Encrypt", "kms:Decrypt*"),
      message: "by a wildcard that today matches no other",
    },
    {
      name: "the three operations, under 2026-06",
      resource: may("kms:DescribeKey", "KMS:encrypt", "kms:Decrypt"),
      guidance: "2026-06",
    },
    { name: "nothing at all", resource: administeredWith() },
    {
      name: "a wildcard that matches only those",
      resource: may("kms:Encrypt*", "kms:?ecrypt"),
      message: /statement 2 "Use" names them by a wildcard that today matches no other/,
    },
    { name: "another service's actions", resource: may("kms:Decrypt", "s3:*") },
    {
      name: "kms:* less what a Deny takes away",
      resource: administeredWith(allow(), {
        Effect: "Deny",
        Principal: { AWS: anthropicAwsRoleArn },
        NotAction: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"],
        Resource: "*",
      }),
    },
    {
      name: "kms:* for another role of that account",
      resource: administeredWith(allow({ Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/other` } })),
    },
    {
      name: "grants on a condition that never holds for the role",
      resource: administeredWith(
        allow({
          Action: "kms:CreateGrant",
          Condition: { StringEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } },
        }),
      ),
    },
    {
      name: "a statement without a resource",
      resource: administeredWith({ Effect: "Allow", Principal: { AWS: anthropicAwsRoleArn }, Action: "kms:*" }),
    },
  ],
  fail: [
    {
      name: "kms:*",
      resource: may("kms:*"),
      severity: "high",
      message:
        /more than kms:Encrypt, kms:Decrypt, kms:DescribeKey: statement 2 "Use": kms:CancelKeyDeletion, kms:CreateAlias, .* and 30 more/,
    },
    { name: "every action", resource: may("*") },
    {
      name: "ReEncrypt*",
      resource: may("kms:Encrypt", "kms:ReEncrypt*"),
      message: "kms:ReEncryptFrom, kms:ReEncryptTo",
    },
    { name: "GenerateDataKey*", resource: may("kms:GenerateDataKey*"), message: "kms:GenerateDataKey" },
    { name: "CreateGrant", resource: may("kms:CreateGrant"), message: "kms:CreateGrant" },
    {
      name: "an action of use in the own account only",
      resource: may("kms:PutKeyPolicy"),
      message: "kms:PutKeyPolicy",
    },
    {
      name: "NotAction",
      resource: administeredWith({
        Effect: "Allow",
        Principal: { AWS: anthropicAwsRoleArn },
        NotAction: "kms:Delete*",
        Resource: "*",
      }),
    },
    { name: "a wildcard that matches one more", resource: may("kms:De*"), message: "kms:DeleteAlias" },
    {
      name: "the console wizard's, through the root",
      resource: administeredWith(
        allow({
          Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        }),
        allow({
          Sid: "Grants",
          Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` },
          Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        }),
      ),
      message: 'statement 3 "Grants": kms:CreateGrant, kms:ListGrants',
    },
    { name: "through everybody", resource: administeredWith(allow({ Principal: "*" })) },
    {
      name: "with an encryption context that it claims",
      resource: administeredWith(
        allow({ Action: "kms:GenerateDataKey", Condition: { StringEquals: { [orgKey]: testOrganization } } }),
      ),
    },
    {
      name: "on a condition that is not known",
      resource: administeredWith(
        allow({ Action: "kms:CreateGrant", Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } }),
      ),
    },
    {
      name: "from a part of its addresses",
      resource: administeredWith(
        allow({
          Sid: "Part",
          Action: "kms:CreateGrant",
          Condition: { IpAddress: { "aws:SourceIp": "160.79.104.0/23" } },
        }),
      ),
      message: 'statement 2 "Part"',
    },
    {
      name: "less a Deny that may not hold",
      resource: administeredWith(
        allow({ Sid: "Use", Action: "kms:CreateGrant" }),
        deny({ Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } }),
      ),
      message: 'statement 2 "Use"',
    },
    {
      name: "grants unreadable",
      resource: awsKmsKey({ policy_text: known(policyText(allow())), grants: unreadable("access-denied", "") }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) }],
});
