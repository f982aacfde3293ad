import { noPublicAccess } from "../../../checks/aws/no-public-access.ts";
import { deriveAwsKmsKeyFacts } from "../../../src/access/aws/derive.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testKey, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";
import { administeredWith } from "../../support/key-policies.ts";

const everybody = (changes: Statement = {}) =>
  allow({ Sid: "Everybody", Principal: "*", Action: ["kms:Encrypt", "kms:Decrypt"], ...changes });
/** Everybody, where this condition holds. */
const where = (operator: string, key: string, value: string | readonly string[]) =>
  administeredWith(everybody({ Condition: { [operator]: { [key]: value } } }));
/** A key of another partition with one statement for everybody, where this condition holds. */
const elsewhere = (partition: string, operator: string, key: string, value: string) => {
  const resource = testKey.resource.replace("arn:aws:", `arn:${partition}:`);
  const policy_text = known(policyText(everybody({ Condition: { [operator]: { [key]: value } } })));
  return awsKmsKey({
    policy_text,
    ...deriveAwsKmsKeyFacts({ policy_text, grants: known([]) }, { ...testKey, resource }),
  });
};

const grant = {
  id: "g1",
  name: null,
  grantee: "arn:aws:iam::999988887777:role/partner",
  retiring: null,
  issuing_account: testAccount,
  operations: ["Decrypt"],
  context_equals: null,
  context_subset: null,
};

