import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLeaseKeeper, type LeaseTable } from "../../src/schedule/lease-keeper.ts";
import { openStore } from "../../src/store/open-store.ts";
import { calls, scope, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";
import { recordingLog } from "../support/recording-log.ts";

/** Work that ends when it is told to. */
function openWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = false;
  const work = async () => {
    begun = true;
    await promise;
    return "done";
  };
  return { work, end: resolve, begun: () => begun };
}

/** Two processes, each with a connection of its own to one database. */
async function twoProcesses() {
  const { store, path } = await storeOfTest();
  const second = await openStore({ path, calls });
  const clock = { now: start };
  const { log, lines } = recordingLog();
  const keeper = (leases: LeaseTable, holder: string) =>
    createLeaseKeeper({ leases, holder, now: () => clock.now, log });
  return {
    clock,
    lines,
    store,
    one: keeper(store.leases, "one"),
    other: keeper(second.leases, "other"),
    close: () => second.close(),
  };
}

describe("two processes on one database", () => {
  it("never work on one scope at the same time, and follow one another", async () => {
    const { one, other, close } = await twoProcesses();
    const first = openWork();
    const running = one.whileHeld(scope, first.work);
    await vi.waitFor(() => expect(first.begun()).toBe(true));

    expect(await other.whileHeld(scope, () => Promise.resolve("too early"))).toBeUndefined();
    expect(await other.whileHeld("elsewhere", () => Promise.resolve("elsewhere"))).toBe("elsewhere");
    first.end();
    expect(await running).toBe("done");
    expect(await other.whileHeld(scope, () => Promise.resolve("now"))).toBe("now");
    await close();
  });

  it("a dead one lets go of its scopes after half a minute", async () => {
    const { store, other, clock, close } = await twoProcesses();
    await store.leases.acquire(scope, "dead", clock.now, 30_000);
    clock.now += 29_999;
    expect(await other.whileHeld(scope, () => Promise.resolve("early"))).toBeUndefined();
    clock.now += 1;
    expect(await other.whileHeld(scope, () => Promise.resolve("mine"))).toBe("mine");
    await close();
  });

  it("work that throws lets go as well", async () => {
    const { one, other, close } = await twoProcesses();
    await expect(one.whileHeld(scope, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await other.whileHeld(scope, () => Promise.resolve("mine"))).toBe("mine");
    await close();
  });
});

describe("several runs of one process", () => {
  it("share a lease, which lasts until the last of them ends", async () => {
    const { one, other, close } = await twoProcesses();
    const [first, second] = [openWork(), openWork()];
    const running = [one.whileHeld(scope, first.work), one.whileHeld(scope, second.work)];
    await vi.waitFor(() => expect(first.begun() && second.begun()).toBe(true));
    first.end();
    await running[0];
    expect(await other.whileHeld(scope, () => Promise.resolve("early"))).toBeUndefined();
    second.end();
    await running[1];
    expect(await other.whileHeld(scope, () => Promise.resolve("mine"))).toBe("mine");
    await close();
  });

  it("one that ends does not take the lease from one that is just being given it", async () => {
    const table = new Map<string, string>();
    const asked: (() => void)[] = [];
    // The table answers when it is told to.
    const leases: LeaseTable = {
      acquire: async (name, holder) => {
        table.set(name, holder);
        await new Promise<void>((resolve) => asked.push(resolve));
        return true;
      },
      release: async (name) => void table.delete(name),
    };
    const keeper = createLeaseKeeper({ leases, holder: "one", now: () => start, log: recordingLog().log });
    const [first, second] = [openWork(), openWork()];
    const running = keeper.whileHeld(scope, first.work);
    asked.shift()?.();
    await vi.waitFor(() => expect(first.begun()).toBe(true));
    const next = keeper.whileHeld(scope, second.work);
    first.end();
    await running;
    asked.shift()?.();
    await vi.waitFor(() => expect(second.begun()).toBe(true));
    expect(table.get(scope)).toBe("one");
    second.end();
    await next;
    expect(table.size).toBe(0);
  });
});

describe("a long run", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A table in memory that can refuse. */
  function longRun(answer: (renewal: number) => Promise<boolean>) {
    const { log, lines } = recordingLog();
    const expires: number[] = [];
    let asked = 0;
    const leases: LeaseTable = {
      acquire: (_scope, _holder, at, ttl) => {
        expires.push(at + ttl);
        asked += 1;
        return asked === 1 ? Promise.resolve(true) : answer(asked - 1);
      },
      release: () => Promise.reject(new Error("the database is full")),
    };
    const keeper = createLeaseKeeper({ leases, holder: "one", now: () => Date.now(), log });
    const { work, end } = openWork();
    const running = keeper.whileHeld(scope, work);
    return { expires, lines, running, end };
  }

  it("keeps its lease from running out, and stops to when it ends", async () => {
    const { expires, running, end } = longRun(() => Promise.resolve(true));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(expires).toHaveLength(13);
    expect(expires.at(-1)).toBe(start + 150_000);
    end();
    await running;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(expires).toHaveLength(13);
  });

  it("keeps no process alive: a scan that hangs must not hold up a stop", async () => {
    vi.useRealTimers();
    const timers = vi.spyOn(globalThis, "setInterval");
    const { running, end } = longRun(() => Promise.resolve(true));
    await vi.waitFor(() => expect(timers).toHaveBeenCalledTimes(1));
    const renewals = timers.mock.results.map(({ value }) => value as NodeJS.Timeout);
    expect(renewals.map((renewal) => renewal.hasRef())).toEqual([false]);
    timers.mockRestore();
    end();
    await running;
  });

  it("goes on where a renewal fails once, or the lease cannot be released, and says so", async () => {
    const { expires, lines, running, end } = longRun((renewal) =>
      renewal === 1 ? Promise.reject(new Error("the database is busy")) : Promise.resolve(true),
    );
    await vi.advanceTimersByTimeAsync(25_000);
    expect(expires.at(-1)).toBe(start + 50_000);
    end();
    expect(await running).toBe("done");
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["error", "the lease of a scope could not be renewed"],
      ["error", "the lease of a scope could not be released"],
    ]);
  });

  it("says when another process has taken its scope over", async () => {
    const { lines, running, end } = longRun(() => Promise.resolve(false));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lines).toMatchObject([{ level: "warn", fields: { scope } }]);
    end();
    await running;
  });
});
