/** A moment that is ahead of the clock by more than this is of a clock that was set back since. In milliseconds. */
const longestLead = 1000;

/**
 * The clock's moment, or another one that is a little ahead of it. A clock that was set back is followed, and not waited
 * for. Epoch milliseconds.
 */
export function notBefore(moment: number, clock: number): number {
  return moment - clock > longestLead ? clock : Math.max(clock, moment);
}
