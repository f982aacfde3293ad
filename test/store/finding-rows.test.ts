/** What of the database is read for a page. */
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/store/database.ts";
import { type Reading, readFindings, readHistory } from "../../src/store/finding-rows.ts";
import { countedRows } from "./support/counted-rows.ts";
import { change, query } from "./support/database-file.ts";
import { minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

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
  ["now", { seq: 1 }, undefined],
  ["in the middle of its history", { seq: 1, number: changes / 2 }, start + (changes / 2) * minute - 1],
])("%s, a finding is two outcomes, however many it has had", async (_when, place, as_of) => {
  const { reading, rows } = counting(await flapping());
  const [finding] = readFindings(reading, [place], as_of);
  expect(finding).toMatchObject({ latest: { outcome: "unknown", until: null }, last_decided: { outcome: "fail" } });
  expect(finding?.last_decided?.until).toBe(finding?.latest.since);
  expect(rows()).toBe(2);
});

test("a finding whose evidence is lost is told as a fault, and not left out", async () => {
  const path = await flapping();
  const { reading } = counting(path);
  change(path, "pragma foreign_keys = off; delete from content where hash = (select evidence from finding)");
  expect(() => readFindings(reading, [{ seq: 1 }], undefined)).toThrow("has lost what finding 1 rests on");
  expect(() => readFindings(reading, [{ seq: 1, number: 2 }], start + minute)).toThrow("has lost");
});

test("a finding whose last decided outcome is lost is told as a fault, and not as one that was never decided", async () => {
  const path = await flapping();
  const { reading } = counting(path);
  change(path, "delete from past_outcome where number = (select decided from finding)");
  expect(() => readFindings(reading, [{ seq: 1 }], undefined)).toThrow("has lost what finding 1 rests on");
});

test("a history with lost evidence is told as a fault", async () => {
  const path = await flapping();
  const { reading } = counting(path);
  const [{ id } = { id: "" }] = query(path, "select id from finding") as readonly { readonly id: string }[];
  change(path, "pragma foreign_keys = off; delete from content where hash = (select evidence from finding)");
  await expect(readHistory(reading, id)).rejects.toThrow("has lost what finding 1 rests on");
});
