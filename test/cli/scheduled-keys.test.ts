import { expect, test } from "vitest";
import { scheduledKeys } from "../../src/cli/scheduled-keys.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { ScanLane } from "../../src/model/lane.ts";
import type { Reading } from "../../src/model/reading.ts";
import { intervals, keyNamed, keySubject, minute, refused, scopeSubject, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";

const keys = Array.from({ length: 1_203 }, (_, index) => `key-${String(index).padStart(4, "0")}`);

/** What a lane is told of a key that nobody lets it look at. */
function refusals(lane: ScanLane, at: number): readonly Reading[] {
  return Object.entries(callTables.aws)
    .filter(([, call]) => call.lane === lane && call.subject === "key")
    .map(([name]) => refused(name, at));
}

function read(call: keyof typeof callTables.aws, at: number): Reading {
  const { facts } = callTables.aws[call];
  const told = Object.fromEntries(facts.map((name) => [name, { state: "known" as const, value: null }]));
  return { call, part: null, at, answer: { state: "seen", facts: told } };
}

async function storeWithReads() {
  const { store } = await storeOfTest({ calls: callTables });
  await store.write(async (tx) => {
    for (const name of keys) await tx.registerKey(keyNamed(name), start);
    await tx.registerKey(keyNamed("old"), start);
    await tx.retireKey("old", start);
    await tx.saveReadings(keySubject("key-0000"), [read("kms:DescribeKey", start)], intervals);
    await tx.saveReadings(keySubject("key-0000"), [read("kms:ListGrants", start + minute)], intervals);
    await tx.saveReadings(keySubject("key-0500"), [read("kms:DescribeKey", start)], intervals);
    await tx.saveReadings(keySubject("key-0500"), [read("kms:DescribeKey", start + minute)], intervals);
    // That its scope was read says nothing of a key.
    await tx.saveReadings(scopeSubject, [read("cloudtrail:DescribeTrails", start)], intervals);
    await tx.saveReadings(keySubject("key-1202"), refusals("fast", start), intervals);
  });
  return store;
}

test("more keys than are read at a time, each with the times of its last good reads", async () => {
  const store = await storeWithReads();

  let counted = 0;
  const count = (all: number) => {
    counted = all;
  };
  const scheduled = await scheduledKeys(store.read, start + 2 * minute, count, () => false);

  expect(scheduled.map(({ key }) => key.name)).toEqual(keys);
  expect(counted).toBe(keys.length);
  const looked = scheduled.filter(({ last_read }) => last_read?.fast !== null || last_read.full !== null);
  expect(looked.map(({ key, last_read }) => [key.name, last_read])).toEqual([
    ["key-0000", { fast: start, full: start + minute }],
    ["key-0500", { fast: start + minute, full: null }],
  ]);
});

test("when keys were last read is looked up where some are not planned yet, and not for the others", async () => {
  const { read: reader } = await storeWithReads();
  const pages: string[] = [];
  const counting: typeof reader = {
    ...reader,
    lastReads(facts, now, page) {
      pages.push(page.after);
      return reader.lastReads(facts, now, page);
    },
  };
  const scheduledWith = (isNew: (name: string) => boolean) =>
    scheduledKeys(
      counting,
      start + 2 * minute,
      () => undefined,
      ({ name }) => !isNew(name),
    );

  const planned = await scheduledWith(() => false);
  expect(planned.map(({ key }) => key.name)).toEqual(keys);
  expect(pages).toEqual([]);

  const some = await scheduledWith((name) => name === "key-0500");
  expect(some.map(({ key }) => key.name)).toEqual(keys);
  expect(some[500]?.last_read).toEqual({ fast: start + minute, full: null });
  expect(pages).toEqual(["key-0499", "key-0499"]);
});
