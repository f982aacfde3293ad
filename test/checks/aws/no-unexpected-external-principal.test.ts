import { noUnexpectedExternalPrincipal } from "../../../checks/aws/no-unexpected-external-principal.ts";
import { anthropicAwsAccount } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";
import { administers } from "../../support/key-policies.ts";

const foreign = "999988887777";
const partner = `arn:aws:iam::${foreign}:role/partner`;

function withPolicy(statements: readonly Statement[], expected_principals: readonly string[] = []) {
  return awsKmsKey({
    policy_text: known(policyText([administers, ...statements])),
    registration: known({ ...testRegistration, expected_principals }),
  });
}
const naming = (principal: unknown, expected: readonly string[] = [], changes: Statement = {}) =>
  withPolicy([allow({ Sid: "Third", Principal: principal, ...changes })], expected);
const where = (operator: string, key: string, value: string, expected: readonly string[] = []) =>
  naming("*", expected, { Condition: { [operator]: { [key]: value } } });
/** Everybody, less a Deny for all but these. */
const sparing = (operator: string, key: string, values: readonly string[], expected: readonly string[] = []) =>
  withPolicy(
    [allow({ Sid: "Third", Principal: "*" }), deny({ Condition: { [operator]: { [key]: values } } })],
    expected,
  );
const ofAccount = { Condition: { StringEquals: { "aws:SourceAccount": testAccount } } };

const service = (condition: object, expected: readonly string[] = []) =>
  naming({ Service: "cloudtrail.amazonaws.com" }, expected, { Condition: condition });

