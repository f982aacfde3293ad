/** A service of its own process: the store, the metrics and their listener, which the measuring process commands. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { createMetricsSource } from "../../src/cli/metrics-source.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import { listen } from "../../src/http/listen.ts";
import { buildMetricsServer } from "../../src/http/server.ts";
import type { MetricsMode } from "../../src/metrics/check-failing.ts";
import { createMetrics } from "../../src/metrics/create-metrics.ts";
import { openStore } from "../../src/store/open-store.ts";
import { concludeKey, fillStore, lanes } from "./fill-store.ts";

export type Command =
  | { readonly do: "fill"; readonly keys: number }
  /** Scan so many keys, evenly chosen of all, one every so many milliseconds; in another form where `anew`. */
  | { readonly do: "scan"; readonly keys: number; readonly of: number; readonly pause: number; readonly anew: boolean }
  /** Tell the costs since the last time, and begin anew. */
  | { readonly do: "tell" };

export interface Costs {
  /** The longest time between two turns of the event loop, and the longest of the thread's own work. */
  readonly held_ms: number;
  readonly burst_ms: number;
  readonly cpu_ms: number;
  readonly rss_mb: number;
}

const [path = "", mode = "detailed"] = process.argv.slice(2);
const store = await openStore({ path, calls: callTables });
const metrics = createMetrics({
  source: createMetricsSource({ read: store.read, now: () => Date.now(), fastIntervalOf: () => lanes.fast }),
  version: "bench",
  keyLabels: ["team"],
  mode: mode as MetricsMode,
  lanes,
  calls: { aws: Object.keys(callTables.aws), gcp: [], azure: [] },
});
const scopes = new Set((await store.read.keys()).map(({ scope }) => scope));
metrics.setScopes([...scopes].map((scope) => ({ provider: "aws", scope, last_success: {} })));

const app = buildMetricsServer({
  host: "127.0.0.1",
  health: () => store.health(),
  metricsText: async (coding) => ({ contentType: metrics.contentType, pieces: await metrics.pieces(coding) }),
  log: { debug() {}, error: (fields) => console.error(fields) },
});

let round = 0;
const commands = {
  fill: ({ keys }: Extract<Command, { do: "fill" }>) => fillStore(store, keys),
  async scan({ keys, of, pause, anew }: Extract<Command, { do: "scan" }>) {
    if (anew) round += 1;
    for (let number = 0; number < keys; number += 1) {
      await store.write((tx) => concludeKey(tx, Math.floor((number * of) / keys), round));
      if (pause > 0) await setTimeout(pause);
    }
  },
  tell: () => Promise.resolve(),
};

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let cpu = process.cpuUsage();

// What other processes take from this one on a busy machine holds the loop as well. This does not count it.
let burst = 0;
let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  burst = Math.max(burst, (user + system) / 1000);
  before = process.threadCpuUsage();
}, 1).unref();

function reset(): void {
  delays.reset();
  burst = 0;
  cpu = process.cpuUsage();
}

function costs(): Costs {
  const { user, system } = process.cpuUsage(cpu);
  const held_ms = delays.max / 1e6;
  const told = {
    held_ms,
    burst_ms: burst,
    cpu_ms: (user + system) / 1000,
    rss_mb: process.memoryUsage.rss() / 2 ** 20,
  };
  return told;
}

async function obey(command: Command): Promise<void> {
  await commands[command.do](command as never);
  process.send?.(costs());
  if (command.do === "tell") reset();
}

process.on("message", (command: Command) => {
  void obey(command);
});
process.on("disconnect", () => {
  void app.close().then(() => store.close());
});
process.send?.(await listen(app, { host: "127.0.0.1", port: 0 }));
