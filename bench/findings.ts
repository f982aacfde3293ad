/**
 * How long `GET /findings` takes with a million findings and fifty clients: `node bench/findings.ts [seconds of each
 * round]`. The database is made once and kept in the folder for temporary files; the API, the clients and the simulated
 * cloud are processes of their own.
 *
 * What is measured is a service that has run for a while: questions without a pause come before each round, as code that
 * has just begun is not optimized yet, and the database's file is kept in memory. Some virtual machines take away what
 * was not used for some seconds, free memory or not, and what is measured then is their disk. That takes `python3`.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { ApiReport } from "./findings/api.ts";
import type { Asked, Order } from "./findings/clients.ts";
import { findingsDatabase, keyNumbered } from "./findings/database.ts";
import { mixNames } from "./findings/mixes.ts";

const seconds = Number(process.argv[2] ?? 20);
const latency = { ms: 15, jitter: 10 };
/** Of each scan; enough that it does not end before its round does. */
const keysOfScan = 1_000;
/** Before each round, without a pause between two questions. */
const secondsBefore = 4;

const folder = await mkdtemp(join(tmpdir(), "keyposture-bench-"));
const children: ChildProcess[] = [];
try {
  const database = join(folder, "keyposture.db");
  await copyFile(await findingsDatabase(), database, constants.COPYFILE_FICLONE);
  await keepInMemory(database);
  const [{ endpoint }] = await started<{ endpoint: string }>(
    "scan/cloud.ts",
    mixNames.length * keysOfScan,
    latency.ms,
    latency.jitter,
  );
  const [{ url }, api] = await started<{ url: string }>("findings/api.ts", database, endpoint);
  const [, clients] = await started<object>("findings/clients.ts", url);
  await measureAll(api, clients);
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(api: Part, clients: Part): Promise<void> {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(`1,008,000 findings; 50 clients; ${seconds} s for each line; milliseconds\n`);
  console.log(
    "| questions | way | answers/s | 304 | p50 | p90 | p99 | max | loop held | CPU/answer | keys scanned | changes |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const way of ["paced", "saturated"] as const) {
    for (const mix of mixNames) {
      tell(way, mix, await measure(api, clients, { way, mix, seconds }));
    }
  }
  for (const [place, mix] of mixNames.entries()) {
    const scan = Array.from({ length: keysOfScan }, (_, index) => keyNumbered(place * keysOfScan + index).name);
    const scanned = await measure(api, clients, { way: "paced", mix, seconds }, scan);
    if (!scanned.api.scanning) throw new Error("the scan ended before its round did");
    tell("paced, during a scan", mix, scanned);
  }
}

interface Measured extends Asked {
  readonly api: ApiReport;
}

async function measure(api: Part, clients: Part, order: Order, scan?: readonly string[]): Promise<Measured> {
  if (scan !== undefined) api.child.send({ scan });
  await ask(clients, { ...order, way: "saturated", seconds: secondsBefore });
  await ask(api, {});
  const asked = await ask<Asked>(clients, order);
  return { ...asked, api: await ask<ApiReport>(api, {}) };
}

function tell(way: string, mix: string, { latencies, wall_ms, notModified, api }: Measured): void {
  const count = latencies.length;
  const at = (share: number) => (latencies[Math.min(count - 1, Math.floor(count * share))] ?? 0).toFixed(1);
  const rate = ((count * 1000) / wall_ms).toFixed(0);
  const shares = [at(0.5), at(0.9), at(0.99), at(1)];
  const costs = [api.held_max.toFixed(0), (api.cpu_ms / count).toFixed(2), api.keys, api.changes];
  console.log(`| ${[mix, way, rate, notModified, ...shares, ...costs].join(" | ")} |`);
}

/** A process of the measurement, and what it says when it ends too early. */
interface Part {
  readonly child: ChildProcess;
  readonly ended: Promise<never>;
}

/** Until this program ends. */
async function keepInMemory(path: string): Promise<void> {
  const script = join(import.meta.dirname, "findings/keep_in_memory.py");
  const keeper = spawn("python3", [script, path], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(keeper);
  const ended = once(keeper, "exit").then(([code]) => {
    throw new Error(`${script} ended with ${String(code)}`);
  });
  await Promise.race([once(keeper.stdout, "data"), ended]);
}

async function started<T>(file: string, ...args: readonly (string | number)[]): Promise<readonly [T, Part]> {
  const child = fork(join(import.meta.dirname, file), args.map(String));
  children.push(child);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${file} ended with ${String(code)}`);
  });
  const part = { child, ended };
  return [await messageOf<T>(part), part];
}

async function ask<T>(part: Part, question: object): Promise<T> {
  const answer = messageOf<T>(part);
  part.child.send(question);
  return answer;
}

async function messageOf<T>({ child, ended }: Part): Promise<T> {
  const [message] = (await Promise.race([once(child, "message"), ended])) as [T];
  return message;
}
