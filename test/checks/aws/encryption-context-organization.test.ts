import { encryptionContextOrganization } from "../../../checks/aws/encryption-context-organization.ts";
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
  strangeOrganization,
  uses,
} from "../../support/key-policies.ts";

const two = { organizations: [testOrganization, strangeOrganization] };
const and = (...statements: Readonly<Record<string, unknown>>[]) => keyWith([...documented["2026-09"], ...statements]);
const decrypts = (condition: object, Action: unknown = "kms:Decrypt") =>
  allow({ Sid: "Older", Action, Condition: condition });

testCheck(encryptionContextOrganization, {
  pass: [
    {
      name: "the organization",
      resource: keyWith(documented["2026-09"]),
      message: `for ${testOrganization} and no other organization`,
    },
    { name: "with compartments", resource: keyWith(documented["2026-09 with compartments"]) },
    { name: "Decrypt alone for listed compartments", resource: keyWith(documented["2026-09 for an older key"]) },
    { name: "Decrypt alone, written as a wildcard", resource: and(decrypts(compartmentIs(), ["kms:Decr*"])) },
    {
      name: "several organizations, each listed",
      resource: boundBy(organizationIs([testOrganization, strangeOrganization]), two),
    },
    {
      name: "several organizations, a statement each",
      resource: keyWith(
        [administers, uses(organizationIs()), uses(organizationIs(strangeOrganization)), describes],
        two,
      ),
    },
    {
      name: "each with compartments of its own, plainly",
      resource: keyWith(
        [
          administers,
          uses({
            ...organizationIs(),
            StringEqualsIgnoreCase: { "kms:EncryptionContext:anthropic:compartment_uuid": testCompartment },
          }),
          uses(organizationIs(strangeOrganization)),
          describes,
        ],
        two,
      ),
    },
    {
      name: "in upper case where the operator ignores it",
      resource: boundBy(organizationIs(testOrganization.toUpperCase(), "StringEqualsIgnoreCase")),
    },
    {
      name: "by a Deny for every other organization",
      resource: keyWith([
        administers,
        uses(),
        describes,
        deny({ Action: ["kms:Encrypt", "kms:Decrypt"], Condition: organizationIs(undefined, "StringNotEquals") }),
      ]),
    },
    {
      name: "stopped by a network, which is another matter",
      resource: boundBy({ ...organizationIs(), IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
    },
    {
      name: "stopped by a network, beside a statement of another organization's own",
      resource: keyWith(
        [
          administers,
          uses({ ...organizationIs(), IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
          uses(organizationIs(strangeOrganization)),
          describes,
        ],
        two,
      ),
    },
    { name: "the role may describe only, which is another matter", resource: keyWith([administers, describes]) },
  ],
  fail: [
    {
      name: "no condition",
      resource: boundBy({}),
      message: `with no encryption context, with a compartment that is not listed, with an organization that is not listed, with an organization and a compartment that are not listed: ask for ${testOrganization}`,
      severity: "high",
    },
    {
      name: "another organization beside a compartment that has to be there",
      resource: boundBy({
        ...organizationIs([testOrganization, strangeOrganization]),
        ...compartmentIs(testCompartment, "StringLike"),
      }),
      message: "with a compartment of another organization: ask for",
    },
    {
      name: "a compartment alone: the text of 2026-06",
      resource: keyWith(documented["2026-06"]),
      message:
        'statement 2 "Uses" lets the role kms:Encrypt and kms:Decrypt with a compartment and no organization, with a compartment of another organization',
    },
    {
      name: "a compartment that is registered, by a wildcard",
      resource: boundBy(compartmentIs("f8a7b6c5-*", "StringLike"), { compartments: [testCompartment] }),
    },
    {
      name: "IfExists",
      resource: boundBy({ ...organizationIs(undefined, "StringEqualsIfExists"), ...compartmentIs() }),
      message: "with a compartment and no organization",
    },
    { name: "any organization", resource: boundBy(organizationIs("*", "StringLike")) },
    {
      name: "a tagged id",
      resource: boundBy(organizationIs("org_01AbCdEf")),
      message:
        /organization 3f2b1c9d\S+ is not let in by statement 2 "Uses", which has StringEquals kms:EncryptionContext:anthropic:org_uuid org_01AbCdEf: list its bare lowercase UUID/,
    },
    {
      name: "in upper case",
      resource: boundBy(organizationIs(testOrganization.toUpperCase())),
      message: "list its bare lowercase UUID",
    },
    { name: "a placeholder", resource: boundBy(organizationIs("<org-uuid>")), message: "<org-uuid>" },
    {
      name: "another organization",
      resource: boundBy(organizationIs(strangeOrganization)),
      message: `organization ${strangeOrganization}, which is not the customer's`,
    },
    {
      name: "another organization beside the own one",
      resource: boundBy(organizationIs([testOrganization, strangeOrganization])),
      message: "which is not the customer's",
    },
    {
      name: "one of two is missing",
      resource: boundBy(organizationIs(), two),
      message: `organization ${strangeOrganization} is not let in`,
    },
    {
      name: "one of two is missing, with compartments",
      resource: keyWith(
        [
          administers,
          uses({
            StringEquals: {
              "kms:EncryptionContext:anthropic:org_uuid": testOrganization,
              "kms:EncryptionContext:anthropic:compartment_uuid": testCompartment,
            },
          }),
          describes,
        ],
        two,
      ),
      message: `organization ${strangeOrganization} is not let in`,
    },
    {
      name: "one of two is denied",
      resource: keyWith(
        [
          ...documented["2026-09"],
          uses(organizationIs(strangeOrganization)),
          deny({ Sid: "No", Condition: organizationIs(strangeOrganization) }),
        ],
        two,
      ),
      message: 'statement 5 "No"',
    },
    {
      name: "the organization is missing under Decrypt too",
      resource: keyWith([administers, uses(organizationIs(strangeOrganization)), describes, readsOlder()], {
        organizations: [strangeOrganization, secondCompartment],
      }),
      message: `organization ${secondCompartment} is not let in`,
    },
    {
      name: "Encrypt for a compartment alone",
      resource: and(decrypts(compartmentIs(), "kms:Encrypt")),
      message: 'statement 4 "Older" lets the role kms:Encrypt',
    },
    {
      name: "a statement for older data that lets more than Decrypt through",
      resource: and(decrypts(compartmentIs(), ["kms:Decrypt", "kms:DescribeKey"])),
      message: "lets the role kms:Decrypt with a compartment and no organization",
    },
    {
      name: "Decrypt alone, by NotAction",
      resource: and(allow({ Sid: "Older", Action: undefined, NotAction: "kms:Encrypt", Condition: compartmentIs() })),
    },
    {
      name: "Decrypt alone for whatever compartment",
      resource: and(decrypts(compartmentIs("*", "StringLike"))),
      message: "with a compartment that is not listed",
    },
    {
      name: "Decrypt alone without any condition",
      resource: and(allow({ Sid: "Older", Action: "kms:Decrypt" })),
      message: "with no encryption context",
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
    {
      name: "before 2026-09",
      resource: boundBy({}),
      guidance: "2026-07",
      message: "guidance 2026-07 asks for no organization",
    },
    { name: "no organization is known", resource: boundBy({}, { organizations: [] }), message: "set `organizations`" },
    {
      name: "no organization is known, and the policy cannot be read",
      resource: keyWith([], { organizations: [] }, { policy_text: unreadable("access-denied", "") }),
    },
  ],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
  ],
});
