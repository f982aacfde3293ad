import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { quotaNames } from "../collect/call-tables.ts";
import { parseConfig } from "../config/parse-config.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { demoSubscription } from "./demo/azure-demo-keys.ts";
import { addDemoKeys } from "./demo/demo-keys.ts";
import { type DemoKey, demoOrganization } from "./demo/demo-state.ts";
import { interruption } from "./interruption.ts";
import { createLogger } from "./logger.ts";
import { createProgress } from "./progress.ts";
import { readerGone, writeOut } from "./standard-output.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

interface DemoOptions {
  readonly port: number;
  readonly once?: true;
}

/** `keyposture demo` */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("watch sample keys in simulated clouds on this machine; no real cloud is reached")
    .option("--port <n>", "port of the API, 0 for any free one", parsePort, 8080)
    .option("--once", "scan once, tell what was found, and end")
    .action(demo);
}

function parsePort(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  return number;
}

async function demo(options: DemoOptions): Promise<void> {
  const ended = Promise.race([interruption(), readerGone()]);
  const folder = await makeTemporaryFolder();
  try {
    await demoIn(folder, options, ended);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // Interrupted in the middle of a request: nobody waits for it any more.
  if (options.once !== true) process.exit();
}

async function demoIn(folder: string, { port, once }: DemoOptions, ended: Promise<string>): Promise<void> {
  const simulator = await startSimulator();
  try {
    const keys = addDemoKeys(simulator);
    const config = demoConfig(join(folder, "keyposture.db"), port, keys);
    const { startServer } = await import("./server.ts");
    const local = {
      aws: { endpoint: simulator.endpoint },
      gcp: simulator.gcpEndpoints,
      azure: simulator.azureEndpoints,
    };
    const server = await startServer({ config, log: createLogger("error"), local });
    try {
      const { schedule, store } = server.service;
      const progress = createProgress("scanned", keys.length);
      const begun = await schedule.requestScan(null, "full", progress.step);
      const scans = await Promise.race([Promise.all(begun.map(({ done }) => done)), ended]);
      progress.end();
      if (typeof scans === "string") return;
      const { formats, readReport } = await import("./scan-report.ts");
      const names = keys.map(({ name }) => name);
      const report = readReport({ read: store.read, keys: names, begun, scans });
      await writeOut(formats.table(report));
      if (once === true) return;
      process.stdout.write(whereToLook(server.url, simulator.controlUrl, keys[0]));
      await ended;
    } finally {
      await server.close();
    }
  } finally {
    await simulator.close();
  }
}

function demoConfig(database: string, apiPort: number, keys: readonly DemoKey[]) {
  const text = JSON.stringify({
    keys,
    organizations: [demoOrganization],
    gcp: { own_domains: ["example.com"] },
    azure: { subscriptions: [demoSubscription] },
    // Nobody else uses the simulated cloud, and nobody wants to wait for it.
    budgets: { "cloudkms:read": 1000, "cloudresourcemanager:read": 1000, "arm:read": 1000, "graph:read": 1000 },
    lanes: { fast: "10s", full: "1m" },
    database,
    server: { port: apiPort },
    log: { level: "error" },
  });
  const parsed = parseConfig(text, { file: "the demo's configuration", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  return parsed.config;
}

function whereToLook(url: string, controlUrl: string, key: DemoKey | undefined): string {
  return `
Findings      ${url}/findings
Summary       ${url}/summary
Metrics       ${url}/metrics
API           ${url}/docs

Keys are read every 10 seconds. Change one and see, e.g.
  curl -H 'content-type: application/json' ${controlUrl}/patch \\
    -d '{"resource": "${key?.resource ?? ""}", "change": {"metadata": {"KeyState": "Disabled"}}}'
  curl '${url}/findings?key=${key?.name ?? ""}'

Ctrl-C ends it.
`;
}
