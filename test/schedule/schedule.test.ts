import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createLeaseKeeper, type LeaseKeeper } from "../../src/schedule/lease-keeper.ts";
import { retryAfter } from "../../src/schedule/plan.ts";
import type { ScheduledKey } from "../../src/schedule/take-over.ts";
import { scope, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";
import { recordingLog } from "../support/recording-log.ts";
import { hour, intervals, scheduled, scheduleOfTest } from "./schedule-of-test.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("ticking", () => {
  it("scans new keys in full at once, and then each lane at its time", async () => {
    const { tick, endAll, clock, overlaps } = scheduleOfTest([scheduled("a"), scheduled("b")]);
    expect(await tick()).toEqual(["full a b +"]);
    await endAll();
    expect(await tick()).toEqual([]);
    const seen: string[] = [];
    for (let second = 1; second <= 30 * 60; second += 1) {
      clock.now += 1000;
      seen.push(...(await tick()));
      await endAll();
    }
    expect(seen.filter((run) => run === "full a b +")).toHaveLength(2);
    expect(seen.filter((run) => run === "fast a b")).toHaveLength(28);
    expect(overlaps).toEqual([]);
  });

  it("begins nothing of a key that is still being scanned, whatever is due", async () => {
    const { tick, endAll, clock, overlaps } = scheduleOfTest([scheduled("a")]);
    await tick();
    clock.now += hour;
    expect(await tick()).toEqual([]);
    await endAll();
    clock.now += hour;
    expect(await tick()).toEqual(["full a +"]);
    expect(overlaps).toEqual([]);
  });

  it("scans a key at the next tick after it was registered, and no more after it was retired", async () => {
    const { schedule, keys, tick, endAll, clock } = scheduleOfTest([scheduled("a")]);
    await tick();
    await endAll();
    keys.registered = [scheduled("b")];
    expect(await tick()).toEqual([]);
    schedule.keysChanged();
    expect(await tick()).toEqual(["full b"]);
    clock.now += 2 * hour;
    expect((await tick()).join()).not.toContain("a");
  });

  it("asks for the keys once a minute by itself, also when the clock was set back", async () => {
    const { keys, tick, clock } = scheduleOfTest([]);
    let asked = 0;
    keys.read = async () => {
      asked += 1;
      return [];
    };
    for (let second = 0; second < 120; second += 1) {
      await tick();
      clock.now += 1000;
    }
    expect(asked).toBe(2);
    clock.now -= hour;
    await tick();
    expect(asked).toBe(3);
  });

  it("goes on with the keys it knows while they cannot be read, and asks again soon", async () => {
    const { keys, tick, endAll, clock, lines } = scheduleOfTest([scheduled("a")]);
    const { read } = keys;
    keys.read = () => Promise.reject(new Error("the database is busy"));
    expect(await tick()).toEqual([]);
    expect(lines).toMatchObject([{ level: "error", message: "the registered keys could not be read" }]);
    await tick();
    expect(lines).toHaveLength(1);

    keys.read = read;
    clock.now += retryAfter;
    expect(await tick()).toEqual(["full a +"]);
    await endAll();

    keys.read = () => Promise.reject(new Error("the database is busy"));
    clock.now += hour;
    expect(await tick()).toEqual(["full a +"]);
  });

  it("does not let an older answer about the keys take the place of a newer one", async () => {
    const { schedule, keys, settle, began } = scheduleOfTest([]);
    const { promise, resolve } = Promise.withResolvers<readonly ScheduledKey[]>();
    keys.read = () => promise;
    const slow = schedule.tick();
    await settle();
    keys.read = () => Promise.resolve([scheduled("new", start)]);
    const asked = schedule.requestScan(["new"], "fast");
    await settle();
    resolve([]);
    await slow;
    expect((await asked).map(({ keys: names }) => names)).toEqual([["new"]]);
    await settle();
    expect(began).toEqual(["fast new"]);
    expect(schedule.intervalsOf(scope)).toEqual(intervals);
  });

  it("logs and tells of a scan that rejects, tries it again soon, and is not stopped by it", async () => {
    const { tick, underWay, endAll, settle, clock, lines, failures } = scheduleOfTest([scheduled("a")]);
    await tick();
    underWay[0]?.fail(new Error("no space is left"));
    await settle();
    expect(failures).toEqual(["full"]);
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { scope, lane: "full" } });
    expect(await tick()).toEqual([]);
    clock.now += retryAfter;
    expect(await tick()).toEqual(["full a +"]);
    await endAll();
    expect(failures).toEqual(["full"]);
  });

  it.each([-hour, -24 * hour, hour])("goes on within an interval when the clock is set by %i ms", async (by) => {
    const { tick, endAll, clock } = scheduleOfTest([scheduled("a")]);
    await tick();
    await endAll();
    clock.now += by;
    const seen: string[] = [];
    for (let second = 0; second <= 60; second += 1) {
      seen.push(...(await tick()));
      await endAll();
      clock.now += 1000;
    }
    expect(seen.length).toBeGreaterThanOrEqual(1);
    expect(seen.length).toBeLessThanOrEqual(3);
  });
});