testCheck(noPublicAccess, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented in ${guidance}: ${name}`,
      guidance,
      resource: awsKmsKey({ policy_text: known(text) }),
    })),
    {
      name: "a named stranger is no public",
      resource: administeredWith(allow({ Principal: { AWS: "999988887777" } })),
    },
    {
      name: "the whole account of Anthropic",
      resource: administeredWith(allow({ Principal: { AWS: anthropicAwsAccount } })),
    },
    {
      name: "roles of a partition whose principals cannot call this key's",
      resource: elsewhere("aws-us-gov", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"),
    },
    { name: "everybody, denied", resource: administeredWith(deny()) },
    { name: "everybody, of another service", resource: administeredWith(everybody({ Action: "s3:*" })) },
    {
      name: "everybody, on another key",
      resource: administeredWith(everybody({ Resource: "arn:aws:kms:us-east-2:1:key/x" })),
    },
    {
      name: "everybody, without a resource",
      resource: administeredWith({ Effect: "Allow", Principal: "*", Action: "kms:*" }),
    },
    { name: "pinned by kms:CallerAccount", resource: where("StringEquals", "kms:CallerAccount", testAccount) },
    { name: "pinned by aws:PrincipalAccount", resource: where("StringEquals", "aws:PrincipalAccount", testAccount) },
    { name: "pinned by aws:PrincipalArn", resource: where("ArnEquals", "aws:PrincipalArn", anthropicAwsRoleArn) },
    {
      name: "pinned by aws:PrincipalArn with a whole account",
      resource: where("ArnLike", "aws:PrincipalArn", `arn:aws:iam::${testAccount}:role/app-*`),
    },
    {
      name: "pinned by aws:PrincipalArn with a whole account, as a text",
      resource: where("StringLike", "aws:PrincipalArn", `arn:aws:iam::${testAccount}:role/app-*`),
    },
    {
      name: "pinned by aws:PrincipalArn in any partition, part by part",
      resource: where("ArnLike", "aws:PrincipalArn", `arn:*:iam::${testAccount}:*`),
    },
    { name: "pinned by aws:PrincipalOrgID", resource: where("StringEquals", "aws:PrincipalOrgID", "o-customer123") },
    {
      name: "pinned by aws:PrincipalOrgPaths",
      resource: where("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-customer123/r-ab12/*"),
    },
    { name: "pinned by aws:SourceVpce", resource: where("StringEquals", "aws:SourceVpce", "vpce-0123") },
    { name: "pinned by aws:VpceAccount", resource: where("StringEquals", "aws:VpceAccount", testAccount) },
    { name: "pinned by aws:SourceVpc", resource: where("StringEquals", "aws:SourceVpc", "vpc-0123") },
    { name: "pinned by a few addresses", resource: where("IpAddress", "aws:SourceIp", ["203.0.113.0/24"]) },
    { name: "pinned by aws:SourceAccount", resource: where("StringEquals", "aws:SourceAccount", testAccount) },
    {
      name: "pinned by aws:SourceArn",
      resource: where("ArnLike", "aws:SourceArn", `arn:aws:cloudtrail:*:${testAccount}:trail/*`),
    },
    {
      name: "what AWS managed keys have: a service within the account",
      resource: administeredWith(
        everybody({
          Condition: {
            StringEquals: { "kms:CallerAccount": testAccount, "kms:ViaService": "s3.us-east-2.amazonaws.com" },
          },
        }),
      ),
    },
    {
      name: "open, and denied to all outside the organization, services too",
      resource: administeredWith(
        everybody(),
        deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-customer123" } } }),
      ),
    },
    { name: "a grant to a named stranger", resource: awsKmsKey({ grants: known([grant]) }) },
  ],
  fail: [
    {
      name: "everybody",
      resource: administeredWith(everybody()),
      severity: "critical",
      message: /statement 2 "Everybody" lets in anybody, .*without any condition/,
    },
    { name: "everybody, as an AWS principal", resource: administeredWith(everybody({ Principal: { AWS: "*" } })) },
    {
      name: "everybody, in a list",
      resource: administeredWith(everybody({ Principal: { AWS: [anthropicAwsRoleArn, "*"] } })),
    },
    {
      name: "everybody but somebody",
      resource: administeredWith({
        Effect: "Allow",
        NotPrincipal: { AWS: testAccount },
        Action: "kms:Decrypt",
        Resource: "*",
      }),
    },
    { name: "everybody may describe only", resource: administeredWith(everybody({ Action: "kms:DescribeKey" })) },
    {
      name: "every action but some",
      resource: administeredWith({ Effect: "Allow", Principal: "*", NotAction: "kms:Put*", Resource: "*" }),
    },
    {
      name: "kms:ViaService pins nobody",
      resource: where("StringEquals", "kms:ViaService", "s3.us-east-2.amazonaws.com"),
      message: "StringEquals kms:ViaService",
    },
    { name: "tags pin nobody", resource: where("StringEquals", "aws:PrincipalTag/team", "payments") },
    { name: "the user agent pins nobody", resource: where("StringLike", "aws:UserAgent", "aws-cli*") },
    { name: "time pins nobody", resource: where("DateLessThan", "aws:CurrentTime", "2030-01-01") },
    { name: "a wildcard for an account pins nobody", resource: where("StringLike", "kms:CallerAccount", "*") },
    {
      name: "a wildcard in the account part pins nobody",
      resource: where("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"),
    },
    {
      name: "part of an account pins nobody",
      resource: where("ArnLike", "aws:PrincipalArn", "arn:aws:iam::1111*:role/admin"),
    },
    {
      name: "an account after a wildcard that may take colons pins nobody",
      resource: where("StringLike", "aws:PrincipalArn", `arn:*:iam::${testAccount}:*`),
      message: /an unrelated account, .*\(StringLike aws:PrincipalArn\) does not pin who calls/,
    },
    {
      name: "a Deny of all ARNs but those after such a wildcard spares strangers",
      resource: administeredWith(
        everybody(),
        deny({ Condition: { StringNotLike: { "aws:PrincipalArn": `arn:aws*:iam::${testAccount}:role/*` } } }),
      ),
    },
    { name: "an organization by wildcard pins nobody", resource: where("StringLike", "aws:PrincipalOrgID", "o-*") },
    {
      name: "a negation alone pins nobody",
      resource: where("StringNotEquals", "aws:PrincipalAccount", "999988887777"),
    },
    { name: "…IfExists pins nobody", resource: where("StringEqualsIfExists", "aws:PrincipalOrgID", "o-customer123") },
    { name: "half the Internet pins nobody", resource: where("IpAddress", "aws:SourceIp", ["0.0.0.0/1"]) },
    {
      name: "two halves of the Internet pin nobody",
      resource: where("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]),
    },
    {
      name: "a variable of the requester's pins nobody",
      resource: where("StringEquals", "aws:PrincipalArn", "${aws:PrincipalArn}"),
    },
    {
      name: "roles of any account, in a partition of their own",
      resource: elsewhere("aws-us-gov", "ArnLike", "aws:PrincipalArn", "arn:aws-us-gov:iam::*:role/*"),
      message: "an unrelated account",
    },
    {
      name: "a service of a partition where services have another name, for whomever",
      resource: elsewhere("aws-cn", "StringEquals", "kms:ViaService", "s3.cn-north-1.amazonaws.com.cn"),
      message: "an unrelated account through a service",
    },
    {
      name: "an organization of Anthropic's, which anybody can claim",
      resource: where("StringEquals", "kms:EncryptionContext:anthropic:org_uuid", testOrganization),
    },
    {
      name: "any service of AWS",
      resource: where("Bool", "aws:PrincipalIsAWSService", "true"),
      message: "an AWS service on behalf of an unrelated account",
    },
    {
      name: "one service of AWS, for whom it likes",
      resource: where("StringEquals", "aws:PrincipalServiceName", "cloudtrail.amazonaws.com"),
    },
    {
      name: "open to half, closed by a Deny that may not hold",
      resource: administeredWith(everybody(), deny({ Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } })),
      message: 'statement 2 "Everybody"',
    },
    {
      name: "a fail stands without the grants",
      resource: awsKmsKey({
        policy_text: known(policyText(everybody())),
        grants: unreadable("access-denied", "", { call: "kms:ListGrants" }),
      }),
    },
    {
      name: "a fail stands without the organization's policies",
      resource: awsKmsKey({
        policy_text: known(policyText(everybody())),
        organization_policies: unreadable("access-denied", ""),
      }),
    },
    {
      name: "a grant to everybody, which AWS would not make",
      resource: awsKmsKey({ grants: known([{ ...grant, grantee: "*" }]) }),
      message: "grant g1 is for everybody",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    {
      name: "a pass needs the grants",
      resource: awsKmsKey({ grants: unreadable("throttled", "") }),
      message: "grant_access",
    },
    { name: "policy that is no JSON", resource: awsKmsKey({ policy_text: known("{") }), message: "malformed" },
  ],
});
