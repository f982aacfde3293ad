import { expect, test } from "vitest";
import { questionOf } from "../../src/http/finding-question.ts";
import { FindingsPage } from "../../src/http/findings-page.ts";
import type { FindingCursor } from "../../src/model/finding-query.ts";

const asked = Date.parse("2026-05-01T12:00:00.000Z");
const findings = [{ message: "Schlüssel „one“ 🔑" }];

function pageOfTest(next: FindingCursor | null = null) {
  return new FindingsPage(questionOf({}), JSON.stringify(findings), { next, changed_at: asked });
}

interface Answer {
  readonly as_of: string;
  readonly next_cursor: string;
}

function answer(page: FindingsPage, asOf: number): Answer {
  return JSON.parse(page.body(asOf).toString()) as Answer;
}

/** How much later than the first of them each answer says to be, in milliseconds. */
function moments(page: FindingsPage, ...later: readonly number[]): number[] {
  return later.map((ms) => {
    const body = answer(page, asked + ms);
    expect(body).toEqual({ as_of: expect.any(String), findings, next_cursor: null });
    return Date.parse(body.as_of) - asked;
  });
}

test.each<[string, readonly number[], readonly number[]]>([
  ["once", [0], [0]],
  ["twice", [0, 400], [0, 400]],
  ["within a second", [0, 1, 2, 500, 1000], [0, 1, 1, 1, 1]],
  ["after a second", [0, 1, 1000, 1001, 1500, 2001], [0, 1, 1, 1001, 1001, 2001]],
  ["after a clock was set back", [0, 1000, 999, 1000], [0, 1000, 999, 999]],
])("a page that is asked for %s names a moment that is at most a second old", (_, at, told) => {
  expect(moments(pageOfTest(), ...at)).toEqual(told);
});

test("the next page is of the moment that the page names", () => {
  const page = pageOfTest({ value: 1, id: "fnd_a" });
  const cursors = [0, 0, 500, 1000].map((ms) => {
    const { as_of, next_cursor } = answer(page, asked + ms);
    expect(questionOf({ cursor: next_cursor }).as_of).toBe(Date.parse(as_of));
    return next_cursor;
  });
  expect(new Set(cursors).size).toBe(2);
});
