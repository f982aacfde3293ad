/** A kind is passed over where nothing of it can be on the page, and only there. */
import { expect, test } from "vitest";
import { anything, KindSpans } from "../../src/store/kind-spans.ts";

const whenever = { at: Number.MAX_VALUE, since: -Infinity };
const upwards = { sign: 1, begin: -Infinity, end: Infinity } as const;
const downwards = { sign: -1, begin: -Infinity, end: Infinity } as const;

/** Of findings 3 to 9, from moment 100 to 200. */
function spans(): KindSpans {
  const made = new KindSpans();
  made.add(0);
  for (const [seq, from] of [
    [9, 150],
    [3, 200],
    [5, 100],
  ] as const) {
    made.widen(0, "seq", seq);
    made.widen(0, "from", from);
  }
  made.set(0, "subject", anything);
  return made;
}

test.each([
  ["whatever held", whenever, "seq", upwards, false],
  ["what held when the first began", { ...whenever, at: 100 }, "seq", upwards, false],
  ["what held before", { ...whenever, at: 99 }, "seq", upwards, true],
  ["what began when the last did", { ...whenever, since: 200 }, "seq", upwards, false],
  ["what began later", { ...whenever, since: 201 }, "seq", upwards, true],
  ["a page that ends at its least", whenever, "seq", { ...upwards, end: 3 }, false],
  ["a page that ends before", whenever, "seq", { ...upwards, end: 2 }, true],
  ["a page that begins at its most", whenever, "seq", { ...upwards, begin: 9 }, false],
  ["a page that begins after it", whenever, "seq", { ...upwards, begin: 10 }, true],
  ["a page downwards that ends at its most", whenever, "seq", { ...downwards, end: -9 }, false],
  ["a page downwards that ends before", whenever, "seq", { ...downwards, end: -10 }, true],
  ["a page downwards that begins at its least", whenever, "seq", { ...downwards, begin: -3 }, false],
  ["a page downwards that begins after it", whenever, "seq", { ...downwards, begin: -2 }, true],
  ["a page by time that ends before", whenever, "from", { ...downwards, end: -201 }, true],
  ["a page by names that are not known yet", whenever, "subject", { ...upwards, begin: 7, end: 7 }, false],
] as const)("%s", (_, held, by, page, isApart) => {
  expect(spans().isApart(0, held, by, page)).toBe(isApart);
});

test("a kind without outcomes is passed over", () => {
  const made = new KindSpans();
  made.add(0);
  expect(made.isApart(0, whenever, "seq", upwards)).toBe(true);
});
