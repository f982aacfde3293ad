/** The order of work: collect, save, derive, judge, save, announce. */
import PQueue from "p-queue";
import type { Collector } from "../collect/collector.ts";
import type { CallTable } from "../model/call.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { Conclusions } from "./conclude.ts";
import type { Logger } from "./logger.ts";
import type { Concluding } from "./moments.ts";
import { RefusedCalls } from "./refused-calls.ts";

export interface AuditOptions {
  readonly store: Store;
  readonly collectors: Readonly<Record<Provider, Collector>>;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  readonly conclusions: Conclusions;
  readonly concluding: Concluding;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
  /** Told of every scan that ended. */
  readonly onScan: (scan: Scan) => void;
}

export interface ScanRequest {
  readonly id: string;
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly keys: readonly Key[];
  /** Whether the facts that the scope's keys share are read as well. */
  readonly readScope: boolean;
  /** The effective interval of each lane, in milliseconds: kept with every sight, so that a gap can be told. */
  readonly intervals: Readonly<Record<ScanLane, number>>;
  /** No further key is begun once it is aborted. */
  readonly signal?: AbortSignal;
  /** Reads a key when nobody else does; left out, at once. */
  readonly alone?: (key: Key, read: () => Promise<void>) => Promise<void>;
  readonly onKey?: (key: Key) => void;
}

export interface Audit {
  /** Scans keys of one scope. Rejects where the store cannot be written; a key that breaks is counted, not thrown. */
  scan(request: ScanRequest): Promise<Scan>;
}

/** Keys whose readings are under way at once; how many requests that makes is the budget's to say. */
const keysAtOnce = 64;
/** However short the interval, a key has this long to answer, in milliseconds. */
const shortestPatience = 30_000;

export function createAudit(options: AuditOptions): Audit {
  return { scan: (request) => new ScanRun(options, request).run() };
}

class ScanRun {
  readonly #options: AuditOptions;
  readonly #request: ScanRequest;
  readonly #refused: RefusedCalls;
  readonly #counts = { keys: 0, failed_keys: 0, changes: 0 };
  /** What the store refused with: then nothing further is begun. */
  #refusal: StoreError | undefined;

  constructor(options: AuditOptions, request: ScanRequest) {
    this.#options = options;
    this.#request = request;
    this.#refused = new RefusedCalls(options.calls[request.provider]);
  }

  async run(): Promise<Scan> {
    const { store, now } = this.#options;
    const { id, provider, scope, lane, keys } = this.#request;
    const begun = { id, provider, scope, lane, started_at: now() };
    await store.write((tx) => tx.startScan(begun));

    if (this.#request.readScope) await this.#contained({}, () => this.#readScope());
    const queue = new PQueue({ concurrency: keysAtOnce });
    await queue.addAll(keys.map((key) => () => this.#takeKey(key)));
    if (this.#refusal !== undefined) throw this.#refusal;

    const result = { ...this.#counts, finished_at: now(), refused: this.#refused.list() };
    // Stopped in the middle: it stays unfinished, and the next start says that it was interrupted.
    if (this.#counts.keys < keys.length) return { ...begun, ...result, state: "interrupted" };
    const scan: Scan = { ...begun, ...result, state: "done" };
    await store.write((tx) => tx.finishScan(id, result));
    this.#announce(scan, result.finished_at - begun.started_at);
    return scan;
  }

  async #takeKey(key: Key): Promise<void> {
    const { alone, onKey } = this.#request;
    const read = async () => {
      if (this.#isOver()) return;
      await this.#contained({ key: key.name }, () => this.#scanKey(key));
      this.#counts.keys += 1;
      onKey?.(key);
    };
    if (!this.#isOver()) await (alone === undefined ? read() : alone(key, read));
  }

  #isOver(): boolean {
    return this.#refusal !== undefined || this.#request.signal?.aborted === true;
  }

  /**
   * The one place where what is no provider's answer is caught: the other keys go on. What the store refuses is kept
   * until what is under way has ended, so that nothing of a scan outlives it.
   */
  async #contained(subject: { readonly key?: string }, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StoreError) {
        this.#refusal ??= error;
        return;
      }
      this.#counts.failed_keys += 1;
      const { id, scope } = this.#request;
      this.#options.log.error({ err: error, scope, ...subject, scan: id }, "a scan broke on a fault of our own");
    }
  }

  async #readScope(): Promise<void> {
    const { store, collectors } = this.#options;
    const { provider, scope, lane, intervals } = this.#request;
    const readings = await collectors[provider].readScope(scope, lane, this.#patience());
    if (readings.length === 0) return;
    this.#refused.add(readings);
    const subject = { kind: "scope", provider, resource: scope } as const;
    await store.write((tx) => tx.saveReadings(subject, readings, intervals));
  }

  async #scanKey(key: Key): Promise<void> {
    const { provider, lane, intervals } = this.#request;
    const readings = await this.#options.collectors[provider].readKey(key, lane, this.#patience());
    this.#refused.add(readings);
    const { resource } = key;
    const { concluding, conclusions } = this.#options;
    const changed = await concluding((at) => conclusions.conclude({ provider, resource, readings, intervals, at }));
    this.#counts.changes += changed;
  }

  /** Counted from when a reading begins, not from when the scan does: a long queue takes nobody's time. */
  #patience(): number {
    const { lane, intervals } = this.#request;
    return Math.max(shortestPatience, intervals[lane]);
  }

  #announce(scan: Scan, ms: number): void {
    const { log, onScan } = this.#options;
    const { id, scope, lane, refused } = scan;
    onScan(scan);
    const line = { scan: id, scope, lane, ...this.#counts, ms, refused };
    const complete = scan.failed_keys === 0 && refused.length === 0;
    if (complete) log.info(line, "scan ended");
    else log.warn(line, "scan ended, and not everything could be read");
  }
}
