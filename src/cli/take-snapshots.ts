import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SnapshotDocument } from "../audit/snapshot-document.ts";
import type { Config } from "../config/config-schema.ts";
import { known } from "../model/fact.ts";
import { guidanceRevisions } from "../model/guidance-revision.ts";
import { factsIn } from "../model/snapshot.ts";
import type { StoreReader } from "../store/store.ts";
import { type Interrupt, Interrupted } from "./interruption.ts";
import { createLogger } from "./logger.ts";
import { createProgress } from "./progress.ts";
import { type ScopeReport, scopeReport } from "./scan-report.ts";
import { openService, type ServiceOptions } from "./service.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { wantedKeys } from "./wanted-keys.ts";

export interface TakenSnapshots {
  readonly snapshots: readonly SnapshotDocument[];
  /** What was refused, and whether a fault of our own kept some key from being read to the end. */
  readonly scopes: readonly ScopeReport[];
}

/**
 * Reads the keys of the configuration once, as a full scan does, into a database that is forgotten afterwards. Throws
 * `Interrupted` once that resolves, with the database gone.
 */
export async function takeSnapshots(
  configured: Config,
  asked?: readonly string[],
  local?: ServiceOptions["local"],
  interrupted?: Promise<Interrupt>,
): Promise<TakenSnapshots> {
  const folder = await makeTemporaryFolder();
  const config = { ...configured, database: join(folder, "collect.db") };
  const log = createLogger("error");
  try {
    const service = await openService({ config, log, ...(local === undefined ? {} : { local }) });
    const { store, schedule, now } = service;
    try {
      await service.takeOver();
      const names = (await store.read.keys()).map(({ name }) => name);
      const wanted = wantedKeys(asked, names);
      const progress = createProgress("collected", wanted.length);
      const begun = await schedule.requestScan([...wanted], "full", progress.step);
      const ended = Promise.all(begun.map(async ({ scope, done }) => ({ scope, scan: await done })));
      const scans = await (interrupted === undefined ? ended : Promise.race([ended, interrupted]));
      progress.end();
      if (typeof scans === "string") throw new Interrupted(scans);
      const at = now();
      const scopes = scans.map(({ scope, scan }) => scopeReport(scope, scan));
      return { snapshots: await Promise.all(wanted.map((name) => snapshotOf(store.read, config, name, at))), scopes };
    } finally {
      await schedule.stop();
      await service.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function snapshotOf(read: StoreReader, config: Config, name: string, at: number): Promise<SnapshotDocument> {
  const key = await read.key(name);
  const snapshot = await read.currentSnapshot(name, at);
  if (key === undefined || snapshot === undefined) throw new Error(`${name} was registered and is not there`);
  const { registration } = key;
  const facts = factsIn(snapshot);
  const guidance = guidanceRevisions.find((revision) => revision === registration.guidance) ?? config.guidance;
  const { reads } = config;
  return { key, registration, at, guidance, reads, facts: { ...facts, registration: known(registration) } };
}
