/** How many requests may be in flight at once, and whose turn it is where more wait. Knows no rates and no clouds. */
import { laneShares, type ScanLane } from "../model/lane.ts";
import type { Clock } from "./clock.ts";

/** So many there are at first, and one more every so many milliseconds in which somebody waits for one. */
const placesAtFirst = 2;
const untilAnother = 50;

/** Requests of one lane of one scope. */
interface Group {
  readonly share: number;
  inFlight: number;
  readonly waiting: (() => void)[];
}

/**
 * Places for requests in flight. A free one goes to the waiting group that has the fewest for its share, so that a
 * scope that does not answer, or a long full run, holds up no other scope and no fast lane for longer than one request
 * takes. A group that waits alone may have them all.
 *
 * There are few at first: code that has just begun is not optimized yet, and with all that many answers at once take of it,
 * whoever asks the API something would wait.
 */
export class Places {
  readonly #clock: Pick<Clock, "sleep">;
  readonly #groups = new Map<string, Group>();
  #free: number;
  #toCome: number;
  #isOpening = false;

  constructor(places: number, clock: Pick<Clock, "sleep">) {
    this.#clock = clock;
    this.#free = Math.min(places, placesAtFirst);
    this.#toCome = places - this.#free;
  }

  /** Runs a request when there is a place for it. */
  async hold<T>(lane: ScanLane, scope: string, request: () => Promise<T>): Promise<T> {
    const name = `${lane} ${scope}`;
    const group = this.#groups.get(name) ?? { share: laneShares[lane], inFlight: 0, waiting: [] };
    this.#groups.set(name, group);
    if (this.#free > 0) {
      this.#free -= 1;
      group.inFlight += 1;
    } else {
      const free = new Promise<void>((resolve) => group.waiting.push(resolve));
      if (!this.#isOpening) void this.#openMore();
      await free;
    }
    try {
      return await request();
    } finally {
      group.inFlight -= 1;
      if (group.inFlight === 0 && group.waiting.length === 0) this.#groups.delete(name);
      this.#handOn();
    }
  }

  /** Until nobody waits any more. */
  async #openMore(): Promise<void> {
    this.#isOpening = true;
    while (this.#toCome > 0 && this.#isAwaited()) {
      await this.#clock.sleep(untilAnother);
      this.#toCome -= 1;
      this.#handOn();
    }
    this.#isOpening = false;
  }

  #isAwaited(): boolean {
    return [...this.#groups.values()].some(({ waiting }) => waiting.length > 0);
  }

  #handOn(): void {
    let next: [name: string, group: Group] | undefined;
    for (const entry of this.#groups) {
      const [, group] = entry;
      if (group.waiting.length > 0 && (next === undefined || load(group) < load(next[1]))) next = entry;
    }
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    const [name, group] = next;
    // To the end: of groups with the same load, the one that was served longest ago is next.
    this.#groups.delete(name);
    this.#groups.set(name, group);
    group.inFlight += 1;
    group.waiting.shift()?.();
  }
}

function load({ inFlight, share }: Group): number {
  return inFlight / share;
}
