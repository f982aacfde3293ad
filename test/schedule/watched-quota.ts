/** Many keys on the quota of one API, watched by the real schedule, audit and store, by a clock that needs no time. */
import { expect, onTestFinished } from "vitest";
import { createConclusions } from "../../src/audit/conclude.ts";
import { createAudit } from "../../src/audit/scan.ts";
import { createMetricsSource } from "../../src/cli/metrics-source.ts";
import { scheduledKeys } from "../../src/cli/scheduled-keys.ts";
import { Budget } from "../../src/collect/budget.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { Collector } from "../../src/collect/collector.ts";
import type { Refusal } from "../../src/collect/refusal.ts";
import { listOf } from "../../src/collect/registry.ts";
import { createRequest } from "../../src/collect/request.ts";
import type { Turn } from "../../src/collect/turn.ts";
import { createMetrics } from "../../src/metrics/create-metrics.ts";
import type { CheckSettings } from "../../src/model/check-settings.ts";
import type { Key, KeyResource } from "../../src/model/key.ts";
import type { Scan } from "../../src/model/scan.ts";
import { effectiveIntervals } from "../../src/schedule/intervals.ts";
import { Schedule } from "../../src/schedule/schedule.ts";
import type { Store } from "../../src/store/store.ts";
import { registration, temporaryStore } from "../store/support/material.ts";
import { recordingLog } from "../support/recording-log.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";

export const minute = 60_000;
export const configured = { fast: minute, full: 15 * minute };
/** Of a published quota. */
export const ratio = 0.25;

/** A request that was sent. */
export interface Sent {
  readonly at: number;
  readonly call: string;
  /** What was asked for. */
  readonly of: string;
  readonly quota: string;
}

interface Target extends Turn {
  readonly scope?: string;
}

/** Makes a reader whose requests go through the budget; who asks and when is written down. */
type Counted = <Reader extends object>(
  told: Reader,
  calls: Partial<Readonly<Record<keyof Reader, string>>>,
  quotaOf: (target: Target) => string,
) => Reader;

export interface WatchedQuota {
  readonly keys: readonly (KeyResource & { readonly name: string })[];
  readonly classify: (error: unknown) => Refusal | undefined;
  readonly quotaScopeOf: (key: Key) => string;
  readonly collector: (counted: Counted, clock: TestClock) => Collector;
}

export async function watchedQuota({ keys, classify, quotaScopeOf, collector }: WatchedQuota) {
  const provider = keys[0]?.provider ?? expect.fail("no keys");
  const calls = callTables[provider];
  const clock = testClock();
  const temporary = await temporaryStore({ calls: callTables, patience: 0 });
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  // A transaction takes no time of the clock's, whatever it really takes.
  const store: Store = {
    ...temporary.store,
    write: (body, options) => clock.hold(temporary.store.write(body, options)),
  };
  const { lines, log } = recordingLog();
  const scans: Scan[] = [];
  const sent: Sent[] = [];
  const budget = new Budget({ calls, clock, ratio, concurrency: 16 });
  const request = createRequest({ provider, budget, clock, onCall: () => undefined, classify });
  const counted: Counted = (told, counts, quotaOf) => {
    const methods = Object.entries<string | undefined>(counts).map(([method, call = ""]) => [
      method,
      (target: Target, ...of: readonly unknown[]) => {
        const quota = quotaOf(target);
        return request({ ...target, call, scope: quota }, async () => {
          sent.push({ at: clock.steady(), call, of: JSON.stringify(of), quota });
          await clock.sleep(20);
          const answer: unknown = Reflect.get(told, method);
          if (typeof answer !== "function") throw new TypeError(`no method ${method}`);
          return Reflect.apply(answer, told, [target, ...of]) as unknown;
        });
      },
    ]);
    return { ...told, ...Object.fromEntries(methods) };
  };
  const one = collector(counted, clock);
  const settings = {} as CheckSettings;
  const rules = { catalogue: [], version: "1", guidance: "2026-09", settings, reads: {} } as const;
  const audit = createAudit({
    store,
    collectors: { aws: one, gcp: one, azure: one },
    calls: callTables,
    conclusions: createConclusions({ store, calls: callTables, rules, now: () => clock.now() }),
    concluding: (work) => work(clock.now()),
    now: () => clock.now(),
    log,
    onScan: (scan) => scans.push(scan),
  });
  const schedule = new Schedule({
    audit,
    leases: { whileHeld: (_scope, work) => work() },
    configured,
    intervalsFor: (_key, use) => effectiveIntervals({ calls, rateOf: (call) => budget.rateOf(call), use, configured }),
    sharing: { quotaScopeOf, listOf },
    log,
    now: () => clock.now(),
    keys: (isPlanned) => scheduledKeys(store.read, clock.now(), () => undefined, isPlanned),
    onScopes: () => Promise.resolve(),
    housekeeping: () => Promise.resolve(),
    onFailure: () => expect.fail("a scan could not be kept"),
  });
  // Before the store is closed.
  onTestFinished(() => schedule.stop());
  await store.write(async (tx) => {
    for (const key of keys) await tx.registerKey({ ...key, source: "api", registration }, clock.now());
  });
  return {
    store,
    clock,
    schedule,
    lines,
    scans,
    sent,
    async run(time: number) {
      for (const end = clock.steady() + time; clock.steady() < end; ) {
        await schedule.tick();
        await clock.sleep(1000);
      }
    },
    metrics: async () => {
      const source = createMetricsSource({
        read: store.read,
        now: () => clock.now(),
        fastIntervalOf: (scope) => schedule.intervalsOf(scope)?.fast ?? expect.fail(`no plan of ${scope}`),
      });
      const named = { aws: [], gcp: [], azure: [], [provider]: Object.keys(calls) };
      const metrics = createMetrics({
        source,
        version: "1",
        keyLabels: [],
        mode: "detailed",
        lanes: configured,
        calls: named,
      });
      let text = "";
      for await (const piece of await metrics.pieces("identity")) text += Buffer.from(piece).toString();
      return text;
    },
  };
}

/** The most that was sent within any minute. */
export function busiestMinute(requests: readonly Sent[]): number {
  const times = requests.map(({ at }) => at);
  let first = 0;
  let most = 0;
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - minute) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The longest that anything was without a request of this call, from a moment on. */
export function longestGap(sent: readonly Sent[], call: string, from: number): number {
  const requests = sent.filter((one) => one.call === call && one.at >= from);
  const gaps = [...Map.groupBy(requests, ({ of }) => of).values()].flatMap((reads) =>
    reads.slice(1).map(({ at }, index) => at - (reads[index]?.at ?? 0)),
  );
  return Math.max(...gaps);
}
