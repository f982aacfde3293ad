import { existingDataStaysReadable } from "../../../checks/aws/existing-data-stays-readable.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testCompartment } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  boundBy,
  compartmentIs,
  documented,
  keyWith,
  readsOlder,
  secondCompartment,
} from "../../support/key-policies.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

const since = { in_use_since: "2026-06-15" };
const one = { ...since, compartments: [testCompartment] };
const two = { ...since, compartments: [testCompartment, secondCompartment] };
const older = documented["2026-09 for an older key"];
const readsOn = { reads: known({ aws_organization: true }) };

testCheck(existingDataStaysReadable, {
  pass: [
    { name: "the statement for older data", resource: keyWith(older, one) },
    { name: "in use until the last day of before", resource: keyWith(older, { ...one, in_use_since: "2026-08-31" }) },
    {
      name: "every compartment ever attached",
      resource: keyWith([...documented["2026-09"], readsOlder([testCompartment, secondCompartment])], two),
    },
    { name: "a statement for each", resource: keyWith([...older, readsOlder(secondCompartment)], two) },
    { name: "the text of 2026-06", resource: keyWith(documented["2026-06"], { ...one, organizations: [] }) },
    { name: "no condition at all, nothing registered", resource: boundBy({}, since), message: /^(?!.*assumed)/ },
    {
      name: "no compartments registered",
      resource: keyWith(older, since),
      message: `assumed that ${testCompartment} is the customer's compartments: \`compartments\` does not say`,
    },
    {
      name: "an organization above that stops nothing",
      resource: keyWith(older, one, { ...readsOn, organization_policies: known(organizationPolicies()) }),
      message: /^the role may decrypt with each compartment alone$/,
    },
  ],
  fail: [
    {
      name: "the organization is asked for everywhere",
      resource: keyWith(documented["2026-09"], one),
      message:
        /data of before 2026-09-01 cannot be read: kms:Decrypt is refused: statement 2 "Uses" asks for StringEquals .*org_uuid .*, and the request has none/,
      severity: "critical",
    },
    { name: "the same, nothing registered", resource: keyWith(documented["2026-09"], since) },
    { name: "beside compartments", resource: keyWith(documented["2026-09 with compartments"], one) },
    {
      name: "one compartment is missing",
      resource: keyWith(older, two),
      message: `the request has ${secondCompartment}`,
    },
    {
      name: "Encrypt alone",
      resource: keyWith([...documented["2026-09"], { ...readsOlder(), Action: "kms:Encrypt" }], one),
    },
    { name: "a placeholder", resource: keyWith([...documented["2026-09"], readsOlder("<compartment>")], since) },
    {
      name: "a Deny",
      resource: keyWith(
        [
          ...older,
          deny({
            Sid: "No",
            Action: "kms:Decrypt",
            Condition: { Null: { "kms:EncryptionContext:anthropic:org_uuid": "true" } },
          }),
        ],
        one,
      ),
      message: 'statement 5 "No" denies it',
    },
    {
      name: "the organization above denies it",
      resource: keyWith(older, one, {
        ...readsOn,
        organization_policies: known(organizationPolicies({ account: [deny()] })),
      }),
      message: "resource control policy",
    },
    {
      name: "refused, and the organization above cannot be read",
      resource: keyWith(documented["2026-09"], one, {
        ...readsOn,
        organization_policies: unreadable("access-denied", ""),
      }),
    },
    { name: "nothing for the role", resource: boundBy(compartmentIs(secondCompartment), one) },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
    {
      name: "nobody said since when it is in use",
      resource: keyWith(documented["2026-09"], { compartments: [testCompartment] }),
      message: "not known since when this key is in use",
    },
    {
      name: "in use from the first day on",
      resource: keyWith(documented["2026-09"], { ...one, in_use_since: "2026-09-01" }),
      message: "in use since 2026-09-01",
    },
    {
      name: "under an older revision",
      resource: keyWith(documented["2026-09"], one),
      guidance: "2026-07",
      message: "guidance 2026-07",
    },
  ],
  unknown: [
    { name: "policy denied", resource: keyWith([], one, { policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
    {
      name: "the organization above cannot be read",
      resource: keyWith(older, one, { ...readsOn, organization_policies: unreadable("access-denied", "") }),
      message: "organization_policy_access",
    },
    {
      name: "a part of a compartment, nothing registered",
      resource: keyWith(
        [...documented["2026-09"], { ...readsOlder(), Condition: compartmentIs("f8a7b6c5-*", "StringLike") }],
        since,
      ),
      message: "kms:EncryptionContext:anthropic:compartment_uuid",
    },
    {
      name: "on a tag of the role",
      resource: boundBy({ StringEquals: { "aws:PrincipalTag/team": "cmek" } }, one),
      message: "aws:PrincipalTag/team",
    },
  ],
});
