/** From the live keys to what is planned of each scope, in portions: others have their turn in between. Knows no clock. */
import { setImmediate as otherWork } from "node:timers/promises";
import type { Key } from "../model/key.ts";
import { type ScanLane, scanLanes } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { QuotaUse } from "./intervals.ts";
import { nextDue, phaseOf, slotsOf } from "./phase.ts";

export type Intervals = Readonly<Record<ScanLane, number>>;

/** A live key. */
export interface ScheduledKey {
  readonly key: Key;
  /** When each lane last read it (null: never). Nobody looks at it for a key that is planned. */
  readonly last_read?: Readonly<Record<ScanLane, number | null>>;
}

/** What the reads of several keys have in common. */
export interface SharingOfKeys {
  /** Whose quota a key is read on. */
  readonly quotaScopeOf: (key: Key) => string;
  /** The list that tells of a key, where one serves several. */
  readonly listOf: (key: Key) => string;
}

export interface PlannedKey {
  readonly key: Key;
  /** When in the interval of each lane it is due. */
  readonly phase: Readonly<Record<ScanLane, number>>;
  readonly due: Record<ScanLane, number>;
}

export interface PlannedScope {
  readonly provider: Provider;
  readonly intervals: Intervals;
  readonly keys: Map<string, PlannedKey>;
  /** When the shared facts are due. */
  due: number;
}

export interface TakeOver {
  readonly keys: readonly ScheduledKey[];
  /** What was planned until now. */
  readonly before: ReadonlyMap<string, PlannedScope>;
  readonly sharing: SharingOfKeys;
  /** The effective intervals of a scope, by one of its keys and all that takes from the same quota. */
  readonly intervalsFor: (key: Key, use: QuotaUse) => Intervals;
  readonly now: number;
}

/** How many keys or scopes are gone through before others have their turn. */
const portion = 250;

/** Says when a portion has been gone through. */
class Portions {
  #count = 0;

  next(): boolean {
    this.#count += 1;
    return this.#count % portion === 0;
  }
}

/**
 * What is planned of each scope that has live keys. A key that is known keeps its times, in the very object that
 * `before` has them in: what is noted there meanwhile holds. A new or overdue key is due for a full run.
 */
export async function takeOver(options: TakeOver): Promise<Map<string, PlannedScope>> {
  const { before, intervalsFor, now } = options;
  const portions = new Portions();
  const gathered = await gather(options, portions);
  const uses = await usesOf(gathered.values(), portions);
  const scopes = new Map<string, PlannedScope>();
  for (const [scope, { first, keys, quota }] of gathered) {
    const intervals = intervalsFor(first, uses.get(quota) ?? nobody);
    const known = before.get(scope);
    const keepsTime = known !== undefined && known.keys.size === keys.length && isSame(known.intervals, intervals);
    const planned = new Map<string, PlannedKey>();
    for (const scheduled of keys) {
      const { key } = scheduled;
      const same = known?.keys.get(key.name);
      const phase = keepsTime && same !== undefined ? same.phase : phasesOf(key, keys.length, intervals);
      const due = isSameKey(same, key) ? same.due : firstDue(scheduled, phase, intervals, now);
      planned.set(key.name, { key, phase, due });
      if (portions.next()) await otherWork();
    }
    scopes.set(scope, { provider: first.provider, intervals, keys: planned, due: 0 });
  }
  return scopes;
}

/** Whether what is planned under a key's name is that key, and keeps its times. */
export function isSameKey(planned: PlannedKey | undefined, { resource }: Key): planned is PlannedKey {
  return planned?.key.resource === resource;
}

interface GatheredScope {
  readonly first: Key;
  readonly quota: string;
  readonly keys: ScheduledKey[];
  /** How many of the keys each list tells of. */
  readonly lists: Map<string, number>;
}

async function gather({ keys, sharing }: TakeOver, portions: Portions): Promise<ReadonlyMap<string, GatheredScope>> {
  const scopes = new Map<string, GatheredScope>();
  for (const scheduled of keys) {
    const { key } = scheduled;
    let ofScope = scopes.get(key.scope);
    if (ofScope === undefined) {
      ofScope = { first: key, quota: sharing.quotaScopeOf(key), keys: [], lists: new Map() };
      scopes.set(key.scope, ofScope);
    }
    const list = sharing.listOf(key);
    ofScope.lists.set(list, (ofScope.lists.get(list) ?? 0) + 1);
    ofScope.keys.push(scheduled);
    if (portions.next()) await otherWork();
  }
  return scopes;
}

const nobody: QuotaUse = { keys: 0, scopes: 0, lists: 0 };

async function usesOf(scopes: Iterable<GatheredScope>, portions: Portions): Promise<ReadonlyMap<string, QuotaUse>> {
  const uses = new Map<string, QuotaUse>();
  for (const { quota, keys, lists } of scopes) {
    const before = uses.get(quota) ?? nobody;
    const slots = slotsOf(keys.length);
    uses.set(quota, {
      keys: before.keys + keys.length,
      scopes: before.scopes + 1,
      // Once for each part of the scope's keys that has any of the list.
      lists: lists.values().reduce((sum, ofList) => sum + Math.min(slots, ofList), before.lists),
    });
    if (portions.next()) await otherWork();
  }
  return uses;
}

function isSame(a: Intervals, b: Intervals): boolean {
  return scanLanes.every((lane) => a[lane] === b[lane]);
}

function phasesOf({ name, scope }: Key, keysInScope: number, intervals: Intervals): PlannedKey["phase"] {
  return ofEachLane((lane) => phaseOf(name, scope, keysInScope, intervals[lane]));
}

function firstDue({ last_read }: ScheduledKey, phase: PlannedKey["phase"], intervals: Intervals, now: number) {
  const due = ofEachLane((lane) => {
    const last = last_read?.[lane] ?? null;
    const interval = intervals[lane];
    // What was read in the future was read before the clock was set back; nobody knows how long ago.
    const overdue = last === null || now - last > interval || last > now;
    return overdue ? 0 : nextDue(last, phase[lane], interval);
  });
  // Overdue in any lane: nobody looked for a while, so everything is looked at.
  return due.fast === 0 ? { fast: 0, full: 0 } : due;
}

function ofEachLane(numberOf: (lane: ScanLane) => number): Record<ScanLane, number> {
  return { fast: numberOf("fast"), full: numberOf("full") };
}
