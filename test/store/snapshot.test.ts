import { describe, expect, test } from "vitest";
import { unreadable } from "../../src/model/fact.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Snapshot, SnapshotFact } from "../../src/model/snapshot.ts";
import type { Store } from "../../src/store/store.ts";
import { faults } from "./support/database-file.ts";
import {
  intervals,
  keyNamed,
  keyReadings,
  keySubject,
  minute,
  refused,
  registration,
  scope,
  scopeSubject,
  seen,
  start,
} from "./support/material.ts";
import { storeOfTest, storeWithKey } from "./support/store-of-test.ts";

const describeKey = "kms:DescribeKey";

function state(value: string, at: number): Reading {
  return seen(describeKey, at, { state: value, deletion_date: null });
}

async function save(store: Store, ...readings: readonly Reading[]): Promise<void> {
  await store.write((tx) => tx.saveReadings(keySubject("a"), readings, intervals));
}

async function factAt(store: Store, name: string, at: number): Promise<SnapshotFact | undefined> {
  return (await store.read.snapshot("a", at))?.facts[name];
}

test("no key of that name has no snapshot", async () => {
  const temporary = await storeOfTest();
  expect(await temporary.store.read.snapshot("a", start)).toBeUndefined();
  expect(await temporary.store.read.currentSnapshot("a", start)).toBeUndefined();
});

test("everything the calls tell is there from the beginning, not read yet", async () => {
  const temporary = await storeWithKey();
  const snapshot = await temporary.store.read.snapshot("a", start);
  expect(Object.keys(snapshot?.facts ?? {}).toSorted()).toEqual([
    "deletion_date",
    "grants",
    "policy_text",
    "registration",
    "rotation",
    "state",
    "trail_list",
  ]);
  expect(snapshot?.facts["trail_list"]).toEqual({
    fact: unreadable("not-read-yet", "cloudtrail:DescribeTrails has not been asked", {
      call: "cloudtrail:DescribeTrails",
    }),
    sight: "not-observed",
    subject: scope,
    call: "cloudtrail:DescribeTrails",
    observed_at: null,
    last_known: null,
  });
  expect(snapshot?.facts["registration"]?.fact).toEqual({ state: "known", value: registration });
});

test("a known null is a value", async () => {
  const temporary = await storeWithKey();
  await save(temporary.store, state("Enabled", start));
  expect(await factAt(temporary.store, "deletion_date", start)).toMatchObject({
    fact: { state: "known", value: null },
    last_known: { value: null, since: start },
  });
});

test("before, during and after a change", async () => {
  const temporary = await storeWithKey();
  const { store } = temporary;
  await save(store, state("Enabled", start + minute));
  await save(store, state("Disabled", start + 2 * minute));
  const told = await Promise.all(
    [0, 1, 1.5, 2, 3].map(async (minutes) => (await factAt(store, "state", start + minutes * minute))?.last_known),
  );
  expect(told).toEqual([
    null,
    { value: "Enabled", since: start + minute },
    { value: "Enabled", since: start + minute },
    { value: "Disabled", since: start + 2 * minute },
    { value: "Disabled", since: start + 2 * minute },
  ]);
});

describe("what could not be read", () => {
  test("is unreadable for its reason, with the last known value beside it", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await save(store, state("Enabled", start));
    await save(store, refused(describeKey, start + minute));
    expect(await factAt(store, "state", start + minute)).toEqual({
      fact: unreadable("access-denied", `access-denied at ${start + minute}`, {
        call: describeKey,
        permission: describeKey,
      }),
      sight: "access-denied",
      subject: keySubject("a").resource,
      call: describeKey,
      observed_at: start,
      last_known: { value: "Enabled", since: start },
    });
    expect(await factAt(store, "policy_text", start + minute)).toMatchObject({ sight: "not-observed" });
  });

  test("names no permission where that is not what is missing", async () => {
    const temporary = await storeWithKey();
    await save(temporary.store, refused(describeKey, start, "throttled"));
    expect((await factAt(temporary.store, "state", start))?.fact).toEqual(
      unreadable("throttled", `throttled at ${start}`, { call: describeKey }),
    );
  });

  test("of an answer is one fact; the others stay known, and its last good read is remembered", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    const half = (at: number) =>
      seen(describeKey, at, { state: "Enabled", deletion_date: unreadable("not-reported", "no such field") });
    await save(store, state("Enabled", start));
    await save(store, half(start + minute));
    await save(store, half(start + 2 * minute));
    await save(store, refused(describeKey, start + 3 * minute));
    await save(store, half(start + 4 * minute));
    const at = start + 4 * minute;
    expect(await factAt(store, "state", at)).toMatchObject({ sight: "seen", observed_at: at });
    expect(await factAt(store, "deletion_date", at)).toMatchObject({
      fact: { reason: "not-reported", detail: "no such field", call: describeKey },
      sight: "not-reported",
      observed_at: start,
      last_known: { value: null, since: start },
    });
    expect(await factAt(store, "deletion_date", start + 3 * minute)).toMatchObject({ observed_at: start });
    expect(await factAt(store, "state", start + 3 * minute)).toMatchObject({ observed_at: start + 2 * minute });
  });

  test("is also what an answer leaves out", async () => {
    const temporary = await storeWithKey();
    await save(temporary.store, seen(describeKey, start, { state: "Enabled" }));
    expect(await factAt(temporary.store, "deletion_date", start)).toMatchObject({ sight: "not-reported" });
  });
});

