import { expect, it } from "vitest";
import { conditionsInTheWay } from "../../../src/access/aws/conditions-in-the-way.ts";
import { accessTo, allow, anthropicRole, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";
import {
  compartmentIs,
  organizationIs,
  secondCompartment,
  strangeOrganization,
  uses,
} from "../../support/key-policies.ts";

const elsewhere = { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
const request = {
  caller: anthropicRole,
  operation: "kms:Decrypt",
  encryption_context: { "anthropic:org_uuid": testOrganization, "anthropic:compartment_uuid": testCompartment },
  at: testTime,
};

/** The statements whose conditions on these keys are in the way. */
function blamed(about: string, statements: readonly Statement[]): readonly number[] {
  const found = conditionsInTheWay(accessTo(policyText(statements)), request, (key) =>
    key.toLowerCase().includes(about),
  );
  return found.map(({ statement }) => statement);
}

it.each<[string, string, readonly Statement[], readonly number[]]>([
  ["the only Allow lacks it", "sourceip", [uses(elsewhere)], [0]],
  ["it lacks another thing as well", "sourceip", [uses({ ...elsewhere, ...organizationIs(strangeOrganization) })], [0]],
  ["it lacks another thing alone", "sourceip", [uses({ ...organizationIs(strangeOrganization) })], []],
  [
    "another Allow lacks something else",
    "sourceip",
    [uses(elsewhere), uses({ Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    [],
  ],
  [
    "another Allow is for another organization",
    "sourceip",
    [uses(elsewhere), uses(organizationIs(strangeOrganization))],
    [0],
  ],
  [
    "another Allow is for other compartments",
    "org_uuid",
    [uses(organizationIs(strangeOrganization)), uses(compartmentIs(secondCompartment))],
    [0],
  ],
  ["each Allow lacks it", "sourceip", [uses(elsewhere), uses({ ...elsewhere, ...organizationIs() })], [0, 1]],
  [
    "an Allow of another operation lacks it",
    "sourceip",
    [uses(elsewhere, { Action: "kms:Encrypt" }), uses({ Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    [],
  ],
  [
    "a Deny has it",
    "sourceip",
    [allow(), deny({ Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })],
    [1],
  ],
  [
    "a Deny that does not hit has it",
    "sourceip",
    [uses({ Bool: { "aws:MultiFactorAuthPresent": "true" } }), deny({ Condition: elsewhere })],
    [],
  ],
  ["a Deny hits for another reason", "sourceip", [allow(), deny()], []],
])("%s", (_, about, statements, expected) => {
  expect(blamed(about, statements)).toEqual(expected);
});

it("has nothing to say where no statement is for the role", () => {
  expect(blamed("sourceip", [allow({ Principal: { AWS: "444455556666" }, Condition: elsewhere })])).toEqual([]);
});
