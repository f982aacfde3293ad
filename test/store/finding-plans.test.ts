/** How SQLite finds the rows of lists, by its own account: what is asked often reads no table from end to end. */
import SqliteDatabase from "better-sqlite3";
import { Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { type FindingFilters, type FindingQuery, findingSorts } from "../../src/model/finding-query.ts";
import { StoreDialect } from "../../src/store/dialect.ts";
import { findFindings, findFindingsOfKeys } from "../../src/store/find-findings.ts";
import { FollowedFindings } from "../../src/store/followed-findings.ts";
import { rememberingContents } from "../../src/store/remembered-contents.ts";
import { statementsOn } from "../../src/store/statements.ts";
import { rememberingSubjects } from "../../src/store/subjects.ts";
import type { Tables } from "../../src/store/tables.ts";
import { minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

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
  const plans = () =>
    [...texts].flatMap((text) =>
      database
        .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
        // What the values are makes no difference.
        .all(...text.matchAll(/\?/g).map(() => "x"))
        .map(({ detail }) => ({ sql: text, detail })),
    );
  const [subjects, contents] = [rememberingSubjects(statements), rememberingContents(statements)];
  return { plans, reading: { db, statements, subjects, contents } };
}

const ofTable = /^(SCAN|SEARCH) /;
const byIndex = / USING ((COVERING )?INDEX|INTEGER PRIMARY KEY) /;
/** A row that tells the last change, and rows that a statement has itself. */
const ofOneRow = /^(SCAN (meta|asked|\d+-ROW VALUES CLAUSE|\(subquery-\d+\)|CONSTANT ROW)|SEARCH registration$)/;

async function storeWithPast() {
  const temporary = await storeWithKey();
  const context = { guidance: "2026-09", catalogue: "1" };
  for (const [turn, outcome] of (["fail", "unknown", "pass", "unknown"] as const).entries()) {
    const says = ["aws/1", "aws/2"].map((check) => outcomeOf(check, outcome));
    await temporary.store.write((tx) => tx.saveOutcomes("a", says, { ...context, at: start + turn * minute }));
  }
  return temporary;
}

test.each<[string, FindingFilters]>([
  ["of named keys", { key: ["a", "b"], status: ["open", "none"], changed_since: start }],
  ["of anything else", { status: ["open", "none"], changed_since: start }],
])("lists %s read what an index leads to", async (_, filters) => {
  const { path, store } = await storeWithPast();
  const { plans, reading } = watching(path);
  const followed = new FollowedFindings();
  while (!followed.readOn(reading.statements, 100));
  await store.write((tx) =>
    tx.saveOutcomes("a", [outcomeOf("aws/1", "fail")], { guidance: "1", catalogue: "1", at: start + 9 * minute }),
  );
  while (!followed.readOn(reading.statements, 100));
  for (const by of findingSorts) {
    for (const place of [{}, { after: { value: "a", id: "fnd_b" } }]) {
      for (const when of [{}, { as_of: start + minute }]) {
        const query: FindingQuery = { filters, sort: { by, direction: "desc" }, limit: 10, ...place, ...when };
        if (filters.key === undefined) findFindings(reading, followed.columns, query);
        else await findFindingsOfKeys(reading, query);
      }
    }
  }
  const reads = plans().filter(({ detail }) => ofTable.test(detail) && !ofOneRow.test(detail));
  expect(reads.length).toBeGreaterThan(8);
  expect(reads.filter(({ detail }) => !byIndex.test(detail))).toEqual([]);
});
