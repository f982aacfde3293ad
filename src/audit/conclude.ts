import type { Key } from "../model/key.ts";
import type { Reading } from "../model/reading.ts";
import { factsIn } from "../model/snapshot.ts";
import type { LaneIntervals, Store } from "../store/store.ts";
import { judge, type Rules } from "./judge.ts";

/**
 * Saves what was seen of a key, judges the key by all that is known of it now, and saves that; returns how many outcomes
 * became different ones. One transaction: what was seen never stands without what follows from it.
 */
export function conclude(
  { store, rules, now }: { readonly store: Store; readonly rules: Rules; readonly now: () => number },
  { provider, resource }: Key,
  readings: readonly Reading[],
  intervals: LaneIntervals,
): Promise<number> {
  return store.write(async (tx) => {
    // As it is now: while it was read, it may have been retired, or its name may have gone over to another resource.
    const key = await tx.keyByResource(resource);
    if (key === undefined) return 0;
    await tx.saveReadings({ kind: "key", provider, resource }, readings, intervals);
    const at = now();
    const snapshot = await tx.snapshot(key.name, at);
    if (snapshot === undefined) throw new Error(`${key.name} is registered and has no snapshot`);
    const facts = factsIn(snapshot);
    const { outcomes, guidance } = judge(rules, key, facts, key.registration.guidance, at);
    const { changed } = await tx.saveOutcomes(key.name, outcomes, { at, guidance, catalogue: rules.version });
    return changed;
  });
}
