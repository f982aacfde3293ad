/** When: once a second it looks, and whatever is due is handed to the audit, scope by scope. */
import { randomUUID } from "node:crypto";
import type { Logger } from "../audit/logger.ts";
import type { Audit, ScanRequest } from "../audit/scan.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import type { QuotaUse } from "./intervals.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { type DueScope, Plan, retryAfter } from "./plan.ts";
import type { Intervals, ScheduledKey, SharingOfKeys } from "./take-over.ts";
import { startTicker, type Ticker } from "./ticker.ts";
import { UnderWay } from "./under-way.ts";

export interface ScheduleOptions {
  readonly audit: Audit;
  readonly leases: LeaseKeeper;
  /** The intervals that are wished for; a budget may allow longer ones only. */
  readonly configured: Intervals;
  /** By one key of a scope, and all that takes from the same quota. */
  readonly intervalsFor: (key: Key, use: QuotaUse) => Intervals;
  /** What the reads of several keys have in common; by default what is of one scope. */
  readonly sharing?: SharingOfKeys;
  readonly log: Logger;
  readonly now: () => number;
  /**
   * All live keys, with the last reads of those that are not planned yet. Asked at the start, when told of a change, and
   * once a minute.
   */
  readonly keys: (isPlanned: (key: Key) => boolean) => Promise<readonly ScheduledKey[]>;
  /** Told of the scopes that have keys, whenever the keys were asked for. */
  readonly onScopes: (scopes: readonly { readonly provider: Provider; readonly scope: string }[]) => Promise<void>;
  /** Clears up what is old; asked for at the start and once an hour. */
  readonly housekeeping: () => Promise<void>;
  /** Told of a scan whose result could not be kept. */
  readonly onFailure: (run: Pick<DueScope, "provider" | "scope" | "lane">) => void;
}

/** A scan that was begun at once. */
export interface BegunScan {
  readonly id: string;
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly keys: readonly string[];
  readonly requested_at: number;
  /** Undefined where another process holds the scope, or where the scan could not be kept. */
  readonly done: Promise<Scan | undefined>;
}

/** How long a stop waits for requests that are under way, in milliseconds. */
const grace = 5000;
const houseEvery = 3_600_000;
const refreshEvery = 60_000;

