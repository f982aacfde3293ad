import type { Clock } from "../../src/collect/clock.ts";

/** A clock that stands still until somebody sleeps; sleepers wake in the order of their time. */
export interface TestClock extends Clock {
  readonly slept: number[];
  advance(milliseconds: number): void;
}

export function testClock(start = 1_790_000_000_000): TestClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    advance(milliseconds) {
      now += milliseconds;
    },
    async sleep(milliseconds) {
      slept.push(milliseconds);
      const until = now + milliseconds;
      // Let everybody who is due earlier go first.
      await new Promise((resolve) => setImmediate(resolve));
      now = Math.max(now, until);
    },
  };
}