describe("a scan that is asked for", () => {
  it("begins at once, one for each scope, and is known until it ends", async () => {
    const { schedule, settle, began, endAll } = scheduleOfTest([
      scheduled("a", start),
      scheduled("b", start),
      scheduled("c", start, "elsewhere"),
    ]);
    const scans = await schedule.requestScan(null, "full");
    await settle();
    expect(began).toEqual(["full a b +", "full c +"]);
    expect(scans).toMatchObject([
      { scope, lane: "full", keys: ["a", "b"], requested_at: start },
      { scope: "elsewhere", keys: ["c"] },
    ]);
    const [first] = scans;
    expect(schedule.queuedScan(first?.id ?? "")).toBe(first);
    await endAll();
    expect(await first?.done).toMatchObject({ id: first?.id, state: "done" });
    expect(schedule.queuedScan(first?.id ?? "")).toBeUndefined();
  });

  it("is of the named keys, known or just registered, and hands on who is told of each", async () => {
    const { schedule, settle, keys, underWay, endAll } = scheduleOfTest([]);
    keys.registered = [scheduled("a", start), scheduled("b", start)];
    const onKey = vi.fn();
    await schedule.requestScan(["b", "nobody"], "fast", onKey);
    await settle();
    expect(underWay.map(({ request }) => request)).toMatchObject([{ keys: [{ name: "b" }], readScope: false, onKey }]);
    await endAll();
  });

  it("begins at once, and reads each key when those have read it that were there before", async () => {
    const { schedule, settle, began, reads, underWay, overlaps, tick, clock } = scheduleOfTest([
      scheduled("a", start),
      scheduled("b", start),
      scheduled("c", start),
    ]);
    await schedule.requestScan(["a"], "fast");
    await schedule.requestScan(["a", "b"], "full");
    await schedule.requestScan(["a", "c"], "fast");
    await settle();
    expect(began).toEqual(["fast a", "full a b +", "fast a c"]);
    expect(reads).toEqual(["fast a", "full b", "fast c"]);
    clock.now += hour;
    expect(await tick()).toEqual([]);
    const [first, second, third] = [...underWay];
    first?.end();
    await settle();
    expect(reads.slice(3)).toEqual(["full a"]);
    second?.end();
    await settle();
    expect(reads.slice(4)).toEqual(["fast a"]);
    third?.end();
    await settle();
    expect(overlaps).toEqual([]);
    expect(underWay).toEqual([]);
  });

  it("rejects where the keys cannot be read", async () => {
    const { schedule, keys } = scheduleOfTest([]);
    keys.read = () => Promise.reject(new Error("the database is busy"));
    await expect(schedule.requestScan(null, "full")).rejects.toThrow("the database is busy");
  });

  it("comes to its end where its keys are retired meanwhile", async () => {
    const { schedule, keys, settle, endAll, tick, clock } = scheduleOfTest([scheduled("a", start)]);
    const [asked] = await schedule.requestScan(["a"], "full");
    await settle();
    keys.registered = [];
    schedule.keysChanged();
    await tick();
    await endAll();
    expect(await asked?.done).toMatchObject({ state: "done" });
    clock.now += hour;
    expect(await tick()).toEqual([]);
  });
});

