/** What of the database is read for a page. */
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/store/database.ts";
import { findFindings, findPastFindings, usualFewRows } from "../../src/store/find-findings.ts";
import type { Reading } from "../../src/store/finding-rows.ts";
import { countedRows } from "./support/counted-rows.ts";
import { change } from "./support/database-file.ts";
import { minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const list = { sort: { by: "id", direction: "asc" }, limit: 10, filters: { provider: ["aws"] } } as const;
const changes = 200;

/** A finding that failed and could not be told in turns, and could not be told last. */
async function flapping(): Promise<string> {
  const { path, store } = await storeWithKey();
  for (let index = 0; index < changes; index += 1) {
    const outcome = outcomeOf("aws/1", index % 2 === 0 ? "fail" : "unknown");
    const context = { guidance: "2026-09", catalogue: "1", at: start + index * minute };
    await store.write((tx) => tx.saveOutcomes("a", [outcome], context));
  }
  return path;
}

/** What is read, with the rows counted that are told. */
function counting(path: string): { readonly reading: Reading; rows(): number } {
  const connection = connect(path, { readonly: true });
  onTestFinished(() => connection.db.destroy());
  const { statements, rows } = countedRows(connection.statements);
  return { reading: { ...connection, statements }, rows };
}

test.each([
  ["now", undefined, 0],
  // How many have ended since is a row.
  ["in the middle of its history", start + (changes / 2 + 1) * minute, 1],
])("%s, a finding is two outcomes, however many it has had", async (_when, as_of, more) => {
  const { reading, rows } = counting(await flapping());
  const query = as_of === undefined ? list : { ...list, as_of };
  const page = await findFindings(reading, query, { ...usualFewRows, over: changes });
  expect(page?.findings).toMatchObject([{ latest: { outcome: "unknown" }, last_decided: { outcome: "fail" } }]);
  const [{ latest, last_decided } = { latest: undefined, last_decided: undefined }] = page?.findings ?? [];
  expect(last_decided?.until).toBe(latest?.since);
  // And the row that tells the last change.
  expect(rows()).toBe(3 + more);
});

test("a finding whose evidence is lost is told as a fault, and not left out", async () => {
  const path = await flapping();
  const { reading } = counting(path);
  change(path, "pragma foreign_keys = off; delete from content where hash = (select evidence from finding)");
  await expect(findFindings(reading, list)).rejects.toThrow("has lost what finding 1 rests on");
  await expect(findPastFindings(reading, { ...list, as_of: start + minute })).rejects.toThrow("has lost");
});
