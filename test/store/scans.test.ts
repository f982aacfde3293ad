import { describe, expect, test } from "vitest";
import type { Scan } from "../../src/model/scan.ts";
import { keyNamed, minute, scope, start } from "./support/material.ts";
import { storeOfTest } from "./support/store-of-test.ts";

const begun = { id: "s1", provider: "aws", scope, lane: "full", started_at: start } as const;
const running: Scan = {
  ...begun,
  state: "running",
  finished_at: null,
  keys: 0,
  failed_keys: 0,
  changes: 0,
  refused: [],
};
const result = {
  finished_at: start + minute,
  keys: 3,
  failed_keys: 1,
  changes: 2,
  refused: [
    {
      call: "kms:GetKeyPolicy",
      permission: "kms:GetKeyPolicy",
      reason: "access-denied",
      detail: "no",
      subjects: 2,
    },
  ],
} as const;

describe("a scan", () => {
  test("is running, then done", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write((tx) => tx.startScan(begun));
    expect(await store.read.scan("s1")).toEqual(running);
    await store.write((tx) => tx.finishScan("s1", result));
    expect(await store.read.scan("s1")).toEqual({ ...running, ...result, state: "done" });
    expect(await store.read.scan("s2")).toBeUndefined();
  });

  test("that nobody started cannot be finished", async () => {
    const temporary = await storeOfTest();
    const finishing = temporary.store.write((tx) => tx.finishScan("s1", result));
    await expect(finishing).rejects.toMatchObject({ code: "no-such-scan" });
  });

  test("whose scope another process takes over is interrupted, and no other one", async () => {
    const { store } = await storeOfTest();
    const later = start + 2 * minute;
    await store.leases.acquire(scope, "dead process", start, minute);
    await store.write((tx) => tx.startScan(begun));
    await store.write((tx) => tx.startScan({ ...begun, id: "elsewhere", scope: "another" }));

    expect(await store.leases.acquire(scope, "this process", start + 1, minute)).toBe(false);
    expect(await store.read.scan("s1")).toEqual(running);
    expect(await store.leases.acquire(scope, "this process", later, minute)).toBe(true);
    await store.write((tx) => tx.startScan({ ...begun, id: "own" }));
    await store.leases.acquire(scope, "this process", later + 1, minute);

    expect(await store.read.scan("s1")).toEqual({ ...running, state: "interrupted", finished_at: later });
    for (const id of ["own", "elsewhere"]) expect(await store.read.scan(id)).toMatchObject({ state: "running" });
  });

  test("that was cut off is interrupted, unless its scope is still under a lease", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    const at = start + 10 * minute;
    await store.leases.acquire("held", "other process", at, minute);
    await store.leases.acquire("expired", "dead process", at - 2 * minute, minute);
    await store.write(async (tx) => {
      for (const place of ["held", "expired", "free"]) {
        await tx.startScan({ ...begun, id: place, scope: place });
      }
      await tx.startScan({ ...begun, id: "done" });
      await tx.finishScan("done", result);
    });
    expect(await store.write((tx) => tx.interruptRunningScans(at))).toBe(2);
    const states = Object.fromEntries((await store.read.scans({ limit: 9 })).map(({ id, state }) => [id, state]));
    expect(states).toEqual({ held: "running", expired: "interrupted", free: "interrupted", done: "done" });
    expect(await store.read.scan("free")).toMatchObject({ finished_at: at });
  });
});

