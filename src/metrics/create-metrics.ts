// What Prometheus reads. What is told of keys is rendered from the database, so it is there before the first scan after
// a start; what is counted begins at 0 with each start.
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import { catalogue } from "./catalogue.ts";
import { checkFailing } from "./check-failing.ts";
import { familyHeader } from "./exposition.ts";
import { renderFindings } from "./findings.ts";
import { keyInfo } from "./key-info.ts";
import { keyLastObserved } from "./key-last-observed.ts";
import { keyScanInterval } from "./key-scan-interval.ts";
import { keyScore } from "./key-score.ts";
import { keyState } from "./key-state.ts";
import { KeyTexts } from "./key-texts.ts";
import { keyUnknownChecks } from "./key-unknown-checks.ts";
import type { MetricsSource } from "./metrics-source.ts";
import { type ObservedCall, providerCalls } from "./provider-calls.ts";
import { settings } from "./registry-settings.ts";
import { type ScanFailureReason, type ScannedScope, Scans } from "./scans.ts";

export interface MetricsOptions {
  readonly source: MetricsSource;
  /** The version of the service. */
  readonly version: string;
  /** `metrics.key_labels` of the configuration. */
  readonly keyLabels: readonly string[];
  /** The configured interval of each lane, in milliseconds. */
  readonly lanes: Readonly<Record<ScanLane, number>>;
  /** Every call that can be made, by provider, e.g. `kms:GetKeyPolicy`. */
  readonly calls: Readonly<Record<Provider, readonly string[]>>;
}

export interface Metrics {
  readonly contentType: string;
  /** Everything, one piece for each family of keys: for a writer that sends as it goes. Rejects as the source does. */
  families(): AsyncGenerator<string, void, undefined>;
  /** The same in one piece. */
  text(): Promise<string>;
  /** Takes each request to a provider, each attempt by itself. */
  onCall(call: ObservedCall): void;
  onScan(scan: Scan): void;
  /** Takes each scan that came to no end: it was stopped, or broke off, as when the database cannot be written. */
  onScanFailure(scan: Pick<Scan, "provider" | "scope" | "lane">, reason: ScanFailureReason): void;
  /** Takes the scopes that have keys, at the start and whenever they become others. */
  setScopes(scopes: readonly ScannedScope[]): void;
}

export function createMetrics({ source, version, keyLabels, lanes, calls }: MetricsOptions): Metrics {
  const registry = new Registry();
  const onCall = providerCalls(registry, calls);
  const scans = new Scans(registry, lanes, calls);
  new Gauge(settings(catalogue.build_info, registry)).set({ version, nodeversion: process.version }, 1);
  collectDefaultMetrics({ register: registry });

  const keyFamilies = [keyInfo(keyLabels), keyState, checkFailing, keyUnknownChecks, keyScore];
  const movingFamilies = [keyLastObserved, keyScanInterval];
  const keyTexts = new KeyTexts(source, keyFamilies);

  async function* families(): AsyncGenerator<string, void, undefined> {
    const rows = await keyTexts.rows();
    for (const [index, { metric }] of keyFamilies.entries()) {
      yield familyHeader(metric) + rows.map(({ texts }) => texts[index]).join("");
    }
    for (const { metric, render } of movingFamilies) {
      yield familyHeader(metric) + rows.map(({ head }) => render(head)).join("");
    }
    yield renderFindings(await source.findingCounts());
    yield await registry.metrics();
  }

  return {
    contentType: registry.contentType,
    families,
    async text() {
      let text = "";
      for await (const family of families()) text += family;
      return text;
    },
    onCall,
    onScan: (scan) => scans.onScan(scan),
    onScanFailure: (scan, reason) => scans.onScanFailure(scan, reason),
    setScopes: (scopes) => scans.setScopes(scopes),
  };
}