describe("time without a read", () => {
  test.each([
    [0, "seen", "known"],
    [2 * minute, "seen", "known"],
    [2 * minute + 1, "not-observed", "known"],
    [3 * minute, "not-observed", "known"],
    [3 * minute + 1, "not-observed", "stale"],
  ])("%i ms after the last one: %s, %s", async (later, sight, judged) => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await save(store, state("Enabled", start));
    for (const snapshot of [store.read.snapshot("a", start + later), store.read.currentSnapshot("a", start + later)]) {
      const found = (await snapshot)?.facts["state"];
      expect(found?.sight).toBe(sight);
      expect(found?.fact.state === "known" ? "known" : found?.fact.reason).toBe(judged);
      expect(found?.last_known?.value).toBe("Enabled");
      expect(found?.observed_at).toBe(start);
    }
  });

  test("a fact is as old as its own lane's interval allows", async () => {
    const temporary = await storeWithKey();
    await save(temporary.store, ...keyReadings(start));
    const { facts } = (await temporary.store.read.snapshot("a", start + 30 * minute)) as Snapshot;
    expect([facts["state"]?.sight, facts["grants"]?.sight]).toEqual(["not-observed", "seen"]);
  });

  test("leaves a gap between two runs, and none in an unbroken one", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    for (const minutes of [0, 1, 3, 10, 11]) {
      await save(store, state("Enabled", start + minutes * minute));
    }
    const runs = await store.read.sightRuns("a");
    expect(runs.map(({ from, last }) => [(from - start) / minute, (last - start) / minute])).toEqual([
      [0, 3],
      [10, 11],
    ]);
    expect((await store.read.sightRuns("a", { since: start + 4 * minute })).map(({ from }) => from)).toEqual([
      start + 10 * minute,
    ]);
    expect((await factAt(store, "state", start + 7 * minute))?.sight).toBe("not-observed");
    expect((await factAt(store, "state", start + 2 * minute))?.sight).toBe("seen");
  });

  test("a clock that was set back begins a new run, and the present is what was read last", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await save(store, state("Enabled", start + 60 * minute));
    await save(store, state("Disabled", start));
    const now = (await store.read.currentSnapshot("a", start + minute))?.facts["state"];
    expect(now).toMatchObject({ fact: { value: "Disabled" }, sight: "seen", observed_at: start });
    expect((await store.read.currentSnapshot("a", start + 4 * minute))?.facts["state"]?.fact).toMatchObject({
      reason: "stale",
    });
    expect(faults(temporary.path)).toEqual([]);
  });
});

