import { describe, expect, it } from "vitest";
import { type Check, defineCheck, type Verdict } from "../../src/check/define-check.ts";
import { runCheck } from "../../src/check/run-check.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { testSettings, testTime } from "../support/check-tester.ts";

const card = {
  id: "aws/test",
  title: "A test",
  resource: "aws.kms-key",
  severity: "medium",
  why: "Because.",
  remediation: "Do it.",
  references: [],
  controls: [],
} as const;
const context = { at: testTime, guidance: "2026-09", settings: testSettings } as const;
const denied = unreadable("access-denied", "not authorized", {
  call: "kms:GetKeyPolicy",
  permission: "kms:GetKeyPolicy",
});
const pass: Verdict = { outcome: "pass", message: "fine", evidence: null };
const fail: Verdict = { outcome: "fail", message: "not fine", evidence: null };

function checkOf(verdict: Verdict | (() => Verdict)): Check {
  return defineCheck({
    ...card,
    scope: {
      within: {
        reads: ["existence"],
        excludes: ({ existence }: { existence: string }) => (existence === "absent" ? "no key" : undefined),
      },
      reads: ["manager"],
      excludes: ({ manager }) => (manager === "AWS" ? "AWS owns it" : undefined),
    },
    reads: ["state"],
    passNeeds: ["policy_text", "origin"],
    mayRead: ["usage"],
    evaluate: () => (typeof verdict === "function" ? verdict() : verdict),
  });
}

const facts = {
  existence: known("present"),
  manager: known("CUSTOMER"),
  state: known("Enabled"),
  policy_text: known("{}"),
  origin: known("AWS_KMS"),
  usage: known("ENCRYPT_DECRYPT"),
};

describe("runCheck", () => {
  it.each([
    ["a pass with everything read", pass, facts, "pass"],
    ["a fail with everything read", fail, facts, "fail"],
    ["a pass without a fact that it needs for passing", pass, { ...facts, policy_text: denied }, "unknown"],
    ["a fail without a fact that only a pass needs", fail, { ...facts, policy_text: denied }, "fail"],
    ["a pass without a fact that it may read", pass, { ...facts, usage: denied }, "pass"],
    ["a fail without a fact that it may read", fail, { ...facts, usage: denied }, "fail"],
    [
      "undecided on a fact that it may read",
      { outcome: "undecided", on: ["usage"], message: "it depends" },
      { ...facts, usage: denied },
      "unknown",
    ],
    ["a verdict without a fact it reads", fail, { ...facts, state: denied }, "unknown"],
    ["a verdict where a fact it reads was never collected", fail, { ...facts, state: undefined }, "unknown"],
    ["a resource out of scope", fail, { ...facts, manager: known("AWS") }, "not-applicable"],
    ["out of scope, with a refused read", fail, { ...facts, manager: known("AWS"), state: denied }, "not-applicable"],
    ["a scope that cannot be read", fail, { ...facts, manager: denied }, "unknown"],
    [
      "out of the wider scope, the narrower one unreadable",
      fail,
      { ...facts, existence: known("absent"), manager: denied },
      "not-applicable",
    ],
    ["a wider scope that cannot be read", fail, { ...facts, existence: denied }, "unknown"],
  ] as const)("%s", (_name, verdict, given, expected) => {
    const present = Object.fromEntries(Object.entries(given).filter(([, fact]) => fact !== undefined));

    expect(runCheck(checkOf(verdict), present, context).outcome).toBe(expected);
  });

  it("names what is missing, the call that would tell and the permission it needs", () => {
    const outcome = runCheck(checkOf(pass), { ...facts, policy_text: denied }, context);

    expect(outcome.evidence).toEqual({
      missing: [
        { fact: "policy_text", reason: "access-denied", call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" },
      ],
    });
    expect(outcome.message).toContain("not authorized");
  });

  it("keeps words that may differ from read to read out of the evidence", () => {
    const first = runCheck(checkOf(pass), { ...facts, policy_text: { ...denied, detail: "one" } }, context);
    const second = runCheck(checkOf(pass), { ...facts, policy_text: { ...denied, detail: "two" } }, context);

    expect(second.evidence).toEqual(first.evidence);
  });

  it("turns an undecided question into unknown, on context or on an unreadable fact", () => {
    const undecided: Verdict = { outcome: "undecided", on: ["aws:PrincipalTag/team", "origin"], message: "it depends" };

    const outcome = runCheck(checkOf(undecided), { ...facts, origin: denied }, context);

    expect(outcome).toMatchObject({ outcome: "unknown", message: "it depends" });
    expect(outcome.evidence).toEqual({
      missing: [
        { fact: "aws:PrincipalTag/team", reason: "conditional" },
        { fact: "origin", reason: "access-denied", call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" },
      ],
    });
  });

  it("names a part of a fact that could not be read, with its own reason", () => {
    const part = { name: "trails: selectors of t", why: unreadable("not-found", "no such trail") };

    const outcome = runCheck(checkOf({ outcome: "undecided", on: [part], message: "it depends" }), facts, context);

    expect(outcome.evidence).toEqual({ missing: [{ fact: "trails: selectors of t", reason: "not-found" }] });
  });

  it("lets a failure weigh more than the check, and nothing else", () => {
    expect(runCheck(checkOf({ ...fail, severity: "critical" }), facts, context).severity).toBe("critical");
    expect(runCheck(checkOf(fail), facts, context).severity).toBe("medium");
  });

  it("says error where the check itself breaks, and does not throw", () => {
    const broken = checkOf(() => {
      throw new TypeError("no such thing");
    });

    expect(runCheck(broken, facts, context)).toMatchObject({
      outcome: "error",
      message: expect.stringContaining("no such thing"),
    });
  });
});
