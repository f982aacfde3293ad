/**
 * Fifty clients in a process of their own: `clients.ts <url>`. Told a mix, a way and a number of seconds, they ask, and
 * tell how long each answer took until its last byte.
 */
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../src/simulator/random.ts";
import { type Answer, type Client, type MixName, mixes, type Request } from "./mixes.ts";

/** `paced`: each client asks once a second. `saturated`: each asks again as soon as it is answered. */
export type Way = "paced" | "saturated";

export interface Order {
  readonly mix: MixName;
  readonly way: Way;
  readonly seconds: number;
}

export interface Asked {
  /** In milliseconds, sorted. */
  readonly latencies: readonly number[];
  readonly wall_ms: number;
  readonly bytes: number;
  readonly notModified: number;
}

const clientCount = 50;
const [url = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: clientCount });
let rounds = 0;

process.on("message", (order: Order) => {
  void askAll(order).then((asked) => process.send?.(asked));
});
process.send?.({});

async function askAll({ mix, way, seconds }: Order): Promise<Asked> {
  rounds += 1;
  const latencies: number[] = [];
  let bytes = 0;
  let notModified = 0;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  async function run(index: number): Promise<void> {
    const client: Client = mixes[mix](seededRandom(rounds * 1_000 + index + 1));
    let answer: Answer | undefined;
    let due = begun + (way === "paced" ? (index * 1000) / clientCount : 0);
    while (Math.max(due, performance.now()) < end) {
      await sleep(Math.max(0, due - performance.now()));
      const question = client(answer);
      const asked = performance.now();
      answer = await ask(question);
      latencies.push(performance.now() - asked);
      bytes += answer.body.length;
      if (answer.status === 304) notModified += 1;
      else if (answer.status !== 200) throw new Error(`${question.path}: ${answer.status} ${answer.body}`);
      due = way === "paced" ? due + 1000 : 0;
    }
  }
  await Promise.all(Array.from({ length: clientCount }, (_, index) => run(index)));
  return { latencies: latencies.toSorted((a, b) => a - b), wall_ms: performance.now() - begun, bytes, notModified };
}

function ask({ path, headers = {} }: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(new URL(path, url), { agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(parts).toString("latin1");
        resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, body });
      });
    });
    request.on("error", reject);
  });
}
