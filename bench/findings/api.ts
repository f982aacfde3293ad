/**
 * The API on a database, in a process of its own: `api.ts <database> <endpoint of the simulated cloud>`. Its lanes do not
 * run by themselves: a message with names of keys scans these.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { catalogue } from "../../checks/index.ts";
import { createAccessOf } from "../../src/audit/access-of.ts";
import { createCorrectionOf } from "../../src/audit/correction-of.ts";
import { scoreOf } from "../../src/check/score.ts";
import { describeCheck } from "../../src/cli/describe-check.ts";
import { createLogger } from "../../src/cli/logger.ts";
import { openService } from "../../src/cli/service.ts";
import { version } from "../../src/cli/version.ts";
import { allCalls } from "../../src/collect/call-tables.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { listen } from "../../src/http/listen.ts";
import { buildServer } from "../../src/http/server.ts";

/** What the loop was held for since the last message, in milliseconds, and how many keys were scanned meanwhile. */
export interface ApiReport {
  readonly held_max: number;
  readonly cpu_ms: number;
  readonly keys: number;
  readonly changes: number;
  /** Whether a scan is still going on. */
  readonly scanning: boolean;
}

const [database = "", endpoint = ""] = process.argv.slice(2);
const text = JSON.stringify({ keys: [], database, server: { port: 0 } });
const parsed = parseConfig(text, { file: "bench", env: {}, knownCalls: Object.keys(allCalls) });
if (!parsed.ok) throw new Error("the configuration is wrong");
const { config } = parsed;
const log = createLogger("error");
const { store, schedule, registry, rules, now, settled } = await openService({
  config,
  log,
  local: { aws: { endpoint } },
});

const api = buildServer({
  log,
  health: () => store.health(),
  metricsText: () => Promise.reject(new Error("no metrics here")),
  host: config.server.host,
  store: store.read,
  registry,
  tokens: null,
  limits: null,
  catalogue: catalogue.map(describeCheck),
  switchedOff: [],
  requestScan: ({ keys, lane }) => schedule.requestScan(keys, lane),
  queuedScan: (id) => schedule.queuedScan(id),
  scoreOf,
  accessOf: createAccessOf({ store: store.read, rules, now }),
  correctionOf: createCorrectionOf({ store: store.read, rules, now }),
  version,
  now,
  settled,
});
const url = await listen(api, config.server);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let cpu = process.cpuUsage();
let keys = 0;
let scans = 0;
let seq = await store.read.changeSeq();

process.on("message", (question: { readonly scan?: readonly string[] }) => {
  void (question.scan === undefined ? report() : scan(question.scan));
});

async function scan(names: readonly string[]): Promise<void> {
  scans += 1;
  const begun = await schedule.requestScan(names, "full", () => {
    keys += 1;
  });
  await Promise.all(begun.map(({ done }) => done));
  scans -= 1;
}

async function report(): Promise<void> {
  const { user, system } = process.cpuUsage(cpu);
  const seqNow = await store.read.changeSeq();
  const changes = seqNow - seq;
  const cpu_ms = (user + system) / 1000;
  const told = { held_max: delay.max / 1e6, cpu_ms, keys, changes, scanning: scans > 0 };
  process.send?.(told satisfies ApiReport);
  delay.reset();
  cpu = process.cpuUsage();
  keys = 0;
  seq = seqNow;
}

process.send?.({ url });
