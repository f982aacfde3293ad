import { laneShares, type ScanLane, scanLanes } from "../model/lane.ts";

interface Line<T> {
  readonly waiting: T[];
  /** Grows with each turn, the less the larger the lane's share is: the line with the least is next. */
  passed: number;
}

/**
 * Those who wait for one thing, a line for each lane. Within a lane the first comes first; while several lanes wait,
 * turns go by their shares, and a lane that waits alone has them all.
 */
export class LaneLine<T> {
  readonly #lines: Readonly<Record<ScanLane, Line<T>>> = {
    fast: { waiting: [], passed: 0 },
    full: { waiting: [], passed: 0 },
  };
  #passed = 0;

  /** How many wait in a lane. */
  length(lane: ScanLane): number {
    return this.#lines[lane].waiting.length;
  }

  get isEmpty(): boolean {
    return scanLanes.every((lane) => this.#lines[lane].waiting.length === 0);
  }

  push(lane: ScanLane, one: T): void {
    const line = this.#lines[lane];
    // Nobody saves up turns by not waiting.
    if (line.waiting.length === 0) line.passed = Math.max(line.passed, this.#passed);
    line.waiting.push(one);
  }

  /** Takes out whose turn it is. */
  shift(): T | undefined {
    let next: ScanLane | undefined;
    for (const lane of scanLanes) {
      const { waiting, passed } = this.#lines[lane];
      if (waiting.length > 0 && (next === undefined || passed < this.#lines[next].passed)) next = lane;
    }
    if (next === undefined) return undefined;
    const line = this.#lines[next];
    this.#passed = line.passed;
    line.passed += 1 / laneShares[next];
    return line.waiting.shift();
  }

  /** Takes out everybody who is not to wait on. */
  remove(leaves: (one: T) => boolean): T[] {
    return scanLanes.flatMap((lane) => {
      const { waiting } = this.#lines[lane];
      const left = waiting.filter(leaves);
      if (left.length > 0) waiting.splice(0, waiting.length, ...waiting.filter((one) => !leaves(one)));
      return left;
    });
  }
}
