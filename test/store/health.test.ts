/** What readiness is told of a database that is broken, gone, or another one than was opened. */
import { closeSync, copyFileSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { StoreError } from "../../src/store/store-error.ts";
import { query } from "./support/database-file.ts";
import { keyNamed, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const corrupt = { ok: false, code: "database-corrupt" };

test("what is written well meanwhile does not make a damaged database whole", async () => {
  const { store } = await storeWithKey();
  store.noteTransaction(new StoreError("database-corrupt", "damaged"));

  await store.write((tx) => tx.keys());
  store.noteTransaction(undefined);

  expect(store.health()).toMatchObject(corrupt);
});

test("a damage that a reader comes upon is told as well", async () => {
  const { store, path } = await storeWithKey();
  query(path, "pragma wal_checkpoint(truncate)");
  // All but the first page.
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xff), 0, undefined, 4096);
  closeSync(file);

  await expect(store.read.scans({ limit: 1 })).rejects.toMatchObject({ code: "database-corrupt" });

  expect(store.health()).toMatchObject(corrupt);
});

const register = (name: string) => [keyNamed(name), start] as const;

test.each<readonly [string, (path: string) => void]>([
  ["was removed", (path) => renameSync(path, `${path}.away`)],
  [
    "has another in its place",
    (path) => {
      renameSync(path, `${path}.away`);
      copyFileSync(`${path}.away`, path);
    },
  ],
])("nothing is written into a file that %s, and what can be found under its name is", async (_, change) => {
  const { store, path } = await storeWithKey();
  change(path);

  await expect(store.write((tx) => tx.registerKey(...register("b")))).rejects.toMatchObject({
    code: "database-unopenable",
    message: expect.stringContaining(path) as string,
  });
  expect(store.health()).toMatchObject({ ok: false, code: "database-unopenable" });
  // Those who ask are answered from what is known.
  expect(await store.read.keys()).toHaveLength(1);

  renameSync(`${path}.away`, path);
  await store.write((tx) => tx.registerKey(...register("b")));
  expect(store.health()).toEqual({ ok: true });
  expect(await store.read.keys()).toHaveLength(2);
});
