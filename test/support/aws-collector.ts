import { awsCalls } from "../../src/collect/aws/calls.ts";
import { classifyAwsError } from "../../src/collect/aws/classify-error.ts";
import { createAwsCollector } from "../../src/collect/aws/collect.ts";
import { createAwsSdkReader } from "../../src/collect/aws/sdk-reader.ts";
import { Budget } from "../../src/collect/budget.ts";
import type { CallReport } from "../../src/collect/call-report.ts";
import { systemClock } from "../../src/collect/clock.ts";
import { createRequest } from "../../src/collect/request.ts";

export const localCredentials = { accessKeyId: "AKIDEXAMPLE111122223333", secretAccessKey: "not-a-secret" };

/** The real collector with the official SDK, talking to a local endpoint. */
export function localAwsCollector(endpoint: string, reports: CallReport[] = []) {
  const budget = new Budget({ calls: awsCalls, clock: systemClock, ratio: 100, concurrency: 16 });
  const onCall = (report: CallReport) => reports.push(report);
  const request = createRequest({ provider: "aws", budget, clock: systemClock, onCall, classify: classifyAwsError });
  const reader = createAwsSdkReader({ request, local: { endpoint, credentials: localCredentials } });
  return createAwsCollector(reader, systemClock);
}
