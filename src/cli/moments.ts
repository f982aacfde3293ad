/** The moments of what is asked and of what is concluded, as epoch milliseconds by a service's clock. */
export interface Moments {
  /** Nothing is concluded at this moment any more: what is answered about it stays the answer. */
  ofQuestion(): number;
  /** Later than every moment that was asked about. */
  ofConclusion(): number;
}

/** A clock that is behind by more than this was set back: it is followed, and not waited for. In milliseconds. */
const longestLead = 1000;

/**
 * A millisecond is long: in one, a page can be answered and a scan conclude what that page did not hold yet. So that the
 * following pages do not hold it either, conclusions run ahead of the clock, by at most a millisecond for each change
 * from asking to concluding, until the clock has caught up.
 */
export function createMoments(clock: () => number): Moments {
  let asked = Number.NEGATIVE_INFINITY;
  let concluded = Number.NEGATIVE_INFINITY;
  const notBefore = (moment: number) => {
    const now = clock();
    return moment - now > longestLead ? now : Math.max(now, moment);
  };
  return {
    ofQuestion() {
      asked = notBefore(concluded);
      return asked;
    },
    ofConclusion() {
      concluded = notBefore(asked + 1);
      return concluded;
    },
  };
}
