import { awsCalls } from "../../src/collect/aws/calls.ts";
import { classifyAwsError } from "../../src/collect/aws/classify-error.ts";
import { createAwsCollector } from "../../src/collect/aws/collect.ts";
import type { AwsAccountRole } from "../../src/collect/aws/sdk-clients.ts";
import { createAwsSdkReader } from "../../src/collect/aws/sdk-reader.ts";
import { Budget } from "../../src/collect/budget.ts";
import type { CallReport } from "../../src/collect/call-report.ts";
import { systemClock } from "../../src/collect/clock.ts";
import { createRequest } from "../../src/collect/request.ts";

export const localCredentials = { accessKeyId: "AKIDEXAMPLE111122223333", secretAccessKey: "not-a-secret" };

export interface LocalAwsOptions {
  readonly reports?: CallReport[];
  readonly onCall?: (report: CallReport) => void;
  readonly accounts?: Readonly<Record<string, AwsAccountRole>>;
  readonly readsOrganization?: boolean;
  /** Requests in flight at any time. */
  readonly concurrency?: number;
}

/** The real collector with the official SDK, talking to a local endpoint. */
export function localAwsCollector(endpoint: string, options: LocalAwsOptions = {}) {
  const { reports = [], accounts = {}, readsOrganization = false, concurrency = 16 } = options;
  const clock = systemClock;
  const budget = new Budget({ calls: awsCalls, clock, ratio: 100, concurrency });
  const onCall = (report: CallReport) => {
    reports.push(report);
    options.onCall?.(report);
  };
  const request = createRequest({ provider: "aws", budget, clock, onCall, classify: classifyAwsError });
  const local = { endpoint, credentials: localCredentials };
  return createAwsCollector({
    reader: createAwsSdkReader({ request, clock, accounts, local }),
    clock,
    readsOrganization,
  });
}
