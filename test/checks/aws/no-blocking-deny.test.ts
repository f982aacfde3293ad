import { noBlockingDeny } from "../../../checks/aws/no-blocking-deny.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  administers,
  compartmentIs,
  documented,
  keyWith,
  organizationIs,
  secondCompartment,
} from "../../support/key-policies.ts";

const registered = { organizations: [testOrganization], compartments: [testCompartment] };
const denying = (changes: object, registration: object = registered) =>
  keyWith([...documented["2026-09"], deny({ Sid: "No", ...changes })], registration);
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } });
const uses = ["kms:Encrypt", "kms:Decrypt"];

testCheck(noBlockingDeny, {
  pass: [
    { name: "no Deny", resource: keyWith(documented["2026-09"], registered), message: "the key policy has no Deny" },
    {
      name: "a Deny for the own account",
      resource: denying({ Principal: { AWS: testAccount } }),
      message: 'statement 4 "No" does not hit the role',
    },
    { name: "a Deny of other operations", resource: denying({ Action: ["kms:PutKeyPolicy", "kms:Schedule*"] }) },
    {
      name: "a Deny of all but the three",
      resource: denying({ Action: undefined, NotAction: [...uses, "kms:DescribeKey"] }),
    },
    {
      name: "the role spared by its ARN",
      resource: denying(when("ArnNotEquals", "aws:PrincipalArn", anthropicAwsRoleArn)),
    },
    {
      name: "its account spared",
      resource: denying(when("StringNotEquals", "aws:PrincipalAccount", [testAccount, anthropicAwsAccount])),
    },
    {
      name: "other organizations",
      resource: denying({ Action: uses, Condition: organizationIs(testOrganization, "StringNotEquals") }),
    },
    {
      name: "other organizations, none registered",
      resource: denying(
        { Action: uses, Condition: organizationIs(testOrganization, "StringNotEquals") },
        { organizations: [] },
      ),
    },
    { name: "another compartment", resource: denying({ Condition: compartmentIs(secondCompartment) }) },
    { name: "what does not come over TLS", resource: denying(when("Bool", "aws:SecureTransport", "false")) },
    {
      name: "addresses outside a range that holds Anthropic's",
      resource: denying(when("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "160.79.104.0/21"])),
    },
    { name: "requests through a service", resource: denying(when("StringLike", "kms:ViaService", "*")) },
    { name: "another key", resource: denying({ Resource: "arn:aws:kms:us-east-2:111122223333:key/other" }) },
    {
      name: "a time that has not come",
      resource: denying(when("DateGreaterThan", "aws:CurrentTime", "2027-01-01T00:00:00Z")),
    },
  ],
  fail: [
    {
      name: "everybody",
      resource: denying({}),
      message:
        /statement 4 "No" denies the role kms:Encrypt, kms:Decrypt, kms:DescribeKey: except the role by ArnNotEquals/,
    },
    {
      name: "the role",
      resource: denying({ Principal: { AWS: anthropicAwsRoleArn }, Action: "kms:Encrypt" }),
      message: "denies the role kms:Encrypt:",
    },
    { name: "its account", resource: denying({ Principal: { AWS: anthropicAwsAccount }, Action: "kms:Decr*" }) },
    {
      name: "NotPrincipal with the role and its account",
      resource: denying({
        Principal: undefined,
        NotPrincipal: { AWS: [anthropicAwsRoleArn, `arn:aws:iam::${anthropicAwsAccount}:root`] },
      }),
    },
    {
      name: "other AWS organizations",
      resource: denying(when("StringNotEquals", "aws:PrincipalOrgID", "o-customer123")),
      message: "StringNotEquals aws:PrincipalOrgID o-customer123",
    },
    { name: "without MFA", resource: denying(when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")) },
    {
      name: "outside a network",
      resource: denying(when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")),
      message: "NotIpAddress aws:SourceIp 203.0.113.0/24",
    },
    { name: "a part of the range", resource: denying(when("IpAddress", "aws:SourceIp", "160.79.110.0/24")) },
    {
      name: "a part of the range, where nothing is allowed anyhow",
      resource: keyWith(
        [administers, deny({ Sid: "No", ...when("IpAddress", "aws:SourceIp", "160.79.110.0/24") })],
        registered,
      ),
    },
    {
      name: "outside the organization's VPC endpoints",
      resource: denying(when("StringNotEqualsIfExists", "aws:VpceOrgID", "o-customer123")),
    },
    { name: "outside a VPC endpoint", resource: denying(when("StringNotEquals", "aws:SourceVpce", "vpce-1")) },
    {
      name: "other organizations, which hits DescribeKey too: it has no context",
      resource: denying({ Condition: organizationIs(testOrganization, "StringNotEquals") }),
      message: "denies the role kms:DescribeKey (",
    },
    {
      name: "the customer's own organization",
      resource: denying({ Condition: organizationIs() }),
      message: "kms:Encrypt, kms:Decrypt (StringEquals",
    },
    {
      name: "one of its compartments",
      resource: denying(
        { Condition: compartmentIs(secondCompartment) },
        { ...registered, compartments: [testCompartment, secondCompartment] },
      ),
    },
    {
      name: "without an organization, under a revision that sends none",
      resource: denying({ Action: uses, Condition: organizationIs(testOrganization, "StringNotEquals") }),
      guidance: "2026-07",
    },
    {
      name: "a time that has come",
      resource: denying(when("DateGreaterThan", "aws:CurrentTime", "2026-11-01T00:00:00Z")),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
    {
      name: "on a tag of the role",
      resource: denying(when("StringNotEquals", "aws:PrincipalTag/team", "cmek")),
      message: "aws:PrincipalTag/team",
    },
    ...["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"].map((Action) => ({
      name: `on a tag of the role, for ${Action} alone`,
      resource: denying({ Action, ...when("StringNotEquals", "aws:PrincipalTag/team", "cmek") }),
      message: "whether a Deny hits the role hangs on aws:PrincipalTag/team",
    })),
    {
      name: "on the name of the role's session",
      resource: denying({
        Principal: { AWS: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/one` },
      }),
      message: /hangs on sts:RoleSessionName$/,
    },
    {
      name: "on a tag of the key that could not be read",
      resource: keyWith(
        [...documented["2026-09"], deny(when("StringNotEquals", "aws:ResourceTag/cmek", "yes"))],
        registered,
        { tags: unreadable("access-denied", "") },
      ),
      message: "aws:ResourceTag/cmek",
    },
  ],
});
