import type { Config } from "../config/config-schema.ts";
import type { KeyResource } from "../model/key.ts";
import type { Provider } from "../model/resource.ts";
import { classifyAwsError } from "./aws/classify-error.ts";
import { createAwsCollector } from "./aws/collect.ts";
import { createAwsSdkReader } from "./aws/sdk-reader.ts";
import { classifyAzureError } from "./azure/classify-error.ts";
import { createAzureCollector } from "./azure/collect.ts";
import { createAzureSdkReader } from "./azure/sdk-reader.ts";
import type { LocalAzure } from "./azure/sdk-wire.ts";
import type { Budget } from "./budget.ts";
import type { CallReport } from "./call-report.ts";
import type { Clock } from "./clock.ts";
import type { Collector } from "./collector.ts";
import { classifyGcpError } from "./gcp/classify-error.ts";
import { createGcpCollector } from "./gcp/collect.ts";
import { createGcpSdkReader } from "./gcp/sdk-reader.ts";
import { createRequest } from "./request.ts";

/** Servers on this machine that stand in for the clouds. */
export interface LocalClouds {
  readonly aws: LocalAwsServer;
  readonly gcp: {
    /** `127.0.0.1:<port>` */
    readonly grpc: string;
    /** `http://127.0.0.1:<port>` */
    readonly rest: string;
  };
  readonly azure: LocalAzure;
}

interface LocalAwsServer {
  readonly endpoint: string;
  /** How long an answer may take, in milliseconds; by default as long as a real cloud's. */
  readonly request_timeout?: number;
}

/** Whose quota a key is read on. https://cloud.google.com/docs/quotas/quota-project */
export function quotaScopeOf({ provider, scope }: KeyResource, { gcp, azure }: Pick<Config, "gcp" | "azure">): string {
  if (provider === "azure") return azureQuotaScope(azure);
  return provider === "gcp" && gcp.quota_project !== null ? `projects/${gcp.quota_project}` : scope;
}

/**
 * Azure counts by subscription, and nothing in a key's name tells which it is in: unless there is but one, all keys are
 * taken to be in the same.
 * https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/request-limits-and-throttling
 */
function azureQuotaScope({ subscriptions }: Config["azure"]): string {
  const [only, ...others] = subscriptions;
  return only === undefined || others.length > 0 ? "subscriptions" : `subscriptions/${only}`;
}

/** The list that tells of a key: of Google Cloud, that of its ring. Elsewhere none does. */
export function listOf({ provider, resource, scope }: KeyResource): string {
  return provider === "gcp" ? resource.replace(/\/cryptoKeys\/[^/]+$/, "") : scope;
}

export interface CollectorOptions {
  readonly budget: Budget;
  readonly clock: Clock;
  readonly onCall: (report: CallReport) => void;
  /** How the accounts are read, and what beyond them. */
  readonly config: Pick<Config, "aws" | "gcp" | "azure" | "reads">;
  /** Without them, the SDKs' own endpoints and credentials are used. */
  readonly local?: LocalClouds;
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
      ...(local === undefined ? {} : { local: { ...local.aws, credentials: dummyCredentials } }),
    });
    return createAwsCollector({ reader, clock, readsOrganization: config.reads.aws_organization });
  },

  gcp({ budget, clock, onCall, config, local }) {
    const request = createRequest({ provider: "gcp", budget, clock, onCall, classify: classifyGcpError });
    const reader = createGcpSdkReader({
      request,
      clock,
      identity: config.gcp,
      ...(local === undefined ? {} : { local: local.gcp }),
    });
    return createGcpCollector({ reader, clock, reads: config.reads });
  },

  azure({ budget, clock, onCall, config, local }) {
    const request = createRequest({ provider: "azure", budget, clock, onCall, classify: classifyAzureError });
    const reader = createAzureSdkReader({
      request,
      clock,
      cloud: config.azure.cloud,
      quotaScope: azureQuotaScope(config.azure),
      ...(local === undefined ? {} : { local: local.azure }),
    });
    return createAzureCollector({ reader, clock, reads: config.reads, subscriptions: config.azure.subscriptions });
  },
} satisfies Record<Provider, (options: CollectorOptions) => Collector>;
