import { expect, onTestFinished, test } from "vitest";
import { contentOf, saveContents } from "../../src/store/content.ts";
import { connect } from "../../src/store/database.ts";
import { type ContentLimits, rememberingContents } from "../../src/store/remembered-contents.ts";
import { countedRows } from "./support/counted-rows.ts";
import { storeOfTest } from "./support/store-of-test.ts";

const values = Array.from({ length: 250 }, (_, number) => ({ number }));
const hashOf = (value: object) => contentOf(value).hash;

async function asked(limits?: ContentLimits) {
  const { path } = await storeOfTest();
  const { db, statements } = connect(path);
  onTestFinished(() => db.destroy());
  saveContents(statements, [...values, [null]].map(contentOf));
  const counted = countedRows(statements);
  const find = rememberingContents(counted.statements, limits);
  const told = (some: readonly object[]) => {
    const found = find(some.map(hashOf));
    return some.map((value) => found.get(hashOf(value)));
  };
  return { told, rows: counted.rows };
}

test("what was read once is not read again", async () => {
  const { told, rows } = await asked();
  expect(told([...values, ...values])).toEqual([...values, ...values]);
  expect(rows()).toBe(values.length);
  expect(told(values.slice(0, 3))).toEqual(values.slice(0, 3));
  expect(rows()).toBe(values.length);
});

test("all that is asked for is told, and forgotten once it is more than the limit", async () => {
  const { told, rows } = await asked({ characters: JSON.stringify(values[0]).length, values: 100 });
  expect(told(values.slice(0, 1))).toEqual(values.slice(0, 1));
  expect(told(values.slice(0, 2))).toEqual(values.slice(0, 2));
  expect(rows()).toBe(2);
  expect(told(values.slice(0, 3))).toEqual(values.slice(0, 3));
  expect(rows()).toBe(5);
  expect(told(values)).toEqual(values);
});

test("very many short values are forgotten too", async () => {
  const { told, rows } = await asked({ characters: 1_000_000, values: 200 });
  expect(told(values)).toEqual(values);
  expect(told(values.slice(0, 1))).toEqual(values.slice(0, 1));
  expect(rows()).toBe(values.length + 1);
});

test("what the database does not have is not made up, and looked for again", async () => {
  const { told, rows } = await asked();
  expect(told([{ number: -1 }, { number: 1 }])).toEqual([undefined, { number: 1 }]);
  expect(told([{ number: -1 }, [null]])).toEqual([undefined, [null]]);
  expect(rows()).toBe(2);
});
