/** The official clients. They are loaded when the first of them is needed: whoever has no key in Azure pays nothing. */
import type { AuthorizationManagementClient } from "@azure/arm-authorization";
import type { KeyVaultManagementClient } from "@azure/arm-keyvault";
import type { MonitorClient } from "@azure/arm-monitor";
import type { TokenCredential } from "@azure/core-auth";
import type * as PipelinePackage from "@azure/core-rest-pipeline";
import type { KeyClient } from "@azure/keyvault-keys";
import type { Clock } from "../clock.ts";
import type { AzureHosts } from "./clouds.ts";
import type { SdkCredentials } from "./sdk-credentials.ts";
import type { LocalAzure, Wire } from "./sdk-wire.ts";

export interface SdkClientsOptions {
  readonly clock: Clock;
  readonly hosts: AzureHosts;
  readonly local?: LocalAzure;
}

export interface SdkClients extends Pick<SdkCredentials, "ensure">, Pick<Wire, "answerTo"> {
  /** By subscription. */
  keyVault(subscription: string): KeyVaultManagementClient;
  readonly authorization: AuthorizationManagementClient;
  readonly monitor: MonitorClient;
  /** By the host of the vault. */
  keys(host: string): Pick<KeyClient, "getDeletedKey">;
  /** Sends a request for which there is no client: a GET, or with `body` a POST. */
  send(audience: string, url: URL | string, body?: object): Promise<unknown>;
}

/** Our own loop retries. */
const retryOptions = { maxRetries: 0 };

export async function createSdkClients({ clock, hosts, local }: SdkClientsOptions): Promise<SdkClients> {
  // One after another: loaded at the same time, modules trip over each other (ERR_REQUIRE_ESM_RACE_CONDITION).
  const { createWire } = await import("./sdk-wire.ts");
  const { createSdkCredentials, localCredentials } = await import("./sdk-credentials.ts");
  const keyVaultPackage = await import("@azure/arm-keyvault");
  const authorizationPackage = await import("@azure/arm-authorization");
  const monitorPackage = await import("@azure/arm-monitor");
  const keysPackage = await import("@azure/keyvault-keys");
  const pipeline = await import("@azure/core-rest-pipeline");

  const { httpClient, answerTo } = createWire(hosts, local);
  const { credential, ensure } =
    local === undefined ? createSdkCredentials(clock, hosts.authority) : localCredentials();
  const endpoint = `https://${hosts.arm}`;
  const options = { endpoint, $host: endpoint, httpClient, retryOptions };
  const keyVault = remembered(
    (subscription) => new keyVaultPackage.KeyVaultManagementClient(credential, subscription, { ...options }),
  );
  const keys = remembered(
    (host) => new keysPackage.KeyClient(`https://${host}`, credential, { httpClient, retryOptions }),
  );
  const bare = remembered((audience) => createPipeline(pipeline, credential, audience));
  return {
    ensure,
    answerTo,
    keyVault,
    authorization: new authorizationPackage.AuthorizationManagementClient(credential, "none", { ...options }),
    monitor: new monitorPackage.MonitorClient(credential, { ...options }),
    keys,
    send(audience, url, body) {
      const method = body === undefined ? "GET" : "POST";
      const request = pipeline.createPipelineRequest({
        url: String(url),
        method,
        headers: pipeline.createHttpHeaders({ accept: "application/json" }),
      });
      if (body !== undefined) {
        request.headers.set("content-type", "application/json");
        request.body = JSON.stringify(body);
      }
      return bare(audience).sendRequest(httpClient, request);
    },
  };
}

function createPipeline(
  { createPipelineFromOptions, bearerTokenAuthenticationPolicy }: typeof PipelinePackage,
  credential: TokenCredential,
  audience: string,
) {
  const pipeline = createPipelineFromOptions({ retryOptions });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${audience}/.default` }), {
    phase: "Sign",
  });
  return pipeline;
}

function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const one = made.get(name) ?? make(name);
    made.set(name, one);
    return one;
  };
}
