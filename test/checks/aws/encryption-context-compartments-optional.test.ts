import { encryptionContextCompartmentsOptional } from "../../../checks/aws/encryption-context-compartments-optional.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { boundBy, compartmentIs, documented, keyWith, organizationIs, uses } from "../../support/key-policies.ts";

const organizationKey = "kms:EncryptionContext:anthropic:org_uuid";
const compartmentKey = "kms:EncryptionContext:anthropic:compartment_uuid";
const plain = { StringEquals: { [organizationKey]: testOrganization, [compartmentKey]: [testCompartment] } };
const beside = (operator: string, value: unknown = testCompartment) =>
  boundBy({ ...organizationIs(), ...compartmentIs(value, operator) });

testCheck(encryptionContextCompartmentsOptional, {
  pass: [
    { name: "StringEqualsIfExists", resource: keyWith(documented["2026-09 with compartments"]) },
    {
      name: "the organization is not registered",
      resource: keyWith(documented["2026-09 with compartments"], { organizations: [] }),
    },
    { name: "a statement for older data", resource: keyWith(documented["2026-09 for an older key"]) },
    { name: "StringEqualsIgnoreCaseIfExists", resource: beside("StringEqualsIgnoreCaseIfExists") },
    { name: "ForAllValues:, which is true of none", resource: beside("ForAllValues:StringEquals") },
    { name: "plainly, beside a statement without", resource: keyWith([...documented["2026-09"], uses(plain)]) },
    {
      name: "a Deny for one compartment",
      resource: keyWith([
        ...documented["2026-09"],
        deny({ Condition: compartmentIs("c61f08da-2e7b-4d95-8a43-b90e5f7d1c26") }),
      ]),
    },
    {
      name: "an organization that is not listed, which is another matter",
      resource: boundBy({
        ...organizationIs("9d3a7c15-48e2-4b06-b7f1-60c8e2a5d947"),
        ...compartmentIs(testCompartment, "StringEqualsIfExists"),
      }),
    },
    {
      name: "a network, which is another matter",
      resource: boundBy({
        ...organizationIs(),
        ...compartmentIs(testCompartment, "StringEqualsIfExists"),
        IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
      }),
    },
  ],
  fail: [
    {
      name: "plain StringEquals",
      resource: boundBy(plain),
      message:
        /statement 2 "Uses" asks for StringEquals kms:EncryptionContext:anthropic:compartment_uuid f8a7\S+ and so refuses every request without a compartment: use StringEqualsIfExists/,
    },
    { name: "plain StringEquals, nothing registered", resource: boundBy(plain, { organizations: [] }) },
    { name: "another plain operator", resource: beside("StringLike", "*") },
    {
      name: "Null: false",
      resource: boundBy({ ...organizationIs(), Null: { [compartmentKey]: "false" } }),
      message: "Null",
    },
    {
      name: "plainly for Encrypt alone",
      resource: keyWith([uses(plain, { Action: "kms:Encrypt" }), uses(organizationIs(), { Action: "kms:Decrypt" })]),
    },
    {
      name: "a Deny where there is no compartment",
      resource: keyWith([
        ...documented["2026-09"],
        deny({ Sid: "Needs", Condition: { Null: { [compartmentKey]: "true" } } }),
      ]),
      message:
        /"Needs" denies .*, which refuses every request without a compartment: let it deny only where there is one/,
    },
    {
      name: "a Deny for every other compartment, and for none",
      resource: keyWith([
        ...documented["2026-09"],
        deny({ Sid: "Others", Condition: compartmentIs(testCompartment, "StringNotEquals") }),
      ]),
      message:
        /"Others" denies by StringNotEquals .*: let it deny only where there is one \(Null .*compartment_uuid false\)$/,
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
    {
      name: "before 2026-09",
      resource: boundBy(plain),
      guidance: "2026-07",
      message: "under guidance 2026-07 every request carries a compartment",
    },
    {
      name: "the organization is not pinned",
      resource: keyWith(documented["2026-06"]),
      message: "looks at the organization",
    },
    { name: "no compartments", resource: keyWith(documented["2026-09"]), message: "looks at the compartment" },
  ],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "an operator that AWS does not know", resource: beside("StringSounds"), message: compartmentKey },
  ],
});
