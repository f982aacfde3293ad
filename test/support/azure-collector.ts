import { azureCalls } from "../../src/collect/azure/calls.ts";
import { classifyAzureError } from "../../src/collect/azure/classify-error.ts";
import { createAzureCollector } from "../../src/collect/azure/collect.ts";
import type { AzureReader } from "../../src/collect/azure/reader.ts";
import { createAzureSdkReader } from "../../src/collect/azure/sdk-reader.ts";
import { Budget } from "../../src/collect/budget.ts";
import type { CallReport } from "../../src/collect/call-report.ts";
import { type Clock, systemClock } from "../../src/collect/clock.ts";
import { createRequest } from "../../src/collect/request.ts";
import type { AzureCloud } from "../../src/config/azure-key-resource.ts";
import { testSubscription } from "./azure-answers.ts";

export interface LocalAzureOptions {
  readonly reports?: CallReport[];
  readonly onCall?: (report: CallReport) => void;
  readonly cloud?: AzureCloud;
  readonly azure_directory?: boolean;
  readonly subscriptions?: readonly string[];
  readonly clock?: Clock;
}

interface LocalAzureServer {
  readonly origin: string;
  readonly request_timeout?: number;
}

/** The official clients, talking to a local endpoint; without one, to the real cloud. */
export function azureReaderAt(local: LocalAzureServer | undefined, options: LocalAzureOptions = {}): AzureReader {
  const { reports = [], cloud = "public", clock = systemClock } = options;
  const budget = new Budget({ calls: azureCalls, clock, ratio: 1000, concurrency: 16 });
  const onCall = (report: CallReport) => {
    reports.push(report);
    options.onCall?.(report);
  };
  const request = createRequest({ provider: "azure", budget, clock, onCall, classify: classifyAzureError });
  return createAzureSdkReader({
    request,
    clock,
    cloud,
    quotaScope: "subscriptions",
    ...(local === undefined ? {} : { local }),
  });
}

/** The real collector with the official clients. */
export function localAzureCollector(local: LocalAzureServer, options: LocalAzureOptions = {}) {
  return azureCollectorOf(azureReaderAt(local, options), options);
}

/** The real collector with a reader of the test's own. */
export function azureCollectorOf(
  reader: AzureReader,
  { azure_directory = true, subscriptions = [testSubscription], clock = systemClock }: LocalAzureOptions = {},
) {
  return createAzureCollector({ reader, clock, reads: { azure_directory }, subscriptions });
}
