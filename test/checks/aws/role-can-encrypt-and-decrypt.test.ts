import { roleCanEncryptAndDecrypt } from "../../../checks/aws/role-can-encrypt-and-decrypt.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  administers,
  boundBy,
  compartmentIs,
  describes,
  documented,
  keyWith,
  organizationIs,
  readsOlder,
  secondCompartment,
  strangeCompartment,
  strangeOrganization,
  uses,
} from "../../support/key-policies.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

const nobody = { organizations: [], compartments: [] };
const compartment = { organizations: [], compartments: [testCompartment] };
const both = { organizations: [testOrganization], compartments: [testCompartment] };
const readsOn = { reads: known({ aws_organization: true }) };
const ifExists = (value: unknown) => compartmentIs(value, "StringEqualsIfExists");
const withDeny = (changes: object) => keyWith([...documented["2026-09"], deny({ Sid: "No", ...changes })], both);
const on = (condition: object) => keyWith([administers, uses({ ...organizationIs(), ...condition }), describes], both);

testCheck(roleCanEncryptAndDecrypt, {
  pass: [
    {
      name: "the documented policy",
      resource: keyWith(documented["2026-09"], both),
      message:
        /^the role may encrypt and decrypt, as far as the key's own policy goes \(`reads.aws_organization` is off\)$/,
    },
    { name: "with compartments", resource: keyWith(documented["2026-09 with compartments"], both) },
    { name: "for an older key", resource: keyWith(documented["2026-09 for an older key"], both) },
    { name: "no condition at all, and nothing registered", resource: boundBy({}, nobody), message: /^(?!.*assumed)/ },
    { name: "of 2026-06 under it", resource: keyWith(documented["2026-06"], compartment), guidance: "2026-06" },
    {
      name: "of 2026-06 under 2026-09: the compartment is still sent",
      resource: keyWith(documented["2026-06"], compartment),
    },
    {
      name: "of 2026-07 under it, validation's compartment being no workspace's",
      resource: keyWith(documented["2026-07"], compartment),
      guidance: "2026-07",
    },
    {
      name: "an organization that nobody registered",
      resource: keyWith(documented["2026-09"], nobody),
      message: `assumed that ${testOrganization} is the customer's organization: \`organizations\` does not say`,
    },
    {
      name: "a compartment that nobody registered",
      resource: keyWith(documented["2026-09 with compartments"], { ...both, compartments: [] }),
      message: `assumed that ${testCompartment} is the customer's compartments`,
    },
    {
      name: "both not registered",
      resource: keyWith(documented["2026-09 with compartments"], nobody),
      message: /organization: .*compartments: /,
    },
    {
      name: "an older compartment that is no longer attached, nothing registered",
      resource: keyWith(
        [
          administers,
          uses({ ...organizationIs(), ...ifExists([testCompartment]) }),
          describes,
          readsOlder([testCompartment, secondCompartment]),
        ],
        nobody,
      ),
    },
    {
      name: "every organization and compartment listed",
      resource: boundBy(
        {
          ...organizationIs([testOrganization, strangeOrganization]),
          ...ifExists([testCompartment, secondCompartment]),
        },
        { organizations: [testOrganization, strangeOrganization], compartments: [testCompartment, secondCompartment] },
      ),
    },
    {
      name: "a statement for each organization with its own compartments",
      resource: keyWith(
        [
          administers,
          describes,
          uses({ ...organizationIs(), ...compartmentIs() }),
          uses({ ...organizationIs(strangeOrganization), ...compartmentIs(secondCompartment) }),
        ],
        { organizations: [testOrganization, strangeOrganization], compartments: [testCompartment, secondCompartment] },
      ),
    },
    {
      name: "upper case where the operator ignores it",
      resource: boundBy(organizationIs(testOrganization.toUpperCase(), "StringEqualsIgnoreCase"), both),
    },
    {
      name: "upper case in the name of the condition key",
      resource: boundBy({ StringEquals: { "kms:EncryptionContext:Anthropic:Org_UUID": testOrganization } }, both),
    },
    { name: "any organization", resource: boundBy(organizationIs("*", "StringLike"), nobody) },
    {
      name: "a Deny for other organizations",
      resource: withDeny({
        Action: ["kms:Encrypt", "kms:Decrypt"],
        Condition: organizationIs(undefined, "StringNotEquals"),
      }),
    },
    {
      name: "a Deny for other accounts' roles",
      resource: withDeny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": "915198916910" } } }),
    },
    {
      name: "the whole range of addresses",
      resource: on({ IpAddress: { "aws:SourceIp": ["160.79.104.0/22", "160.79.108.0/22"] } }),
    },
    {
      name: "an organization above that stops nothing",
      resource: keyWith(documented["2026-09"], both, {
        ...readsOn,
        organization_policies: known(organizationPolicies()),
      }),
      message: /^the role may encrypt and decrypt$/,
    },
  ],
  fail: [
    {
      name: "two compartments that are not listed, for one reason",
      resource: boundBy(
        { ...organizationIs(), ...ifExists(strangeCompartment) },
        { ...both, compartments: [testCompartment, secondCompartment] },
      ),
      message: /list it there \(and 1 more like it\)$/,
    },
    {
      name: "each operation and each compartment for a reason of its own",
      resource: keyWith(
        [
          ...documented["2026-09"],
          ...[testCompartment, secondCompartment].flatMap((value) =>
            ["kms:Encrypt", "kms:Decrypt"].map((Action) => deny({ Action, Condition: compartmentIs(value) })),
          ),
        ],
        { ...both, compartments: [testCompartment, secondCompartment] },
      ),
      message: /^(?!.*more like it).*; and for 1 reasons more$/,
    },
    {
      name: "a compartment that is not listed",
      resource: keyWith(documented["2026-09 with compartments"], {
        ...both,
        compartments: [testCompartment, secondCompartment],
      }),
      message: `and the request has ${secondCompartment}: list it there`,
    },
    {
      name: "an organization that is not listed",
      resource: boundBy(organizationIs(strangeOrganization), both),
      message: /kms:Encrypt and kms:Decrypt is refused: statement 2 "Uses" asks for StringEquals .*org_uuid/,
    },
    {
      name: "one of two organizations is not listed",
      resource: boundBy(organizationIs(), { organizations: [testOrganization, strangeOrganization] }),
      message: `the request has ${strangeOrganization}`,
    },
    {
      name: "the organization asked for under 2026-07, which does not send it",
      resource: keyWith(documented["2026-09"], both),
      guidance: "2026-07",
      message: "and the request has none",
    },
    { name: "upper case under StringEquals", resource: boundBy(organizationIs(testOrganization.toUpperCase()), both) },
    {
      name: "upper case, with nothing registered",
      resource: boundBy(organizationIs(testOrganization.toUpperCase()), nobody),
    },
    {
      name: "a placeholder",
      resource: boundBy(organizationIs("<your-org-uuid>"), both),
      message: 'statement 2 "Uses" still holds "<your-org-uuid>"',
    },
    {
      name: "a placeholder, with nothing registered",
      resource: boundBy(organizationIs("<your-org-uuid>"), nobody),
      message: "put the value there",
    },
    { name: "a tagged id", resource: boundBy(organizationIs("org_01ABC"), both), message: 'still holds "org_01ABC"' },
    {
      name: "nothing but validation's compartment, with nothing registered",
      resource: boundBy(compartmentIs("00000000-0000-0000-0000-000000000000"), nobody),
    },
    {
      name: "Encrypt alone is missing",
      resource: keyWith([administers, uses(organizationIs(), { Action: "kms:Decrypt" }), describes], both),
      message: "kms:Encrypt is refused: no statement gives it to",
    },
    { name: "a Deny", resource: withDeny({ Action: "kms:Enc*" }), message: 'statement 4 "No" denies it' },
    {
      name: "a Deny that NotPrincipal cannot spare",
      resource: withDeny({
        Principal: undefined,
        NotPrincipal: {
          AWS: ["arn:aws:iam::915198916910:role/anthropic-cmek-client-us", "arn:aws:iam::915198916910:root"],
        },
      }),
    },
    {
      name: "a Deny of what comes outside a network",
      resource: withDeny({ Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }),
      message: "NotIpAddress aws:SourceIp 203.0.113.0/24",
    },
    {
      name: "a network endpoint",
      resource: on({ StringEquals: { "aws:SourceVpce": "vpce-1" } }),
      message: "take the condition off",
    },
    {
      name: "a network endpoint, by its account",
      resource: on({ StringEquals: { "aws:VpceAccount": "915198916910" } }),
      message: "refuses Anthropic's addresses: take the condition off",
    },
    {
      name: "half of the range",
      resource: on({ IpAddress: { "aws:SourceIp": "160.79.104.0/22" } }),
      message: "refuses Anthropic's addresses for 160.79.108.0-160.79.111.255",
    },
    {
      name: "a time that is over",
      resource: on({ DateLessThan: { "aws:CurrentTime": "2026-11-22T11:59:59Z" } }),
      message: "a time that is not now",
    },
    {
      name: "the customer's AWS organization",
      resource: on({ StringEquals: { "aws:PrincipalOrgID": "o-customer123" } }),
      message: "in another organization",
    },
    {
      name: "a service in between",
      resource: on({ StringEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } }),
      message: "do not fulfil",
    },
    {
      name: "access through IAM alone",
      resource: keyWith([administers], both),
      message: "access granted through IAM in the key's own account cannot work",
    },
    {
      name: "the role of another partition",
      resource: keyWith(
        [administers, allow({ Principal: { AWS: "arn:aws-cn:iam::915198916910:role/anthropic-cmek-client-us" } })],
        both,
      ),
      message: "no statement of the key policy names",
    },
    {
      name: "the organization above denies it",
      resource: keyWith(documented["2026-09"], both, {
        ...readsOn,
        organization_policies: known(organizationPolicies({ root: [deny({ Action: "kms:Decrypt" })] })),
      }),
      message: "kms:Decrypt is refused: the resource control policy of root at root root denies it",
    },
    {
      name: "the key policy refuses, and the organization cannot be read",
      resource: keyWith([administers], both, { ...readsOn, organization_policies: unreadable("access-denied", "") }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
    {
      name: "the organization switched on and refused",
      resource: keyWith(documented["2026-09"], both, {
        ...readsOn,
        organization_policies: unreadable("access-denied", ""),
      }),
      message: "organization_policy_access (access-denied",
    },
    {
      name: "a part of an organization, with nothing registered",
      resource: boundBy(organizationIs("3f2b1c9d-*", "StringLike"), nobody),
      message: "kms:EncryptionContext:anthropic:org_uuid",
    },
    {
      name: "a variable in the place of the organization",
      resource: on({ StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": "\u0024{aws:PrincipalTag/org}" } }),
      message: "aws:PrincipalTag/org",
    },
    {
      name: "on a tag of the role",
      resource: on({ StringEquals: { "aws:PrincipalTag/team": "cmek" } }),
      message: "aws:PrincipalTag/team",
    },
    { name: "an operator that AWS does not know", resource: on({ StringSounds: { "aws:PrincipalArn": "x" } }) },
  ],
});
