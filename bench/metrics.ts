/** What a scrape takes, and how long it holds the event loop: `node bench/metrics.ts [keys] [database]`. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Command, Costs } from "./metrics/service.ts";

const keys = Number(process.argv[2] ?? 10_000);
/** One that an earlier run has filled: that takes longer than all the rest. */
const keptDatabase = process.argv[3];
const scrapes = 100;
/** A fast lane of 60 s reads one of ten thousand keys every 6 ms. */
const pause = 6;

interface Scrape {
  readonly ms: number;
  readonly bytes: number;
}

type Coding = "gzip" | "identity";

class Service {
  readonly #process: ChildProcess;
  readonly #url: string;

  constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.#url = url;
  }

  async ask(command: Command): Promise<Costs> {
    this.#process.send(command);
    const [costs] = (await once(this.#process, "message")) as [Costs];
    return costs;
  }

  /** To the last byte, which is not decoded: that would take the same cores. */
  async scrape(coding: Coding): Promise<Scrape> {
    const began = performance.now();
    const bytes = await new Promise<number>((resolve, reject) => {
      const request = get(`${this.#url}/metrics`, { headers: { "accept-encoding": coding } }, (response) => {
        let length = 0;
        response.on("data", (chunk: Buffer) => (length += chunk.length));
        response.on("error", reject);
        response.on("end", () => (response.statusCode === 200 ? resolve(length) : reject(new Error("no metrics"))));
      });
      request.on("error", reject);
    });
    return { ms: performance.now() - began, bytes };
  }

  async scrapeOften(coding: Coding): Promise<readonly Scrape[]> {
    const done: Scrape[] = [];
    for (let number = 0; number < scrapes; number += 1) done.push(await this.scrape(coding));
    return done;
  }

  async stop(): Promise<void> {
    this.#process.disconnect();
    await once(this.#process, "exit");
  }
}

async function startService(database: string, mode: "detailed" | "summary"): Promise<Service> {
  const child = fork(join(import.meta.dirname, "metrics/service.ts"), [database, mode]);
  const [url] = (await once(child, "message")) as [string];
  return new Service(child, url);
}

async function measure(service: Service, what: string, scrape: () => Promise<readonly Scrape[]>): Promise<void> {
  await service.ask({ do: "tell" });
  const done = await scrape();
  const { held_ms, burst_ms, cpu_ms, rss_mb } = await service.ask({ do: "tell" });
  const times = done.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const numbers = [at(0.5), at(0.99), cpu_ms / done.length, held_ms, burst_ms].map((number) => Math.round(number));
  const megabytes = ((done.at(-1)?.bytes ?? 0) / 1e6).toFixed(1);
  console.log(`| ${[what, done.length, ...numbers, megabytes, Math.round(rss_mb)].join(" | ")} |`);
}

async function measureMode(database: string, mode: "detailed" | "summary"): Promise<void> {
  const service = await startService(database, mode);
  const scan = { do: "scan", keys: keys / 100, of: keys } as const;
  await measure(service, `${mode}, first after a start`, async () => [await service.scrape("gzip")]);
  await measure(service, mode, () => service.scrapeOften("gzip"));
  await measure(service, `${mode}, not compressed`, () => service.scrapeOften("identity"));
  await measure(service, `${mode}, four at once`, async () =>
    (await Promise.all(Array.from({ length: 4 }, () => service.scrapeOften("gzip")))).flat(),
  );
  await measure(service, `${mode}, while a fast lane reads`, async () => {
    const scanned = service.ask({ ...scan, keys: keys / 5, pause, anew: false });
    const done = await service.scrapeOften("gzip");
    await scanned;
    return done;
  });
  await service.ask({ ...scan, pause: 0, anew: true });
  await measure(service, `${mode}, after 1% of the keys changed`, async () => [await service.scrape("gzip")]);
  await service.stop();
}

const folder = mkdtempSync(join(tmpdir(), "keyposture-bench-"));
const database = keptDatabase ?? join(folder, "keyposture.db");
try {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${processor?.model}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}; ${keys} keys\n`);
  if (keptDatabase === undefined) {
    const service = await startService(database, "detailed");
    await service.ask({ do: "fill", keys });
    await service.stop();
  }
  console.log("| what | scrapes | median ms | p99 ms | CPU ms | loop held ms | own work ms | MB | RSS MB |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const mode of ["detailed", "summary"] as const) await measureMode(database, mode);
} finally {
  rmSync(folder, { recursive: true });
}
