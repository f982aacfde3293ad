import type { Metric } from "./catalogue.ts";
import type { KeyDetail, KeyHead } from "./metrics-source.ts";

/** A family with series for each key. Its text of a key is kept until the key changes. */
export interface KeyFamily {
  readonly metric: Metric;
  /** All of the key's lines. */
  render(key: KeyDetail): string;
}

/** A family whose values move with every scan: its text is not worth keeping. */
export interface MovingKeyFamily {
  readonly metric: Metric;
  render(key: KeyHead): string;
}
