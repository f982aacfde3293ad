import { encryptionContextCompartments } from "../../../checks/aws/encryption-context-compartments.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { deny } from "../../support/ask-policy.ts";
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

const zeros = "00000000-0000-0000-0000-000000000000";
const one = { compartments: [testCompartment] };
const two = { compartments: [testCompartment, secondCompartment] };
const none = { organizations: [], compartments: [] };
const listing = (compartments: unknown) => ({
  ...organizationIs(),
  ...compartmentIs(compartments, "StringEqualsIfExists"),
});

testCheck(encryptionContextCompartments, {
  pass: [
    { name: "with the organization", resource: keyWith(documented["2026-09 with compartments"], one) },
    { name: "for an older key", resource: keyWith(documented["2026-09 for an older key"], one) },
    {
      name: "an older key's new compartment, which is not in the statement for older data",
      resource: keyWith(documented["2026-09 for an older key"], two),
    },
    { name: "the text of 2026-06 under it", resource: keyWith(documented["2026-06"], one), guidance: "2026-06" },
    {
      name: "the text of 2026-06 under 2026-09",
      resource: keyWith(documented["2026-06"], { ...one, organizations: [] }),
    },
    { name: "the text of 2026-07 under it", resource: keyWith(documented["2026-07"], one), guidance: "2026-07" },
    {
      name: "the text of 2026-07 under it, no compartment registered",
      resource: keyWith(documented["2026-07"], none),
      guidance: "2026-07",
      message: "no compartments are registered to compare the list with",
    },
    {
      name: "a registered compartment that the list has beside another's",
      resource: boundBy(listing([testCompartment, secondCompartment]), two),
    },
    {
      name: "all zeros under another revision than 2026-07",
      resource: boundBy(listing([testCompartment, zeros]), one),
    },
    {
      name: "listed, beside a condition of another kind that is not known",
      resource: boundBy({ ...listing(testCompartment), Bool: { "aws:Future": "true" } }, one),
    },
    {
      name: "listed, for organizations of a pattern",
      resource: boundBy(
        {
          ...organizationIs(`${testOrganization.slice(0, 8)}*`, "StringLike"),
          ...compartmentIs(testCompartment, "StringEqualsIfExists"),
        },
        { ...one, organizations: [] },
      ),
    },
    {
      name: "upper case where the operator ignores it",
      resource: boundBy(
        { ...organizationIs(), ...compartmentIs(testCompartment.toUpperCase(), "StringEqualsIgnoreCaseIfExists") },
        one,
      ),
    },
    {
      name: "any compartment",
      resource: boundBy({ ...organizationIs(), ...compartmentIs("*", "StringLikeIfExists") }, one),
    },
    {
      name: "an organization that is not listed, which is another matter",
      resource: boundBy(
        { ...organizationIs(strangeOrganization), ...compartmentIs(testCompartment, "StringEqualsIfExists") },
        one,
      ),
    },
    {
      name: "the same for an older key",
      resource: keyWith([administers, uses(organizationIs(strangeOrganization)), describes, readsOlder()], two),
    },
    {
      name: "a Deny of another kind, which is another matter",
      resource: keyWith([...documented["2026-09 with compartments"], deny()], one),
    },
    {
      name: "a network, beside a list for another statement",
      resource: keyWith(
        [
          administers,
          uses({ ...listing(testCompartment), IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
          uses(listing(secondCompartment)),
          describes,
        ],
        two,
      ),
    },
    {
      name: "a Deny for a compartment of somebody else",
      resource: keyWith([...documented["2026-09"], deny({ Condition: compartmentIs(strangeCompartment) })], one),
    },
    {
      name: "a statement for each organization with its own compartments",
      resource: keyWith(
        [
          administers,
          describes,
          uses(listing(testCompartment)),
          uses({ ...organizationIs(strangeOrganization), ...compartmentIs(secondCompartment) }),
        ],
        { organizations: [testOrganization, strangeOrganization], ...two },
      ),
    },
  ],
  fail: [
    {
      name: "a workspace that is not listed",
      resource: keyWith(documented["2026-09 with compartments"], two),
      message: `statement 2 "Uses" does not let compartment ${secondCompartment} in, which uses the key`,
    },
    {
      name: "a workspace that is not listed, beside a statement for another organization",
      resource: keyWith(
        [administers, uses(listing(testCompartment)), uses(organizationIs(strangeOrganization)), describes],
        two,
      ),
      message: 'statement 2 "Uses" does not let',
    },
    {
      name: "of two organizations",
      resource: boundBy(
        {
          ...organizationIs([testOrganization, strangeOrganization]),
          ...compartmentIs(testCompartment, "StringEqualsIfExists"),
        },
        { organizations: [testOrganization, strangeOrganization], ...two },
      ),
      message: secondCompartment,
    },
    {
      name: "no organization registered",
      resource: keyWith(documented["2026-09 with compartments"], { ...two, organizations: [] }),
      message: secondCompartment,
    },
    {
      name: "the text of 2026-06 under 2026-07",
      resource: keyWith(documented["2026-06"], one),
      guidance: "2026-07",
      message: `does not let compartment ${zeros} in, which validation sends`,
    },
    {
      name: "the text of 2026-06 under 2026-07, nothing registered",
      resource: keyWith(documented["2026-06"], none),
      guidance: "2026-07",
      message: zeros,
    },
    {
      name: "only one of two statements has all zeros under 2026-07",
      resource: keyWith(
        [
          administers,
          uses(compartmentIs(), { Action: "kms:Encrypt" }),
          uses(compartmentIs([testCompartment, zeros]), { Action: "kms:Decrypt" }),
          describes,
        ],
        one,
      ),
      guidance: "2026-07",
      message: "statement 2",
    },
    {
      name: "nothing but all zeros under 2026-07",
      resource: keyWith([administers, uses(compartmentIs([zeros])), describes], one),
      guidance: "2026-07",
      message: `does not let compartment ${testCompartment} in, which uses the key`,
    },
    { name: "nothing but all zeros", resource: boundBy(listing(zeros), one), message: testCompartment },
    {
      name: "a compartment that is not registered",
      resource: boundBy(listing([testCompartment, strangeCompartment]), one),
      message: `statement 2 "Uses" lists ${strangeCompartment}, which is not registered`,
    },
    {
      name: "one in the statement for older data",
      resource: keyWith([...documented["2026-09"], readsOlder([testCompartment, strangeCompartment])], one),
      message: 'statement 4 "Older" lists',
    },
    {
      name: "one that a Deny spares",
      resource: keyWith(
        [
          ...documented["2026-09"],
          deny({
            Sid: "Others",
            Condition: compartmentIs([testCompartment, strangeCompartment], "StringNotEqualsIfExists"),
          }),
        ],
        one,
      ),
      message: '"Others" lists',
    },
    {
      name: "a workspace that a Deny does not spare",
      resource: keyWith(
        [
          ...documented["2026-09"],
          deny({ Sid: "Others", Action: "kms:Encrypt", Condition: compartmentIs(testCompartment, "StringNotEquals") }),
        ],
        two,
      ),
      message: `"Others" does not let compartment ${secondCompartment} in`,
    },
    {
      name: "upper case under StringEquals",
      resource: boundBy(listing(testCompartment.toUpperCase()), one),
      message: /does not let compartment f8a7.* lists F8A7.*bare lowercase UUIDs/,
    },
    {
      name: "a tagged id",
      resource: boundBy(listing([testCompartment, "wrkspc_01AbC"]), one),
      message: "lists wrkspc_01AbC",
    },
    { name: "an empty text", resource: boundBy(listing([testCompartment, ""]), one), message: 'lists ""' },
    {
      name: "plain StringEquals on another compartment",
      resource: boundBy(compartmentIs(strangeCompartment), one),
      guidance: "2026-06",
      message: /does not let compartment f8a7.*, statement 2 "Uses" lists c61f/,
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
    {
      name: "no statement looks at the compartment",
      resource: keyWith(documented["2026-09"], two),
      message: "no statement of the key policy looks at the compartment",
    },
    {
      name: "no compartments are known",
      resource: keyWith(documented["2026-09 with compartments"], { compartments: [] }),
      message: "set `compartments`",
    },
    {
      name: "no compartments are known under 2026-06",
      resource: keyWith(documented["2026-06"], none),
      guidance: "2026-06",
    },
  ],
  unknown: [
    {
      name: "whatever the caller's tag says",
      resource: boundBy(
        { ...organizationIs(), ...compartmentIs("${aws:PrincipalTag/compartment}", "StringLike") },
        one,
      ),
      message: "hangs on aws:PrincipalTag/compartment",
    },
    {
      name: "an operator that AWS does not document",
      resource: boundBy({ ...organizationIs(), ...compartmentIs(testCompartment, "StringMatches") }, one),
      message: "hangs on kms:EncryptionContext:anthropic:compartment_uuid",
    },
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
  ],
});
