import { describe, expect, test } from "vitest";
import { type Unreadable, unreadable } from "../../src/model/fact.ts";
import type { Reading } from "../../src/model/reading.ts";
import { faults } from "./support/database-file.ts";
import {
  intervals,
  keyNamed,
  keySubject,
  minute,
  refused,
  registration,
  scope,
  scopeSubject,
  seen,
  start,
} from "./support/material.ts";
import { describeKey, factAt, save, state } from "./support/readings-of-key.ts";
import { storeOfTest, storeWithKey } from "./support/store-of-test.ts";

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

  test.each<[string, Unreadable, { call?: string; permission?: string }]>([
    [
      "the permission that was missing, where it is not the call's own",
      unreadable("access-denied", "quota", { call: describeKey, permission: "usage:Use" }),
      { call: describeKey, permission: "usage:Use" },
    ],
    [
      "none where none would help",
      unreadable("access-denied", "perimeter", { call: describeKey }),
      { call: describeKey },
    ],
    [
      "the call before it, and what that one needs",
      unreadable("unavailable", "down", { call: "sts:AssumeRole", permission: "sts:AssumeRole" }),
      { call: "sts:AssumeRole", permission: "sts:AssumeRole" },
    ],
    [
      "the call's own",
      unreadable("access-denied", "denied", { call: describeKey, permission: describeKey }),
      { call: describeKey, permission: describeKey },
    ],
  ])("names %s", async (_, answer, source) => {
    const { store, path } = await storeWithKey();
    const reading = (at: number): Reading => ({ call: describeKey, part: null, at, answer });
    await save(store, refused(describeKey, start));
    await save(store, reading(start + minute));
    await save(store, reading(start + 2 * minute));
    const expected = unreadable(answer.reason, answer.detail, source);
    const now = await store.read.currentSnapshot("a", start + 2 * minute);
    expect(now?.facts["state"]?.fact).toEqual({ ...expected, detail: expect.any(String) });
    expect((await factAt(store, "state", start + minute))?.fact).toEqual(now?.facts["state"]?.fact);
    expect(faults(path)).toEqual([]);
  });

  test("of an answer names the call that was to tell that one fact, and what it needs", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    const without = (source: { readonly call?: string; readonly permission?: string }, at: number) =>
      seen(describeKey, at, { state: "Enabled", deletion_date: unreadable("access-denied", "denied", source) });
    const another = { call: "kms:ListDeletions", permission: "kms:DeletionsRead" };
    await save(store, without({}, start));
    await save(store, without(another, start + minute));
    await save(store, without({ call: describeKey }, start + 2 * minute));

    const named = async (at: number) => (await factAt(store, "deletion_date", at))?.fact;
    expect(await named(start)).toEqual(
      unreadable("access-denied", "denied", { call: describeKey, permission: describeKey }),
    );
    expect(await named(start + minute)).toEqual(unreadable("access-denied", "denied", another));
    expect(await named(start + 2 * minute)).toEqual(unreadable("access-denied", "denied", { call: describeKey }));
    expect(faults(temporary.path)).toEqual([]);
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

test("the facts of many keys are those of their snapshots", async () => {
  const temporary = await storeWithKey();
  const { store } = temporary;
  await store.write((tx) => tx.registerKey(keyNamed("b"), start));
  await save(store, state("Enabled", start));
  await store.write((tx) => tx.saveReadings(scopeSubject, [refused("cloudtrail:DescribeTrails", start)], intervals));
  const names = ["state", "trail_list"];
  const now = start + 2 * minute + 1;
  const keys = await store.read.keyStamps(names).detailed(["a", "b"], now);
  expect(keys.map(({ key, facts }) => [key.name, Object.keys(facts)])).toEqual([
    ["a", names],
    ["b", names],
  ]);
  for (const { key, facts } of keys) {
    const snapshot = await store.read.currentSnapshot(key.name, now);
    for (const [name, { fact, last_known }] of Object.entries(facts)) {
      expect(snapshot?.facts[name]).toMatchObject({ fact, last_known });
    }
  }
});
