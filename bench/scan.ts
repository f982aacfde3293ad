/**
 * What a full lane costs beside a bare loop of the same calls: `node bench/scan.ts [repetitions]`. The simulator is a
 * process of its own, and so is every run.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchKeys } from "./scan/keys.ts";
import type { LaneRun } from "./scan/lane.ts";
import type { Cost } from "./scan/measure.ts";

const sizes = [1000, 2000] as const;
const concurrency = 16;
const latency = { ms: 15, jitter: 10 };
/** In one process, after one that is not measured: nothing changes, and code that runs often has been optimized. */
const scansInARow = 6;
const repetitions = Number(process.argv[2] ?? 3);

interface CloudReport {
  readonly cpu_ms: number;
  readonly calls: Readonly<Record<string, number>>;
}

interface Run extends Cost, Partial<Omit<LaneRun, keyof Cost>> {
  readonly what: string;
  readonly keys: number;
  readonly cloud_ms: number;
}

/** A cloud with so many keys, and the configuration of a service that watches them. */
interface Side {
  readonly keys: number;
  readonly folder: string;
  readonly cloud: ChildProcess;
  readonly endpoint: string;
  readonly config: string;
}

const runs: Run[] = [];
/** By the number of keys: the heap in MB after each of several scans that changed nothing. */
const heaps = new Map<number, readonly number[]>();
/** Of each number of keys, the calls that the first run made. */
const callsOf = new Map<number, CloudReport["calls"]>();
const sides = await Promise.all(sizes.map(openSide));
try {
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const side of sides) await measureNew(side);
  }
  await measureInARow();
  for (const side of sides) await measureHeap(side);
} finally {
  for (const { cloud } of sides) cloud.kill();
  for (const { folder } of sides) await rm(folder, { recursive: true, force: true });
}
tell();

async function openSide(keys: number): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), "keyposture-bench-"));
  const cloud = start("scan/cloud.ts", keys, latency.ms, latency.jitter);
  const [{ endpoint }] = (await once(cloud, "message")) as [{ readonly endpoint: string }];
  const config = join(folder, "keyposture.json");
  await writeFile(config, JSON.stringify(configOf(keys, join(folder, "keyposture.db"))));
  return { keys, folder, cloud, endpoint, config };
}

/** Each in a new process: the loop, a scan into an empty database, and one into the same again. */
async function measureNew(side: Side): Promise<void> {
  for (const file of ["", "-shm", "-wal"]) await rm(join(side.folder, `keyposture.db${file}`), { force: true });
  for (const [what, begin] of [
    ["bare loop", startLoop],
    ["first sight", startLane],
    ["nothing changed, new process", startLane],
  ] as const) {
    const one = await begin(side);
    await keep(what, side, one);
    await end(one);
  }
}

/** The loop and the scan for both numbers of keys by turns: the machine's speed changes from one minute to the next. */
async function measureInARow(): Promise<void> {
  const all: { readonly what: string; readonly side: Side; readonly child: ChildProcess }[] = [];
  for (const side of sides) {
    all.push({ what: "bare loop, again", side, child: await startLoop(side) });
    all.push({ what: "nothing changed", side, child: await startLane(side) });
  }
  for (const { child } of all) await runOnce(child);
  for (const { cloud } of sides) await report(cloud);
  for (let turn = 0; turn < scansInARow; turn += 1) {
    for (const { what, side, child } of all) await keep(what, side, child);
  }
  for (const { child } of all) await end(child);
}

async function measureHeap(side: Side): Promise<void> {
  const child = await startLane(side, "collect");
  await runOnce(child);
  const heap: number[] = [];
  while (heap.length < scansInARow) heap.push((await runOnce(child)).heap_mb ?? Number.NaN);
  heaps.set(side.keys, heap);
  await end(child);
}

async function keep(what: string, side: Side, child: ChildProcess): Promise<void> {
  const cost = await runOnce(child);
  const { cpu_ms, calls } = await report(side.cloud);
  assertSame(callsOf.get(side.keys) ?? calls, calls);
  callsOf.set(side.keys, calls);
  runs.push({ ...cost, what, keys: side.keys, cloud_ms: cpu_ms });
}

function startLoop({ endpoint, keys }: Side): Promise<ChildProcess> {
  return ready(start("scan/loop.ts", endpoint, keys, concurrency));
}

function startLane({ endpoint, config }: Side, ...rest: readonly string[]): Promise<ChildProcess> {
  return ready(start("scan/lane.ts", endpoint, config, ...rest));
}

async function ready(child: ChildProcess): Promise<ChildProcess> {
  await told(child);
  return child;
}

