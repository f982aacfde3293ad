import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/config/nearest-name.ts";

const known = ["fast", "full", "database", "key_labels", "host", "kms:ListGrants"];

describe("nearestName", () => {
  it.each([
    ["fats", "fast"],
    ["Full", "full"],
    ["key-labels", "key_labels"],
    ["keylabel", "key_labels"],
    ["databaes", "database"],
    ["hst", "host"],
    ["kms:listgrant", "kms:ListGrants"],
  ])("%s means %s", (text, expected) => {
    expect(nearestName(text, known)).toBe(expected);
  });

  it.each(["", "gcp", "nickname", "slow"])("%j means nothing known", (text) => {
    expect(nearestName(text, known)).toBeUndefined();
  });

  it("does not choose between equally near names", () => {
    expect(nearestName("2026-08", ["2026-06", "2026-07"])).toBeUndefined();
    expect(nearestName("abcdef", ["abcdxx", "abcxxf", "abcdeg"])).toBe("abcdeg");
  });

  it("finds a name back from one exchanged pair of letters", () => {
    const name = fc.constantFrom("organizations", "expected_principals", "concurrency", "min_destroy_delay");
    fc.assert(
      fc.property(name, fc.nat(100), (text, seed) => {
        const at = seed % (text.length - 1);
        const typed = `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`;
        expect(nearestName(typed, ["organizations", "expected_principals", "concurrency", "min_destroy_delay"])).toBe(
          text,
        );
      }),
    );
  });
});
