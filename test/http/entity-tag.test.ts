import { describe, expect, it, vi } from "vitest";
import { entityTag, hasTag } from "../../src/http/entity-tag.ts";

const parts = { version: "1", changeSeq: 7, query: { limit: 5 } };

describe("a tag", () => {
  it.each([
    ["the version", { ...parts, version: "2" }],
    ["the number of the last change", { ...parts, changeSeq: 8 }],
    ["the query", { ...parts, query: { limit: 6 } }],
  ])("changes with %s", (_, others) => {
    expect(entityTag(parts)).toBe(entityTag({ ...parts }));
    expect(entityTag(others)).not.toBe(entityTag(parts));
  });

  it("is of no use to another run of the service: its database may have been put back to an earlier state", async () => {
    vi.resetModules();
    const restarted = await import("../../src/http/entity-tag.ts");
    expect(restarted.entityTag(parts)).not.toBe(entityTag(parts));
  });

  it.each([
    ['W/"a"', true],
    ['"a"', true],
    ['"b", W/"a"', true],
    ['"b,c" ,"a"', true],
    ["*", true],
    [" * ", true],
    ['"b"', false],
    ["a", false],
    ['W/"a"x', false],
    ["", false],
    [undefined, false],
  ])("of %j is known: %s", (header, expected) => {
    expect(hasTag(header, 'W/"a"')).toBe(expected);
  });
});
