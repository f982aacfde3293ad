import { expect, onTestFinished, test } from "vitest";
import { type AskedThreadOptions, createAskedThread } from "../../src/store/asked-thread.ts";
import { faults } from "./support/database-file.ts";
import { keyNamed, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const file = new URL("support/breaking-thread.ts", import.meta.url);

async function threadOfTest(options?: AskedThreadOptions) {
  const { store, path } = await storeWithKey();
  const thread = createAskedThread<string, string>(file, path, options);
  onTestFinished(() => thread.end());
  return { store, path, thread };
}

test.each([
  ["exit", "has ended"],
  ["throw", "it broke"],
])(
  "one that breaks in a transaction (%s) rejects all that is open, holds nothing, and begins anew",
  async (how, why) => {
    const { store, path, thread } = await threadOfTest();
    const open = ["before", how, "after"].map((name) => expect(thread.ask(name)).rejects.toThrow(why));
    await Promise.all(open);
    await store.write((tx) => tx.registerKey(keyNamed("here"), start));
    expect(await thread.ask("there")).toBe("registered");
    expect((await store.read.keys()).map(({ name }) => name)).toEqual(["a", "here", "there"]);
    expect(faults(path)).toEqual([]);
  },
);

test("one that was ended rejects what is open and what comes later", async () => {
  const { store, thread } = await threadOfTest();
  const open = expect(thread.ask("exit")).rejects.toThrow("has ended");
  await thread.end();
  await open;
  await expect(thread.ask("late")).rejects.toThrow("has ended");
  await thread.end();
  expect((await store.read.keys()).map(({ name }) => name)).toEqual(["a"]);
});

test("what no message can hold is refused, and nothing waits for it", async () => {
  const { thread } = await threadOfTest();
  await expect(thread.ask((() => "a function") as unknown as string)).rejects.toThrow("could not be cloned");
  expect(await thread.ask("b")).toBe("registered");
  await thread.end();
});

test("questions that wait for one another are all answered, and what no message can hold is refused alone", async () => {
  const { store, thread } = await threadOfTest({ patience: 20 });
  const names = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  const asked = names.map((name) => thread.ask(name));
  const refused = expect(thread.ask((() => "a function") as unknown as string)).rejects.toThrow("could not be cloned");
  const last = thread.ask("last");
  expect(new Set(await Promise.all([...asked, last]))).toEqual(new Set(["registered"]));
  await refused;
  expect(await store.read.keys()).toHaveLength(names.length + 2);
});

test("questions that wait to be asked are rejected when the thread is ended, and nothing of them is done", async () => {
  const { store, thread } = await threadOfTest({ patience: 60_000 });
  const open = ["b", "c"].map((name) => expect(thread.ask(name)).rejects.toThrow("has ended"));
  await thread.end();
  await Promise.all(open);
  expect((await store.read.keys()).map(({ name }) => name)).toEqual(["a"]);
});
