/**
 * Fifty clients in a process of their own: `clients.ts <url>`. Told a mix, a way and a number of seconds, they ask, and
 * tell how long each answer took until its last byte.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../src/simulator/random.ts";
import { type Connection, connectTo } from "./connection.ts";
import { type Answer, type Client, type MixName, mixes } from "./mixes.ts";

/**
 * `paced`: each client asks once in every second, at a moment of it that has nothing to do with the others', so that
 * some questions meet. `saturated`: each asks again as soon as it is answered.
 */
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
  readonly notModified: number;
}

const clientCount = 50;
const [url = ""] = process.argv.slice(2);
let rounds = 0;

/** Kept from round to round, as dashboards do: the system gives a connection more room the more comes through it. */
const connections = await Promise.all(Array.from({ length: clientCount }, () => connectTo(url)));

process.on("message", (order: Order) => {
  void askAll(order).then((asked) => process.send?.(asked));
});
process.send?.({});

async function askAll({ mix, way, seconds }: Order): Promise<Asked> {
  rounds += 1;
  const latencies: number[] = [];
  let notModified = 0;
  // One for all: generators whose seeds lie beside one another would let the clients begin together.
  const random = seededRandom(rounds);
  const begun = performance.now();
  const end = begun + seconds * 1000;
  async function run(connection: Connection, index: number): Promise<void> {
    const client: Client = mixes[mix](seededRandom(rounds * 1_000 + index + 1));
    const moments = Array.from({ length: seconds }, (_, second) => begun + (second + random()) * 1000);
    let answer: Answer | undefined;
    async function ask(from: number): Promise<void> {
      answer = await connection.ask(client(answer));
      latencies.push(performance.now() - from);
      if (answer.status === 304) notModified += 1;
    }
    if (way === "saturated") while (performance.now() < end) await ask(performance.now());
    else {
      for (const due of moments) {
        const early = due - performance.now();
        if (early > 0) await sleep(early);
        // Who waited for the answer before has waited for this one too; a timer that came late is nobody's fault here.
        await ask(early > 0 ? performance.now() : due);
      }
    }
  }
  await Promise.all(connections.map(run));
  const wall_ms = performance.now() - begun;
  return { latencies: latencies.toSorted((a, b) => a - b), wall_ms, notModified };
}
