import { roleCanDescribe } from "../../../checks/aws/role-can-describe.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny } from "../../support/ask-policy.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { administers, compartmentIs, documented, keyWith, organizationIs, uses } from "../../support/key-policies.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

const describing = (changes: object) => allow({ Sid: "Describes", Action: "kms:DescribeKey", ...changes });
const on = (condition: object) => keyWith([administers, describing({ Condition: condition })]);
const readsOn = { reads: known({ aws_organization: true }) };

testCheck(roleCanDescribe, {
  pass: [
    {
      name: "the documented policy",
      resource: keyWith(documented["2026-09"]),
      message: "as far as the key's own policy goes",
    },
    { name: "the documented policy of before", resource: keyWith(documented["2026-06"]) },
    {
      name: "in the statement for use, without condition",
      resource: keyWith([administers, uses({}, { Action: ["kms:Encrypt", "kms:D*"] })]),
    },
    { name: "everybody", resource: keyWith([administers, describing({ Principal: "*" })]) },
    {
      name: "the whole account of the role",
      resource: keyWith([administers, describing({ Principal: { AWS: anthropicAwsAccount } })]),
    },
    { name: "a context condition with IfExists", resource: on(organizationIs(undefined, "StringEqualsIfExists")) },
    { name: "by ForAllValues", resource: on(organizationIs(undefined, "ForAllValues:StringEquals")) },
    { name: "a context condition that is negated", resource: on(compartmentIs("x", "StringNotEquals")) },
    {
      name: "no organization above the account",
      resource: keyWith(documented["2026-09"], {}, { ...readsOn, organization_policies: known(null) }),
      message: /^the role may describe the key$/,
    },
    {
      name: "an organization that stops nothing",
      resource: keyWith(
        documented["2026-09"],
        {},
        { ...readsOn, organization_policies: known(organizationPolicies()) },
      ),
    },
    {
      name: "the organization refused to be read, and switched off",
      resource: keyWith(documented["2026-09"], {}, { organization_policies: unreadable("access-denied", "") }),
    },
  ],
  fail: [
    {
      name: "the statement for use covers it, bound to the organization",
      resource: keyWith([administers, uses(organizationIs(), { Action: "kms:*" })]),
      message:
        /statement 2 "Uses" asks for StringEquals kms:EncryptionContext:anthropic:org_uuid .* and the request has none/,
    },
    {
      name: "bound to a compartment",
      resource: on(compartmentIs()),
      message: "use StringEqualsIfExists, or a statement without it",
    },
    { name: "bound to any compartment at all", resource: on(compartmentIs("*", "StringLike")) },
    {
      name: "a context must be there",
      resource: on({ Null: { "kms:EncryptionContextKeys": "false" } }),
      message: "kms:EncryptionContextKeys",
    },
    {
      name: "not among the role's actions",
      resource: keyWith([administers, uses(organizationIs())]),
      message: 'add kms:DescribeKey to statement 2 "Uses"',
    },
    {
      name: "nobody but the own account",
      resource: keyWith([administers]),
      message: "access granted through IAM in the key's own account cannot work",
    },
    {
      name: "the role of another account",
      resource: keyWith([
        administers,
        describing({ Principal: { AWS: "arn:aws:iam::915198916911:role/anthropic-cmek-client-us" } }),
      ]),
      message: "no statement of the key policy names arn:aws:iam::915198916910",
    },
    {
      name: "a statement without Resource",
      resource: keyWith([administers, describing({ Resource: undefined })]),
      message: "has no Resource",
    },
    {
      name: "a Deny",
      resource: keyWith([...documented["2026-09"], deny({ Sid: "No", Action: "kms:Describe*" })]),
      message: 'statement 4 "No" denies it',
    },
    {
      name: "a Deny of everything without context",
      resource: keyWith([...documented["2026-09"], deny({ Condition: organizationIs(undefined, "StringNotEquals") })]),
      message: "StringNotEquals kms:EncryptionContext",
    },
    {
      name: "with MFA only",
      resource: on({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      message: "Anthropic's requests do not fulfil",
    },
    {
      name: "from half of the range only",
      resource: on({ IpAddress: { "aws:SourceIp": "160.79.104.0/22" } }),
      message: "160.79.108.0-160.79.111.255",
    },
    {
      name: "until yesterday",
      resource: on({ DateLessThan: { "aws:CurrentTime": "2026-11-21T00:00:00Z" } }),
      message: "a time that is not now",
    },
    {
      name: "for one organization of AWS",
      resource: on({ StringEquals: { "aws:PrincipalOrgID": "o-customer123" } }),
      message: "another organization",
    },
    {
      name: "the organization above denies it",
      resource: keyWith(
        documented["2026-09"],
        {},
        { ...readsOn, organization_policies: known(organizationPolicies({ unit: [deny({ Sid: "Perimeter" })] })) },
      ),
      message: 'the resource control policy of unit at unit unit denies it, by statement 1 "Perimeter"',
    },
    {
      name: "the key policy refuses, and the organization cannot be read",
      resource: keyWith([administers], {}, { ...readsOn, organization_policies: unreadable("access-denied", "") }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    {
      name: "the organization switched on and refused",
      resource: keyWith(
        documented["2026-09"],
        {},
        { ...readsOn, organization_policies: unreadable("access-denied", "") },
      ),
      message: "organization_policy_access",
    },
    {
      name: "on a tag of the role",
      resource: on({ StringEquals: { "aws:PrincipalTag/team": "cmek" } }),
      message: "aws:PrincipalTag/team",
    },
    {
      name: "a session of the role",
      resource: keyWith([
        administers,
        describing({
          Principal: {
            AWS: `${anthropicAwsRoleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/session`,
          },
        }),
      ]),
      message: "sts:RoleSessionName",
    },
    {
      name: "the organization's policy hangs on a tag of the role",
      resource: keyWith(
        documented["2026-09"],
        {},
        {
          ...readsOn,
          organization_policies: known(
            organizationPolicies({ root: [deny({ Condition: { StringEquals: { "aws:PrincipalTag/x": "y" } } })] }),
          ),
        },
      ),
      message: "aws:PrincipalTag/x",
    },
  ],
});
