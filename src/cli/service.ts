/** The only place where the rooms are joined to a whole. */
import { randomUUID } from "node:crypto";
import { catalogue } from "../../checks/index.ts";
import type { Rules } from "../audit/judge.ts";
import { createKeyRegistry } from "../audit/key-registry.ts";
import type { Logger } from "../audit/logger.ts";
import { createMoments } from "../audit/moments.ts";
import { registerFileKeys } from "../audit/register.ts";
import { createAudit } from "../audit/scan.ts";
import { Budget } from "../collect/budget.ts";
import type { CallReport } from "../collect/call-report.ts";
import { allCalls, callTables } from "../collect/call-tables.ts";
import { systemClock } from "../collect/clock.ts";
import type { Collector } from "../collect/collector.ts";
import { createCollector, type LocalClouds, listOf, quotaScopeOf } from "../collect/registry.ts";
import { checkSettings } from "../config/check-settings.ts";
import type { Config } from "../config/config-schema.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import type { MetricsSource } from "../metrics/metrics-source.ts";
import type { Key } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import { providers } from "../model/resource.ts";
import type { LastScan } from "../model/scan.ts";
import { effectiveIntervals } from "../schedule/intervals.ts";
import { createLeaseKeeper } from "../schedule/lease-keeper.ts";
import { Schedule } from "../schedule/schedule.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { type ConclusionsThread, createConclusionsThread } from "./conclusions.ts";
import { createMetricsSource } from "./metrics-source.ts";
import { scheduledKeys } from "./scheduled-keys.ts";
import { createSummaryAdvice } from "./summary-advice.ts";
import { version } from "./version.ts";

export interface ServiceOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Local servers that stand in for the clouds: then no real one is reached, whether all of them are there or not. */
  readonly local?: Partial<LocalClouds>;
}

const day = 86_400_000;
const scansKept = 30 * day;

/** Opens the database and joins what works on it. Nothing is written, ticks or listens yet. */
export async function openService(options: ServiceOptions) {
  const { config, log } = options;
  const now = () => systemClock.now();
  const moments = createMoments(now);
  const store = await openStore({ path: config.database, calls: callTables });
  const budget = new Budget({ calls: allCalls, clock: systemClock, ...config.budgets });
  const rateOf = (call: string) => budget.rateOf(call);

  const fastIntervalOf = (scope: string) => schedule.intervalsOf(scope)?.fast ?? config.lanes.fast;
  const metrics = metricsOf(config, createMetricsSource({ read: store.read, now, fastIntervalOf }));
  const collectors = collectorsOf(options, budget, metrics.onCall);

  const leases = createLeaseKeeper({ leases: store.leases, holder: randomUUID(), now, log });
  const rules = rulesOf(config);
  const conclusions = conclusionsOf(config, rules, store);
  const audit = createAudit({
    store,
    collectors,
    calls: callTables,
    conclusions,
    concluding: moments.concluding,
    now,
    log,
    onScan: metrics.onScan,
  });
  const schedule: Schedule = new Schedule({
    audit,
    leases,
    configured: config.lanes,
    intervalsFor: ({ provider }, use) =>
      effectiveIntervals({ calls: callTables[provider], rateOf, use, configured: config.lanes }),
    sharing: { quotaScopeOf: (key) => quotaScopeOf(key, config), listOf },
    log,
    now,
    keys: keysToSchedule(store, options, now),
    onScopes: async (scopes) => {
      const last = await store.read.lastSuccesses();
      metrics.setScopes(scopes.map((scope) => ({ ...scope, last_success: lastSuccess(scope.scope, last) })));
    },
    housekeeping: () => clearUp(store, now()),
    onFailure: (run) => metrics.onScanFailure(run, "other"),
  });
  const registry = createKeyRegistry({
    store,
    organizations: config.organizations,
    concluding: moments.concluding,
    now,
    onChange: () => schedule.keysChanged(),
  });

  const { ofQuestion, settled } = moments;
  const close = () => conclusions.close().then(store.close);
  // The API answers already: a page must not be of a moment at which keys are retired a little later.
  const takeOverFile = () => moments.concluding((at) => takeOver(store, options, at));
  return { store, schedule, registry, metrics, rules, leases, now: ofQuestion, settled, takeOver: takeOverFile, close };
}

function metricsOf({ metrics: { key_labels, mode }, lanes }: Config, source: MetricsSource) {
  return createMetrics({ source, version, keyLabels: key_labels, mode, lanes, calls: namesOfCalls() });
}

function conclusionsOf({ database }: Config, { catalogue: _, ...rules }: Rules, store: Store): ConclusionsThread {
  return createConclusionsThread({ path: database, calls: callTables, rules }, store.noteTransaction);
}

function keysToSchedule({ read }: Store, { config, log }: ServiceOptions, now: () => number) {
  const advise = createSummaryAdvice(config.metrics.mode, log);
  return (isPlanned: (key: Key) => boolean) => scheduledKeys(read, now(), advise, isPlanned);
}

/** Nobody listens there: https://www.rfc-editor.org/rfc/rfc863 */
const nowhere: LocalClouds = {
  aws: { endpoint: "http://127.0.0.1:9" },
  gcp: { grpc: "127.0.0.1:9", rest: "http://127.0.0.1:9" },
  azure: { origin: "http://127.0.0.1:9" },
};

function collectorsOf({ config, local }: ServiceOptions, budget: Budget, onCall: (report: CallReport) => void) {
  return forEveryProvider((provider): Collector => {
    const endpoints = local === undefined ? {} : { local: { ...nowhere, ...local } };
    return createCollector[provider]({ budget, clock: systemClock, onCall, config, ...endpoints });
  });
}

function rulesOf(config: Config): Rules {
  const { guidance, reads } = config;
  return { catalogue, version, guidance, settings: checkSettings(config), reads };
}

/** Brings the database to what the file and this version say; only for a process that no other one serves beside. */
async function takeOver(store: Store, { config, log }: ServiceOptions, at: number): Promise<void> {
  const changes = await registerFileKeys(store, config.keys, at);
  const checks = catalogue.map(({ id }) => id);
  await store.write((tx) => tx.retireChecks(checks, at));
  await clearUp(store, at);
  log.info({ database: config.database, keys: config.keys.length, ...changes }, "database opened");
}

/** Ends the scans that a process which is gone left open, and forgets old ones. */
async function clearUp(store: Store, at: number): Promise<void> {
  await store.write(async (tx) => {
    await tx.pruneScans(at - scansKept);
    await tx.interruptRunningScans(at);
  });
}

function namesOfCalls(): Record<Provider, readonly string[]> {
  return forEveryProvider((provider) => Object.keys(callTables[provider]));
}

function forEveryProvider<T>(make: (provider: Provider) => T): Record<Provider, T> {
  return Object.fromEntries(providers.map((provider) => [provider, make(provider)] as const)) as Record<Provider, T>;
}

/** When each lane of a scope last read every key, in epoch milliseconds. */
function lastSuccess(scope: string, last: readonly LastScan[]): Partial<Record<ScanLane, number>> {
  const ofScope = last.filter((scan) => scan.scope === scope);
  return Object.fromEntries(ofScope.map(({ lane, finished_at }) => [lane, finished_at]));
}
