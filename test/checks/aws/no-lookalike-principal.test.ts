import { noLookalikePrincipal } from "../../../checks/aws/no-lookalike-principal.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";
import { administeredWith, administers } from "../../support/key-policies.ts";

const foreign = "999988887777";
const naming = (arn: string, changes: Statement = {}) =>
  administeredWith(allow({ Sid: "Use", Principal: { AWS: arn }, Action: ["kms:Encrypt", "kms:Decrypt"], ...changes }));
const everybodyWhere = (operator: string, key: string, value: string) =>
  naming("*", { Condition: { [operator]: { [key]: value } } });

testCheck(noLookalikePrincipal, {
  pass: [
    { name: "the key's ARN not reported", resource: awsKmsKey({ read_arn: unreadable("not-reported", "") }) },
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented in ${guidance}: ${name}`,
      guidance,
      resource: awsKmsKey({ policy_text: known(text) }),
    })),
    {
      name: "the root of Anthropic's account is not for this check",
      resource: naming(`arn:aws:iam::${anthropicAwsAccount}:root`),
    },
    {
      name: "another role of Anthropic's account is not for this check",
      resource: naming(`arn:aws:iam::${anthropicAwsAccount}:role/anthropic-cmek-client-eu`),
    },
    { name: "a stranger who resembles nobody", resource: naming(`arn:aws:iam::${foreign}:role/partner`) },
    { name: "a foreign name with anthropic alone", resource: naming(`arn:aws:iam::${foreign}:role/anthropic-billing`) },
    { name: "a foreign name with cmek alone", resource: naming(`arn:aws:iam::${foreign}:role/cmek-admin`) },
    {
      name: "in the own account a name with both words",
      resource: naming(`arn:aws:iam::${testAccount}:role/anthropic-cmek-admin`),
    },
    { name: "an account three digits off", resource: naming("915198916677") },
    { name: "a lookalike that is denied", resource: administeredWith(deny({ Principal: { AWS: "915198916911" } })) },
    {
      name: "a lookalike that a Deny takes away from",
      resource: administeredWith(
        allow({ Principal: { AWS: "915198916911" } }),
        deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": [testAccount, anthropicAwsAccount] } } }),
      ),
    },
    { name: "a lookalike for another service", resource: naming("915198916911", { Action: "s3:*" }) },
    { name: "a wildcard inside an ARN matches nobody", resource: naming("arn:aws:iam::915198916911:role/*") },
    { name: "everybody is not for this check", resource: naming("*") },
    {
      name: "everybody but a lookalike's account",
      resource: everybodyWhere("StringNotEquals", "kms:CallerAccount", "915198916911"),
    },
  ],
  fail: [
    {
      name: "(a) the published name in a foreign account",
      resource: naming(`arn:aws:iam::${foreign}:role/anthropic-cmek-client-us`),
      severity: "critical",
      message: /has the published role's name, in account 999988887777 \(statement 2 "Use"\)/,
    },
    {
      name: "(a) ignoring case and path",
      resource: naming(`arn:aws:iam::${foreign}:role/x/Anthropic-CMEK-Client-US`),
      message: "published role's name",
    },
    {
      name: "(a) of another kind",
      resource: naming(`arn:aws:iam::${foreign}:user/anthropic-cmek-client-us`),
      message: "published role's name",
    },
    {
      name: "(a) a session",
      resource: naming(`arn:aws:sts::${foreign}:assumed-role/anthropic-cmek-client-us/s`),
      message: "published role's name",
    },
    {
      name: "(a) in the own account",
      resource: naming(`arn:aws:iam::${testAccount}:role/anthropic-cmek-client-us`),
      message: `in account ${testAccount}`,
    },
    {
      name: "(b) a foreign name with both words",
      resource: naming(`arn:aws:iam::${foreign}:role/CMEK-for-Anthropic`),
      message: "a name like the published role's",
    },
    { name: "(c) one digit off", resource: naming("arn:aws:iam::915198916911:root"), message: "number resembles" },
    { name: "(c) two digits off, as a bare number", resource: naming("915198916922"), message: "number resembles" },
    { name: "(c) two digits in each other's place", resource: naming("915198961910"), message: "number resembles" },
    { name: "(c) a digit left out and one put in", resource: naming("151989169100"), message: "number resembles" },
    { name: "(c) a user", resource: naming("arn:aws:iam::915198916911:user/bob"), message: "number resembles" },
    {
      name: "(c) an identity provider",
      resource: administeredWith(allow({ Principal: { Federated: "arn:aws:iam::915198916911:saml-provider/idp" } })),
      message: "number resembles",
    },
    {
      name: "(d) the published ARN in another partition",
      resource: naming(`arn:aws-us-gov:iam::${anthropicAwsAccount}:role/anthropic-cmek-client-us`),
      message: "aws-us-gov",
    },
    {
      name: "that account number in another partition",
      resource: naming(`arn:aws-cn:iam::${anthropicAwsAccount}:root`),
      message: "partition aws-cn",
    },
    {
      name: "beside the published role",
      resource: administeredWith(allow({ Principal: { AWS: [anthropicAwsRoleArn, "915198916911"] } })),
      message: "915198916911",
    },
    {
      name: "everybody, with a lookalike as caller",
      resource: everybodyWhere("StringEquals", "kms:CallerAccount", "915198916911"),
    },
    {
      name: "everybody, with a lookalike's ARN",
      resource: everybodyWhere("ArnLike", "aws:PrincipalArn", `arn:aws:iam::${foreign}:role/anthropic-cmek-*`),
      message: "arn:aws:iam::999988887777:role/anthropic-cmek-*",
    },
    {
      name: "on a condition that is not known",
      resource: naming("915198916911", { Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } }),
    },
    {
      name: "expected all the same",
      resource: awsKmsKey({
        policy_text: known(policyText([administers, allow({ Principal: { AWS: "915198916911" } })])),
        registration: known({ ...testRegistration, expected_principals: ["915198916911"] }),
      }),
    },
    {
      name: "grants unreadable",
      resource: awsKmsKey({
        policy_text: known(policyText(allow({ Principal: { AWS: "915198916911" } }))),
        grants: unreadable("access-denied", ""),
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) }],
});
