/** How a key, or all of them together, stands. Both null where no check applies. */
export interface Score {
  /** A whole number from 0 to 100. */
  readonly score: number | null;
  /** The share of weight that could not be judged, from 0 to 1. */
  readonly unknown_share: number | null;
}