describe("parts", () => {
  const listing = (at: number, parts: readonly string[]): Reading => ({
    ...seen("cloudtrail:DescribeTrails", at, { trail_list: [...parts] }),
    parts: { "cloudtrail:GetTrailStatus": parts },
  });
  const trail = (part: string, at: number, logging: boolean): Reading => ({
    ...seen("cloudtrail:GetTrailStatus", at, { trail_status: { logging } }),
    part,
  });

  async function saveScope(store: Store, ...readings: readonly Reading[]): Promise<void> {
    await store.write((tx) => tx.saveReadings(scopeSubject, readings, intervals));
  }

  test("have facts of their own", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await saveScope(store, listing(start, ["t1", "t2"]), trail("t1", start, true), trail("t2", start, false));
    const { facts } = (await store.read.snapshot("a", start)) as Snapshot;
    expect(facts["trail_status:t1"]).toMatchObject({ fact: { value: { logging: true } }, subject: scope });
    expect(facts["trail_status:t2"]).toMatchObject({ fact: { value: { logging: false } } });
    expect(facts).not.toHaveProperty("trail_status");
    expect((await store.read.sightRuns("a")).map(({ part }) => part)).toEqual([null, "t1", "t2"]);
  });

  test("that a complete list no longer has are gone, and were there before", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    const [later, last] = [start + 15 * minute, start + 45 * minute];
    await saveScope(store, listing(start, ["t1", "t2"]), trail("t1", start, true), trail("t2", start, true));
    await saveScope(store, listing(later, ["t1"]), trail("t1", later, true));
    await saveScope(store, listing(last, ["t1"]), trail("t1", last, true));
    expect(await factAt(store, "trail_status:t2", last)).toMatchObject({
      fact: { state: "unreadable", reason: "not-found" },
      sight: "not-found",
      observed_at: start,
      last_known: { value: { logging: true }, since: start },
    });
    expect(await factAt(store, "trail_status:t2", later - 1)).toMatchObject({ fact: { state: "known" } });
    expect(await factAt(store, "trail_status:t1", last)).toMatchObject({ fact: { state: "known" } });
    await saveScope(store, listing(last, ["t1", "t2"]), trail("t2", last, true));
    expect(await factAt(store, "trail_status:t2", last)).toMatchObject({
      fact: { state: "known" },
      last_known: { since: last },
    });
    expect(faults(temporary.path)).toEqual([]);
  });

  test("stay where the list was not complete or could not be read", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await saveScope(store, listing(start, ["t1"]), trail("t1", start, true));
    const { parts: _none, ...incomplete } = listing(start + minute, []);
    await saveScope(store, incomplete);
    await saveScope(store, refused("cloudtrail:DescribeTrails", start + 2 * minute));
    expect(await factAt(store, "trail_status:t1", start + 2 * minute)).toMatchObject({ fact: { state: "known" } });
  });
});

describe("the registration", () => {
  test("is a fact of its time", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    const changed = { ...registration, guidance: "2026-09" };
    await store.write((tx) => tx.updateRegistration("a", changed, start + minute));
    await store.write((tx) => tx.retireKey("a", start + 2 * minute));
    expect(await factAt(store, "registration", start - 1)).toMatchObject({
      fact: { reason: "not-read-yet" },
      sight: "not-observed",
      last_known: null,
    });
    expect(await factAt(store, "registration", start)).toMatchObject({ fact: { value: registration }, call: null });
    expect(await factAt(store, "registration", start + minute)).toMatchObject({ fact: { value: changed } });
    expect(await factAt(store, "registration", start + 2 * minute)).toMatchObject({
      fact: { reason: "stale" },
      sight: "not-observed",
      last_known: { value: changed, since: start + minute },
    });
  });

  test("two keys that had a name one after the other are two histories", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.retireKey("a", start + minute);
      await tx.registerKey(keyNamed("a", { resource: keySubject("b").resource }), start + 2 * minute);
    });
    expect((await store.read.snapshot("a", start))?.resource).toBe(keySubject("a").resource);
    expect((await store.read.snapshot("a", start + minute))?.resource).toBe(keySubject("b").resource);
    expect((await store.read.currentSnapshot("a", start))?.resource).toBe(keySubject("b").resource);
  });
});

describe("readings that do not fit the call table are faults of the collector", () => {
  test.each([
    ["of no call", [seen("kms:Sing", start, {})], /kms:Sing is no call/],
    [
      "of another kind of subject",
      [refused("cloudtrail:DescribeTrails", start)],
      /is no call that aws answers about a key/,
    ],
    ["with a fact of another call", [seen(describeKey, start, { grants: [] })], /tells no fact grants/],
    ["twice", [refused(describeKey, start), state("Enabled", start)], /two readings of kms:DescribeKey/],
    ["with a part where there is none", [{ ...state("Enabled", start), part: "x" }], /is made once/],
  ] as const)("%s", async (_what, readings, message) => {
    const temporary = await storeWithKey();
    await expect(save(temporary.store, ...readings)).rejects.toThrow(message);
  });
});

test("the facts of all keys are those of their snapshots", async () => {
  const temporary = await storeWithKey();
  const { store } = temporary;
  await store.write((tx) => tx.registerKey(keyNamed("b"), start));
  await save(store, state("Enabled", start));
  await store.write((tx) => tx.saveReadings(scopeSubject, [refused("cloudtrail:DescribeTrails", start)], intervals));
  const names = ["state", "trail_list"];
  const now = start + 2 * minute + 1;
  const facts = await store.read.factsOfAllKeys(names, now);
  expect(facts).toHaveLength(4);
  for (const { key, provider, name, ...found } of facts) {
    expect(provider).toBe("aws");
    expect((await store.read.currentSnapshot(key, now))?.facts[name]).toMatchObject(found);
  }
});
