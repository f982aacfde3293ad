import type { Config } from "../config/config-schema.ts";
import type { CallTable } from "../model/call.ts";
import type { Provider } from "../model/resource.ts";
import { awsCalls } from "./aws/calls.ts";
import { classifyAwsError } from "./aws/classify-error.ts";
import { createAwsCollector } from "./aws/collect.ts";
import { createAwsSdkReader } from "./aws/sdk-reader.ts";
import type { Budget } from "./budget.ts";
import type { CallReport } from "./call-report.ts";
import type { Clock } from "./clock.ts";
import type { Collector } from "./collector.ts";
import { createRequest } from "./request.ts";

/** Every call that is made of each provider. */
export const callTables = { aws: awsCalls } satisfies Record<Provider, CallTable>;

/** All of them: no two providers have a call of the same name. */
export const allCalls: CallTable = Object.fromEntries(
  Object.values(callTables).flatMap((calls) => Object.entries(calls)),
);

/** A server on this machine that stands in for a cloud. */
export interface LocalServer {
  readonly endpoint: string;
  /** How long an answer may take, in milliseconds; by default as long as a real cloud's. */
  readonly request_timeout?: number;
}

export interface CollectorOptions {
  readonly budget: Budget;
  readonly clock: Clock;
  readonly onCall: (report: CallReport) => void;
  /** How the accounts are read, and what beyond them. */
  readonly config: Pick<Config, "aws" | "reads">;
  /** A local server that stands in for the cloud. Without it, the SDK's own endpoints and credentials are used. */
  readonly local?: LocalServer;
}

/** Never sent to a real cloud: they come with an endpoint of their own. */
const dummyCredentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local" };

/** What reads each provider. */
export const createCollector = {
  aws({ budget, clock, onCall, config, local }) {
    const request = createRequest({ provider: "aws", budget, clock, onCall, classify: classifyAwsError });
    const reader = createAwsSdkReader({
      request,
      clock,
      accounts: config.aws.accounts,
      ...(local === undefined ? {} : { local: { ...local, credentials: dummyCredentials } }),
    });
    return createAwsCollector({ reader, clock, readsOrganization: config.reads.aws_organization });
  },
} satisfies Record<Provider, (options: CollectorOptions) => Collector>;
