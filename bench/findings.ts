/**
 * How long `GET /findings` takes with a million findings and fifty clients: `node bench/findings.ts [seconds of each
 * round]`. The database is made once and kept in the folder for temporary files; the API, the clients and the simulated
 * cloud are processes of their own.
 *
 * What is measured is a service that has run for a while: questions without a pause come before each round, as code that
 * has just begun is not optimized yet, and the database's file is kept in memory. Some virtual machines take away what
 * was not used for some seconds, free memory or not, and what is measured then is their disk. That takes `python3`.
 *
 * Clients in JavaScript that never pause take as much of the processors as the API does. Where `wrk` is installed, the
 * default question is asked by it as well.
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
import { askWithWrk, hasWrk } from "./findings/wrk.ts";

const seconds = Number(process.argv[2] ?? 20);
const latency = { ms: 15, jitter: 10 };
/** Of each scan; enough that it does not end before its round does. */
const keysOfScan = 1_000;
/** Before each round, without a pause between two questions. */
const secondsBefore = 4;
/** As the image starts Node. */
const execArgv = ["--v8-pool-size=1", "--no-memory-reducer"];
const allByChance = "all of these by chance";

const folder = await mkdtemp(join(tmpdir(), "keyposture-bench-"));
const children: ChildProcess[] = [];
try {
  const database = join(folder, "keyposture.db");
  await copyFile(await findingsDatabase(), database, constants.COPYFILE_FICLONE);
  await keepInMemory(database);
  const [{ endpoint }] = await started<{ endpoint: string }>(
    "scan/cloud.ts",
    (mixNames.length + 2) * keysOfScan,
    latency.ms,
    latency.jitter,
  );
  const [{ url }, api] = await started<{ url: string }>("findings/api.ts", database, endpoint);
  const [, clients] = await started<object>("findings/clients.ts", url);
  await measureAll(api, clients, (await hasWrk()) ? `${url}/findings` : undefined);
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true, force: true });
}

/** Without an address for it, wrk is not asked. */
async function measureAll(api: Part, clients: Part, addressForWrk: string | undefined): Promise<void> {
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
  if (addressForWrk === undefined) console.error("wrk is not installed: its two lines are left out");
  else await measureWithWrk(api, addressForWrk);
  // Then the schedule takes over all keys, and nothing that a scan is made of is optimized yet.
  const first = await measure(api, clients, { way: "paced", mix: allByChance, seconds }, keysNobodyRead(0));
  tell("paced, during the first scan", allByChance, first);
  for (const [place, mix] of mixNames.entries()) {
    const scanned = await measure(api, clients, { way: "paced", mix, seconds }, keysNobodyRead(place + 1));
    tell("paced, during a scan", mix, scanned);
  }
  if (addressForWrk !== undefined) await measureWithWrk(api, addressForWrk, keysNobodyRead(mixNames.length + 1));
}

async function measureWithWrk(api: Part, address: string, scan?: readonly string[]): Promise<void> {
  await askWithWrk(address, secondsBefore);
  if (scan !== undefined) api.child.send({ scan });
  await ask(api, {});
  const { answers, wall_us, p50, p90, p99, max } = await askWithWrk(address, seconds);
  const times = [p50, p90, p99, max].map((us) => us / 1000);
  const way = scan === undefined ? "saturated, by wrk" : "saturated, by wrk, during a scan";
  const asked = { answers, wall_ms: wall_us / 1000, notModified: 0, times };
  tellLine(way, "the default question", asked, await reportOf(api, scan));
}

/** For a scan that sees all of its keys for the first time. */
function keysNobodyRead(place: number): readonly string[] {
  return Array.from({ length: keysOfScan }, (_, index) => keyNumbered(place * keysOfScan + index).name);
}

interface Measured extends Asked {
  readonly api: ApiReport;
}

async function measure(api: Part, clients: Part, order: Order, scan?: readonly string[]): Promise<Measured> {
  await ask(clients, { ...order, way: "saturated", seconds: secondsBefore });
  if (scan !== undefined) api.child.send({ scan });
  await ask(api, {});
  const asked = await ask<Asked>(clients, order);
  return { ...asked, api: await reportOf(api, scan) };
}

async function reportOf(api: Part, scan: readonly string[] | undefined): Promise<ApiReport> {
  const report = await ask<ApiReport>(api, {});
  if (scan !== undefined && !report.scanning) throw new Error("the scan ended before its round did");
  return report;
}

function tell(way: string, mix: string, { latencies, wall_ms, notModified, api }: Measured): void {
  const answers = latencies.length;
  const at = (share: number) => latencies[Math.min(answers - 1, Math.floor(answers * share))] ?? 0;
  tellLine(way, mix, { answers, wall_ms, notModified, times: [at(0.5), at(0.9), at(0.99), at(1)] }, api);
}

interface Line extends Pick<Asked, "wall_ms" | "notModified"> {
  readonly answers: number;
  /** Of the median answer, of the 90th and 99th of a hundred, and of the slowest. */
  readonly times: readonly number[];
}

function tellLine(way: string, mix: string, { answers, wall_ms, notModified, times }: Line, api: ApiReport): void {
  const rate = ((answers * 1000) / wall_ms).toFixed(0);
  const shares = times.map((ms) => ms.toFixed(1));
  const costs = [api.held_max.toFixed(0), (api.cpu_ms / answers).toFixed(2), api.keys, api.changes];
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
  const child = fork(join(import.meta.dirname, file), args.map(String), { execArgv });
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
