/** What the schedule is told of the keys. */
import { setImmediate as otherWork, setTimeout as rest } from "node:timers/promises";
import { allCalls } from "../collect/call-tables.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { ScheduledKey } from "../schedule/take-over.ts";
import type { StoreReader } from "../store/store.ts";

type Reads = Pick<StoreReader, "keysInPortions" | "lastReads">;

/**
 * The live keys. Where some are not planned yet, with the times of their last reads: after a start, that is what tells
 * which are overdue. `advise` is told how many keys there are.
 */
export async function scheduledKeys(
  read: Reads,
  now: number,
  advise: (keys: number) => void,
  isPlanned: (key: Key) => boolean,
): Promise<ScheduledKey[]> {
  const scheduled: ScheduledKey[] = [];
  let after = "";
  let begun = performance.now();
  for await (const keys of read.keysInPortions()) {
    if (keys.every(isPlanned)) for (const key of keys) scheduled.push({ key });
    else scheduled.push(...(await withLastReads(read, keys, after, now)));
    after = keys.at(-1)?.name ?? after;
    // Of very many keys, the schedule can wait: it takes half of the time, and a list that is asked for the other half.
    await rest(performance.now() - begun);
    begun = performance.now();
  }
  advise(scheduled.length);
  return scheduled;
}

/** Of keys that come by name, after one. */
async function withLastReads(read: Reads, keys: readonly Key[], after: string, now: number): Promise<ScheduledKey[]> {
  const page = { after, limit: keys.length };
  const fast = timesOf(await read.lastReads(factsOfLane.fast, now, page));
  await otherWork();
  const full = timesOf(await read.lastReads(factsOfLane.full, now, page));
  await otherWork();
  return keys.map((key) => ({
    key,
    last_read: { fast: fast.get(key.name) ?? null, full: full.get(key.name) ?? null },
  }));
}

function timesOf(reads: Awaited<ReturnType<Reads["lastReads"]>>): ReadonlyMap<string, number | null> {
  return new Map(reads.map(({ key, observed_at }) => [key, observed_at]));
}

const factsOfLane = { fast: factsOf("fast"), full: factsOf("full") } as const satisfies Record<ScanLane, unknown>;

/** One fact of each call that a lane makes for every key; when it was last told is when the lane last read the key. */
function factsOf(lane: ScanLane): readonly string[] {
  const calls = Object.values(allCalls).filter((call) => call.lane === lane && call.subject === "key");
  return calls.flatMap(({ facts }) => facts.slice(0, 1));
}
