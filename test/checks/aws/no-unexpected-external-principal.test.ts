import { noUnexpectedExternalPrincipal } from "../../../checks/aws/no-unexpected-external-principal.ts";
import { anthropicAwsAccount } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";

const foreign = "999988887777";
const partner = `arn:aws:iam::${foreign}:role/partner`;
const own = allow({ Sid: "Own", Principal: { AWS: `arn:aws:iam::${testAccount}:root` } });

function withPolicy(statements: readonly Statement[], expected_principals: readonly string[] = []) {
  return awsKmsKey({
    policy_text: known(policyText([own, ...statements])),
    registration: known({ ...testRegistration, expected_principals }),
  });
}
const naming = (principal: unknown, expected: readonly string[] = [], changes: Statement = {}) =>
  withPolicy([allow({ Sid: "Third", Principal: principal, ...changes })], expected);
const where = (operator: string, key: string, value: string, expected: readonly string[] = []) =>
  naming("*", expected, { Condition: { [operator]: { [key]: value } } });
const ofAccount = { Condition: { StringEquals: { "aws:SourceAccount": testAccount } } };

const service = (condition: object, expected: readonly string[] = []) =>
  naming({ Service: "cloudtrail.amazonaws.com" }, expected, { Condition: condition });

testCheck(noUnexpectedExternalPrincipal, {
  pass: [
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
    { name: "a canonical user matches nobody here", resource: naming({ CanonicalUser: "79a59df900b949e5" }) },
    {
      name: "an own identity provider",
      resource: naming({ Federated: `arn:aws:iam::${testAccount}:saml-provider/idp` }),
    },
    { name: "own callers by condition", resource: where("StringEquals", "kms:CallerAccount", testAccount) },
    { name: "everybody but a stranger", resource: where("StringNotEquals", "kms:CallerAccount", foreign) },
  ],
  fail: [
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
