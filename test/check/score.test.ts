import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostWhileCritical, type ScoredCheck, scoreOf, severityWeights } from "../../src/check/score.ts";
import { findingStatuses } from "../../src/model/finding.ts";
import { outcomes, severities } from "../../src/model/outcome.ts";

function check(outcome: ScoredCheck["outcome"], severity: ScoredCheck["severity"], status?: ScoredCheck["status"]) {
  return { outcome, severity, ...(status === undefined ? {} : { status }) };
}

describe("the score", () => {
  it.each<[string, readonly ScoredCheck[], number | null, number | null]>([
    ["nothing", [], null, null],
    ["nothing that applies", [check("not-applicable", "critical")], null, null],
    ["everything passes", [check("pass", "critical"), check("pass", "low")], 100, 0],
    ["a check that does not apply weighs nothing", [check("pass", "low"), check("not-applicable", "critical")], 100, 0],
    ["a low failure beside a critical pass", [check("pass", "critical"), check("fail", "low")], 97, 0],
    ["weights: high against medium", [check("pass", "high"), check("fail", "medium")], 75, 0],
    ["rounded down", [check("pass", "low"), check("pass", "low"), check("fail", "low")], 66, 0],
    ["unknown counts as not passed", [check("pass", "high"), check("unknown", "medium")], 75, 0.25],
    ["an error too", [check("pass", "high"), check("error", "medium")], 75, 0.25],
    ["all unknown", [check("unknown", "critical")], 0, 1],
    ["a critical failure", [check("fail", "critical"), ...Array(20).fill(check("pass", "critical"))], 39, 0],
    ["a critical failure with little that passes", [check("fail", "critical"), check("pass", "low")], 2, 0],
    ["an accepted one", [check("fail", "critical", "accepted"), ...Array(9).fill(check("pass", "critical"))], 39, 0],
    ["one out of sight", [check("unknown", "critical", "open"), ...Array(9).fill(check("pass", "critical"))], 39, 0.1],
    [
      "a critical unknown",
      [check("unknown", "critical", "none"), ...Array(9).fill(check("pass", "critical"))],
      90,
      0.1,
    ],
    ["one that was mended", [check("pass", "critical", "resolved"), check("pass", "high")], 100, 0],
  ])("%s", (_, checks, score, unknown_share) => {
    expect(scoreOf(checks)).toEqual({ score, unknown_share });
  });

  const anyCheck: fc.Arbitrary<ScoredCheck> = fc.record({
    outcome: fc.constantFrom(...outcomes),
    severity: fc.constantFrom(...severities),
    status: fc.constantFrom(...findingStatuses),
  });
  const anyChecks = fc.array(anyCheck, { maxLength: 30 });
  const numberOf = (checks: readonly ScoredCheck[]) => scoreOf(checks).score ?? 0;

  it("is a whole number from 0 to 100, or null exactly where no check applies", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const { score, unknown_share } = scoreOf(checks);
        const applies = checks.some(({ outcome }) => outcome !== "not-applicable");
        expect([score === null, unknown_share === null]).toEqual([!applies, !applies]);
        if (score === null || unknown_share === null) return;
        expect(Number.isInteger(score)).toBe(true);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score / 100 + unknown_share).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it("is the formula, without a critical failure", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const tame = checks.filter(({ severity }) => severity !== "critical");
        let [passes, all] = [0, 0];
        for (const { outcome, severity } of tame) {
          if (outcome === "not-applicable") continue;
          all += severityWeights[severity];
          if (outcome === "pass") passes += severityWeights[severity];
        }
        expect(scoreOf(tame).score).toBe(all === 0 ? null : Math.floor((100 * passes) / all));
      }),
    );
  });

  it("does not care for the order", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        expect(scoreOf(checks.toReversed())).toEqual(scoreOf(checks));
      }),
    );
  });

  it("never improves when a check begins to fail, or when sight of one is lost", () => {
    fc.assert(
      fc.property(anyChecks, anyCheck, fc.constantFrom("fail", "unknown", "error"), (others, one, worse) => {
        const before: ScoredCheck = { ...one, status: one.outcome === "fail" ? "open" : (one.status ?? "none") };
        fc.pre(before.outcome !== "not-applicable");
        expect(numberOf([...others, { ...before, outcome: worse }])).toBeLessThanOrEqual(
          before.outcome === "pass" || before.outcome === "fail" ? numberOf([...others, before]) : 100,
        );
      }),
    );
  });

  it("is at most 39 while a critical check fails", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        expect(numberOf([...checks, check("fail", "critical")])).toBeLessThanOrEqual(mostWhileCritical);
      }),
    );
  });
});
