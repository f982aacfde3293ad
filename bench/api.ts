/**
 * For how long the rest of the API holds the loop with 28,000 keys and a million findings: `node bench/api.ts`. The
 * database is that of bench/findings.ts. The API is in this thread and who asks in another one; between two turns of the
 * loop the thread's own CPU is taken, which other work on the machine does not make longer.
 */

import { once } from "node:events";
import { constants } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setImmediate as otherWork } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import { catalogue } from "../checks/index.ts";
import { scoreOf } from "../src/check/score.ts";
import { describeCheck } from "../src/cli/describe-check.ts";
import { scheduledKeys } from "../src/cli/scheduled-keys.ts";
import { allCalls, callTables } from "../src/collect/call-tables.ts";
import { buildServer } from "../src/http/server.ts";
import { Plan } from "../src/schedule/plan.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { findingsDatabase, firstMoment, keyCount, keyNumbered, lastMoment } from "./findings/database.ts";

const intervals = { fast: 60_000, full: 900_000 };
const now = () => lastMoment + intervals.fast;

/** Asks for each address that it is told, and tells the status and the length of the answer. */
const clientText = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", async (url) => {
    const response = await fetch(url);
    const body = await response.arrayBuffer();
    parentPort.postMessage([response.status, body.byteLength]);
  });
`;

const folder = await mkdtemp(join(tmpdir(), "keyposture-bench-"));
try {
  const path = join(folder, "keyposture.db");
  await copyFile(await findingsDatabase(), path, constants.COPYFILE_FICLONE);
  writeSights(path);
  const store = await openStore({ path, calls: callTables });
  try {
    await measureAll(store);
  } finally {
    await store.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(store: Store): Promise<void> {
  const app = serverOn(store);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const client = new Worker(clientText, { eval: true });
  const get = async (path: string): Promise<number> => {
    client.postMessage(address + path, []);
    const [[status, bytes]] = (await once(client, "message")) as [[number, number]];
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return bytes;
  };
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log("| What | CPU ms | CPU between two turns, at most ms | MB |");
  console.log("| --- | ---: | ---: | ---: |");
  const asOf = new Date(firstMoment + 60 * 86_400_000).toISOString();
  await get("/scans");
  await tell("GET /summary, first after a start", () => get("/summary"));
  await tell("GET /summary, nothing changed", () => get("/summary"));
  await changeKeys(store, keyCount / 100, "1");
  await tell("GET /summary, after 1% of the keys changed", () => get("/summary"));
  await changeKeys(store, 10, "2");
  await tell("GET /summary, after 10 keys changed", () => get("/summary"));
  await tell("GET /keys", () => get("/keys"));
  await tell("GET /keys, once more", () => get("/keys"));
  await tell("GET /keys, with those that are retired", () => get("/keys?include_retired=true"));
  await tell("GET /keys, as of a moment", () => get(`/keys?as_of=${asOf}`));
  await tell("GET /scans", () => get("/scans"));
  await client.terminate();
  await app.close();
  await measureSchedule(store);
}

async function measureSchedule({ read }: Store): Promise<void> {
  const plan = new Plan(() => intervals);
  const keysOf = () =>
    scheduledKeys(
      read,
      now(),
      () => {},
      (key) => plan.has(key),
    );
  await tell("the keys as the schedule reads them: at the start", async () => (await keysOf()).length);
  const keys = await keysOf();
  await tell("the schedule takes them over: at the start", async () => plan.refresh(keys, now()));
  await tell("the keys as the schedule reads them: later", async () => (await keysOf()).length);
  await tell("the schedule takes them over: later", async () => plan.refresh(keys, now()));
  await tell("the schedule looks what is due", async () => void plan.due(now(), () => "none"));
  const names = keys.map(({ key }) => key.name);
  await tell("the schedule finds all keys by their names", async () => void plan.all(names));
}

/** What it costs, and what of it comes in one go at most. */
async function tell(what: string, work: () => Promise<number | void>): Promise<void> {
  let ended = false;
  const watching = longestTurn(() => ended);
  const begun = cpuOfThread();
  const bytes = await work();
  const cost = cpuOfThread() - begun;
  ended = true;
  const megabytes = typeof bytes === "number" && bytes > 50_000 ? (bytes / 1e6).toFixed(1) : "";
  console.log(`| ${[what, cost.toFixed(0), (await watching).toFixed(0), megabytes].join(" | ")} |`);
}

async function longestTurn(ended: () => boolean): Promise<number> {
  let longest = 0;
  let before = cpuOfThread();
  while (!ended()) {
    await otherWork();
    const after = cpuOfThread();
    longest = Math.max(longest, after - before);
    before = after;
  }
  return longest;
}

function cpuOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function changeKeys(store: Store, count: number, label: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { name, registration } = keyNumbered(index * 97);
    const changed = { ...registration, labels: { changed: label } };
    // One that is retired in the database is live for the registry, as its findings alone say so.
    await store.write((tx) => tx.updateRegistration(name, changed, now()));
  }
}

function writeSights(path: string): void {
  const database = new SqliteDatabase(path);
  database.pragma("synchronous = OFF");
  const insert = database.prepare(
    "insert into sight (subject_id, call, part, number, state, lost, from_at, last_at, interval_ms, current) select id, ?, '', 1, 'seen', '{}', ?, ?, ?, 1 from subject where kind = ?",
  );
  database.transaction(() => {
    for (const [name, { lane, subject, each }] of Object.entries(allCalls)) {
      if (each !== true) insert.run(name, firstMoment, lastMoment, intervals[lane], subject);
    }
  })();
  database.close();
}

function serverOn({ read }: Store) {
  const unasked = () => Promise.reject(new Error("nobody asks for this here"));
  return buildServer({
    host: "127.0.0.1",
    store: read,
    registry: { registerKey: unasked, updateKey: unasked, retireKey: unasked },
    tokens: null,
    limits: null,
    catalogue: catalogue.map(describeCheck),
    switchedOff: [],
    scoreOf,
    accessOf: unasked,
    correctionOf: unasked,
    requestScan: unasked,
    queuedScan: () => undefined,
    version: "0.0.0",
    health: () => ({ ok: true }),
    metricsText: unasked,
    now,
    settled: now,
    log: { debug() {}, error: console.error },
  });
}
