/** The writing half, bound to one transaction and of no use after it. */
import type { CallIndex } from "./call-index.ts";
import { stateOfKey } from "./key-state.ts";
import { findKeys, type KeyRow, liveKeyOfResource, liveKeyRow } from "./keys.ts";
import { lastChange } from "./last-change.ts";
import { saveOutcomes } from "./outcomes.ts";
import { optionalKey } from "./reader.ts";
import { saveReadings } from "./readings.ts";
import { liveKey, registerKey, retireKey, updateRegistration } from "./register.ts";
import { retireChecks } from "./retire.ts";
import { finishScan, interruptRunningScans, pruneScans, startScan } from "./scans.ts";
import { currentSnapshot, snapshotOf } from "./snapshot.ts";
import type { StoreWriter } from "./store.ts";
import { type WriteContext, type Writing, writeContext } from "./write-context.ts";

/** What follows about the key in this transaction needs its row again. */
function rememberedKey({ statements, keys }: WriteContext, resource: string): Promise<KeyRow | undefined> {
  const [row] = statements.all(liveKeyOfResource, { resource });
  if (row !== undefined) keys.set(row.name, row);
  return Promise.resolve(row);
}

export interface BoundWriter {
  readonly writer: StoreWriter;
  /** After this every method throws: what is called too late must not become a transaction of its own. */
  end(): void;
}

export function bindWriter(writing: Writing, calls: CallIndex): BoundWriter {
  const context = writeContext(writing, calls);
  let ended = false;
  function live(): WriteContext {
    if (ended) {
      throw new Error("the transaction of this writer has ended; was one of its methods not awaited?");
    }
    return context;
  }
  const writer: StoreWriter = {
    key: async (name) => optionalKey(await liveKeyRow(live().db, name)),
    keyByResource: async (resource) => optionalKey(await rememberedKey(live(), resource)),
    keys: async () => findKeys(live().db),
    registerKey: async (key, at) => registerKey(live(), key, at),
    updateRegistration: async (name, registration, at, source) =>
      updateRegistration(live(), name, { registration, source }, at),
    retireKey: async (name, at) => retireKey(live(), name, at),
    saveReadings: async (subject, readings, intervals) => saveReadings(live(), subject, readings, intervals),
    stateOfKey: async (name, now) => stateOfKey(live(), await liveKey(live(), name), now),
    snapshot: async (name, now) => {
      const { db, statements, keys } = live();
      const row = keys.get(name);
      return row === undefined
        ? currentSnapshot({ db, statements }, calls, name, now)
        : snapshotOf(statements, calls, row, now);
    },
    changedAt: () => Promise.try(() => lastChange(live().statements).changed_at),
    saveOutcomes: async (name, outcomes, conclusion) => saveOutcomes(live(), name, outcomes, conclusion),
    retireChecks: async (catalogue, at) => ({ retired: await retireChecks(live(), catalogue, at) }),
    startScan: async (scan) => startScan(live().db, scan),
    finishScan: async (id, result) => finishScan(live().db, id, result),
    interruptRunningScans: async (at) => interruptRunningScans(live().db, at),
    pruneScans: async (started_before) => pruneScans(live().db, started_before),
  };
  return {
    writer,
    end() {
      ended = true;
    },
  };
}
