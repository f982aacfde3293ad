/** How many requests may be in flight at once, and whose turn it is where more wait. Knows no rates and no clouds. */
import { laneShares, type ScanLane } from "../model/lane.ts";

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
 */
export class Places {
  #free: number;
  readonly #groups = new Map<string, Group>();

  constructor(places: number) {
    this.#free = places;
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
      await new Promise<void>((resolve) => group.waiting.push(resolve));
    }
    try {
      return await request();
    } finally {
      group.inFlight -= 1;
      if (group.inFlight === 0 && group.waiting.length === 0) this.#groups.delete(name);
      this.#handOn();
    }
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
