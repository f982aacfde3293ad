import { expect, onTestFinished, test } from "vitest";
import { providers } from "../../src/model/resource.ts";
import { indexCalls } from "../../src/store/call-index.ts";
import { connect } from "../../src/store/database.ts";
import { lastChange } from "../../src/store/last-change.ts";
import { createReader, readConsistently } from "../../src/store/reader.ts";
import { change } from "./support/database-file.ts";
import { calls, conclusion, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

async function readerOfTest() {
  const { path, store } = await storeWithKey();
  const connection = connect(path, { readonly: true });
  onTestFinished(() => connection.db.destroy());
  const refusals: unknown[] = [];
  const onRefusal = (error: unknown) => void refusals.push(error);
  const reader = createReader({ connection, path, calls: indexCalls(calls), providers, onRefusal });
  return { path, store, connection, reader, refusals };
}

test("what was written before a question came is told, though another question is not over that began before", async () => {
  const { path, store, connection, reader } = await readerOfTest();
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = await reader.changeSeq();
  const other = readConsistently(connection, path, async () => {
    const { change_seq } = lastChange(connection.statements);
    await promise;
    return change_seq;
  });
  await expect.poll(() => connection.sqlite.inTransaction).toBe(true);
  await store.write((tx) => tx.saveOutcomes("a", [outcomeOf("aws/1", "fail")], { ...conclusion, at: start }));
  const [seq, page] = [reader.changeSeq(), reader.findings({ limit: 10 })];
  resolve();
  expect(await other).toBe(before);
  expect(await seq).toBeGreaterThan(before);
  expect((await page).findings).toHaveLength(1);
  expect(connection.sqlite.inTransaction).toBe(false);
});

test("what the database refuses is told as its error, and noted", async () => {
  const { path, reader, refusals } = await readerOfTest();
  change(path, "drop table meta");
  const expected = expect.objectContaining({ message: expect.stringContaining("no such table: meta") });
  await expect(reader.changeSeq()).rejects.toThrow(expected);
  await expect(reader.findings({ limit: 10 })).rejects.toThrow(expected);
  expect(refusals).toEqual([expected, expected]);
});
