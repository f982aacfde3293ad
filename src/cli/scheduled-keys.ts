/** What the schedule is told of the keys. */
import { setImmediate as otherWork } from "node:timers/promises";
import { allCalls } from "../collect/call-tables.ts";
import type { ScanLane } from "../model/lane.ts";
import type { ScheduledKey } from "../schedule/take-over.ts";
import type { StoreReader } from "../store/store.ts";

/** How many keys are asked for before others have their turn. */
const portion = 500;

/**
 * The live keys with the times of their last reads: after a start, that is what tells which are overdue. `advise` is
 * told how many they are.
 */
export async function scheduledKeys(
  read: Pick<StoreReader, "keysInPortions" | "lastReads">,
  now: number,
  advise: (keys: number) => void,
): Promise<ScheduledKey[]> {
  const last = { fast: await readsOf(read, "fast", now), full: await readsOf(read, "full", now) };
  const scheduled: ScheduledKey[] = [];
  for await (const keys of read.keysInPortions()) {
    for (const key of keys) {
      const last_read = { fast: last.fast.get(key.name) ?? null, full: last.full.get(key.name) ?? null };
      scheduled.push({ key, last_read });
    }
  }
  advise(scheduled.length);
  return scheduled;
}

/** When a lane last read each key. */
async function readsOf(
  read: Pick<StoreReader, "lastReads">,
  lane: ScanLane,
  now: number,
): Promise<ReadonlyMap<string, number | null>> {
  const times = new Map<string, number | null>();
  let after = "";
  for (;;) {
    const page = await read.lastReads(factsOfLane[lane], now, { after, limit: portion });
    for (const { key, observed_at } of page) times.set(key, observed_at);
    await otherWork();
    const end = page.at(-1);
    if (end === undefined || page.length < portion) return times;
    after = end.key;
  }
}

const factsOfLane = { fast: factsOf("fast"), full: factsOf("full") } as const satisfies Record<ScanLane, unknown>;

/** One fact of each call that a lane makes for every key; when it was last told is when the lane last read the key. */
function factsOf(lane: ScanLane): readonly string[] {
  const calls = Object.values(allCalls).filter((call) => call.lane === lane && call.subject === "key");
  return calls.flatMap(({ facts }) => facts.slice(0, 1));
}
