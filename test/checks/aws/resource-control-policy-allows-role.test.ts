import { resourceControlPolicyAllowsRole } from "../../../checks/aws/resource-control-policy-allows-role.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { deny, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testKeyArn, testOrganization, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { organizationIs, strangeOrganization } from "../../support/key-policies.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

const on = { reads: known({ aws_organization: true }) };
const above = (policies: Parameters<typeof organizationPolicies>[0], facts: object = {}) =>
  awsKmsKey({ ...on, organization_policies: known(organizationPolicies(policies)), ...facts });
/** The documented identity perimeter, with a carve-out. */
const perimeter = (carveOut: Statement = {}, changes: Statement = {}): Statement =>
  deny({
    Sid: "Perimeter",
    Condition: {
      StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-customer123" },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      ...carveOut,
    },
    ...changes,
  });
const spared = (carveOut: Statement, facts: object = {}) => above({ root: [perimeter(carveOut)] }, facts);
const nobody = { registration: known({ ...testRegistration, organizations: [] }) };

testCheck(resourceControlPolicyAllowsRole, {
  pass: [
    { name: "no policy but AWS's own", resource: above({}), message: "service control policies do not apply" },
    {
      name: "a carve-out by the role's ARN",
      resource: spared({ ArnNotEquals: { "aws:PrincipalArn": anthropicAwsRoleArn } }),
    },
    {
      name: "a carve-out by its account",
      resource: spared({ StringNotEquals: { "aws:PrincipalAccount": anthropicAwsAccount } }),
    },
    {
      name: "a carve-out by NotResource",
      resource: above({ root: [perimeter({}, { Resource: undefined, NotResource: testKeyArn })] }),
    },
    {
      name: "a carve-out by a tag of the key",
      resource: spared(
        { StringNotEquals: { "aws:ResourceTag/cmek": "anthropic" } },
        { tags: known({ cmek: "anthropic" }) },
      ),
    },
    {
      name: "a Deny of other operations",
      resource: above({ unit: [perimeter({}, { Action: ["s3:*", "kms:CreateGrant"] })] }),
    },
    {
      name: "the organization that is registered",
      resource: above({
        unit: [
          deny({
            Action: ["kms:Encrypt", "kms:Decrypt"],
            Condition: organizationIs(testOrganization, "StringNotEquals"),
          }),
        ],
      }),
    },
    {
      name: "an organization that nobody registered",
      resource: above(
        {
          unit: [
            deny({
              Action: ["kms:Encrypt", "kms:Decrypt"],
              Condition: organizationIs(testOrganization, "StringNotEquals"),
            }),
          ],
        },
        nobody,
      ),
    },
    { name: "the key policy cannot be read", resource: above({}, { policy_text: unreadable("access-denied", "") }) },
  ],
  fail: [
    {
      name: "at the root",
      resource: above({ root: [perimeter()] }),
      message:
        'the resource control policy of root at root root denies it, by statement 1 "Perimeter" (StringNotEqualsIfExists aws:PrincipalOrgID o-customer123',
    },
    { name: "at the unit", resource: above({ unit: [perimeter()] }), message: "of unit at unit unit" },
    { name: "at the account", resource: above({ account: [perimeter()] }), message: "of account at account account" },
    {
      name: "one operation alone",
      resource: above({ account: [perimeter({}, { Action: "kms:DescribeKey" })] }),
      message: "kms:DescribeKey is refused: the resource control policy",
    },
    {
      name: "a carve-out for another account",
      resource: spared({ StringNotEquals: { "aws:PrincipalAccount": "999988887777" } }),
    },
    {
      name: "a carve-out by a tag that the key has not",
      resource: spared({ StringNotEquals: { "aws:ResourceTag/cmek": "anthropic" } }),
    },
    {
      name: "a carve-out for another key",
      resource: above({
        root: [perimeter({}, { Resource: undefined, NotResource: "arn:aws:kms:us-east-2:111122223333:key/other" })],
      }),
    },
    {
      name: "a network that holds a part of the range",
      resource: above({ root: [deny({ Condition: { NotIpAddress: { "aws:SourceIp": "160.79.104.0/23" } } })] }),
      message: "160.79.106.0-160.79.111.255",
    },
    {
      name: "another organization than the registered one",
      resource: above({
        unit: [
          deny({
            Action: ["kms:Encrypt", "kms:Decrypt"],
            Condition: organizationIs(strangeOrganization, "StringNotEquals"),
          }),
        ],
      }),
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ ...on, existence: known("absent") }) },
    { name: "switched off", resource: awsKmsKey(), message: "`reads.aws_organization` is off" },
    {
      name: "switched off, with policies that were read before",
      resource: above({ root: [perimeter()] }, { reads: known({ aws_organization: false }) }),
    },
    {
      name: "switched off, and refused",
      resource: awsKmsKey({ organization_policies: unreadable("access-denied", "") }),
    },
    {
      name: "no organization",
      resource: awsKmsKey({ ...on, organization_policies: known(null) }),
      message: "in no organization",
    },
    {
      name: "the management account",
      resource: awsKmsKey({
        ...on,
        organization_policies: known({ ...organizationPolicies({ root: [perimeter()] }), management_account: true }),
      }),
      message: "management account",
    },
  ],
  unknown: [
    {
      name: "refused",
      resource: awsKmsKey({
        ...on,
        organization_policies: unreadable("access-denied", "", { call: "organizations:ListPoliciesForTarget" }),
      }),
      message: "organization_policy_access (access-denied",
    },
    { name: "not read yet", resource: awsKmsKey(on) },
    ...["kms:Decrypt", "kms:DescribeKey"].map((Action) => ({
      name: `on a tag of the role, for ${Action} alone`,
      resource: above({
        root: [deny({ Action, Condition: { StringNotEquals: { "aws:PrincipalTag/team": "cmek" } } })],
      }),
      message: "hangs on aws:PrincipalTag/team",
    })),
    {
      name: "a policy that is no JSON",
      resource: awsKmsKey({
        ...on,
        organization_policies: known({
          ...organizationPolicies(),
          levels: [{ kind: "root", id: "r-1", name: "Root", policies: [{ id: "p-x", name: "x", text: "{" }] }],
        }),
      }),
      message: "p-x",
    },
    {
      name: "on a tag of the role",
      resource: spared({ StringNotEquals: { "aws:PrincipalTag/cmek": "yes" } }),
      message: "aws:PrincipalTag/cmek",
    },
    {
      name: "on a tag of the key that was not read",
      resource: spared(
        { StringNotEquals: { "aws:ResourceTag/cmek": "anthropic" } },
        { tags: unreadable("access-denied", "") },
      ),
      message: "aws:ResourceTag/cmek",
    },
  ],
});
