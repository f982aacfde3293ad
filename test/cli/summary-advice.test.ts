import { expect, it } from "vitest";
import { createSummaryAdvice, mostDetailedKeys } from "../../src/cli/summary-advice.ts";

function warningsOf(mode: "detailed" | "summary", ...counts: readonly number[]): object[] {
  const warnings: object[] = [];
  const advise = createSummaryAdvice(mode, { warn: (fields) => warnings.push(fields) });
  for (const keys of counts) advise(keys);
  return warnings;
}

it.each([
  ["few keys", "detailed", [0, mostDetailedKeys], []],
  ["too many at the start", "detailed", [mostDetailedKeys + 1], [{ keys: mostDetailedKeys + 1 }]],
  ["too many from some moment on, told once", "detailed", [10, 5000, 10, 6000], [{ keys: 5000 }]],
  ["many keys in summary mode", "summary", [5000], []],
] as const)("summary mode is recommended for %s as it should be", (_, mode, counts, warnings) => {
  expect(warningsOf(mode, ...counts)).toEqual(warnings);
});
