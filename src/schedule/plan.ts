/** Which keys are due when. Knows no clock: every moment comes as an argument, in epoch milliseconds. */
import type { Key } from "../model/key.ts";
import { type ScanLane, scanLanes } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { QuotaUse } from "./intervals.ts";
import { nextDue, phaseOf, slotsOf } from "./phase.ts";

export type Intervals = Readonly<Record<ScanLane, number>>;

/** A live key, and when each lane last read it (null: never). */
export interface ScheduledKey {
  readonly key: Key;
  readonly last_read: Readonly<Record<ScanLane, number | null>>;
}

/** What a lane is to read of one scope now. */
export interface DueScope {
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly keys: readonly Key[];
  readonly readScope: boolean;
}

/** What is being done about a key: nothing, a full run is to read it, or it is being read or about to be. */
export type KeyActivity = "none" | "awaits-full" | "busy";

interface PlannedKey {
  key: Key;
  readonly due: Record<ScanLane, number>;
}

interface PlannedScope {
  readonly provider: Provider;
  intervals: Intervals;
  keys: Map<string, PlannedKey>;
  /** When the shared facts are due. */
  due: number;
}

/** What the reads of several keys have in common. */
export interface SharingOfKeys {
  /** Whose quota a key is read on. */
  readonly quotaScopeOf: (key: Key) => string;
  /** The list that tells of a key, where one serves several. */
  readonly listOf: (key: Key) => string;
}

const sharingByScope: SharingOfKeys = { quotaScopeOf: ({ scope }) => scope, listOf: ({ scope }) => scope };
const nobody: QuotaUse = { keys: 0, scopes: 0, lists: 0 };

/** After how long a run that did not come about is tried again, in milliseconds. */
export const retryAfter = 10_000;

export class Plan {
  readonly #intervalsFor: (key: Key, use: QuotaUse) => Intervals;
  readonly #sharing: SharingOfKeys;
  #scopes = new Map<string, PlannedScope>();
  /** The newest moment it was told of. */
  #now = 0;

  /** The effective intervals of a scope follow from one of its keys and from all that take from the same quota. */
  constructor(intervalsFor: (key: Key, use: QuotaUse) => Intervals, sharing: SharingOfKeys = sharingByScope) {
    this.#intervalsFor = intervalsFor;
    this.#sharing = sharing;
  }

  /** Takes over the live keys. Those that are known keep their times; a new or overdue one is due for a full run. */
  refresh(keys: readonly ScheduledKey[], now: number): void {
    const before = this.#scopes;
    this.#scopes = new Map();
    const byScope = Map.groupBy(keys, ({ key }) => key.scope);
    const uses = this.#usesOfQuotas([...byScope.values()]);
    for (const [scope, [first, ...rest]] of byScope) {
      if (first === undefined) continue;
      const ofScope = [first, ...rest];
      const intervals = this.#intervalsFor(first.key, uses.get(this.#sharing.quotaScopeOf(first.key)) ?? nobody);
      const { provider } = first.key;
      const planned: PlannedScope = { provider, intervals, keys: new Map(), due: before.get(scope)?.due ?? 0 };
      this.#scopes.set(scope, planned);
      for (const scheduled of ofScope) {
        const { name, resource } = scheduled.key;
        const same = before.get(scope)?.keys.get(name);
        const due =
          same?.key.resource === resource ? same.due : this.#firstDue(scheduled, ofScope.length, intervals, now);
        planned.keys.set(name, { key: scheduled.key, due });
      }
    }
  }

