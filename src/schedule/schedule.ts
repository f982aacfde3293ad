/** When: once a second it looks, and whatever is due is handed to the audit, scope by scope. */
import { randomUUID } from "node:crypto";
import type { Logger } from "../audit/logger.ts";
import type { Audit } from "../audit/scan.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { type DueScope, type Intervals, Plan, retryAfter, type ScheduledKey } from "./plan.ts";
import { startTicker, type Ticker } from "./ticker.ts";

export interface ScheduleOptions {
  readonly audit: Audit;
  readonly leases: LeaseKeeper;
  readonly intervalsFor: (key: Key, keysInScope: number) => Intervals;
  readonly log: Logger;
  readonly now: () => number;
  /** All live keys. Asked at the start, when told of a change, and once a minute. */
  readonly keys: () => Promise<readonly ScheduledKey[]>;
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
  /** The run that each busy key is in: lanes of one key never run at the same time. */
  readonly #busy = new Map<string, Promise<unknown>>();
  readonly #stop = new AbortController();
  /** Scans that were asked for and have not ended. */
  readonly #queued = new Map<string, BegunScan>();
  /** The fast interval of each scope as it was logged last. */
  readonly #told = new Map<string, number>();
  #refreshDue = 0;
  #refreshed: Promise<void> = Promise.resolve();
  #keptHouse = 0;
  #ticker: Ticker | undefined;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#plan = new Plan(options.intervalsFor);
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
    await Promise.race([Promise.allSettled(this.#busy.values()), impatient]);
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
    for (const due of this.#plan.due(this.#options.now(), (key) => this.#busy.has(key))) this.#begin(due);
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

  /** A scan that was asked for and has not ended: it may wait for another one of the same keys. */
  queuedScan(id: string): BegunScan | undefined {
    return this.#queued.get(id);
  }

  /** One after the other: an older answer must not take the place of a newer one. */
  #refresh(): Promise<void> {
    this.#refreshed = this.#refreshed
      // Whoever asked then was told.
      .catch(() => undefined)
      .then(() => this.#takeOverKeys());
    return this.#refreshed;
  }

  async #takeOverKeys(): Promise<void> {
    const now = this.#options.now();
    const clockWasSetBack = this.#refreshDue > now + refreshEvery;
    if (now < this.#refreshDue && !clockWasSetBack) return;
    // Until it has come to its end; a change that is told of meanwhile makes it due at once.
    this.#refreshDue = now + retryAfter;
    this.#plan.refresh(await this.#options.keys(), now);
    await this.#options.onScopes(this.#plan.all(null));
    for (const { scope, keys } of this.#plan.all(null)) {
      const intervals = this.#plan.intervalsOf(scope);
      if (this.#told.get(scope) === intervals?.fast) continue;
      this.#told.set(scope, intervals?.fast ?? 0);
      this.#options.log.info({ scope, keys: keys.length, intervals }, "effective intervals of a scope");
    }
    if (this.#refreshDue > 0) this.#refreshDue = now + refreshEvery;
  }

  #begin(run: DueScope, onKey?: (key: Key) => void): BegunScan {
    const id = randomUUID();
    const requested_at = this.#options.now();
    if (run.readScope) this.#plan.scopeBegun(run.scope, requested_at);
    const keys = run.keys.map(({ name }) => name);
    const before = keys.flatMap((name) => this.#busy.get(name) ?? []);
    const clear = () => {
      this.#queued.delete(id);
      for (const name of keys) if (this.#busy.get(name) === done) this.#busy.delete(name);
    };
    const done: Promise<Scan | undefined> = Promise.allSettled(before)
      .then(() => this.#run(id, run, onKey))
      .finally(clear);
    for (const name of keys) this.#busy.set(name, done);
    const begun = { id, provider: run.provider, scope: run.scope, lane: run.lane, keys, requested_at, done };
    this.#queued.set(id, begun);
    return begun;
  }

  async #run(id: string, run: DueScope, onKey?: (key: Key) => void): Promise<Scan | undefined> {
    const { audit, leases, log, now } = this.#options;
    const { provider, scope, lane, keys, readScope } = run;
    const intervals = this.#plan.intervalsOf(scope);
    // Without a plan, all keys of the scope were retired while the scan waited.
    if (intervals === undefined || this.#stop.signal.aborted) return undefined;
    try {
      const request = { id, provider, scope, lane, keys, readScope, intervals, signal: this.#stop.signal };
      const scan = await leases.whileHeld(scope, () =>
        audit.scan(onKey === undefined ? request : { ...request, onKey }),
      );
      if (scan !== undefined) {
        this.#plan.ended(run, now());
        return scan;
      }
      log.info({ scope, lane }, "another process is scanning this scope");
    } catch (err) {
      log.error({ err, scope, lane, scan: id }, "a scan could not be kept");
      this.#options.onFailure(run);
    }
    this.#plan.failed(run, now());
    return undefined;
  }
}
