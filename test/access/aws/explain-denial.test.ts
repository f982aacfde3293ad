import { describe, expect, it } from "vitest";
import type { DenialCause } from "../../../src/access/aws/explain-denial.ts";
import { explainDenial, few } from "../../../src/access/aws/explain-denial.ts";
import { accessTo, allow, anthropicRole, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";
import {
  administers,
  compartmentIs,
  organizationIs,
  readsOlder,
  strangeOrganization,
  uses,
} from "../../support/key-policies.ts";

const sent = { "anthropic:org_uuid": testOrganization, "anthropic:compartment_uuid": testCompartment };

function explain(statements: readonly Statement[], at = testTime) {
  const access = accessTo(policyText([administers, ...statements]));
  const request = { caller: anthropicRole, operation: "kms:Decrypt", encryption_context: sent, at };
  const decision = access.decide(request);
  expect(decision.decision).toBe("denied");
  return explainDenial(access, request, decision);
}

describe("explainDenial", () => {
  it.each<[DenialCause, string, readonly Statement[]]>([
    ["iam-only", "no statement of the key policy names arn:aws:iam::915198916910:role/anthropic-cmek-client-us", []],
    ["not-granted", 'add kms:Decrypt to statement 2 "Uses"', [uses({}, { Action: "kms:Encrypt" })]],
    ["resource", 'statement 2 "Uses" has no Resource', [uses({}, { Resource: undefined })]],
    ["resource", "is for another Resource", [uses({}, { Resource: "arn:aws:kms:us-east-2:111122223333:key/other" })]],
    ["deny", "statement 3 denies it: except the role", [uses(), deny()]],
    [
      "deny",
      "statement 3 denies it (Bool aws:MultiFactorAuthPresent false)",
      [uses(), deny({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } })],
    ],
    [
      "placeholder",
      'still holds "<uuid>" under kms:EncryptionContext:anthropic:org_uuid',
      [uses(organizationIs("<uuid>"))],
    ],
    [
      "value-not-listed",
      `StringEquals kms:EncryptionContext:anthropic:org_uuid ${strangeOrganization}, and the request has ${testOrganization}: list it there`,
      [uses(organizationIs(strangeOrganization))],
    ],
    [
      "value-not-listed",
      `StringNotEquals kms:EncryptionContext:anthropic:org_uuid ${testOrganization}, and the request has ${testOrganization}: take it out there`,
      [uses(organizationIs(testOrganization, "StringNotEquals"))],
    ],
    [
      "no-context",
      "and the request has none",
      [uses({ StringEquals: { "kms:EncryptionContext:anthropic:user": strangeOrganization } })],
    ],
    [
      "organization",
      "aws:PrincipalOrgID o-1, and Anthropic's account is in another organization",
      [uses({ StringEquals: { "aws:PrincipalOrgID": "o-1" } })],
    ],
    [
      "network",
      "refuses Anthropic's addresses for 160.79.106.0-160.79.111.255",
      [uses({ IpAddress: { "aws:SourceIp": "160.79.104.0/23" } })],
    ],
    [
      "network",
      "refuses Anthropic's addresses: take the condition off",
      [uses({ StringEquals: { "aws:SourceVpc": "vpc-1" } })],
    ],
    ["time", "a time that is not now", [uses({ DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } })]],
    [
      "condition",
      "which Anthropic's requests do not fulfil",
      [uses({ Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    ],
  ])("%s: %s", (cause, text, statements) => {
    const denial = explain(statements);
    expect(denial).toMatchObject({ cause, text: expect.stringContaining(text) as string });
  });

  it("tells of the statement that lacks least", () => {
    const far = uses({ ...organizationIs(strangeOrganization), Bool: { "aws:MultiFactorAuthPresent": "true" } });
    const near = allow({ Sid: "Near", Condition: organizationIs(strangeOrganization) });
    expect(explain([far, near]).statement).toBe('statement 3 "Near"');
  });

  it("rather asks for another value than for a pair that the request has not", () => {
    const absent = uses({ StringEquals: { "kms:EncryptionContext:anthropic:user": strangeOrganization } });
    const another = readsOlder("0b7e5d42-93c1-4f6a-a8d0-5e2c7b914f38");
    expect(explain([absent, another])).toMatchObject({ cause: "value-not-listed", statement: 'statement 3 "Older"' });
  });

  it("does not move with time", () => {
    const expired = [uses({ DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } })];
    expect(explain(expired, testTime + 60_000)).toEqual(explain(expired));
    const old = [uses({ NumericLessThan: { "aws:EpochTime": "1" } })];
    expect(explain(old, testTime + 60_000)).toEqual(explain(old));
  });

  it("shows the condition that decided", () => {
    expect(explain([uses(compartmentIs("0b7e5d42-93c1-4f6a-a8d0-5e2c7b914f38"))]).condition).toEqual({
      operator: "StringEquals",
      key: "kms:EncryptionContext:anthropic:compartment_uuid",
      values: ["0b7e5d42-93c1-4f6a-a8d0-5e2c7b914f38"],
    });
  });
});

it.each([
  [[], "(an empty list)"],
  [[""], '""'],
  [["a", "b", "c"], "a, b, c"],
  [["a", "b", "c", "d", "e"], "a, b, c and 2 more"],
])("few(%j) is %s", (values, text) => {
  expect(few(values)).toBe(text);
});
