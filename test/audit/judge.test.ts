import { describe, expect, it } from "vitest";
import { judge, type Rules } from "../../src/audit/judge.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { card, enabled, hasPolicy, reads, settings } from "../support/audit-of-test.ts";
import { documentedPolicy, testKey } from "../support/aws-kms-key.ts";

const dated = defineCheck({
  ...card,
  title: "A check",
  id: "aws/dated",
  reads: ["policy"],
  evaluate: ({ policy }, { at, guidance }) => ({
    outcome: "pass",
    message: "as it is",
    evidence: { at, guidance, statements: policy.statements.length },
  }),
});
const broken = defineCheck({
  ...card,
  title: "A check",
  id: "aws/broken",
  reads: ["state"],
  evaluate: () => {
    throw new RangeError("out of range");
  },
});
const rules: Rules = {
  catalogue: [enabled, hasPolicy, dated, broken],
  version: "1",
  guidance: "2026-09",
  settings,
  reads,
};

function verdicts(facts: Parameters<typeof judge>[2]) {
  const { outcomes } = judge(rules, testKey, facts, null, 5);
  return Object.fromEntries(outcomes.map(({ check, outcome }) => [check, outcome]));
}

describe("judge", () => {
  it("puts every check to the facts, raw and derived, and one that breaks stops no other", () => {
    const facts = { state: known("Enabled"), policy_text: known(documentedPolicy()) };
    expect(verdicts(facts)).toEqual({
      "aws/enabled": "pass",
      "aws/has-policy": "pass",
      "aws/dated": "pass",
      "aws/broken": "error",
    });
    const { outcomes } = judge(rules, testKey, facts, null, 5);
    expect(outcomes.find(({ check }) => check === dated.id)?.evidence).toEqual({
      at: 5,
      guidance: "2026-09",
      statements: 3,
    });
  });

  it("says unknown of what could not be read, and of what is derived from it", () => {
    expect(verdicts({ state: known("Disabled"), policy_text: unreadable("access-denied", "no") })).toMatchObject({
      "aws/enabled": "fail",
      "aws/has-policy": "unknown",
      "aws/dated": "unknown",
    });
  });

  it.each([
    ["the configured revision where the key names none", null, "2026-09"],
    ["the key's own", "2026-06", "2026-06"],
    ["the configured one where the key's is not known any more", "1999-01", "2026-09"],
  ])("judges by %s", (_, named, used) => {
    const facts = { state: known("Enabled"), policy_text: known(documentedPolicy()) };
    const { guidance, outcomes } = judge(rules, testKey, facts, named, 5);
    expect(guidance).toBe(used);
    expect(outcomes.find(({ check }) => check === dated.id)?.evidence).toMatchObject({ guidance: used });
  });
});