export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #plan: Plan;
  readonly #underWay = new UnderWay();
  readonly #stop = new AbortController();
  /** Scans that were asked for and have not ended. */
  readonly #queued = new Map<string, BegunScan>();
  /** The intervals of each scope as they were logged last. */
  readonly #told = new Map<string, Intervals>();
  #refreshDue = 0;
  /** The newest taking over of the keys: under way, ended, or waiting for the one before. */
  #refreshed: Promise<void> = Promise.resolve();
  /** The one that has not begun, which all share who ask until then. */
  #nextRefresh: Promise<void> | undefined;
  #keptHouse = 0;
  #ticker: Ticker | undefined;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#plan = new Plan(options.intervalsFor, options.sharing);
  }

  /** Begins to tick. Keys that are new or overdue are scanned in full at once. */
  start(): void {
    this.#ticker = startTicker(() => this.tick(), this.#options.log);
  }

  /** Ends ticking, begins no further key, and gives what is under way a moment to end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ticker?.stop();
    let timer: NodeJS.Timeout | undefined;
    const impatient = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    // Whoever stops may close the database next, which the keys are read of.
    const underWay = [this.#refreshed, ...[...this.#queued.values()].map(({ done }) => done)];
    await Promise.race([Promise.allSettled(underWay), impatient]);
    clearTimeout(timer);
  }

  /** Says that keys were registered, changed or retired. */
  keysChanged(): void {
    this.#refreshDue = 0;
  }

  intervalsOf(scope: string): Intervals | undefined {
    return this.#plan.intervalsOf(scope);
  }

  /** Looks once at what is due, and begins it. Resolves when it is begun, not when it has ended. */
  async tick(): Promise<void> {
    try {
      await this.#refresh();
    } catch (err) {
      // The keys that are known are scanned meanwhile.
      this.#options.log.error({ err }, "the registered keys could not be read");
    }
    if (this.#isStopped()) return;
    for (const due of this.#plan.due(this.#options.now(), (key) => this.#underWay.activity(key))) this.#begin(due);
    await this.#keepHouse();
  }

  async #keepHouse(): Promise<void> {
    const now = this.#options.now();
    if (Math.abs(now - this.#keptHouse) < houseEvery) return;
    this.#keptHouse = now;
    try {
      await this.#options.housekeeping();
    } catch (err) {
      this.#options.log.error({ err }, "what is old could not be cleared up");
    }
  }

  /** Scans all keys, or the named ones, at once and within the budget: one scan for each scope. */
  async requestScan(names: readonly string[] | null, lane: ScanLane, onKey?: (key: Key) => void): Promise<BegunScan[]> {
    this.keysChanged();
    await this.#refresh();
    return this.#plan.all(names).map((scope) => this.#begin({ ...scope, lane, readScope: lane === "full" }, onKey));
  }

  /** A scan that has not ended: it may be about to begin. */
  queuedScan(id: string): BegunScan | undefined {
    return this.#queued.get(id);
  }

  /** One after the other: an older answer must not take the place of a newer one. */
  #refresh(): Promise<void> {
    this.#nextRefresh ??= this.#refreshed
      // Whoever asked then was told.
      .catch(() => undefined)
      .then(() => {
        this.#nextRefresh = undefined;
        return this.#takeOverKeys();
      });
    this.#refreshed = this.#nextRefresh;
    return this.#refreshed;
  }

  async #takeOverKeys(): Promise<void> {
    const now = this.#options.now();
    const clockWasSetBack = this.#refreshDue > now + refreshEvery;
    if (this.#isStopped() || (now < this.#refreshDue && !clockWasSetBack)) return;
    // Until it has come to its end; a change that is told of meanwhile makes it due at once.
    this.#refreshDue = now + retryAfter;
    const keys = await this.#options.keys((key) => this.#plan.has(key));
    if (this.#isStopped()) return;
    await this.#plan.refresh(keys, now);
    if (this.#isStopped()) return;
    const scopes = this.#plan.all(null);
    await this.#options.onScopes(scopes);
    for (const { scope, keys: ofScope } of scopes) this.#tellIntervals(scope, ofScope.length);
    if (this.#refreshDue > 0) this.#refreshDue = now + refreshEvery;
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Once, and again when they become others. */
  #tellIntervals(scope: string, keys: number): void {
    const { configured, log } = this.#options;
    const intervals = this.#plan.intervalsOf(scope);
    const told = this.#told.get(scope);
    if (intervals === undefined || (told?.fast === intervals.fast && told.full === intervals.full)) return;
    this.#told.set(scope, intervals);
    if (intervals.fast > configured.fast || intervals.full > configured.full) {
      log.warn({ scope, keys, intervals, configured }, "the request budget of a scope stretches its intervals");
    } else {
      log.info({ scope, keys, intervals }, "effective intervals of a scope");
    }
  }

  #begin(run: DueScope, onKey?: (key: Key) => void): BegunScan {
    const id = randomUUID();
    const requested_at = this.#options.now();
    if (run.readScope) this.#plan.scopeBegun(run.scope, requested_at);
    this.#plan.begun(run, requested_at);
    const keys = run.keys.map(({ name }) => name);
    const awaited = new Set(keys);
    for (const name of awaited) this.#underWay.await(run.lane, name);
    const leave = (name: string) => {
      if (awaited.delete(name)) this.#underWay.done(run.lane, name);
    };
    const alone = async ({ name }: Key, read: () => Promise<void>) => {
      await this.#underWay.alone(name, read);
      this.#plan.ended(run, name, this.#options.now());
      leave(name);
    };
    const done: Promise<Scan | undefined> = this.#run(id, run, {
      alone,
      ...(onKey === undefined ? {} : { onKey }),
    }).finally(() => {
      this.#queued.delete(id);
      for (const name of awaited) leave(name);
    });
    const begun = { id, provider: run.provider, scope: run.scope, lane: run.lane, keys, requested_at, done };
    this.#queued.set(id, begun);
    return begun;
  }

  async #run(id: string, run: DueScope, each: Pick<ScanRequest, "alone" | "onKey">): Promise<Scan | undefined> {
    const { audit, leases, log, now } = this.#options;
    const { provider, scope, lane, keys, readScope } = run;
    const intervals = this.#plan.intervalsOf(scope);
    // Without a plan, all keys of the scope were retired meanwhile.
    if (intervals === undefined || this.#isStopped()) return undefined;
    try {
      const request = { id, provider, scope, lane, keys, readScope, intervals, signal: this.#stop.signal };
      const scan = await leases.whileHeld(scope, () => audit.scan({ ...request, ...each }));
      if (scan !== undefined) return scan;
      log.info({ scope, lane }, "another process is scanning this scope");
    } catch (err) {
      log.error({ err, scope, lane, scan: id }, "a scan could not be kept");
      this.#options.onFailure(run);
    }
    this.#plan.failed(run, now());
    return undefined;
  }
}
