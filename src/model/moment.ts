/** A moment that is ahead of the clock by more than this is of a clock that was set back since. In milliseconds. */
const longestLead = 1000;

/**
 * What the clock said, or another moment that is later. A clock that was set back is followed, and not waited for: what is
 * far ahead of the clock does not count. Where time has passed since the clock said it, that is told by what it says now.
 * Epoch milliseconds.
 */
export function notBefore(moment: number, said: number, clock = said): number {
  return moment - clock > longestLead ? said : Math.max(said, moment);
}
