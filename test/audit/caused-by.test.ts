import { expect, it } from "vitest";
import { judge, type Rules } from "../../src/audit/judge.ts";
import { defineCheck, type Verdict } from "../../src/check/define-check.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import type { Json } from "../../src/model/json.ts";
import { awsKmsKey, testKey } from "../support/aws-kms-key.ts";
import { testSettings, testTime } from "../support/check-tester.ts";

const card = {
  title: "It holds",
  resource: "aws.kms-key",
  severity: "high",
  why: "It matters.",
  remediation: "Mend it.",
  references: [],
  controls: [],
  reads: ["state"],
} as const;

function answering(id: string, outcome: "pass" | "fail", evidence: Json = {}, explainedBy?: readonly string[]) {
  const verdict: Verdict = { outcome, message: outcome, evidence };
  return defineCheck({ ...card, id, evaluate: () => verdict, ...(explainedBy === undefined ? {} : { explainedBy }) });
}

const causes = ["aws/wide", "aws/fine", "aws/not-there"];

it.each<[string, "pass" | "fail", Json, readonly string[] | undefined, Json]>([
  ["a failure names those of its causes that fail", "fail", { seen: 1 }, causes, { seen: 1, caused_by: ["aws/wide"] }],
  ["a failure without a failing cause says so", "fail", { seen: 1 }, ["aws/fine"], { seen: 1, caused_by: [] }],
  ["evidence that is no object is kept", "fail", [1], causes, { evidence: [1], caused_by: ["aws/wide"] }],
  ["a failure that nothing explains is left as it is", "fail", { seen: 1 }, undefined, { seen: 1 }],
  ["a pass has no cause", "pass", { seen: 1 }, causes, { seen: 1 }],
])("%s", (_, outcome, evidence, explainedBy, expected) => {
  const catalogue = [
    answering("aws/effect", outcome, evidence, explainedBy),
    answering("aws/wide", "fail"),
    answering("aws/fine", "pass"),
  ];
  const rules: Rules = { catalogue, version: "1", guidance: newestGuidance, settings: testSettings, reads: {} };
  const { outcomes } = judge(rules, testKey, awsKmsKey().facts, null, testTime);
  expect(outcomes[0]?.evidence).toEqual(expected);
});
