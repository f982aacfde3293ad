import { expect, onTestFinished, test } from "vitest";
import { createAskedThread } from "../../src/store/asked-thread.ts";
import { faults } from "./support/database-file.ts";
import { keyNamed, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const file = new URL("support/breaking-thread.ts", import.meta.url);

async function threadOfTest() {
  const { store, path } = await storeWithKey();
  const thread = createAskedThread<string, string>(file, path);
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
