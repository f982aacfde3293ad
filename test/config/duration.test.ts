import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/config/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["60s", 60_000],
    ["15m", 900_000],
    ["24h", 86_400_000],
    ["30d", 2_592_000_000],
    ["0s", 0],
  ])("%s", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(["", "60", "s", "1.5h", "-1s", "1h30m", " 60s", "60 s", "60S", "60s\n", "1w", "99999999999d"])(
    "refuses %j",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it("counts in its unit", () => {
    const larger = [
      ["s", "ms", 1000],
      ["m", "s", 60],
      ["h", "m", 60],
      ["d", "h", 24],
    ] as const;
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(...larger), (count, [unit, smaller, times]) => {
        expect(parseDuration(`${count}${unit}`)).toBe(parseDuration(`${count * times}${smaller}`));
      }),
    );
  });
});
