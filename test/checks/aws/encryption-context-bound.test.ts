import { encryptionContextBound } from "../../../checks/aws/encryption-context-bound.ts";
import { anthropicAwsAccount } from "../../../src/guidance/identifiers.ts";
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
  uses,
} from "../../support/key-policies.ts";

const and = (...statements: object[]) => keyWith([...documented["2026-09"], ...(statements as never[])]);
const usesOnly = ["kms:Encrypt", "kms:Decrypt"];

testCheck(encryptionContextBound, {
  pass: [
    {
      name: "an organization",
      resource: keyWith(documented["2026-09"]),
      message: "no encryption context that the key policy does not list",
    },
    {
      name: "an organization, with compartments if there are any",
      resource: keyWith(documented["2026-09 with compartments"]),
    },
    { name: "Decrypt alone for listed compartments", resource: keyWith(documented["2026-09 for an older key"]) },
    { name: "a compartment", resource: keyWith(documented["2026-06"]), guidance: "2026-06" },
    { name: "a compartment, from 2026-09", resource: keyWith(documented["2026-06"]) },
    { name: "a compartment and validation's", resource: keyWith(documented["2026-07"]), guidance: "2026-07" },
    {
      name: "the condition key in another case",
      resource: boundBy({ StringEquals: { "KMS:encryptioncontext:ANTHROPIC:ORG_UUID": testOrganization } }),
    },
    {
      name: "StringEqualsIgnoreCase",
      resource: boundBy(organizationIs(testOrganization.toUpperCase(), "StringEqualsIgnoreCase")),
    },
    { name: "StringLike without wildcards", resource: boundBy(organizationIs(undefined, "StringLike")) },
    { name: "ForAnyValue:", resource: boundBy(organizationIs([testOrganization], "ForAnyValue:StringEquals")) },
    {
      name: "IfExists beside Null: false",
      resource: boundBy({
        ...organizationIs(undefined, "StringEqualsIfExists"),
        Null: { "kms:EncryptionContext:anthropic:org_uuid": "false" },
      }),
    },
    {
      name: "by a Deny for every other organization",
      resource: keyWith([
        administers,
        uses(),
        describes,
        deny({ Action: usesOnly, Condition: organizationIs(undefined, "StringNotEquals") }),
      ]),
    },
    { name: "the role may describe only", resource: keyWith([administers, describes]) },
    {
      name: "unbound, and expired",
      resource: keyWith([administers, uses({ DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } })]),
    },
    {
      name: "Encrypt for the organization and the compartment together",
      resource: boundBy({
        StringEquals: {
          "kms:EncryptionContext:anthropic:org_uuid": testOrganization,
          "kms:EncryptionContext:anthropic:compartment_uuid": testCompartment,
        },
      }),
    },
  ],
  fail: [
    {
      name: "no condition",
      resource: boundBy({}),
      message:
        /statement 2 "Uses" lets the role kms:Encrypt and kms:Decrypt with no encryption context.*required by guidance 2026-09/,
      severity: "medium",
    },
    {
      name: "no condition, where it is recommended",
      resource: boundBy({}),
      guidance: "2026-06",
      message: "recommended by guidance 2026-06",
    },
    {
      name: "the whole account of the role",
      resource: keyWith([administers, uses({}, { Principal: { AWS: anthropicAwsAccount } })]),
    },
    {
      name: "IfExists",
      resource: boundBy(organizationIs(undefined, "StringEqualsIfExists")),
      message: "with a compartment that is not listed",
    },
    { name: "ForAllValues:", resource: boundBy(organizationIs([testOrganization], "ForAllValues:StringEquals")) },
    {
      name: "StringLike *",
      resource: boundBy(organizationIs("*", "StringLike")),
      message: "with an organization that is not listed",
    },
    {
      name: "any compartment",
      resource: boundBy(compartmentIs("*", "StringLike")),
      message: "with a compartment that is not listed",
    },
    { name: "every UUID", resource: boundBy(organizationIs("????????-????-????-????-????????????", "StringLike")) },
    {
      name: "organizations that begin alike",
      resource: boundBy(organizationIs("3f2b1c9d-*", "StringLike")),
      message: "with an organization that is not listed",
    },
    { name: "organizations that end alike", resource: boundBy(organizationIs("3*4b6a", "StringLike")) },
    {
      name: "a negation",
      resource: boundBy(organizationIs("9d3a7c15-48e2-4b06-b7f1-60c8e2a5d947", "StringNotEquals")),
    },
    {
      name: "Null: false alone",
      resource: boundBy({ Null: { "kms:EncryptionContext:anthropic:org_uuid": "false" } }),
      message: "with an organization that is not listed",
    },
    {
      name: "the names of the pairs alone",
      resource: boundBy({ "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "anthropic:org_uuid" } }),
    },
    {
      name: "bound in one statement and not in another",
      resource: and(allow({ Sid: "Wide", Action: "kms:Decrypt" })),
      message: 'statement 4 "Wide" lets the role kms:Decrypt with',
    },
    {
      name: "everybody may decrypt",
      resource: and(allow({ Sid: "All", Principal: "*", Action: "kms:Decrypt" })),
      message: '"All"',
    },
    {
      name: "Encrypt too for listed compartments",
      resource: and(readsOlder(), allow({ Sid: "Older", Action: "kms:Encrypt", Condition: compartmentIs() })),
      message:
        'statement 5 "Older" lets the role kms:Encrypt with an organization that is not listed, beside a listed compartment',
    },
    {
      name: "Decrypt for older data with compartments if there are any",
      resource: and(
        allow({ Sid: "Older", Action: "kms:Decrypt", Condition: compartmentIs(undefined, "StringEqualsIfExists") }),
      ),
      message: "with no encryption context",
    },
    {
      name: "the organization only if there is one, beside a compartment",
      resource: boundBy({ ...compartmentIs(), ...organizationIs("*", "StringLikeIfExists") }),
      message: "beside a listed compartment",
    },
    { name: "from some addresses only", resource: boundBy({ IpAddress: { "aws:SourceIp": "160.79.104.0/23" } }) },
    { name: "on a tag that is not known", resource: boundBy({ StringEquals: { "aws:PrincipalTag/team": "cmek" } }) },
    {
      name: "a variable without a value of its own",
      resource: boundBy(organizationIs("\u0024{kms:EncryptionContext:anthropic:org_uuid}")),
      message: "with an organization that is not listed",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "policy that is no JSON", resource: awsKmsKey({ policy_text: known("{") }), message: "line 1" },
  ],
});
