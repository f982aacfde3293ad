import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/store/database.ts";
import { subjectId } from "../../src/store/stable-id.ts";
import { rememberingSubjects } from "../../src/store/subjects.ts";
import { countedRows } from "./support/counted-rows.ts";
import { arn, conclusion, keyNamed, outcomeOf, start } from "./support/material.ts";
import { storeOfTest } from "./support/store-of-test.ts";

const idOf = (name: string) => subjectId({ kind: "key", provider: "aws", resource: arn(name) });
const names = Array.from({ length: 250 }, (_, index) => `key-${index}`);

async function asked(limit: number) {
  const { path, store } = await storeOfTest();
  await store.write(async (tx) => {
    for (const name of names) await tx.registerKey(keyNamed(name), start);
  });
  const { db, statements } = connect(path, { readonly: true });
  onTestFinished(() => db.destroy());
  // Whether another key was registered is asked each time.
  const counted = countedRows(statements, "resource");
  const find = rememberingSubjects(counted.statements, limit);
  const resourcesOf = (some: readonly string[]) => {
    const found = find(some.map(idOf));
    return some.map((name) => found.get(idOf(name))?.resource);
  };
  return { resourcesOf, rows: counted.rows };
}

test("what was read once is not read again", async () => {
  const { resourcesOf, rows } = await asked(1_000);
  expect(resourcesOf([...names, ...names])).toEqual([...names, ...names].map(arn));
  expect(rows()).toBe(names.length);
  expect(resourcesOf(names.slice(0, 3))).toEqual(names.slice(0, 3).map(arn));
  expect(rows()).toBe(names.length);
});

test("no more is remembered than the limit, and all that is asked for is told", async () => {
  const { resourcesOf, rows } = await asked(3);
  expect(resourcesOf(["key-1", "key-2"])).toEqual(["key-1", "key-2"].map(arn));
  expect(resourcesOf(["key-3", "key-1"])).toEqual(["key-3", "key-1"].map(arn));
  expect(rows()).toBe(4);
  expect(resourcesOf(names)).toEqual(names.map(arn));
});

test("a key that is registered anew as another kind is told as that", async () => {
  const { store } = await storeOfTest();
  const list = async () => (await store.read.findings({ limit: 1 })).findings.map(({ resource }) => resource.kind);
  await store.write((tx) => tx.registerKey(keyNamed("a"), start));
  await store.write((tx) => tx.saveOutcomes("a", [outcomeOf("aws/1", "fail")], { ...conclusion, at: start }));
  expect(await list()).toEqual(["aws.kms-key"]);
  await store.write((tx) => tx.retireKey("a", start + 1));
  await store.write((tx) => tx.registerKey(keyNamed("a", { kind: "gcp.kms-key" }), start + 2));
  expect(await list()).toEqual(["gcp.kms-key"]);
});

test("what the database does not have is not made up", async () => {
  const { resourcesOf } = await asked(1_000);
  expect(resourcesOf(["nobody", "key-1"])).toEqual([undefined, arn("key-1")]);
});
