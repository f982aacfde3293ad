import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionEnd } from "../../../src/access/gcp/condition-end.ts";
import { judgeCondition } from "../../../src/access/gcp/judge-condition.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { parseGcpMember } from "../../../src/access/gcp/parse-member.ts";
import { keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import type { GcpCondition } from "../../../src/model/gcp-access.ts";
import { arbitraryGcpCondition } from "../../support/arbitrary-gcp-condition.ts";
import { testTime } from "../../support/check-tester.ts";
import { testGcpKeyName } from "../../support/gcp-kms-key.ts";

const runs = { numRuns: 150 };
const request = { at: testTime, resources: keyRequested(gcpKeyParts(testGcpKeyName), null) };

/** What the unknown parts may come to. */
const assignments = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [0, 1, 2].map((index) => ((bits >> index) & 1) === 1));

function asCondition(expression: string): GcpCondition {
  return { title: null, expression, hidden: false };
}

describe("a condition", () => {
  it("is only decided where no unknown part of it could turn it", () => {
    const seen = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(arbitraryGcpCondition, ({ expression, value }) => {
        const { result, on } = judgeCondition(asCondition(expression), request);
        seen[result] += 1;
        if (result === "unknown") expect(on).not.toEqual([]);
        else for (const unknowns of assignments) expect(value(unknowns)).toBe(result === "true");
      }),
      { numRuns: 600, seed: 5 },
    );
    expect(Math.min(seen.true, seen.false, seen.unknown)).toBeGreaterThan(50);
  });

  it("never throws, whatever its text", () => {
    const words = [
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "request",
      ".",
      "time",
      "resource.name",
      "&&",
      "||",
      "!",
      "?",
      ":",
      "==",
      "<",
      '"x"',
      "'",
      "1",
      "-",
      "timestamp",
      "in",
      ",",
      "has",
      "all",
      "x",
      "\\",
      "\n",
    ];
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join("")),
      fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(" ")),
      fc
        .tuple(fc.constantFrom("(", "[", "!", "-", "{1:", "f(", "a[", "a?b:", "a."), fc.nat({ max: 1200 }))
        .map(([part, times]) => part.repeat(times)),
    );
    fc.assert(
      fc.property(text, (expression) => {
        expect(["true", "false", "unknown"]).toContain(judgeCondition(asCondition(expression), request).result);
        expect(conditionEnd(asCondition(expression), request).kind).toBeDefined();
      }),
      runs,
    );
  });

  it("ends at the first moment at which it does not hold", () => {
    const hours = fc.integer({ min: -3, max: 8 });
    const comparison = fc
      .tuple(fc.constantFrom("<", "<=", ">", ">="), hours)
      .map(
        ([operator, hour]) =>
          `request.time ${operator} timestamp("${new Date(testTime + hour * 3_600_000).toISOString()}")`,
      );
    const expression = fc
      .tuple(comparison, fc.constantFrom("&&", "||"), comparison, fc.constantFrom("&&", "||"), comparison)
      .map(([a, first, b, second, c]) => `(${a} ${first} ${b}) ${second} ${c}`);
    fc.assert(
      fc.property(expression, (text) => {
        const holdsAt = (at: number) => judgeCondition(asCondition(text), { ...request, at }).result === "true";
        const later = Array.from({ length: 9 }, (_, hour) => testTime + hour * 3_600_000).flatMap((at) => [at, at + 1]);
        const first = later.find((at) => at > testTime && !holdsAt(at));
        const expected = holdsAt(testTime)
          ? first === undefined
            ? { kind: "none" }
            : { kind: "ends", at: first }
          : { kind: "fails" };
        expect(conditionEnd(asCondition(text), request)).toEqual(expected);
      }),
      runs,
    );
  });
});

describe("a member", () => {
  it("of any text is parsed and keeps it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parseGcpMember(text).text).toBe(text);
      }),
      runs,
    );
  });
});
