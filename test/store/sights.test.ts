import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/model/reading.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Store } from "../../src/store/store.ts";
import { faults } from "./support/database-file.ts";
import {
  intervals,
  keyReadings,
  keySubject,
  minute,
  refused,
  scope,
  scopeSubject,
  seen,
  start,
} from "./support/material.ts";
import { factAt, save, state } from "./support/readings-of-key.ts";
import { storeWithKey } from "./support/store-of-test.ts";

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

  test("each run keeps the interval of its own time", async () => {
    const { store } = await storeWithKey();
    const saveEvery = (fast: number, at: number) =>
      store.write((tx) => tx.saveReadings(keySubject("a"), [state("Enabled", at)], { ...intervals, fast }));
    await saveEvery(minute, start);
    await saveEvery(2 * minute, start + minute);
    await saveEvery(10 * minute, start + 60 * minute);
    const runs = await store.read.sightRuns("a");
    expect(runs.map(({ from, interval_ms }) => [from, interval_ms])).toEqual([
      [start, 2 * minute],
      [start + 60 * minute, 10 * minute],
    ]);
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
