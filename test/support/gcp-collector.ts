import { Budget } from "../../src/collect/budget.ts";
import type { CallReport } from "../../src/collect/call-report.ts";
import { type Clock, systemClock } from "../../src/collect/clock.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { classifyGcpError } from "../../src/collect/gcp/classify-error.ts";
import { createGcpCollector } from "../../src/collect/gcp/collect.ts";
import type { GcpReader } from "../../src/collect/gcp/reader.ts";
import { createGcpSdkReader } from "../../src/collect/gcp/sdk-reader.ts";
import { createRequest } from "../../src/collect/request.ts";
import type { GcpReads } from "../../src/model/gcp-kms-key.ts";

export const readsNothingBeyond: GcpReads = { gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: false };
export const readsAll: GcpReads = { gcp_ancestors: true, gcp_perimeters: true, gcp_deny_policies: true };

export interface LocalGcpOptions {
  readonly reports?: CallReport[];
  readonly onCall?: (report: CallReport) => void;
  readonly quota_project?: string;
  readonly reads?: GcpReads;
  readonly clock?: Clock;
}

/** The official clients, talking to local endpoints. */
export function localGcpReader(local: { readonly grpc: string; readonly rest: string }, options: LocalGcpOptions = {}) {
  const { reports = [], quota_project = null, clock = systemClock } = options;
  const budget = new Budget({ calls: gcpCalls, clock, ratio: 1000, concurrency: 16 });
  const onCall = (report: CallReport) => {
    reports.push(report);
    options.onCall?.(report);
  };
  const request = createRequest({ provider: "gcp", budget, clock, onCall, classify: classifyGcpError });
  return createGcpSdkReader({ request, clock, identity: { quota_project, impersonate: null }, local });
}

/** The real collector with the official clients. */
export function localGcpCollector(
  local: { readonly grpc: string; readonly rest: string },
  options: LocalGcpOptions = {},
) {
  return gcpCollectorOf(localGcpReader(local, options), options);
}

/** The real collector with a reader of the test's own. */
export function gcpCollectorOf(
  reader: GcpReader,
  { reads = readsNothingBeyond, clock = systemClock }: LocalGcpOptions = {},
) {
  return createGcpCollector({ reader, clock, reads });
}
