import { describe, expect, it } from "vitest";
import { Places } from "../../src/collect/places.ts";
import { testClock } from "../support/test-clock.ts";

describe("Places", () => {
  it("hold no more requests at once than there are", async () => {
    const places = new Places(2, testClock());
    let running = 0;
    let most = 0;
    const request = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };

    await Promise.all(Array.from({ length: 10 }, () => places.hold("full", "a", request)));

    expect(most).toBe(2);
  });

  it("are all for a group that waits alone", async () => {
    const clock = testClock();
    const places = new Places(16, clock);
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => places.hold("full", "a", () => clock.sleep(20))));
    await ask(400);
    const before = clock.steady();

    await ask(160);

    expect(clock.steady() - before).toBe(10 * 20);
  });

  it.each([
    ["one at first where there is no other", 1, [1, 1, 1]],
    ["two at first, and one more every 50 ms while somebody waits", 5, [2, 3, 4, 5, 5]],
  ])("are %s, be it that nothing is answered", async (_, count, expected) => {
    const clock = testClock();
    const places = new Places(count, clock);
    let inFlight = 0;
    for (let asked = 0; asked < 10; asked += 1) {
      void places.hold("full", "a", () => {
        inFlight += 1;
        return new Promise(() => undefined);
      });
    }

    await clock.sleep(10);
    const seen: number[] = [];
    while (seen.length < expected.length) {
      seen.push(inFlight);
      await clock.sleep(50);
    }

    expect(seen).toEqual(expected);
  });

  it("become no more while nobody waits", async () => {
    const clock = testClock();
    const places = new Places(4, clock);
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => places.hold("full", "a", () => clock.sleep(20))));

    await ask(2);
    await clock.sleep(1000);
    const before = clock.steady();
    await ask(6);

    // Two at a time, and then one more.
    expect(clock.steady() - before).toBe(3 * 20);
  });

  it("are free again after a request that failed", async () => {
    const places = new Places(1, testClock());
    await expect(places.hold("full", "a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");

    expect(await places.hold("fast", "a", () => Promise.resolve("told"))).toBe("told");
  });

  it.each([
    ["a long full run of the same scope", "full", "a"],
    ["the fast lane of another scope", "fast", "b"],
    ["the full lane of another scope", "full", "b"],
  ] as const)("are not kept by %s that does not answer", async (_, lane, scope) => {
    const clock = testClock();
    const places = new Places(16, clock);
    const timeout = 10_000;
    const hanging = Array.from({ length: 500 }, () => places.hold(lane, scope, () => clock.sleep(timeout)));
    const waits: number[] = [];
    await clock.sleep(1);

    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const before = clock.steady();
        await places.hold("fast", "a", () => clock.sleep(20));
        waits.push(clock.steady() - before);
      }),
    );

    // Until the first of them gives up; from then on it has half of the places and more.
    expect(Math.max(...waits)).toBeLessThan(timeout + (200 / 8) * 20 + 20);
    await Promise.all(hanging);
  });

  it.each([1, 2, 3, 16])("of %i, the full lane gets some however much the fast one wants", async (count) => {
    const clock = testClock();
    const places = new Places(count, clock);
    const full = { ended: false };
    const fast = Array.from({ length: 32 }, async () => {
      while (!full.ended) await places.hold("fast", "a", () => clock.sleep(20));
    });
    await clock.sleep(1);
    const before = clock.steady();

    for (let read = 0; read < 100; read += 1) await places.hold("full", "a", () => clock.sleep(20));

    expect(clock.steady() - before).toBeLessThanOrEqual(100 * 20 * 3);
    full.ended = true;
    await Promise.all(fast);
  });
});
