/** Which keys are due when. Knows no clock: every moment comes as an argument, in epoch milliseconds. */
import type { Key } from "../model/key.ts";
import { type ScanLane, scanLanes } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { QuotaUse } from "./intervals.ts";
import { nextDue, phaseOf } from "./phase.ts";
import {
  type Intervals,
  isSameKey,
  type PlannedScope,
  type ScheduledKey,
  type SharingOfKeys,
  takeOver,
} from "./take-over.ts";

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

const sharingByScope: SharingOfKeys = { quotaScopeOf: ({ scope }) => scope, listOf: ({ scope }) => scope };

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

  /**
   * Takes over the live keys, in portions; until it is done, everything stays as it was. One call after the other: what
   * is taken over last is what holds.
   */
  async refresh(keys: readonly ScheduledKey[], now: number): Promise<void> {
    const scopes = await takeOver({
      keys,
      before: this.#scopes,
      sharing: this.#sharing,
      intervalsFor: this.#intervalsFor,
      now,
    });
    // Only now: what scopes share may have been begun meanwhile.
    for (const [scope, planned] of scopes) planned.due = this.#scopes.get(scope)?.due ?? 0;
    this.#scopes = scopes;
    // Where the clock was set back meanwhile, what is new has to follow it as well.
    this.#now = Math.max(this.#now, now);
  }

  /** Whether a key is planned: it then keeps its times, whenever it was last read. */
  has(key: Key): boolean {
    return isSameKey(this.#scopes.get(key.scope)?.keys.get(key.name), key);
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
    for (const lane of lanes) key.due[lane] = nextDue(now, key.phase[lane], planned.intervals[lane]);
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
      for (const { phase, due } of planned.keys.values()) {
        for (const lane of scanLanes)
          due[lane] = Math.min(due[lane], nextDue(now, phase[lane], planned.intervals[lane]));
      }
    }
  }
}

function nextOfScope({ intervals }: PlannedScope, scope: string, now: number): number {
  return nextDue(now, phaseOf(scope, scope, 1, intervals.full), intervals.full);
}
