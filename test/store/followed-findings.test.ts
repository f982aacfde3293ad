/** What is read of the database, and when, so that what is in memory is as it is there. */
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/store/database.ts";
import { FollowedFindings } from "../../src/store/followed-findings.ts";
import type { Statements } from "../../src/store/statements.ts";
import { countedRows } from "./support/counted-rows.ts";
import { change, query } from "./support/database-file.ts";
import { findingLists } from "./support/finding-lists.ts";
import { conclusion, keyNamed, minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const everything = { filters: { provider: ["aws"] }, sort: { by: "key", direction: "asc" }, limit: 100 } as const;

/** Some keys with as many findings each. */
async function storeWithFindings(keys: number, checks: number) {
  const temporary = await storeWithKey();
  const { store } = temporary;
  for (let index = 1; index < keys; index += 1) {
    await store.write((tx) => tx.registerKey(keyNamed(`a${index}`), start));
  }
  const conclude = (index: number, at: number, outcome: "pass" | "fail") => {
    const outcomes = Array.from({ length: checks }, (_, check) => outcomeOf(`aws/${check}`, outcome));
    return store.write((tx) => tx.saveOutcomes(index === 0 ? "a" : `a${index}`, outcomes, { ...conclusion, at }));
  };
  for (let index = 0; index < keys; index += 1) await conclude(index, start, "pass");
  return { ...temporary, conclude };
}

/** Reads on until all is known; returns how often that took. */
function follow(followed: FollowedFindings, statements: Statements, limit: number): number {
  for (let turns = 1; ; turns += 1) if (followed.readOn(statements, limit)) return turns;
}

function counting(path: string) {
  const connection = connect(path, { readonly: true });
  onTestFinished(() => connection.db.destroy());
  return countedRows(connection.statements);
}

function listOf({ columns }: FollowedFindings, as_of?: number) {
  return columns.find({ ...everything, as_of, after: undefined });
}

test("all is read once, some rows at a time, and then what has changed", async () => {
  const { path, store, conclude } = await storeWithFindings(10, 8);
  const { statements, rows } = counting(path);
  const followed = new FollowedFindings();
  expect(follow(followed, statements, 30)).toBeGreaterThan(2);
  expect(listOf(followed)).toHaveLength(80);
  const before = rows();
  expect(follow(followed, statements, 30)).toBe(1);
  // Whether anything has changed.
  expect(rows()).toBe(before + 1);
  await conclude(3, start + minute, "fail");
  follow(followed, statements, 30);
  // Eight outcomes that are over, the findings they are of, the key and its name, and what has changed last.
  expect(rows()).toBe(before + 1 + 8 + 8 + 1 + 1 + 1);
  const outcomes = [outcomeOf("aws/0", "pass"), outcomeOf("aws/1", "fail")];
  await store.write((tx) => tx.saveOutcomes("a3", outcomes, { ...conclusion, at: start + 2 * minute }));
  follow(followed, statements, 30);
  // Of the findings of that key the one that says something else.
  expect(rows()).toBe(before + 1 + 19 + 1 + 1 + 1 + 1 + 1);
  expect(listOf(followed, start).filter(({ number }) => number === 1)).toHaveLength(8);
});

test("what is written while it is read for the first time is known too", async () => {
  const { path, conclude } = await storeWithFindings(10, 8);
  const { statements } = counting(path);
  const followed = new FollowedFindings();
  for (let turn = 1; !followed.readOn(statements, 10); turn += 1) {
    if (turn <= 12) await conclude(turn % 10, start + turn * minute, turn % 2 === 0 ? "fail" : "pass");
  }
  const here = findingLists(path);
  for (let moment = 0; moment <= 13; moment += 1) {
    const as_of = start + moment * minute;
    const { findings } = await here.find({ ...everything, as_of });
    const numbers = new Map(query(path, "select id, seq from finding").map(({ id, seq }) => [id, seq]));
    expect(listOf(followed, as_of).map(({ seq }) => seq)).toEqual(findings.map(({ id }) => numbers.get(id)));
  }
  await here.close();
});

test.each([
  ["under another name", false],
  // Its finding is read before what else there is about it.
  ["under another name, and judged by another check", true],
])("a key that is registered again %s is where that name belongs", async (_, judged) => {
  const { path, store } = await storeWithFindings(80, 1);
  const lists = findingLists(path);
  const last = { ...everything, sort: { by: "key", direction: "desc" }, limit: 2 } as const;
  const names = async (when: { readonly as_of?: number } = {}) =>
    (await lists.find({ ...last, ...when })).findings.map(({ key }) => key);
  expect(await names()).toEqual(["a9", "a8"]);
  await store.write((tx) => tx.retireKey("a1", start + minute));
  await store.write((tx) => tx.registerKey({ ...keyNamed("a1"), name: "zz" }, start + 2 * minute));
  if (judged) {
    const outcomes = [outcomeOf("aws/another", "fail")];
    await store.write((tx) => tx.saveOutcomes("zz", outcomes, { ...conclusion, at: start + 3 * minute }));
  }
  expect(await names()).toEqual(["zz", judged ? "zz" : "a9"]);
  // What it said before is told of by the name that it has.
  expect(await names({ as_of: start })).toEqual(["zz", "a9"]);
  await lists.close();
});

test("a name that changes keeps no list waiting", async () => {
  const { path, store } = await storeWithFindings(30, 3);
  const { statements } = counting(path);
  const followed = new FollowedFindings();
  follow(followed, statements, 50);
  await store.write((tx) => tx.retireKey("a1", start + minute));
  await store.write((tx) => tx.registerKey({ ...keyNamed("a1"), name: "zz" }, start + 2 * minute));
  expect(follow(followed, statements, 50)).toBe(1);
  expect(listOf(followed).slice(-3)).toEqual(query(path, "select seq from finding where key_name = 'zz' order by seq"));
  // Its rows were moved: nothing is left to sort.
  for (let list = 1; list <= 2; list += 1) expect(follow(followed, statements, 50)).toBe(1);
  expect(followed.columns.sortSome(50)).toBe(false);
});

test("more keys change at once than there is room for on a stack", async () => {
  const { path } = await storeWithFindings(1, 1);
  const { statements } = counting(path);
  const followed = new FollowedFindings();
  follow(followed, statements, 100);
  change(
    path,
    `with recursive number(n) as (select 1 union all select n + 1 from number where n < 200000)
     insert into subject (id, kind, provider, resource, change_seq)
     select 'many' || n, 'key', 'aws', 'arn' || n, 1000 from number;
     update meta set change_seq = 1000`,
  );
  expect(followed.readOn(statements, 100)).toBe(false);
  expect(follow(followed, statements, 10_000_000)).toBe(1);
});

test("a finding that the database has lost is told, and not left out", async () => {
  const { path, conclude } = await storeWithFindings(2, 1);
  const { statements } = counting(path);
  const followed = new FollowedFindings();
  follow(followed, statements, 100);
  await conclude(1, start + minute, "fail");
  change(path, "pragma foreign_keys = off; delete from finding where seq = 2");
  expect(() => followed.readOn(statements, 100)).toThrow("the database has lost finding 2");
});

test("what the database refuses is refused, and read the next time", async () => {
  const { path, conclude } = await storeWithFindings(5, 4);
  const { statements } = counting(path);
  const followed = new FollowedFindings();
  /** Refused after more and more statements, until enough are answered. */
  const followRefused = () => {
    for (let refusals = 0; ; refusals += 1) {
      let left = refusals;
      const refusing: Statements = {
        ...statements,
        all(statement, values) {
          left -= 1;
          if (left < 0) throw new Error("refused");
          return statements.all(statement, values);
        },
      };
      try {
        while (!followed.readOn(refusing, 100));
        return refusals;
      } catch (error) {
        expect(error).toEqual(new Error("refused"));
      }
    }
  };
  expect(followRefused()).toBeGreaterThan(2);
  expect(listOf(followed)).toHaveLength(20);
  for (const key of [0, 2, 3, 4]) await conclude(key, start + minute, "fail");
  expect(followRefused()).toBeGreaterThan(6);
  expect(listOf(followed, start + minute)).toHaveLength(20);
  const failed = { ...everything, filters: { outcome: ["fail"] }, as_of: undefined, after: undefined } as const;
  expect(followed.columns.find(failed)).toHaveLength(16);
});
