/** Ten thousand keys of one scope against a provider that throttles, by a clock that needs no time. */
import PQueue from "p-queue";
import { describe, expect, it } from "vitest";
import { Budget } from "../../src/collect/budget.ts";
import { Refused } from "../../src/collect/refusal.ts";
import { createRequest, type Request } from "../../src/collect/request.ts";
import type { ScanLane } from "../../src/model/lane.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";

const call = { permission: "", subject: "key", facts: [] } as const;
const calls = {
  "kms:DescribeKey": { ...call, lane: "fast", quota: 2000 },
  "kms:GetKeyPolicy": { ...call, lane: "fast", quota: 1000 },
  "kms:ListGrants": { ...call, lane: "full", quota: 100 },
} as const;
const callsOf = { fast: ["kms:DescribeKey", "kms:GetKeyPolicy"], full: Object.keys(calls) } as const;

/** As many requests a second of each call as it says, and a burst of as many; each answer takes a while. */
function providerOf(clock: TestClock, perSecond: number) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const counts = { answered: 0, throttled: 0 };
  return {
    counts,
    async answer(name: string): Promise<void> {
      await clock.sleep(15 + clock.random() * 10);
      const bucket = buckets.get(name) ?? { tokens: perSecond, at: clock.steady() };
      const tokens = Math.min(perSecond, bucket.tokens + ((clock.steady() - bucket.at) * perSecond) / 1000);
      buckets.set(name, { tokens: tokens < 1 ? tokens : tokens - 1, at: clock.steady() });
      counts[tokens < 1 ? "throttled" : "answered"] += 1;
      if (tokens < 1) throw new Refused({ reason: "throttled", detail: "Rate exceeded", again: "when-allowed" });
    },
  };
}

function worldOf(perSecond: number, ratio = 0.25) {
  const clock = testClock();
  const budget = new Budget({ calls, clock, ratio, concurrency: 16 });
  const request = createRequest({
    provider: "aws",
    budget,
    clock,
    onCall: () => undefined,
    classify: (error) => (error instanceof Refused ? error.refusal : undefined),
  });
  return { clock, request, provider: providerOf(clock, perSecond) };
}

/** Reads keys as a scan does: so many at once, and each with a deadline of its own from when its reading begins. */
async function scanOf(
  world: { clock: TestClock; request: Request; provider: ReturnType<typeof providerOf> },
  keys: number,
  lane: ScanLane,
) {
  const { clock, request, provider } = world;
  const lost: string[] = [];
  const times: number[] = [];
  const queue = new PQueue({ concurrency: 32 });
  await queue.addAll(
    Array.from({ length: keys }, (_, key) => async () => {
      const began = clock.steady();
      const target = { scope: "a/r", lane, deadline: began + 30_000 };
      const reads = callsOf[lane].map(async (name) => {
        try {
          await request({ ...target, call: name }, () => provider.answer(name));
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          lost.push(`${name} of key ${key}: ${error.refusal.reason}`);
        }
      });
      await Promise.all(reads);
      times.push(clock.steady() - began);
    }),
  );
  return { lost, longest: Math.max(...times) };
}

describe("10,000 keys of one scope", { timeout: 60_000 }, () => {
  it.each([
    [100, 1],
    [20, 0.25],
  ])(
    "lose no read at %i requests a second, though the scan takes many times their deadline",
    async (perSecond, ratio) => {
      const world = worldOf(perSecond, ratio);
      const start = world.clock.steady();

      const { lost } = await scanOf(world, 10_000, "full");

      expect(lost).toEqual([]);
      expect(world.provider.counts.answered).toBe(30_000);
      // Nearly as fast as the provider lets anybody be, and without being a nuisance.
      expect(world.clock.steady() - start).toBeLessThan((10_000 / perSecond) * 1000 * 1.25);
      expect(world.provider.counts.throttled).toBeLessThan(30_000 * 0.1);
    },
  );

  it("in a full run leave the fast reads of the same scope their time", async () => {
    const world = worldOf(20);
    const scan = { ended: false };
    const full = scanOf(world, 10_000, "full").finally(() => {
      scan.ended = true;
    });
    const runs: { longest: number; lost: readonly string[] }[] = [];
    while (!scan.ended) {
      await world.clock.sleep(60_000);
      runs.push(await scanOf(world, 100, "fast"));
    }

    expect((await full).lost).toEqual([]);
    expect(runs.length).toBeGreaterThan(5);
    expect(runs.flatMap(({ lost }) => lost)).toEqual([]);
    // 32 at once for two thirds of 20 a second, and what throttling costs.
    expect(Math.max(...runs.map(({ longest }) => longest))).toBeLessThan((32 / (20 * (2 / 3))) * 1000 * 2.5);
  });
});
