import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "../../src/access/edit-distance.ts";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["abc", "abc", 0],
    ["abc", "", 3],
    ["abc", "abd", 1],
    ["abc", "abcd", 1],
    ["abc", "bc", 1],
    ["abc", "acb", 2],
    ["kitten", "sitting", 3],
  ])("%j to %j is %i", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  it("is a distance", () => {
    const text = fc.string({ unit: fc.constantFrom("0", "1", "2"), maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
