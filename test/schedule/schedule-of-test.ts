import type { Audit, ScanRequest } from "../../src/audit/scan.ts";
import type { Key } from "../../src/model/key.ts";
import type { Scan } from "../../src/model/scan.ts";
import type { LeaseKeeper } from "../../src/schedule/lease-keeper.ts";

import { Schedule } from "../../src/schedule/schedule.ts";
import type { Intervals, ScheduledKey } from "../../src/schedule/take-over.ts";
import { keyNamed, minute, scope, start } from "../store/support/material.ts";
import { recordingLog } from "../support/recording-log.ts";

export const intervals = { fast: minute, full: 15 * minute };
export const hour = 60 * minute;
export const free: LeaseKeeper = { whileHeld: (_scope, work) => work() };

export function scheduled(name: string, last: number | null = null, place = scope): ScheduledKey {
  const key = { ...keyNamed(name, { scope: place }), registered_at: 0, retired_at: null };
  return { key, last_read: { fast: last, full: last } };
}

export function scanOf({ id, provider, scope: place, lane, keys }: ScanRequest, at: number): Scan {
  const nothing = { failed_keys: 0, changes: 0, refused: [], started_at: at, finished_at: at };
  return { id, provider, scope: place, lane, state: "done", keys: keys.length, ...nothing };
}

interface UnderWay {
  readonly request: ScanRequest;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** A schedule over an audit that ends each scan when it is told to, and watches that no key is read by two of them. */
export function scheduleOfTest(
  names: readonly ScheduledKey[],
  leases: LeaseKeeper = free,
  intervalsFor: (keysInScope: number) => Intervals = () => intervals,
) {
  const { lines, log } = recordingLog();
  const clock = { now: start };
  const keys = { registered: names, read: async (): Promise<readonly ScheduledKey[]> => keys.registered };
  const began: string[] = [];
  const reads: string[] = [];
  const reading = new Set<string>();
  const overlaps: string[] = [];
  const failures: string[] = [];
  const cleared: number[] = [];
  const underWay: UnderWay[] = [];
  const audit: Audit = {
    async scan(request) {
      const { lane, keys: ofScan, readScope } = request;
      began.push(`${lane} ${ofScan.map(({ name }) => name).join(" ")}${readScope ? " +" : ""}`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const run: UnderWay = { request, end: resolve, fail: reject };
      underWay.push(run);
      const read = async ({ name }: Key) => {
        if (request.signal?.aborted === true) return;
        if (reading.has(name)) overlaps.push(name);
        reads.push(`${lane} ${name}`);
        reading.add(name);
        await promise.finally(() => reading.delete(name));
      };
      const ended = await Promise.allSettled(ofScan.map(async (key) => request.alone?.(key, () => read(key))));
      underWay.splice(underWay.indexOf(run), 1);
      for (const one of ended) if (one.status === "rejected") throw one.reason;
      return scanOf(request, clock.now);
    },
  };
  const schedule = new Schedule({
    audit,
    leases,
    configured: { fast: minute, full: 15 * minute },
    intervalsFor: (_key, { keys: ofScope }) => intervalsFor(ofScope),
    log,
    now: () => clock.now,
    keys: () => keys.read(),
    onScopes: () => Promise.resolve(),
    housekeeping: () => {
      cleared.push(clock.now);
      return Promise.resolve();
    },
    onFailure: ({ lane }) => failures.push(lane),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    schedule,
    audit,
    clock,
    keys,
    began,
    reads,
    overlaps,
    failures,
    cleared,
    underWay,
    lines,
    settle,
    /** One tick, and what it begins. */
    async tick(): Promise<readonly string[]> {
      const before = began.length;
      await schedule.tick();
      await settle();
      return began.slice(before);
    },
    async endAll(): Promise<void> {
      for (const { end } of underWay) end();
      await settle();
    },
  };
}
