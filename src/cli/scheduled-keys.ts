/** What the schedule is told of the keys. */
import { setImmediate as otherWork } from "node:timers/promises";
import { allCalls } from "../collect/registry.ts";
import type { ScanLane } from "../model/lane.ts";
import type { ScheduledKey } from "../schedule/plan.ts";
import type { StoreReader } from "../store/store.ts";

/** How many keys are asked for before others have their turn. */
const portion = 500;

/** The live keys with the times of their last reads: after a start, that is what tells which are overdue. */
export async function scheduledKeys(
  read: Pick<StoreReader, "keysInPortions" | "keyStamps">,
  now: number,
): Promise<ScheduledKey[]> {
  const last = { fast: await lastReads(read, "fast", now), full: await lastReads(read, "full", now) };
  const scheduled: ScheduledKey[] = [];
  for await (const keys of read.keysInPortions()) {
    for (const key of keys) {
      const last_read = { fast: last.fast.get(key.name) ?? null, full: last.full.get(key.name) ?? null };
      scheduled.push({ key, last_read });
    }
  }
  return scheduled;
}

/** When a lane last read each key. */
async function lastReads(
  read: Pick<StoreReader, "keyStamps">,
  lane: ScanLane,
  now: number,
): Promise<ReadonlyMap<string, number | null>> {
  const times = new Map<string, number | null>();
  let after = "";
  for (;;) {
    const stamps = await read.keyStamps(factsOfLane[lane], now, { after, limit: portion });
    for (const { key, observed_at } of stamps) times.set(key, observed_at);
    await otherWork();
    const end = stamps.at(-1);
    if (end === undefined || stamps.length < portion) return times;
    after = end.key;
  }
}

const factsOfLane = { fast: factsOf("fast"), full: factsOf("full") } as const satisfies Record<ScanLane, unknown>;

/** One fact of each call of a lane; when it was last told is when the lane last read. */
function factsOf(lane: ScanLane): readonly string[] {
  const calls = Object.values(allCalls).filter((call) => call.lane === lane && call.each !== true);
  return calls.flatMap(({ facts }) => facts.slice(0, 1));
}
