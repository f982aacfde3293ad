import type { CallTable } from "../model/call.ts";
import type { Key } from "../model/key.ts";
import type { Reading } from "../model/reading.ts";
import type { Provider } from "../model/resource.ts";
import { factsIn } from "../model/snapshot.ts";
import type { LaneIntervals, Store, StoreWriter } from "../store/store.ts";
import { judge, type Rules } from "./judge.ts";

/**
 * For each resource the state that was judged last, where the outcomes hang on nothing else: as long as it is the same,
 * so are they. Kept for the length of the process, whose rules do not change.
 */
export type JudgedStates = Map<string, string>;

/** Readings of scopes that are saved: those that come with a key come with every other key that shares them. */
export type SavedReadings = WeakSet<Reading>;

export interface ConcludeOptions {
  readonly store: Store;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  readonly rules: Rules;
  readonly judged: JudgedStates;
  readonly saved: SavedReadings;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Saves what was seen of a key and with it of its scope, judges the key by all that is known of it now, and saves that;
 * returns how many outcomes became different ones. One transaction: what was seen never stands without what follows.
 */
export async function conclude(
  options: ConcludeOptions,
  { provider, resource }: Key,
  readings: readonly Reading[],
  intervals: LaneIntervals,
): Promise<number> {
  const { store, calls, judged, saved, now } = options;
  const { key: ofKey = [], scope: ofScope = [] } = Object.groupBy(readings, ({ call }) =>
    subjectOf(calls[provider], call),
  );
  const shared = ofScope.filter((reading) => !saved.has(reading));
  const save = async (tx: StoreWriter) => {
    // As it is now: while it was read, it may have been retired, or its name may have gone over to another resource.
    const key = await tx.keyByResource(resource);
    if (key === undefined) return { changed: 0, state: null };
    await tx.saveReadings({ kind: "key", provider, resource }, ofKey, intervals);
    const unsaved = shared.filter((reading) => !saved.has(reading));
    if (unsaved.length > 0) await tx.saveReadings({ kind: "scope", provider, resource: key.scope }, unsaved, intervals);
    // At once: transactions that wait together see what those before them have saved.
    for (const reading of unsaved) saved.add(reading);
    const at = now();
    const before = judged.get(resource);
    if (before !== undefined && before === (await tx.stateOfKey(key.name, at))) return { changed: 0, state: before };
    return judgeKey(tx, options, key, at);
  };
  // The next keys are read meanwhile.
  const { changed, state } = await store.write(save, { patient: true }).catch((error: unknown) => {
    // Perhaps it was this one that saved them: whoever comes next saves them again.
    for (const reading of shared) saved.delete(reading);
    throw error;
  });
  if (state === null) judged.delete(resource);
  else judged.set(resource, state);
  return changed;
}

/** Reading a key may tell something of its scope as well: a role that its policy names. */
function subjectOf(calls: CallTable, name: string): "key" | "scope" {
  const call = calls[name];
  if (call === undefined) throw new TypeError(`${name} is in no table of calls`);
  return call.subject;
}

/** The state is null where time alone can change an outcome: then it is no promise. */
async function judgeKey(tx: StoreWriter, { rules }: ConcludeOptions, key: Key, at: number) {
  const snapshot = await tx.snapshot(key.name, at);
  if (snapshot === undefined) throw new Error(`${key.name} is registered and has no snapshot`);
  const facts = factsIn(snapshot);
  const { outcomes, guidance, looked_at_time } = judge(rules, key, facts, key.registration.guidance, at);
  const { changed } = await tx.saveOutcomes(key.name, outcomes, { at, guidance, catalogue: rules.version });
  return { changed, state: looked_at_time ? null : await tx.stateOfKey(key.name, at) };
}
