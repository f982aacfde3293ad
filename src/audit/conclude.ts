import type { CallTable } from "../model/call.ts";
import type { Key } from "../model/key.ts";
import { notBefore } from "../model/moment.ts";
import type { Reading } from "../model/reading.ts";
import type { Provider } from "../model/resource.ts";
import { factsIn } from "../model/snapshot.ts";
import type { LaneIntervals, Store, StoreWriter } from "../store/store.ts";
import { judge, type Rules } from "./judge.ts";

/** What was read of a key, and at what moment (epoch milliseconds) something is concluded from it. */
export interface KeyReadings {
  readonly provider: Provider;
  readonly resource: string;
  readonly readings: readonly Reading[];
  readonly intervals: LaneIntervals;
  /** Something that was concluded meanwhile makes it later. */
  readonly at: number;
}

/** Saves and judges: here, or in a thread of its own. */
export interface Conclusions {
  /**
   * Saves what was seen of a key and with it of its scope, judges the key by all that is known of it now, and saves that;
   * resolves with how many outcomes became different ones. One transaction: what was seen never stands without what
   * follows.
   */
  conclude(read: KeyReadings): Promise<number>;
}

export interface ConclusionsOptions {
  readonly store: Pick<Store, "write">;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  readonly rules: Rules;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createConclusions({ store, calls, rules, now }: ConclusionsOptions): Conclusions {
  /**
   * For each resource the state that was judged last, where the outcomes hang on nothing else: as long as it is the
   * same, so are they. Kept for the length of the process, whose rules do not change.
   */
  const judged = new Map<string, string>();
  /** When what is kept of a scope was read: what comes with a key comes with every other key that shares it. */
  const saved = new Map<string, number>();

  async function conclude({ provider, resource, readings, intervals, ...read }: KeyReadings): Promise<number> {
    const { key: ofKey = [], scope: ofScope = [] } = Object.groupBy(readings, ({ call }) =>
      subjectOf(calls[provider], call),
    );
    let savedNow: readonly (readonly [place: string, at: number])[] = [];
    const save = async (tx: StoreWriter) => {
      savedNow = [];
      // As it is now: while it was read, it may have been retired, or its name may have gone over to another resource.
      const key = await tx.keyByResource(resource);
      if (key === undefined) return { changed: 0, state: null };
      await tx.saveReadings({ kind: "key", provider, resource }, ofKey, intervals);
      const shared = ofScope.filter((reading) => saved.get(placeOf(key.scope, reading)) !== reading.at);
      if (shared.length > 0) await tx.saveReadings({ kind: "scope", provider, resource: key.scope }, shared, intervals);
      savedNow = shared.map((reading) => [placeOf(key.scope, reading), reading.at]);
      const at = notBefore((await tx.changedAt()) + 1, read.at, now());
      const before = judged.get(resource);
      if (before !== undefined && before === (await tx.stateOfKey(key.name, at))) return { changed: 0, state: before };
      return judgeKey(tx, rules, key, at);
    };
    // The next keys are read meanwhile.
    const { changed, state } = await store.write(save, { patient: true });
    // Not before: until it is committed, it may be taken back.
    for (const [place, at] of savedNow) saved.set(place, at);
    if (state === null) judged.delete(resource);
    else judged.set(resource, state);
    return changed;
  }

  return { conclude };
}

function placeOf(scope: string, { call, part }: Reading): string {
  return JSON.stringify([scope, call, part]);
}

/** Reading a key may tell something of its scope as well: a role that its policy names. */
function subjectOf(calls: CallTable, name: string): "key" | "scope" {
  const call = calls[name];
  if (call === undefined) throw new TypeError(`${name} is in no table of calls`);
  return call.subject;
}

/** The state is null where time alone can change an outcome: then it is no promise. */
async function judgeKey(tx: StoreWriter, rules: Rules, key: Key, at: number) {
  const snapshot = await tx.snapshot(key.name, at);
  if (snapshot === undefined) throw new Error(`${key.name} is registered and has no snapshot`);
  const facts = factsIn(snapshot);
  const { outcomes, guidance, looked_at_time } = judge(rules, key, facts, key.registration.guidance, at);
  const { changed } = await tx.saveOutcomes(key.name, outcomes, { at, guidance, catalogue: rules.version });
  return { changed, state: looked_at_time ? null : await tx.stateOfKey(key.name, at) };
}
