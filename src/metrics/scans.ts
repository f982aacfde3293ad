import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { unreadableReasons } from "../model/fact.ts";
import { type ScanLane, scanLanes } from "../model/lane.ts";
import { type Provider, providers } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import { catalogue } from "./catalogue.ts";
import { refusalReasons } from "./known-series.ts";
import { settings } from "./registry-settings.ts";

/** Public contract: a metric label. `internal-error`: some of the keys met a fault of the program; `other`: see the log. */
const scanFailureReasons = ["internal-error", "interrupted", "other"] as const;
export type ScanFailureReason = (typeof scanFailureReasons)[number];

/** A scope that has keys, with the end of its last good scans in epoch milliseconds. */
export interface ScannedScope {
  readonly provider: Provider;
  readonly scope: string;
  readonly last_success: Readonly<Partial<Record<ScanLane, number>>>;
}

/** The keyposture_scan_* families and keyposture_unreadable_facts_total. */
export class Scans {
  readonly #calls: Readonly<Record<Provider, readonly string[]>>;
  readonly #runs;
  readonly #failures;
  readonly #durations;
  readonly #lastSuccess;
  readonly #unreadable;
  #scopes: readonly Pick<ScannedScope, "provider" | "scope">[] = [];

  /** `lanes`: the configured intervals in milliseconds. `calls`: those that can be made, by provider. */
  constructor(
    registry: Registry,
    lanes: Readonly<Record<ScanLane, number>>,
    calls: Readonly<Record<Provider, readonly string[]>>,
  ) {
    this.#calls = calls;
    this.#runs = new Counter(settings(catalogue.scan_runs, registry));
    this.#failures = new Counter(settings(catalogue.scan_failures, registry));
    this.#durations = new Histogram(settings(catalogue.scan_duration, registry));
    this.#lastSuccess = new Gauge(settings(catalogue.scan_last_success, registry));
    this.#unreadable = new Counter(settings(catalogue.unreadable_facts, registry));
    const intervals = new Gauge(settings(catalogue.scan_interval, registry));
    for (const lane of scanLanes) {
      intervals.set({ lane }, lanes[lane] / 1000);
      for (const provider of providers) this.#durations.zero({ provider, lane });
    }
  }

  /** The scopes that have keys now. Series of new ones begin at 0, those of others end. */
  setScopes(scopes: readonly ScannedScope[]): void {
    const same = (a: Pick<ScannedScope, "provider" | "scope">, b: typeof a) =>
      a.provider === b.provider && a.scope === b.scope;
    for (const scope of this.#scopes) if (!scopes.some((other) => same(scope, other))) this.#end(scope);
    for (const scope of scopes) if (!this.#scopes.some((other) => same(scope, other))) this.#begin(scope);
    this.#scopes = scopes;
  }

  /** A scan that ended by itself. */
  onScan({ provider, scope, lane, state, started_at, finished_at, failed_keys, refused }: Scan): void {
    for (const { call, reason, subjects } of refused) this.#unreadable.inc({ provider, scope, call, reason }, subjects);
    if (state === "interrupted" || finished_at === null)
      return this.onScanFailure({ provider, scope, lane }, "interrupted");
    this.#runs.inc({ provider, scope, lane });
    this.#durations.observe({ provider, lane }, Math.max(0, finished_at - started_at) / 1000);
    // What was read of some keys only is no success: the time of the last one must not look better than it is.
    if (failed_keys > 0) this.#failures.inc({ provider, scope, lane, reason: "internal-error" });
    else this.#lastSuccess.set({ provider, scope, lane }, finished_at / 1000);
  }

  /** A scan that came to no end of its own. */
  onScanFailure({ provider, scope, lane }: Pick<Scan, "provider" | "scope" | "lane">, reason: ScanFailureReason): void {
    this.#runs.inc({ provider, scope, lane });
    this.#failures.inc({ provider, scope, lane, reason });
  }

  #begin({ provider, scope, last_success }: ScannedScope): void {
    for (const lane of scanLanes) {
      this.#runs.inc({ provider, scope, lane }, 0);
      this.#lastSuccess.set({ provider, scope, lane }, (last_success[lane] ?? 0) / 1000);
      for (const reason of scanFailureReasons) this.#failures.inc({ provider, scope, lane, reason }, 0);
    }
    for (const call of this.#calls[provider]) {
      for (const reason of refusalReasons) this.#unreadable.inc({ provider, scope, call, reason }, 0);
    }
  }

  #end({ provider, scope }: Pick<ScannedScope, "provider" | "scope">): void {
    for (const lane of scanLanes) {
      this.#runs.remove({ provider, scope, lane });
      this.#lastSuccess.remove({ provider, scope, lane });
      for (const reason of scanFailureReasons) this.#failures.remove({ provider, scope, lane, reason });
    }
    for (const call of this.#calls[provider]) {
      for (const reason of unreadableReasons) this.#unreadable.remove({ provider, scope, call, reason });
    }
  }
}
