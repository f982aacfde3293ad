import type { ScanLane } from "../model/lane.ts";
import type { KeyActivity } from "./plan.ts";

/** What is being done about which key, so that lanes of one key never read it at the same time. Knows no scopes. */
export class UnderWay {
  /** By lane and key: runs that have not read it yet. */
  readonly #awaited: Readonly<Record<ScanLane, Map<string, number>>> = { fast: new Map(), full: new Map() };
  /** Until when each key that is being read is. */
  readonly #reading = new Map<string, Promise<unknown>>();

  /** Notes that a run is to read a key. */
  await(lane: ScanLane, key: string): void {
    const awaited = this.#awaited[lane];
    awaited.set(key, (awaited.get(key) ?? 0) + 1);
  }

  /** Notes that one run has read a key, or will not. */
  done(lane: ScanLane, key: string): void {
    const awaited = this.#awaited[lane];
    const left = (awaited.get(key) ?? 0) - 1;
    if (left > 0) awaited.set(key, left);
    else awaited.delete(key);
  }

  /** Reads a key once those have ended who were to read it before. */
  async alone(key: string, read: () => Promise<void>): Promise<void> {
    const done = Promise.allSettled([this.#reading.get(key)]).then(read);
    this.#reading.set(key, done);
    try {
      await done;
    } finally {
      if (this.#reading.get(key) === done) this.#reading.delete(key);
    }
  }

  activity(key: string): KeyActivity {
    if (this.#reading.has(key) || this.#awaited.fast.has(key)) return "busy";
    return this.#awaited.full.has(key) ? "awaits-full" : "none";
  }
}
