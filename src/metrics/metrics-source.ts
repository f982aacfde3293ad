// What the metrics are rendered from: as much of the database as they need, as plain data.
import type { Fact } from "../model/fact.ts";
import type { Lifecycle } from "../model/key.ts";
import type { Severity } from "../model/outcome.ts";
import type { Provider } from "../model/resource.ts";

/** What of a key moves with every scan, or says whether the rest has moved. */
export interface KeyHead {
  readonly provider: Provider;
  readonly name: string;
  /** Another one whenever anything in `KeyDetail` is different; not before another `KeyDetail` can be read. */
  readonly version: string;
  /** Last successful read of the key's state, in epoch milliseconds; null before the first. */
  readonly last_observed: number | null;
  /** Effective interval of the fast lane, in milliseconds. */
  readonly scan_interval: number;
}

/** What of a key moves with changes only. */
export interface KeyDetail {
  readonly provider: Provider;
  readonly name: string;
  /** The version that this is. */
  readonly version: string;
  readonly account: string;
  readonly location: string | null;
  readonly resource: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle: Fact<Lifecycle>;
  /** What the lifecycle was when it could last be read; null where it never could. */
  readonly last_known_lifecycle: Lifecycle | null;
  /** As last known; null where not known or not told by the provider. */
  readonly protection_level: string | null;
  readonly key_spec: string | null;
  readonly origin: string | null;
  /** Every applicable check, each once. */
  readonly checks: readonly CheckState[];
  /** How many of them have an outcome that decides nothing. */
  readonly unknown_checks: number;
  /** From 0 to 100; null where no check applies. */
  readonly score: number | null;
}

export interface CheckState {
  readonly check: string;
  readonly severity: Severity;
  /** Whether the finding's status is `open`, whatever its newest outcome. */
  readonly open: boolean;
}

/** Public contract: a metric label. */
export const countedStatuses = ["open", "accepted", "unknown"] as const;

export interface FindingCount {
  readonly provider: Provider;
  readonly severity: Severity;
  readonly status: (typeof countedStatuses)[number];
  readonly count: number;
}

export interface MetricsSource {
  /** The keys that are registered now, in a lasting order, some at a time: they are read as they are asked for. */
  keys(): AsyncIterable<readonly KeyHead[]>;
  /** The named keys; one that was retired meanwhile is left out. */
  details(names: readonly string[]): Promise<readonly KeyDetail[]>;
  /** Combinations that are left out are 0. */
  findingCounts(): Promise<readonly FindingCount[]>;
}
