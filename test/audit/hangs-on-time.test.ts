import { describe, expect, it } from "vitest";
import { catalogue } from "../../checks/index.ts";
import { judge } from "../../src/audit/judge.ts";
import { awsDemoStates as demoStates } from "../../src/cli/demo/aws-demo-keys.ts";
import { known } from "../../src/model/fact.ts";
import { awsKmsKey, documentedPolicy, testKey } from "../support/aws-kms-key.ts";
import { testSettings } from "../support/check-tester.ts";

const rules = {
  catalogue,
  version: "1",
  guidance: "2026-09",
  settings: testSettings,
  reads: { aws_organization: false },
} as const;

function looksAtTime(policy: string): boolean {
  const { facts } = awsKmsKey({ policy_text: known(policy) });
  return judge(rules, testKey, facts, null, Date.UTC(2026, 9, 1)).looked_at_time;
}

/** The documented policy, with its second statement for a time only. */
function until(condition: object): string {
  const policy = JSON.parse(documentedPolicy()) as { Statement: object[] };
  const [first, uses, ...others] = policy.Statement;
  return JSON.stringify({ ...policy, Statement: [first, { ...uses, Condition: condition }, ...others] });
}

describe("whether a judgement looks at the time", () => {
  const policies = Object.entries(demoStates).flatMap(([name, { change }]) =>
    typeof change?.policy === "string" ? [{ name, policy: change.policy }] : [],
  );
  it.each([{ name: "as documented", policy: documentedPolicy() }, ...policies])("not for: $name", ({ policy }) => {
    expect(looksAtTime(policy)).toBe(false);
  });

  it.each([
    { DateLessThan: { "aws:CurrentTime": "2026-12-31T00:00:00Z" } },
    { NumericLessThan: { "aws:EpochTime": "1798675200" } },
    { StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": "${aws:CurrentTime}" } },
  ])("for a policy that compares it: %j", (condition) => {
    expect(looksAtTime(until(condition))).toBe(true);
  });
});
