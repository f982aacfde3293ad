import { notBefore } from "../model/moment.ts";

/** Does what concludes or registers something, as of a moment (epoch milliseconds). */
export type Concluding = <T>(work: (at: number) => Promise<T>) => Promise<T>;

/** The moments of what is asked and of what is concluded, as epoch milliseconds by a service's clock. */
export interface Moments {
  /** The newest moment that can be asked about. */
  ofQuestion(): number;
  /** The newest of which all is known by now: what is answered about it stays the answer. */
  settled(): number;
  /** At a moment that is later than every one that was asked about, and settled once the work has ended. */
  concluding: Concluding;
}

/**
 * A millisecond is long: in one, a page can be answered and a scan conclude what that page did not hold yet. So that the
 * following pages do not hold it either, conclusions run ahead of the clock, by at most a millisecond for each of them,
 * until the clock has caught up. And a conclusion takes time to be kept: until it is, pages are of moments before it.
 */
export function createMoments(clock: () => number): Moments {
  let asked = Number.NEGATIVE_INFINITY;
  let concluded = Number.NEGATIVE_INFINITY;
  const open = new Map<symbol, number>();
  function ofQuestion(): number {
    asked = notBefore(concluded, clock());
    return asked;
  }
  return {
    ofQuestion,
    settled: () => Math.min(ofQuestion(), ...[...open.values()].map((at) => at - 1)),
    async concluding(work) {
      concluded = notBefore(Math.max(asked, concluded) + 1, clock());
      const one = Symbol("conclusion");
      open.set(one, concluded);
      try {
        return await work(concluded);
      } finally {
        open.delete(one);
      }
    },
  };
}