testCheck(noUnexpectedExternalPrincipal, {
  pass: [
    {
      name: "everybody but whom a Deny spares, who is expected",
      resource: sparing(
        "StringNotEquals",
        "aws:PrincipalAccount",
        [testAccount, anthropicAwsAccount, foreign],
        [foreign],
      ),
    },
    {
      name: "everybody, and a Deny of something else that spares a stranger: that is for another check",
      resource: withPolicy([
        allow({ Principal: "*" }),
        deny({ Action: "s3:*", Condition: { StringNotEquals: { "aws:PrincipalAccount": foreign } } }),
      ]),
    },
    {
      name: "whom a Deny spares, and no statement lets in",
      resource: withPolicy([deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": foreign } } })]),
    },
    { name: "the key's ARN not reported", resource: awsKmsKey({ read_arn: unreadable("not-reported", "") }) },
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented in ${guidance}: ${name}`,
      guidance,
      resource: awsKmsKey({ policy_text: known(text) }),
    })),
    { name: "own principals", resource: naming({ AWS: [testAccount, `arn:aws:iam::${testAccount}:user/bob`] }) },
    { name: "an expected account", resource: naming({ AWS: foreign }, [foreign]) },
    { name: "an expected account, by its root", resource: naming({ AWS: foreign }, [`arn:aws:iam::${foreign}:root`]) },
    { name: "a role of an expected account", resource: naming({ AWS: partner }, [foreign]) },
    {
      name: "an expected role",
      resource: naming({ AWS: partner }, [partner]),
      message: "nobody from outside is named and let in but those expected",
    },
    {
      name: "an account narrowed to its expected role",
      resource: naming({ AWS: foreign }, [partner], { Condition: { ArnEquals: { "aws:PrincipalArn": partner } } }),
    },
    {
      name: "everybody, narrowed to an expected role",
      resource: where("ArnEquals", "aws:PrincipalArn", partner, [partner]),
    },
    {
      name: "everybody, narrowed to an expected role of whichever partition",
      resource: where("ArnLike", "aws:PrincipalArn", partner.replace("aws", "*"), [partner]),
    },
    {
      name: "everybody, narrowed to a role of partitions that are not the key's",
      resource: where("ArnLike", "aws:PrincipalArn", partner.replace("aws", "aws-*")),
    },
    {
      name: "a service for the own account in any region, part by part",
      resource: service({ ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:*:${testAccount}:alarm:*` } }),
    },
    {
      name: "a service for a bucket, whose ARN names no account",
      resource: service({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket" } }),
    },
    {
      name: "a service for a foreign ARN and the own account: for nobody",
      resource: service({
        StringEquals: { "aws:SourceAccount": testAccount },
        ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-2:${foreign}:*` },
      }),
    },
    {
      name: "a service for an expected account",
      resource: service({ StringEquals: { "aws:SourceAccount": foreign } }, [foreign]),
    },
    {
      name: "a service for an account that is expected by its root",
      resource: service({ StringEquals: { "aws:SourceAccount": foreign } }, [`arn:aws:iam::${foreign}:root`]),
    },
    {
      name: "a service for an expected organization",
      resource: service({ StringEquals: { "aws:SourceOrgID": "o-customer123" } }, ["o-customer123"]),
    },
    {
      name: "a service for a unit of an expected organization",
      resource: service({ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-customer123/r-ab12/*" } }, [
        "o-customer123",
      ]),
    },
    {
      name: "a service for the own account within any organization",
      resource: service({ StringEquals: { "aws:SourceAccount": testAccount, "aws:SourceOrgID": "o-foreign123" } }),
    },
    {
      name: "a service for somebody else's organization, which is denied",
      resource: withPolicy([
        allow({
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceOrgID": "o-foreign123" } },
        }),
        deny({ Condition: { StringNotEqualsIfExists: { "aws:SourceAccount": testAccount } } }),
      ]),
    },
    {
      name: "a service for somebody else's account, and nothing to do with it",
      resource: naming({ Service: "cloudtrail.amazonaws.com" }, [], {
        Action: "s3:*",
        Condition: { StringEquals: { "aws:SourceAccount": foreign } },
      }),
    },
    {
      name: "own principals for somebody else's organization: nobody",
      resource: naming({ AWS: testAccount }, [], {
        Condition: { StringEquals: { "aws:SourceOrgID": "o-foreign123" } },
      }),
    },
    {
      name: "a service of somebody else's organization: services are in none",
      resource: service({ StringEquals: { "aws:PrincipalOrgID": "o-foreign123" } }),
    },
    {
      name: "everybody, for the own account by any service",
      resource: where("StringEquals", "aws:SourceAccount", testAccount),
    },
    {
      name: "everybody, for an expected organization by any service",
      resource: where("StringEquals", "aws:SourceOrgID", "o-customer123", ["o-customer123"]),
    },
    {
      name: "everybody, from a VPC by its id, which names nobody",
      resource: where("StringEquals", "aws:SourceVpc", "vpc-0123"),
    },
    {
      name: "everybody, from an own VPC",
      resource: where("ArnEquals", "aws:SourceVpcArn", `arn:aws:ec2:us-east-2:${testAccount}:vpc/vpc-0123`),
    },
    {
      name: "everybody, by a VPC endpoint of the own account",
      resource: where("StringEquals", "aws:VpceAccount", testAccount),
    },
    {
      name: "everybody, by a VPC endpoint of an expected account",
      resource: where("StringEquals", "aws:VpceAccount", foreign, [foreign]),
    },
    {
      name: "own principals, by a VPC endpoint of the organization",
      resource: naming({ AWS: testAccount }, [], { Condition: { StringEquals: { "aws:VpceOrgID": "o-customer123" } } }),
    },
    { name: "a service for the own account", resource: naming({ Service: "cloudtrail.amazonaws.com" }, [], ofAccount) },
    {
      name: "a service for an own resource",
      resource: naming({ Service: "cloudtrail.amazonaws.com" }, [], {
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${testAccount}:trail/*` } },
      }),
    },
    {
      name: "an expected service",
      resource: naming({ Service: "cloudtrail.amazonaws.com" }, ["cloudtrail.amazonaws.com"]),
    },
    {
      name: "Claude Platform on AWS",
      resource: naming({ Service: "aws-external-anthropic.amazonaws.com" }),
      message: "is Claude Platform on AWS, which this catalogue does not judge",
    },
    {
      name: "Claude Platform on AWS for somebody's account",
      resource: naming({ Service: "aws-external-anthropic.amazonaws.com" }, [], {
        Condition: { StringEquals: { "aws:SourceAccount": foreign } },
      }),
    },
    {
      name: "an expected service for somebody's account",
      resource: service({ StringEquals: { "aws:SourceAccount": foreign } }, ["cloudtrail.amazonaws.com"]),
    },
    {
      name: "the own organization, expected",
      resource: where("StringEquals", "aws:PrincipalOrgID", "o-customer123", ["o-customer123"]),
    },
    { name: "a stranger who is denied", resource: withPolicy([deny({ Principal: { AWS: foreign } })]) },
    { name: "everybody is not for this check", resource: naming("*") },
    {
      name: "a public statement beside one that gives a stranger nothing",
      resource: withPolicy([
        allow({ Principal: "*", Action: "kms:Decrypt" }),
        allow({ Principal: { AWS: partner }, Action: "s3:*" }),
      ]),
    },
    { name: "Anthropic's account is not for this check", resource: naming({ AWS: anthropicAwsAccount }) },
    { name: "a lookalike is not for this check", resource: naming({ AWS: "915198916911" }) },
    { name: "a deleted principal is not for this check", resource: naming({ AWS: "AROAEXAMPLEEXAMPLE123" }) },
    { name: "a wildcard inside an ARN matches nobody", resource: naming({ AWS: `arn:aws:iam::${foreign}:role/*` }) },
    {
      name: "a canonical user who is denied",
      resource: withPolicy([allow, deny].map((state) => state({ Principal: { CanonicalUser: "79a59df900b949e5" } }))),
    },
    {
      name: "an own identity provider",
      resource: naming({ Federated: `arn:aws:iam::${testAccount}:saml-provider/idp` }),
    },
    { name: "own callers by condition", resource: where("StringEquals", "kms:CallerAccount", testAccount) },
    { name: "everybody but a stranger", resource: where("StringNotEquals", "kms:CallerAccount", foreign) },
  ],
  fail: [
    ...(
      [
        ["StringNotEquals", "aws:PrincipalAccount", [testAccount, foreign], foreign],
        ["ArnNotLike", "aws:PrincipalArn", [`arn:aws:iam::${testAccount}:*`, partner], partner],
        ["StringNotEquals", "aws:PrincipalOrgID", ["o-foreign123"], "o-foreign123"],
      ] as const
    ).map(([operator, key, values, who]) => ({
      name: `everybody but whom a Deny spares by ${key}`,
      resource: sparing(operator, key, values),
      message: `${who} (statement 2 "Third")`,
    })),
    {
      name: "everybody but whom a Deny spares by NotPrincipal",
      resource: withPolicy([
        allow({ Sid: "Third", Principal: "*" }),
        deny({ Principal: undefined, NotPrincipal: { AWS: [foreign, `arn:aws:iam::${foreign}:user/bob`] } }),
      ]),
      message: `arn:aws:iam::${foreign}:user/bob (statement 2 "Third")`,
    },
    ...["AssumedRole", "User", "Account"].map((type) => ({
      name: `a whole account, narrowed to callers of type ${type}`,
      resource: naming({ AWS: foreign }, [], { Condition: { StringEquals: { "aws:PrincipalType": type } } }),
      message: foreign,
    })),
    ...["*", "aws*", "?ws"].map((partition) => ({
      name: `everybody, narrowed to a role of whichever partition: ${partition}`,
      resource: where("ArnLike", "aws:PrincipalArn", partner.replace("aws", partition)),
      message: partner,
    })),
    ...[
      ["aws:SourceArn", `arn:aws:sns:us-east-2:${testAccount}:topic`],
      ["aws:SourceOrgID", "o-customer123"],
      ["aws:SourceOrgPaths", "o-customer123/r-ab12/"],
    ].map(([key = "", value]) => ({
      name: `a service whose ${key} counts only where it says one`,
      resource: service({ StringEqualsIfExists: { [key]: value } }),
      message: "cloudtrail.amazonaws.com on behalf of any account",
    })),
    {
      name: "a service for somebody else's account",
      resource: service({ StringEquals: { "aws:SourceAccount": foreign } }),
      message: `on behalf of account ${foreign}`,
    },
    {
      name: "a service for the own and somebody else's account",
      resource: service({ StringEquals: { "AWS:SourceAccount": [testAccount, foreign] } }),
      message: `on behalf of account ${foreign}`,
    },
    {
      name: "a service for somebody else's resources",
      resource: service({ ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-1:${foreign}:*` } }),
      message: `on behalf of account ${foreign}`,
    },
    {
      name: "a service for the own account, after a wildcard that may take colons",
      resource: service({ StringLike: { "aws:SourceArn": `arn:aws:cloudwatch:*:${testAccount}:alarm:*` } }),
      message: "cloudtrail.amazonaws.com on behalf of any account",
    },
    {
      name: "a service for somebody else's organization",
      resource: service({ StringEquals: { "aws:SourceOrgID": "o-foreign123" } }),
      message: /: cloudtrail\.amazonaws\.com on behalf of organization o-foreign123 \(statement 2 "Third"\)$/,
    },
    {
      name: "a service for an expected and for somebody else's organization",
      resource: service({ StringEquals: { "aws:SourceOrgID": ["o-customer123", "o-foreign123"] } }, ["o-customer123"]),
      message: "on behalf of organization o-foreign123",
    },
    {
      name: "a service for a unit of somebody else's organization",
      resource: service({ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-foreign123/r-ab12/ou-1/*" } }),
      message: "on behalf of organization o-foreign123",
    },
    {
      name: "a service for the whole own organization by variable, as a principal of it",
      resource: service({ StringEquals: { "aws:SourceOrgID": "${aws:ResourceOrgID}" } }),
      message: "on behalf of organization ${aws:ResourceOrgID}",
    },
    {
      name: "a service called by somebody else's account",
      resource: service({ StringEquals: { "kms:CallerAccount": foreign } }),
      message: `on behalf of account ${foreign}`,
    },
    {
      name: "everybody, for somebody else's organization by any service",
      resource: where("StringEquals", "aws:SourceOrgID", "o-foreign123"),
      message: /: any AWS service on behalf of organization o-foreign123 \(statement 2 "Third"\)$/,
    },
    {
      name: "everybody, for a unit of somebody else's organization by any service",
      resource: where("StringLike", "aws:SourceOrgPaths", "o-foreign123/*"),
      message: "any AWS service on behalf of organization o-foreign123",
    },
    {
      name: "everybody, for somebody else's account by any service",
      resource: where("StringEquals", "aws:SourceAccount", foreign),
      message: `any AWS service on behalf of account ${foreign}`,
    },
    {
      name: "everybody, for somebody else's resources by any service",
      resource: where("ArnLike", "aws:SourceArn", `arn:aws:sns:us-east-1:${foreign}:*`),
      message: `any AWS service on behalf of account ${foreign}`,
    },
    {
      name: "everybody but one, for somebody else's account by any service",
      resource: withPolicy([
        {
          Effect: "Allow",
          NotPrincipal: { AWS: testAccount },
          Action: "kms:*",
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": foreign } },
        },
      ]),
      message: `any AWS service on behalf of account ${foreign}`,
    },
    {
      name: "everybody, with a foreign account as caller, told once",
      resource: where("StringEquals", "aws:PrincipalAccount", foreign),
      message: /: 999988887777 \(statement 2 "Third"\)$/,
    },
    {
      name: "everybody, from somebody else's VPC",
      resource: where("ArnEquals", "aws:SourceVpcArn", `arn:aws:ec2:us-east-2:${foreign}:vpc/vpc-0123`),
      message: foreign,
    },
    {
      name: "a foreign account",
      resource: naming({ AWS: foreign }),
      severity: "high",
      message: '999988887777 (statement 2 "Third")',
    },
    { name: "a foreign root", resource: naming({ AWS: `arn:aws:iam::${foreign}:root` }) },
    { name: "a foreign role", resource: naming({ AWS: partner }) },
    {
      name: "a foreign user, who may describe only",
      resource: naming({ AWS: `arn:aws:iam::${foreign}:user/bob` }, [], { Action: "kms:DescribeKey" }),
    },
    { name: "a foreign session", resource: naming({ AWS: `arn:aws:sts::${foreign}:assumed-role/partner/s` }) },
    {
      name: "another role of an account of which one is expected",
      resource: naming({ AWS: `${partner}-2` }, [partner]),
    },
    { name: "the whole account of an expected role", resource: naming({ AWS: foreign }, [partner]) },
    {
      name: "the own account number in another partition",
      resource: naming({ AWS: `arn:aws-cn:iam::${testAccount}:root` }),
    },
    {
      name: "a service without a source",
      resource: naming({ Service: "cloudtrail.amazonaws.com" }),
      message: "cloudtrail.amazonaws.com on behalf of any account",
    },
    {
      name: "a service for somebody else's account is for strangers only if it is any",
      resource: naming({ Service: "s3.amazonaws.com" }, [], {
        Condition: { StringLike: { "aws:SourceAccount": "*" } },
      }),
    },
    {
      name: "a service whose source may be absent",
      resource: naming({ Service: "s3.amazonaws.com" }, [], {
        Condition: { StringEqualsIfExists: { "aws:SourceAccount": testAccount } },
      }),
    },
    {
      name: "a whole organization, the own one too",
      resource: where("StringEquals", "aws:PrincipalOrgID", "o-customer123"),
      message: "the whole organization o-customer123",
    },
    {
      name: "everybody, by a VPC endpoint of somebody else's account",
      resource: where("StringEquals", "aws:VpceAccount", foreign),
      message: foreign,
    },
    {
      name: "everybody, by a VPC endpoint of a whole organization",
      resource: where("StringEquals", "aws:VpceOrgID", "o-customer123"),
      message: "the whole organization o-customer123",
    },
    {
      name: "everybody, by a VPC endpoint of the own organization by variable",
      resource: where("StringEquals", "aws:VpceOrgID", "${aws:ResourceOrgID}"),
      message: "the whole organization",
    },
    {
      name: "everybody, by a VPC endpoint of a unit of an organization",
      resource: where("ForAnyValue:StringLike", "aws:VpceOrgPaths", "o-customer123/r-ab12/*"),
      message: "the whole organization o-customer123",
    },
    {
      name: "an organization, by a VPC endpoint of another one",
      resource: naming({ AWS: "*" }, ["o-partner123"], {
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-foreign123", "aws:VpceOrgID": "o-partner123" } },
      }),
      message: /: the whole organization o-foreign123 \(statement 2 "Third"\)$/,
    },
    {
      name: "the own organization by variable",
      resource: where("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"),
      message: "the whole organization",
    },
    {
      name: "a unit of an organization",
      resource: where("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-customer123/r-ab12/*"),
      message: "the whole organization o-customer123",
    },
    {
      name: "everybody, with a foreign account as caller",
      resource: where("StringEquals", "kms:CallerAccount", foreign),
    },
    {
      name: "everybody, with a foreign role",
      resource: where("ArnEquals", "aws:PrincipalArn", partner),
      message: partner,
    },
    {
      name: "everybody, with a foreign account's roles",
      resource: where("ArnLike", "aws:PrincipalArn", `arn:aws:iam::${foreign}:role/*`),
    },
    {
      name: "a canonical user, of whichever account",
      resource: naming({ CanonicalUser: "79a59df900b949e5" }),
      message: "79a59df900b949e5, a canonical user id, which does not show its account (statement 2",
    },
    { name: "an identity provider of the web", resource: naming({ Federated: "accounts.google.com" }) },
    {
      name: "beside Claude Platform on AWS",
      resource: withPolicy([
        allow({ Principal: { Service: "aws-external-anthropic.amazonaws.com" } }),
        allow({ Principal: { AWS: partner } }),
      ]),
      message: /partner.*is Claude Platform on AWS/,
    },
    {
      name: "on a condition that is not known",
      resource: naming({ AWS: partner }, [], { Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) }],
});