describe("two processes on one database", () => {
  it("do not scan one scope at the same time; the one that had to wait scans soon after", async () => {
    const { store } = await storeOfTest();
    const keeper = (holder: string, now: () => number) =>
      createLeaseKeeper({ leases: store.leases, holder, now, log: recordingLog().log });
    const clock = { now: start };
    const one = scheduleOfTest(
      [scheduled("a")],
      keeper("one", () => clock.now),
    );
    const other = scheduleOfTest(
      [scheduled("a")],
      keeper("other", () => clock.now),
    );
    await one.schedule.tick();
    await vi.waitFor(() => expect(one.began).toEqual(["full a +"]));
    await other.schedule.tick();
    await vi.waitFor(() => expect(other.lines.at(-1)?.message).toBe("another process is scanning this scope"));
    expect(other.began).toEqual([]);
    expect(other.failures).toEqual([]);

    await one.endAll();
    await vi.waitFor(async () => expect(await store.leases.renew(scope, "one", clock.now, 1)).toBe(false));
    other.clock.now += retryAfter;
    await other.schedule.tick();
    await vi.waitFor(() => expect(other.began).toEqual(["full a +"]));
    await other.endAll();
    await vi.waitFor(async () => expect(await store.leases.renew(scope, "other", clock.now, 1)).toBe(false));
  });

  it("a start soon after a crash scans in full as soon as the dead process's lease has run out", async () => {
    const { store } = await storeOfTest();
    await store.leases.acquire(scope, "dead", start, 30_000);
    const leases: LeaseKeeper = {
      whileHeld: (name, work) =>
        createLeaseKeeper({
          leases: store.leases,
          holder: "one",
          now: () => clock.now,
          log: recordingLog().log,
        }).whileHeld(name, work),
    };
    const { schedule, clock, began, endAll, lines } = scheduleOfTest([scheduled("a")], leases);
    for (let second = 0; second <= 40; second += 1) {
      const told = lines.length;
      await schedule.tick();
      // Whatever was begun is either refused or under way before the next second.
      if (second % 10 === 0) await vi.waitFor(() => expect(lines.length + began.length).toBeGreaterThan(told));
      clock.now += 1000;
    }
    expect(began).toEqual(["full a +"]);
    await endAll();
    await vi.waitFor(async () => expect(await store.leases.renew(scope, "one", clock.now, 1)).toBe(false));
  });
});

describe("stopping", () => {
  it("ends by itself once what is under way has ended, and begins nothing more", async () => {
    const { schedule, began, reads, underWay, endAll, settle, tick, clock } = scheduleOfTest([
      scheduled("a"),
      scheduled("b", start),
    ]);
    await tick();
    const [waiting] = await schedule.requestScan(["a"], "fast");
    expect(schedule.queuedScan(waiting?.id ?? "")).toBe(waiting);
    let stopped = false;
    const stopping = schedule.stop().finally(() => {
      stopped = true;
    });
    await settle();
    expect(underWay[0]?.request.signal?.aborted).toBe(true);
    expect(stopped).toBe(false);
    await endAll();
    await stopping;
    await waiting?.done;
    expect(schedule.queuedScan(waiting?.id ?? "")).toBeUndefined();
    clock.now += hour;
    expect(await tick()).toEqual([]);
    expect(began).toEqual(["full a +", "fast a"]);
    expect(reads).toEqual(["full a"]);
  });

  it("waits for its grace and no longer when a scan hangs", async () => {
    vi.useFakeTimers({ now: start, toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    const { schedule, tick, settle } = scheduleOfTest([scheduled("a")]);
    schedule.start();
    await tick();
    let stopped = false;
    const stopping = schedule.stop().finally(() => {
      stopped = true;
    });
    await settle();
    await vi.advanceTimersByTimeAsync(4999);
    expect(stopped).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopping;
    expect(stopped).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is over at once where nothing is under way, and its ticks have ended", async () => {
    vi.useFakeTimers({ now: start, toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    const { schedule, began } = scheduleOfTest([scheduled("a", start)]);
    schedule.start();
    await vi.advanceTimersByTimeAsync(2000);
    await schedule.stop();
    vi.setSystemTime(start + hour);
    await vi.advanceTimersByTimeAsync(2000);
    expect(began).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("ticks by itself once it is started", async () => {
  vi.useFakeTimers({ now: start });
  const { schedule, began } = scheduleOfTest([scheduled("a")]);
  onTestFinished(() => void vi.useRealTimers());
  schedule.start();
  await vi.advanceTimersByTimeAsync(1500);
  expect(began).toEqual(["full a +"]);
});

it("clears up at the start and once an hour, whatever else goes on", async () => {
  const { tick, clock, cleared } = scheduleOfTest([]);
  const begun = clock.now;

  for (let minutes = 0; minutes <= 150; minutes += 1) {
    await tick();
    clock.now += 60_000;
  }

  expect(cleared.map((at) => (at - begun) / 3_600_000)).toEqual([0, 1, 2]);
});