async function runOnce(child: ChildProcess): Promise<LaneRun> {
  const done = told(child);
  child.send("run");
  return (await done) as LaneRun;
}

/** What it says next. Throws where it ends before it says anything. */
async function told(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`a run ended with ${code}`);
  });
  const [message] = (await Promise.race([once(child, "message"), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}

/** Nothing of the budget binds but the requests in flight. */
function configOf(count: number, database: string) {
  const rates = { "kms:ListGrants": 2000, "kms:GetKeyRotationStatus": 2000, "kms:GetKeyPolicy": 2000 };
  const keys = benchKeys(count);
  return { keys, database, budgets: { ratio: 1, concurrency, ...rates }, log: { level: "error" } };
}

function start(file: string, ...args: readonly unknown[]): ChildProcess {
  return fork(join(import.meta.dirname, file), args.map(String), { execArgv: ["--expose-gc"] });
}

async function report(cloud: ChildProcess): Promise<CloudReport> {
  cloud.send("report");
  const [said] = (await once(cloud, "message")) as [CloudReport];
  return said;
}

function assertSame(expected: CloudReport["calls"], made: CloudReport["calls"]): void {
  const text = (calls: CloudReport["calls"]) =>
    JSON.stringify(Object.entries(calls).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (text(made) !== text(expected)) throw new Error(`not the same calls: ${text(expected)} and ${text(made)}`);
}

function tell(): void {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${cpu?.model}, ${cpus().length} cores, ${memory} GB, Node ${process.version}`);
  console.log(
    `${repetitions} repetitions, ${concurrency} requests in flight, ${latency.ms} to ${latency.ms + latency.jitter} ms each\n`,
  );
  console.log(
    "| run | keys | wall s | of the loop's | CPU s | its event loop's | cloud's CPU s | held p99 ms | held max ms | RSS MB |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  const whats = [...new Set(runs.map(({ what }) => what))];
  for (const what of whats) for (const keys of sizes) console.log(row(what, keys));
  console.log("\n| run | CPU ms for each key more | over the loop's | by the least of all runs | over the loop's |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const what of whats) {
    const slopes = [middle, least].flatMap((value) => [
      slope(what, value),
      slope(what, value) - slope(loopFor(what), value),
    ]);
    console.log(`| ${what} | ${slopes.map((ms) => ms.toFixed(2)).join(" | ")} |`);
  }
  for (const [keys, heap] of heaps)
    console.log(
      `\nHeap in MB after each of ${heap.length} scans of ${keys} keys that changed nothing: ${heap.map((mb) => mb.toFixed(1)).join(", ")}`,
    );
}

function row(what: string, keys: number): string {
  const ratio = middle(what, keys, "wall_ms") / middle(loopFor(what), keys, "wall_ms");
  const cells = [
    (middle(what, keys, "wall_ms") / 1000).toFixed(2),
    ratio.toFixed(2),
    (middle(what, keys, "cpu_ms") / 1000).toFixed(2),
    (middle(what, keys, "loop_ms") / 1000).toFixed(2),
    (middle(what, keys, "cloud_ms") / 1000).toFixed(2),
    ...(["held_p99", "held_max"] as const).map((name) => middle(what, keys, name).toFixed(1)),
    // The loop does not tell it.
    what.startsWith("bare loop") ? "" : middle(what, keys, "rss_mb").toFixed(0),
  ];
  return `| ${what} | ${keys} | ${cells.join(" | ")} |`;
}

/** Runs in a row are held against the loop's in a row. */
function loopFor(what: string): string {
  return what === "nothing changed" || what === "bare loop, again" ? "bare loop, again" : "bare loop";
}

function slope(what: string, value: typeof middle): number {
  const [small, large] = sizes;
  return (value(what, large, "cpu_ms") - value(what, small, "cpu_ms")) / (large - small);
}

function of(what: string, keys: number): readonly Run[] {
  return runs.filter((run) => run.what === what && run.keys === keys);
}

/** The median. */
function middle(what: string, keys: number, name: Measured): number {
  const values = valuesOf(what, keys, name);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What the machine's other guests do makes a run dearer and never cheaper. */
function least(what: string, keys: number, name: Measured): number {
  return valuesOf(what, keys, name)[0] ?? Number.NaN;
}

/** In ascending order. */
function valuesOf(what: string, keys: number, name: Measured): readonly number[] {
  return of(what, keys)
    .map((run) => run[name] ?? Number.NaN)
    .toSorted((a, b) => a - b);
}

type Measured = Exclude<keyof Run, "what">;
