/** How SQLite finds the rows of each list, by its own account. */
import SqliteDatabase from "better-sqlite3";
import { Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { type FindingFilters, type FindingQuery, findingSorts } from "../../src/model/finding-query.ts";
import { StoreDialect } from "../../src/store/dialect.ts";
import { type FewRows, findFindings, findPastFindings } from "../../src/store/find-findings.ts";
import { findPast } from "../../src/store/find-past-findings.ts";
import { rememberingCounters } from "../../src/store/finding-counters.ts";
import { criteriaOf, type FindingOrder } from "../../src/store/finding-criteria.ts";
import type { Reading } from "../../src/store/finding-rows.ts";
import { statementsOn } from "../../src/store/statements.ts";
import { rememberingSubjects } from "../../src/store/subjects.ts";
import type { Tables } from "../../src/store/tables.ts";
import { minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const filters = {
  provider: ["aws"],
  key: ["a", "b"],
  check: ["aws/1", "aws/2"],
  severity: ["high", "low"],
  outcome: ["pass", "unknown"],
  status: ["open", "resolved"],
  guidance: ["2026-09"],
  changed_since: start,
} as const satisfies FindingFilters;

const none: FewRows = { present: 0, over: -1, past: 0, between: 0 };

/** Every filter and every two of them, and none. */
const asked = combinations(Object.keys(filters) as (keyof FindingFilters)[]);

function combinations(names: readonly (keyof FindingFilters)[]): readonly FindingFilters[] {
  const pairs = names.flatMap((one, place) => [[one], ...names.slice(place + 1).map((other) => [one, other])]);
  return [{}, ...pairs.map((pair) => Object.fromEntries(pair.map((name) => [name, filters[name]])))];
}

interface Step {
  readonly sql: string;
  readonly detail: string;
}

/** What a list is read with, and the statements that it makes. */
function watching(path: string) {
  const database = new SqliteDatabase(path, { readonly: true });
  onTestFinished(() => {
    database.close();
  });
  const texts = new Set<string>();
  const remembering = {
    prepare(text: string) {
      texts.add(text);
      return database.prepare(text);
    },
    close() {},
  };
  const db = new Kysely<Tables>({ dialect: new StoreDialect({ database: remembering }) });
  const statements = statementsOn(remembering.prepare);
  const remembered = { counters: rememberingCounters(statements), subjects: rememberingSubjects(statements) };
  return { database, texts, reading: { db, statements, ...remembered } };
}

/** The plans of all statements that find the ids of a list, for every filter and order. */
async function plansOf(
  ask: (reading: Reading, query: FindingQuery & { readonly sort: FindingOrder }) => Promise<unknown>,
  as_of?: number,
): Promise<readonly Step[]> {
  const temporary = await storeWithKey();
  const { store } = temporary;
  const says = (outcome: "fail" | "pass") => ["aws/1", "aws/2"].map((check) => outcomeOf(check, outcome));
  // Each filter lets one through, without one too: what has not a single row is not looked for.
  const context = { guidance: "2026-09", catalogue: "1" };
  await store.write((tx) => tx.saveOutcomes("a", says("fail"), { ...context, at: start }));
  await store.write((tx) => tx.saveOutcomes("a", says("pass"), { ...context, at: start + minute }));
  const lost = outcomeOf("aws/1", "unknown");
  await store.write((tx) => tx.saveOutcomes("a", [lost], { ...context, at: start + 2 * minute }));
  const { reading, database, texts } = watching(temporary.path);
  for (const one of asked) {
    for (const by of findingSorts) {
      for (const direction of ["asc", "desc"] as const) {
        const after = { value: by === "severity" || by === "changed" ? 1 : "a", id: "fnd_b" };
        for (const place of [{}, { after }]) {
          const query = {
            filters: one,
            sort: { by, direction },
            limit: 10,
            ...place,
            ...(as_of === undefined ? {} : { as_of }),
          };
          await ask(reading, query);
        }
      }
    }
  }
  return [...texts]
    .filter((text) => text.includes(" as value") || / as "?some_rows/.test(text))
    .flatMap((text) =>
      database
        .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
        // What the values are makes no difference.
        .all(...text.matchAll(/\?/g).map(() => "x"))
        .map(({ detail }) => ({ sql: text, detail })),
    );
}

const ofPresent = (few: FewRows) => (reading: Reading, query: FindingQuery) => findFindings(reading, query, few);
const ofPast = (few: FewRows) => (reading: Reading, query: FindingQuery) => findPastFindings(reading, query, few);

const findingOrOutcome = /^(SCAN|SEARCH) ([fo]|past_outcome)\b/;
const usesIndex = / USING ((COVERING )?INDEX|INTEGER PRIMARY KEY) /;

test.each([
  ["read and sorted", { ...none, present: 1_000, over: 1_000 }, undefined],
  ["walked", { ...none, over: 1_000 }, undefined],
  ["of a moment ago", { ...none, over: 1_000 }, start],
])("of the present, %s: nothing but the rows of an index is read", async (_, few, as_of) => {
  const plans = await plansOf(ofPresent(few), as_of);
  const reads = plans.filter(({ detail }) => findingOrOutcome.test(detail));
  expect(reads.length).toBeGreaterThan(100);
  const onFinding = reads.filter(({ sql }) => !sql.includes("past_outcome"));
  expect(onFinding.filter(({ detail }) => !/ USING COVERING INDEX finding_/.test(detail))).toEqual([]);
  expect(reads.filter(({ detail }) => !usesIndex.test(detail))).toEqual([]);
});

test("of the present, walked: rows come in the order of the page", async () => {
  const plans = await plansOf(ofPresent({ ...none, over: 1_000 }));
  const sorted = plans.filter(({ detail }) => detail.includes("USE TEMP B-TREE FOR ORDER BY"));
  // The rows of named keys are few.
  expect(sorted.filter(({ sql }) => !sql.includes('indexed by "finding_key"'))).toEqual([]);
});

test.each([{ past: 0 }, { past: 1_000 }])(
  "of the past, with %o as few rows: no table is read without an index",
  async ({ past }) => {
    const plans = await plansOf(ofPast({ ...none, past }), start);
    const reads = plans.filter(({ detail }) => findingOrOutcome.test(detail));
    expect(reads.length).toBeGreaterThan(100);
    expect(reads.filter(({ detail }) => !usesIndex.test(detail))).toEqual([]);
    const byFinding = "finding as f cross join past_outcome as o";
    const onPast = reads.filter(({ sql, detail }) => / o\b/.test(detail) && !sql.includes(byFinding));
    expect(onPast.length).toBeGreaterThan(100);
    expect(onPast.filter(({ detail }) => !/ USING COVERING INDEX past_outcome_/.test(detail))).toEqual([]);
  },
);

test("of the past, walked: rows come in the order of the page", async () => {
  // Fewer than none: nothing else is tried.
  const plans = await plansOf(ofPast({ ...none, past: -1 }), start);
  const walked = plans.filter(({ sql }) => sql.includes("past_outcome as o") && sql.includes(" as value"));
  const sorted = walked.filter(({ detail }) => detail.includes("USE TEMP B-TREE FOR ORDER BY"));
  // Those of named keys and checks are few.
  const few = ['"f"."key_name" in', '"o"."check_id" in'];
  expect(sorted.filter(({ sql }) => few.every((text) => !sql.includes(text)))).toEqual([]);
});

test("of the past, between two places of the order: an index leads from one to the other", async () => {
  const plans = await plansOf(({ db }, { filters: given = {}, sort, after, limit }) => {
    const criteria = criteriaOf(given, "rank");
    const value = sort.by === "severity" || sort.by === "changed" ? start : "b";
    const [first, before] = [after && { ...after, seq: 1 }, { value, seq: 2 }];
    return findPast(db, { criteria, sort, after: first, before, limit, as_of: start, few: 0, fewBetween: 1_000 });
  }, start);
  const byPlaces = plans.filter(({ sql }) => !sql.includes('"f"."key_name" in'));
  const reads = byPlaces.filter(({ sql, detail }) => findingOrOutcome.test(detail) && !isOutcomeOf(sql, detail));
  expect(reads.length).toBeGreaterThan(100);
  const range = / USING COVERING INDEX (finding|past_outcome)_\w+ \((\(\w+,\w+\)|\w+)[<>]/;
  expect(reads.filter(({ detail }) => !range.test(detail))).toEqual([]);
  const newestFirst = reads.filter(({ sql, detail }) => / desc /.test(sql) && /_changed/.test(detail));
  expect(newestFirst.filter(({ detail }) => !/>.*</.test(detail))).toEqual([]);
  expect(byPlaces.filter(({ detail }) => detail.includes("USE TEMP B-TREE FOR ORDER BY"))).toEqual([]);
});

/** Of a finding that was found in its order. */
function isOutcomeOf(sql: string, detail: string): boolean {
  return sql.includes("finding as f cross join past_outcome as o") && / o /.test(detail);
}

test.each([
  ["of a moment ago, few are over: these are read", 199, findFindings],
  ["of long ago, few findings have many outcomes: their order is not walked", 100, findPastFindings],
])("%s", async (_, after, find) => {
  const { path, store } = await storeWithKey();
  const context = { guidance: "2026-09", catalogue: "1" };
  const others = ["aws/2", "aws/3"].map((check) => outcomeOf(check, "fail"));
  for (let turn = 0; turn < 200; turn += 1) {
    const outcome = outcomeOf("aws/1", turn % 2 === 0 ? "fail" : "pass");
    await store.write((tx) => tx.saveOutcomes("a", [outcome, ...others], { ...context, at: start + turn * minute }));
  }
  const { reading, texts } = watching(path);
  const question = { filters: { provider: ["aws"] }, sort: { by: "key", direction: "asc" }, limit: 1 } as const;
  // Fewer than the first finding has outcomes, and more.
  for (const [between, walks] of [
    [100, false],
    [300, find === findPastFindings],
  ] as const) {
    texts.clear();
    await find(reading, { ...question, as_of: start + after * minute - 1 }, { ...none, over: 1_000, between });
    const walked = [...texts]
      .filter((text) => !text.includes("some_rows"))
      .filter((text) => /finding as f cross join past_outcome.* < \(/s.test(text));
    expect(walked.length > 0).toBe(walks);
  }
});
