import { describe, expect, it } from "vitest";
import { type Check, defineCheck, type Verdict } from "../../src/check/define-check.ts";
import { isWorse, offerCorrection } from "../../src/check/offer-correction.ts";
import { type FactsByName, known, unreadable } from "../../src/model/fact.ts";
import type { Outcome, OutcomeName, Severity } from "../../src/model/outcome.ts";
import { testSettings, testTime } from "../support/check-tester.ts";

const context = { at: testTime, guidance: "2026-09", settings: testSettings } as const;
const card = {
  title: "A test",
  resource: "aws.kms-key",
  severity: "medium",
  why: "Because.",
  remediation: "Do it.",
  references: [],
  controls: [],
} as const;

function verdict(outcome: "pass" | "fail", severity?: Severity): Verdict {
  const said = { message: outcome, evidence: null };
  return outcome === "pass"
    ? { outcome, ...said }
    : { outcome, ...said, ...(severity === undefined ? {} : { severity }) };
}

/** Fails on every policy text but these. */
function wants(id: string, texts: readonly string[], correction?: string): Check {
  return defineCheck({
    ...card,
    id: `aws/${id}`,
    reads: ["policy_text"],
    passNeeds: ["grant_access"],
    evaluate: ({ policy_text }) => verdict(texts.includes(policy_text) ? "pass" : "fail"),
    correct: ({ policy_text, grant_access }) =>
      policy_text === "bad" && grant_access.state === "known" ? correction : undefined,
  });
}

const facts: FactsByName = { policy_text: known("bad"), grant_access: known({}) };
const factsWith = (text: string): FactsByName => ({ ...facts, policy_text: known(text) });

function offer(check: Check, others: readonly Check[] = [], on: FactsByName = facts) {
  return offerCorrection(check, on, { catalogue: [check, ...others], factsWith }, context);
}

describe("offerCorrection", () => {
  it("offers what passes and makes nothing worse", () => {
    expect(offer(wants("a", ["good"], "good"), [wants("b", ["bad", "good"]), wants("c", [])])).toBe("good");
  });
  it("offers nothing where the check corrects nothing", () => {
    const { correct, ...check } = wants("a", ["good"], "good");
    expect(correct).toBeDefined();
    expect(offer(check)).toBeUndefined();
  });
  it("offers nothing where the check has none for this policy", () => {
    expect(offer(wants("a", ["good"], "good"), [], factsWith("worse"))).toBeUndefined();
  });
  it("offers nothing where the check passes", () => {
    expect(offer(wants("a", ["bad", "good"], "good"))).toBeUndefined();
  });
  it("offers nothing where nobody knows whether the check fails", () => {
    expect(
      offer(wants("a", ["good"], "good"), [], { ...facts, policy_text: unreadable("throttled", "") }),
    ).toBeUndefined();
  });
  it("offers nothing that would not pass", () => {
    expect(offer(wants("a", ["better"], "good"))).toBeUndefined();
  });
  it("offers nothing by which another check would fail", () => {
    expect(offer(wants("a", ["good"], "good"), [wants("b", ["bad"])])).toBeUndefined();
  });
  it("does not ask checks of other resources", () => {
    const other = { ...wants("b", ["bad"]), resource: "gcp.kms-key" } as unknown as Check;
    expect(offer(wants("a", ["good"], "good"), [other])).toBe("good");
  });
  it("offers nothing by which another check would break", () => {
    const breaks = defineCheck({
      ...card,
      id: "aws/breaks",
      reads: ["policy_text"],
      evaluate({ policy_text }) {
        if (policy_text === "good") throw new Error("broken");
        return verdict("fail");
      },
    });
    expect(offer(wants("a", ["good"], "good"), [breaks])).toBeUndefined();
  });
  it("offers nothing that the provider would refuse", () => {
    const check = wants("a", ["good"], "good");
    const refusing = { catalogue: [check], factsWith: () => undefined };
    expect(offerCorrection(check, facts, refusing, context)).toBeUndefined();
  });
});

describe("isWorse", () => {
  const said = (outcome: OutcomeName, severity: Severity = "medium"): Outcome => ({
    check: "aws/a",
    outcome,
    severity,
    message: "",
    evidence: null,
  });
  it.each<[OutcomeName, OutcomeName, boolean]>([
    ["pass", "pass", false],
    ["pass", "fail", true],
    ["pass", "unknown", true],
    ["pass", "error", true],
    ["not-applicable", "fail", true],
    ["not-applicable", "pass", false],
    ["unknown", "fail", true],
    ["unknown", "pass", false],
    ["fail", "fail", false],
    ["fail", "pass", false],
    ["fail", "error", true],
  ])("from %s to %s: %s", (before, after, worse) => {
    expect(isWorse(said(before), said(after))).toBe(worse);
  });
  it("counts a failure that weighs more", () => {
    expect(isWorse(said("fail", "medium"), said("fail", "high"))).toBe(true);
    expect(isWorse(said("fail", "high"), said("fail", "medium"))).toBe(false);
  });
});