  #usesOfQuotas(scopes: readonly (readonly ScheduledKey[])[]): ReadonlyMap<string, QuotaUse> {
    const { quotaScopeOf, listOf } = this.#sharing;
    const uses = new Map<string, QuotaUse>();
    for (const keys of scopes) {
      const [first] = keys;
      if (first === undefined) continue;
      const quota = quotaScopeOf(first.key);
      const before = uses.get(quota) ?? nobody;
      const slots = slotsOf(keys.length);
      const lists = [...Map.groupBy(keys, ({ key }) => listOf(key)).values()];
      uses.set(quota, {
        keys: before.keys + keys.length,
        scopes: before.scopes + 1,
        // Once for each part of the scope's keys that has any of the list.
        lists: lists.reduce((sum, ofList) => sum + Math.min(slots, ofList.length), before.lists),
      });
    }
    return uses;
  }

  /**
   * What is due now. A full run reads what the fast lane reads, so it goes first; a key that a long full run has not
   * come to within a fast interval is read by the fast lane meanwhile.
   */
  due(now: number, at: (key: string) => KeyActivity): DueScope[] {
    if (now < this.#now) this.#followClock(now);
    this.#now = now;
    return [...this.#scopes].flatMap(([scope, planned]) => {
      const full: Key[] = [];
      const fast: Key[] = [];
      for (const { key, due } of planned.keys.values()) {
        if (due.full > now && due.fast > now) continue;
        const activity = at(key.name);
        if (due.full <= now && activity === "none") full.push(key);
        else if (due.fast <= now && activity !== "busy") fast.push(key);
      }
      const { provider } = planned;
      return [
        { provider, scope, lane: "full" as const, keys: full, readScope: planned.due <= now },
        { provider, scope, lane: "fast" as const, keys: fast, readScope: false },
      ].filter(({ keys }) => keys.length > 0);
    });
  }

  /** Keys of every scope, or the named ones, whether they are due or not. */
  all(names: readonly string[] | null): Pick<DueScope, "provider" | "scope" | "keys">[] {
    const wanted = names === null ? null : new Set(names);
    return [...this.#scopes].flatMap(([scope, { provider, keys }]) => {
      const chosen = [...keys.values()].map(({ key }) => key).filter(({ name }) => wanted?.has(name) ?? true);
      return chosen.length === 0 ? [] : [{ provider, scope, keys: chosen }];
    });
  }

  /** Notes that a run is about to read: the fast lane need not, until an interval later. */
  begun(run: DueScope, now: number): void {
    for (const { name } of run.keys) this.#postpone(run.scope, name, ["fast"], now);
  }

  /** Notes that a run has read a key. Runs that were missed meanwhile are made up by the next one. */
  ended({ scope, lane }: Pick<DueScope, "scope" | "lane">, name: string, now: number): void {
    // A full run reads what the fast lane reads as well.
    this.#postpone(scope, name, lane === "full" ? scanLanes : [lane], now);
  }

  /** Notes that a run did not come about: what it was to read is due again soon. */
  failed(run: DueScope, now: number): void {
    const planned = this.#scopes.get(run.scope);
    if (planned === undefined) return;
    if (run.readScope) planned.due = 0;
    for (const { name } of run.keys) {
      this.ended(run, name, now);
      const due = planned.keys.get(name)?.due;
      if (due !== undefined) due[run.lane] = Math.min(due[run.lane], now + retryAfter);
    }
  }

  #postpone(scope: string, name: string, lanes: readonly ScanLane[], now: number): void {
    const planned = this.#scopes.get(scope);
    const key = planned?.keys.get(name);
    if (planned === undefined || key === undefined) return;
    for (const lane of lanes) key.due[lane] = nextOf(planned, key.key, lane, now);
  }

  /** Notes that the shared facts of a scope are being read. */
  scopeBegun(scope: string, now: number): void {
    const planned = this.#scopes.get(scope);
    if (planned === undefined) return;
    planned.due = nextOfScope(planned, scope, now);
  }

  intervalsOf(scope: string): Intervals | undefined {
    return this.#scopes.get(scope)?.intervals;
  }

  /** By a clock that was set back, everything would be due only when it has caught up. */
  #followClock(now: number): void {
    for (const [scope, planned] of this.#scopes) {
      planned.due = Math.min(planned.due, nextOfScope(planned, scope, now));
      for (const { key, due } of planned.keys.values()) {
        for (const lane of scanLanes) due[lane] = Math.min(due[lane], nextOf(planned, key, lane, now));
      }
    }
  }

  #firstDue({ key, last_read }: ScheduledKey, keysInScope: number, intervals: Intervals, now: number) {
    const due = scanLanes.map((lane) => {
      const last = last_read[lane];
      const interval = intervals[lane];
      // What was read in the future was read before the clock was set back; nobody knows how long ago.
      const overdue = last === null || now - last > interval || last > now;
      return [
        lane,
        overdue ? 0 : nextDue(last, phaseOf(key.name, key.scope, keysInScope, interval), interval),
      ] as const;
    });
    const times = Object.fromEntries(due) as Record<ScanLane, number>;
    // Overdue in any lane: nobody looked for a while, so everything is looked at.
    return times.fast === 0 ? { fast: 0, full: 0 } : times;
  }
}

function nextOf({ intervals, keys }: PlannedScope, { name, scope }: Key, lane: ScanLane, now: number): number {
  const interval = intervals[lane];
  return nextDue(now, phaseOf(name, scope, keys.size, interval), interval);
}

function nextOfScope({ intervals }: PlannedScope, scope: string, now: number): number {
  return nextDue(now, phaseOf(scope, scope, 1, intervals.full), intervals.full);
}
