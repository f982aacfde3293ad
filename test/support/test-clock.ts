import type { Clock } from "../../src/collect/clock.ts";

/**
 * A clock that stands still while anything is being done, and then goes on to the next moment that somebody sleeps
 * until: hours pass in no time, and every run is the same.
 */
export interface TestClock extends Clock {
  /** Stands still until this has ended, however long it really takes. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Lets time pass for all. */
  advance(milliseconds: number): void;
  /** Sets the time of the machine, as people and time servers do: nobody gets older by it. */
  set(now: number): void;
}

export function testClock(start = 1_790_000_000_000): TestClock {
  let steady = 1_000_000;
  let offset = start - steady;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  let turning = false;
  let held = 0;

  function turn(): void {
    if (held > 0) {
      setImmediate(turn);
      return;
    }
    steady = Math.max(steady, Math.min(...sleepers.map(({ until }) => until)));
    const due = sleepers.filter(({ until }) => until <= steady);
    sleepers = sleepers.filter(({ until }) => until > steady);
    for (const { wake } of due.toSorted((a, b) => a.until - b.until)) wake();
    turning = sleepers.length > 0;
    // Everything that they do now is done before the next ones wake.
    if (turning) setImmediate(turn);
  }

  return {
    now: () => steady + offset,
    steady: () => steady,
    random: () => 0.5,
    async hold(work) {
      held += 1;
      try {
        return await work;
      } finally {
        held -= 1;
      }
    },
    advance(milliseconds) {
      steady += milliseconds;
    },
    set(now) {
      offset = now - steady;
    },
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ until: steady + milliseconds, wake });
        if (turning) return;
        turning = true;
        setImmediate(turn);
      }),
  };
}
