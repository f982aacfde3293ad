/** A generator of numbers in [0, 1): the same seed gives the same run. */
export type Random = () => number;

/** A 32-bit xorshift generator (https://www.jstatsoft.org/article/view/v008i14): plenty for jitter, and nothing else uses it. */
export function seededRandom(seed: number): Random {
  // Zero is the one state that the generator never leaves.
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
