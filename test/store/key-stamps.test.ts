/** A version of a key moves whenever a fact of it that was asked about does, whoever has written it. */
import { setImmediate as otherWork } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import type { Json } from "../../src/model/json.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { KeyStamps, Store } from "../../src/store/store.ts";
import {
  calls,
  intervals,
  keyNamed,
  keySubject,
  refused,
  scopeSubject,
  seen,
  start,
  temporaryStore,
} from "./support/material.ts";

/** A store with the keys a and b, and what one and the other connection is told of their states. */
async function open() {
  const database = await temporaryStore();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const { store, path } = database;
  await store.write(async (tx) => {
    for (const name of ["a", "b"]) await tx.registerKey(keyNamed(name), start);
  });
  for (const name of ["a", "b"]) await tell(store, name, start, "Enabled");
  return { store, path, stamps: store.read.keyStamps(["state"]) };
}

function tell(store: Store, name: string, at: number, state: Json): Promise<void> {
  const readings = [seen("kms:DescribeKey", at, { state, deletion_date: null })];
  return store.write((tx) => tx.saveReadings(keySubject(name), readings, intervals));
}

async function versions(stamps: KeyStamps): Promise<Record<string, string>> {
  return Object.fromEntries((await stamps.after("", 10, start)).map(({ key, version }) => [key, version]));
}

function expectOnlyMoved(now: Record<string, string>, before: Record<string, string>, name: string): void {
  expect({ ...now, [name]: before[name] }).toEqual(before);
  expect(now[name]).not.toBe(before[name]);
}

it("another value of a fact that was asked about makes another version of that key, and no other fact does", async () => {
  const { store, stamps } = await open();
  const before = await versions(stamps);
  await store.write(async (tx) => {
    const policy = seen("kms:GetKeyPolicy", start, { policy_text: "{}" });
    await tx.saveReadings(keySubject("a"), [policy], intervals);
  });
  expect(await versions(stamps)).toEqual(before);
  await tell(store, "a", start, "Disabled");
  const after = await versions(stamps);
  expectOnlyMoved(after, before, "a");
  expect(await versions(store.read.keyStamps(["state"]))).toEqual(after);
});

it("a value that came back is another one than the same value before", async () => {
  const { store, stamps } = await open();
  const seenVersions = new Set([(await versions(stamps)).a]);
  for (const [number, state] of ["Disabled", "Enabled", "Disabled"].entries()) {
    await tell(store, "a", start + number, state);
    seenVersions.add((await versions(stamps)).a);
  }
  expect(seenVersions.size).toBe(4);
});

it("what another connection has written is seen, and what it took back is not", async () => {
  const { path, stamps } = await open();
  const other = await openStore({ path, calls });
  onTestFinished(() => other.close());
  const before = await versions(stamps);
  const given = other.write(async (tx) => {
    await tx.saveReadings(keySubject("a"), [seen("kms:DescribeKey", start, { state: "Disabled" })], intervals);
    throw new Error("given up");
  });
  await expect(given).rejects.toThrow("given up");
  expect(await versions(stamps)).toEqual(before);
  await tell(other, "b", start, "Disabled");
  const after = await versions(stamps);
  expectOnlyMoved(after, before, "b");
  const [b] = await stamps.detailed(["b"], start);
  expect(b).toMatchObject({ version: after.b, facts: { state: { fact: { value: "Disabled" } } } });
});

it("the fact of a scope is one of each of its keys", async () => {
  const { store } = await open();
  const stamps = store.read.keyStamps(["trail_list"]);
  const trails = (at: number, trail_list: Json) =>
    store.write((tx) =>
      tx.saveReadings(scopeSubject, [seen("cloudtrail:DescribeTrails", at, { trail_list })], intervals),
    );
  await trails(start, []);
  const before = await versions(stamps);
  await trails(start + 1, ["one"]);
  const after = await versions(stamps);
  expect(Object.keys(after)).toEqual(["a", "b"]);
  for (const name of ["a", "b"]) expect(after[name]).not.toBe(before[name]);
});

it("a fact that the answer left out keeps the time at which it was last told", async () => {
  const { store } = await open();
  const stamps = store.read.keyStamps(["state", "deletion_date"]);
  const observed = async () => (await stamps.after("", 1, start + 9)).map(({ observed_at }) => observed_at);
  const told = (at: number, facts: Readonly<Record<string, Json>>) =>
    store.write((tx) => tx.saveReadings(keySubject("a"), [seen("kms:DescribeKey", at, facts)], intervals));
  await told(start + 1, { deletion_date: null });
  // The one that was told counts.
  expect(await observed()).toEqual([start + 1]);
  await told(start + 2, {});
  expect(await observed()).toEqual([start + 1]);
  await store.write((tx) => tx.saveReadings(keySubject("a"), [refused("kms:DescribeKey", start + 3)], intervals));
  expect(await observed()).toEqual([start + 1]);
});

it("however many values there are, others have their turn while they are read", async () => {
  const { store, stamps } = await open();
  await store.write(async (tx) => {
    for (let number = 1; number <= 6_000; number += 1) {
      const reading = seen("kms:DescribeKey", start + number, { state: number, deletion_date: null });
      await tx.saveReadings(keySubject("a"), [reading], intervals);
    }
  });
  const turns = { taken: 0, ended: false };
  async function others() {
    while (!turns.ended) {
      await otherWork();
      turns.taken += 1;
    }
  }
  const running = others();
  const after = await versions(stamps);
  turns.ended = true;
  await running;
  expect(turns.taken).toBeGreaterThanOrEqual(3);
  await tell(store, "b", start, "Disabled");
  expectOnlyMoved(await versions(stamps), after, "b");
});
