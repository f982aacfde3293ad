import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { MonitorClient } from "@azure/arm-monitor";
import type { TokenCredential } from "@azure/core-auth";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  isRestError,
} from "@azure/core-rest-pipeline";
import { KeyClient } from "@azure/keyvault-keys";
import { realHostHeader } from "../../src/simulator/azure/azure-cloud.ts";
import {
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleSubscription,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import { testSimulator } from "./aws-clients.ts";
import { logsClient } from "./azure-logs-client.ts";

export const subscriptionName = sampleSubscription().id;
export const subscriptionId = subscriptionName.slice("/subscriptions/".length);
export const groupName = "example-keys";
export const vaultName = sampleVault().id;
export const keyName = sampleVaultKey().id;
export const assignmentName = sampleRoleAssignment().id;
export const principalId = sampleServicePrincipal().id;
export const principalName = `directory/servicePrincipals/${principalId}`;

/** A simulator whose Azure is empty. Its clock goes on by `pass` alone. */
export async function testAzure() {
  let now = Date.parse("2026-09-01T12:00:00Z");
  const simulator = await testSimulator({ now: () => now });
  return {
    simulator,
    azure: simulator.azure,
    control: simulator.control,
    origin: simulator.azureEndpoints.origin,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** The sample vault with its key, the service principal and its assignment, and clients of them all. */
export async function azureWorld() {
  const started = await testAzure();
  const { azure, origin } = started;
  azure.addVault(sampleVault());
  azure.addKey(sampleVaultKey());
  azure.addRoleAssignment(sampleRoleAssignment());
  azure.addServicePrincipal(sampleServicePrincipal());
  return { ...started, ...clientsOf(origin) };
}

const credential: TokenCredential = {
  getToken: async () => ({ token: "simulated", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** Nothing is tried again. */
function optionsOf(origin: string) {
  return { httpClient: localHttpClient(origin), retryOptions: { maxRetries: 0 } };
}

/** The official clients, pointed at the simulator. */
export function clientsOf(origin: string) {
  const options = optionsOf(origin);
  return {
    vaults: new KeyVaultManagementClient(credential, subscriptionId, options),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    monitor: new MonitorClient(credential, subscriptionId, options),
    logs: logsClient(credential, options),
    keyClient: (uri = sampleVault().properties.vaultUri) => new KeyClient(uri, credential, options),
  };
}

/** Sends a copy of each request to the simulator, with the real host in a header: clients use a request again. */
export function localHttpClient(origin: string): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    sendRequest: async (request) => {
      const { host, pathname, search } = new URL(request.url);
      const headers = createHttpHeaders({ ...request.headers.toJSON(), [realHostHeader]: host });
      const url = `${origin}${pathname}${search}`;
      const copy = createPipelineRequest({ ...request, url, headers, allowInsecureConnection: true });
      // By the request that comes back clients know what they have asked.
      return { ...(await inner.sendRequest(copy)), request };
    },
  };
}

interface RawRequest {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request as it stands here, with a token unless the headers say otherwise. */
export async function raw(origin: string, realUrl: string, init: RawRequest = {}): Promise<RawAnswer> {
  const { host, pathname, search } = new URL(realUrl);
  const headers = { authorization: "Bearer simulated", ...init.headers, [realHostHeader]: host };
  const response = await fetch(`${origin}${pathname}${search}`, { ...init, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** All that a paged list of a client has. */
export async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of pages) {
    items.push(item);
  }
  return items;
}

/** What the official clients tell of a call that failed. */
export async function azureRefusal(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (isRestError(error)) {
      const { statusCode, code, details, response } = error;
      // Clients of the newer generation keep the body they have read, the others the text.
      const body = response?.bodyAsText ? (JSON.parse(response.bodyAsText) as unknown) : details;
      return { status: statusCode, code, body, retryAfter: response?.headers.get("retry-after") };
    }
    throw error;
  }
  throw new TypeError("the call was answered");
}
