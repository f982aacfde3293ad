// What Prometheus reads. What is told of keys is rendered from the database, so it is there before the first scan after
// a start; what is counted begins at 0 with each start.
import { setImmediate as nextTurn } from "node:timers/promises";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ScanLane } from "../model/lane.ts";
import type { Provider } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import { catalogue } from "./catalogue.ts";
import { checkFailing, type MetricsMode } from "./check-failing.ts";
import { familyHeader } from "./exposition.ts";
import { renderFindings } from "./findings.ts";
import { gzip } from "./gzip.ts";
import { KeyBlocks } from "./key-blocks.ts";
import { keyInfo } from "./key-info.ts";
import { keyLastObserved } from "./key-last-observed.ts";
import type { KeyBlock } from "./key-page.ts";
import { keyScanInterval } from "./key-scan-interval.ts";
import { keyScore } from "./key-score.ts";
import { keyState } from "./key-state.ts";
import { keyUnknownChecks } from "./key-unknown-checks.ts";
import type { FindingCount, MetricsSource } from "./metrics-source.ts";
import { type ObservedCall, providerCalls } from "./provider-calls.ts";
import { settings } from "./registry-settings.ts";
import { type ScanFailureReason, type ScannedScope, Scans } from "./scans.ts";
import { TextPiece } from "./text-piece.ts";

export interface MetricsOptions {
  readonly source: MetricsSource;
  /** The version of the service. */
  readonly version: string;
  /** `metrics.key_labels` of the configuration. */
  readonly keyLabels: readonly string[];
  /** `metrics.mode` of the configuration. */
  readonly mode: MetricsMode;
  /** The configured interval of each lane, in milliseconds. */
  readonly lanes: Readonly<Record<ScanLane, number>>;
  /** Every call that can be made, by provider, e.g. `kms:GetKeyPolicy`. */
  readonly calls: Readonly<Record<Provider, readonly string[]>>;
}

export interface Metrics {
  readonly contentType: string;
  /** Everything as it is now, in pieces: for a writer that sends as it goes. Rejects as the source does. */
  pieces(coding: "identity" | "gzip"): Promise<AsyncIterable<Buffer>>;
  /** Takes each request to a provider, each attempt by itself. */
  onCall(call: ObservedCall): void;
  onScan(scan: Scan): void;
  /** Takes each scan that came to no end: it was stopped, or broke off, as when the database cannot be written. */
  onScanFailure(scan: Pick<Scan, "provider" | "scope" | "lane">, reason: ScanFailureReason): void;
  /** Takes the scopes that have keys, at the start and whenever they become others. */
  setScopes(scopes: readonly ScannedScope[]): void;
}

export function createMetrics({ source, version, keyLabels, mode, lanes, calls }: MetricsOptions): Metrics {
  const registry = new Registry();
  const onCall = providerCalls(registry, calls);
  const scans = new Scans(registry, lanes, calls);
  new Gauge(settings(catalogue.build_info, registry)).set({ version, nodeversion: process.version }, 1);
  collectDefaultMetrics({ register: registry });

  const kept = [keyInfo(keyLabels), keyState, checkFailing(mode), keyUnknownChecks, keyScore];
  const moving = [keyLastObserved, keyScanInterval];
  const blocks = new KeyBlocks(source, { kept, moving });

  const headers = [...kept, ...moving].map(({ metric }) => pieceOf(familyHeader(metric)));

  async function* write(keys: readonly KeyBlock[], counts: readonly FindingCount[]): AsyncGenerator<TextPiece> {
    for (const [index, header] of headers.entries()) {
      yield header;
      for (const block of keys) yield block[index] as TextPiece;
    }
    let others = renderFindings(counts);
    for (const { name } of registry.getMetricsAsArray()) {
      others += `${await registry.getSingleMetricAsString(name)}\n`;
      await nextTurn();
    }
    yield pieceOf(others);
  }

  return {
    contentType: registry.contentType,
    async pieces(coding) {
      // What the database can refuse is read before the first piece goes out.
      const pieces = write(await blocks.newest(), await source.findingCounts());
      return coding === "gzip" ? gzip(pieces) : plain(pieces);
    },
    onCall,
    onScan: (scan) => scans.onScan(scan),
    onScanFailure: (scan, reason) => scans.onScanFailure(scan, reason),
    setScopes: (scopes) => scans.setScopes(scopes),
  };
}

function pieceOf(text: string): TextPiece {
  return new TextPiece(Buffer.from(text));
}

async function* plain(pieces: AsyncIterable<TextPiece>): AsyncGenerator<Buffer> {
  for await (const { bytes } of pieces) yield bytes;
}
