import { describe, expect, it, vi } from "vitest";
import { minute, scope, start } from "../store/support/material.ts";
import { free, intervals, scanOf, scheduled, scheduleOfTest } from "./schedule-of-test.ts";

describe("a full run that takes long", () => {
  const many = Array.from({ length: 40 }, (_, number) => scheduled(`k${number}`));

  /** Reads keys one after the other, as fast as it is told to. */
  function slowly() {
    const tested = scheduleOfTest(many);
    const gates: (() => void)[] = [];
    vi.spyOn(tested.audit, "scan").mockImplementation(async (request) => {
      const { lane, keys } = request;
      tested.began.push(`${lane} ${keys.length}`);
      for (const key of keys) {
        await request.alone?.(key, async () => {
          tested.reads.push(`${lane} ${key.name}`);
          if (lane === "full") await new Promise<void>((resolve) => gates.push(resolve));
        });
      }
      return scanOf(request, tested.clock.now);
    });
    const next = async () => {
      gates.shift()?.();
      await tested.settle();
    };
    return { ...tested, next };
  }

  it("lets the fast lane read the keys that it has not come to, and no other", async () => {
    const { tick, clock, began, reads, next } = slowly();
    await tick();
    expect(began).toEqual(["full 40"]);
    for (let second = 1; second <= 300; second += 1) {
      clock.now += 1000;
      // A key in ten seconds.
      if (second % 10 === 0) await next();
      await tick();
    }

    // Each key is looked at once in a fast interval, whether the full run has come to it or not.
    const fast = Map.groupBy(
      reads.filter((read) => read.startsWith("fast")),
      (read) => read.slice(5),
    );
    for (const { key } of many) expect(fast.get(key.name)?.length, key.name).toBeGreaterThanOrEqual(3);
    expect(began[0]).toBe("full 40");
    // Its own order is not touched.
    const full = new Set(reads.filter((read) => read.startsWith("full")));
    expect([...full].slice(0, 25)).toEqual(many.slice(0, 25).map(({ key }) => `full ${key.name}`));
  });

  it("is not joined by a fast run where it takes no longer than an interval", async () => {
    const { tick, clock, began, next } = slowly();
    await tick();
    for (let second = 1; second <= 20; second += 1) {
      clock.now += 1000;
      await next();
      await next();
      await tick();
    }
    // But for keys whose time of the interval has come since.
    expect(began.filter((run) => run.startsWith("full"))).toEqual(["full 40"]);
    expect(began.filter((run) => run.startsWith("fast")).length).toBeLessThanOrEqual(3);
  });
});

describe("the intervals of a scope", () => {
  const intervalsFor = (keys: number) => ({ fast: minute, full: Math.max(15, keys) * minute });

  it("are logged once, as a warning where the budget stretches them, and again when they change", async () => {
    const few = [scheduled("a", start)];
    const many = Array.from({ length: 20 }, (_, number) => scheduled(`k${number}`, start));
    const { tick, clock, keys, lines } = scheduleOfTest(few, free, intervalsFor);
    const told = async () => {
      lines.length = 0;
      for (let second = 0; second < 180; second += 1) {
        clock.now += 1000;
        await tick();
      }
      return lines.filter(({ message }) => message.includes("intervals"));
    };

    expect(await told()).toMatchObject([{ level: "info", fields: { scope, keys: 1 } }]);
    keys.registered = many;
    expect(await told()).toMatchObject([
      {
        level: "warn",
        message: "the request budget of a scope stretches its intervals",
        fields: { scope, keys: 20, intervals: { fast: minute, full: 20 * minute }, configured: intervals },
      },
    ]);
    expect(await told()).toEqual([]);
    keys.registered = few;
    expect(await told()).toMatchObject([{ level: "info" }]);
  });
});
