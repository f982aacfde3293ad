/** The order of work: collect, save, derive, judge, save, announce. */
import PQueue from "p-queue";
import type { Collector } from "../collect/collector.ts";
import type { CallTable } from "../model/call.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Reading } from "../model/reading.ts";
import type { Provider } from "../model/resource.ts";
import type { RefusedCall, Scan } from "../model/scan.ts";
import type { Store } from "../store/store.ts";
import { judge, type Rules } from "./judge.ts";
import type { Logger } from "./logger.ts";

export interface AuditOptions {
  readonly store: Store;
  readonly collectors: Readonly<Record<Provider, Collector>>;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  readonly rules: Rules;
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
  readonly onKey?: (key: Key) => void;
}

export interface Audit {
  /** Scans keys of one scope. Rejects where the store cannot be written; a key that breaks is counted, not thrown. */
  scan(request: ScanRequest): Promise<Scan>;
}

/** Keys whose readings are under way at once; how many requests that makes is the budget's to say. */
const keysAtOnce = 32;
/** However short the interval, a key has this long to answer, in milliseconds. */
const shortestDeadline = 30_000;

export function createAudit(options: AuditOptions): Audit {
  const { store, collectors, calls, rules, now, log, onScan } = options;

  async function readScope(request: ScanRequest, deadline: number, refused: RefusedCalls): Promise<void> {
    const readings = await collectors[request.provider].readScope(request.scope, request.lane, deadline);
    if (readings.length === 0) return;
    refused.add(readings, calls[request.provider]);
    const subject = { kind: "scope", provider: request.provider, resource: request.scope } as const;
    await store.write((tx) => tx.saveReadings(subject, readings, request.intervals));
  }

  /** Everything that one read of a key leads to is one transaction: what was seen never stands without what follows. */
  async function conclude(request: ScanRequest, key: Key, readings: readonly Reading[]): Promise<number> {
    return store.write(async (tx) => {
      const { provider, resource } = key;
      await tx.saveReadings({ kind: "key", provider, resource }, readings, request.intervals);
      const at = now();
      const snapshot = await tx.snapshot(key.name, at);
      // Retired while it was read: what was seen of it is not concluded any more.
      if (snapshot === undefined) return 0;
      const facts = Object.fromEntries(Object.entries(snapshot.facts).map(([name, { fact }]) => [name, fact]));
      const { outcomes, guidance } = judge(rules, key, facts, key.registration.guidance, at);
      const { changed } = await tx.saveOutcomes(key.name, outcomes, { at, guidance, catalogue: rules.version });
      return changed;
    });
  }

  async function scanKey(request: ScanRequest, key: Key, refused: RefusedCalls): Promise<number> {
    const deadline = now() + Math.max(shortestDeadline, request.intervals[request.lane]);
    const readings = await collectors[request.provider].readKey(key, request.lane, deadline);
    refused.add(readings, calls[request.provider]);
    return conclude(request, key, readings);
  }

  return {
    async scan(request) {
      const started = now();
      const refused = new RefusedCalls();
      const counts = { keys: 0, failed_keys: 0, changes: 0 };
      const { id, provider, scope, lane, keys, signal } = request;
      const begun = { id, provider, scope, lane, started_at: started };
      await store.write((tx) => tx.startScan(begun));

      /** The one place where what is no provider's answer is caught: the other keys go on. */
      const contained = async (subject: string, work: () => Promise<void>) => {
        try {
          await work();
        } catch (error) {
          if (!store.health().ok) throw error;
          counts.failed_keys += 1;
          log.error({ err: error, scope, key: subject, scan: id }, "a scan broke on a fault of our own");
        }
      };

      if (request.readScope) {
        const deadline = started + Math.max(shortestDeadline, request.intervals[lane]);
        await contained(scope, () => readScope(request, deadline, refused));
      }
      const queue = new PQueue({ concurrency: keysAtOnce });
      await queue.addAll(
        keys.map((key) => async () => {
          if (signal?.aborted === true) return;
          await contained(key.name, async () => {
            counts.changes += await scanKey(request, key, refused);
          });
          counts.keys += 1;
          request.onKey?.(key);
        }),
      );

      const result = { ...counts, finished_at: now(), refused: refused.list() };
      // Stopped in the middle: it stays unfinished, and the next start says that it was interrupted.
      if (signal?.aborted === true) return { ...begun, ...result, state: "interrupted" };
      const scan: Scan = { ...begun, ...result, state: "done" };
      await store.write((tx) => tx.finishScan(id, result));
      onScan(scan);
      const line = { scan: id, scope, lane, ...counts, ms: result.finished_at - started, refused: scan.refused };
      if (counts.failed_keys > 0 || scan.refused.length > 0)
        log.warn(line, "scan ended, and not everything could be read");
      else log.info(line, "scan ended");
      return scan;
    },
  };
}

/** The calls that were refused during a scan, each once with the number of its subjects. */
class RefusedCalls {
  readonly #calls = new Map<string, RefusedCall>();

  add(readings: readonly Reading[], table: CallTable): void {
    for (const { call, answer } of readings) {
      if (answer.state === "seen") continue;
      const { reason, detail } = answer;
      const before = this.#calls.get(`${call} ${reason}`);
      const permission = table[call]?.permission ?? call;
      this.#calls.set(`${call} ${reason}`, {
        ...(before ?? { call, permission, reason, detail }),
        subjects: (before?.subjects ?? 0) + 1,
      });
    }
  }

  list(): readonly RefusedCall[] {
    return [...this.#calls.values()].sort((a, b) => a.call.localeCompare(b.call) || a.reason.localeCompare(b.reason));
  }
}
