import type { Metric } from "./catalogue.ts";
import type { KeyDetail, KeyHead } from "./metrics-source.ts";

/** A family with series for each key. Its text of a key is kept until the key changes. */
export interface KeyFamily {
  readonly metric: Metric;
  /** All of the key's lines. */
  render(key: KeyDetail): string;
}

/** A family with one series for each key, whose values move with every scan: what its lines begin with is kept alone. */
export interface MovingKeyFamily {
  readonly metric: Metric;
  value(key: KeyHead): number;
}