describe("scans", () => {
  async function withScans() {
    const temporary = await storeOfTest();
    await temporary.store.write(async (tx) => {
      await tx.registerKey(keyNamed("a"), start);
      for (let index = 0; index < 6; index += 1) {
        // Two at a time start in the same millisecond.
        const started_at = start + Math.floor(index / 2) * minute;
        await tx.startScan({ ...begun, id: `s${index}`, started_at, scope: index % 2 === 0 ? scope : "elsewhere" });
      }
    });
    return temporary;
  }

  test("come newest first, page by page", async () => {
    const temporary = await withScans();
    const { read } = temporary.store;
    const first = await read.scans({ limit: 3 });
    expect(first.map(({ id }) => id)).toEqual(["s5", "s4", "s3"]);
    const last = first.at(-1) ?? running;
    expect((await read.scans({ limit: 9, before: last })).map(({ id }) => id)).toEqual(["s2", "s1", "s0"]);
    expect((await read.scans({ limit: 9, scope })).map(({ id }) => id)).toEqual(["s4", "s2", "s0"]);
    expect((await read.scans({ limit: 9, provider: "aws" })).length).toBe(6);
  });

  test("that began too long ago are removed, running ones are not", async () => {
    const temporary = await withScans();
    const { store } = temporary;
    await store.write((tx) => tx.finishScan("s0", result));
    await store.write((tx) => tx.finishScan("s2", result));
    expect(await store.write((tx) => tx.pruneScans(start + minute))).toBe(1);
    expect((await store.read.scans({ limit: 9 })).map(({ id }) => id)).toEqual(["s5", "s4", "s3", "s2", "s1"]);
  });

  test("the last finished one of each scope and lane", async () => {
    const temporary = await withScans();
    const { store } = temporary;
    expect(await store.read.lastScans()).toEqual([]);
    await store.write(async (tx) => {
      await tx.finishScan("s0", { ...result, finished_at: start + 5 * minute });
      await tx.finishScan("s2", { ...result, finished_at: start + 4 * minute });
    });
    expect(await store.read.lastScans()).toEqual([
      { provider: "aws", scope, lane: "full", finished_at: start + 5 * minute },
    ]);
    expect(await store.read.lastSuccesses()).toEqual([]);
  });

  test("the last one that read every key, whatever has come of others since", async () => {
    const temporary = await withScans();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.finishScan("s0", { ...result, failed_keys: 0, finished_at: start + 3 * minute });
      await tx.finishScan("s2", { ...result, finished_at: start + 4 * minute });
    });
    expect(await store.read.lastSuccesses()).toEqual([
      { provider: "aws", scope, lane: "full", finished_at: start + 3 * minute },
    ]);
  });
});

describe("a lease", () => {
  const ttl = minute;

  test("is one holder's until it is released or expires", async () => {
    const temporary = await storeOfTest();
    const { leases } = temporary.store;
    expect(await leases.acquire(scope, "serve", start, ttl)).toBe(true);
    expect(await leases.acquire(scope, "serve", start, ttl)).toBe(true);
    expect(await leases.acquire(scope, "scan", start, ttl)).toBe(false);
    expect(await leases.acquire("elsewhere", "scan", start, ttl)).toBe(true);
    await leases.release(scope, "scan");
    expect(await leases.acquire(scope, "scan", start + ttl - 1, ttl)).toBe(false);
    await leases.release(scope, "serve");
    expect(await leases.acquire(scope, "scan", start + 1, ttl)).toBe(true);
  });

  test("of a holder that is gone is free once the clock was set back further than any lease lasts", async () => {
    const temporary = await storeOfTest();
    const { leases } = temporary.store;
    await leases.acquire(scope, "serve", start, ttl);

    expect(await leases.acquire(scope, "scan", start - ttl / 2, ttl)).toBe(false);
    expect(await leases.acquire(scope, "scan", start - 60 * minute, ttl)).toBe(true);
  });

  test("lasts longer when it is renewed, and is lost when someone else has taken it", async () => {
    const temporary = await storeOfTest();
    const { leases } = temporary.store;
    await leases.acquire(scope, "serve", start, ttl);
    expect(await leases.renew(scope, "serve", start + ttl, ttl)).toBe(true);
    expect(await leases.acquire(scope, "scan", start + 2 * ttl - 1, ttl)).toBe(false);
    expect(await leases.acquire(scope, "scan", start + 2 * ttl, ttl)).toBe(true);
    expect(await leases.renew(scope, "serve", start + 2 * ttl, ttl)).toBe(false);
    await leases.release(scope, "scan");
    expect(await leases.renew(scope, "scan", start + 2 * ttl, ttl)).toBe(false);
  });
});
