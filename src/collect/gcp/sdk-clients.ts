/** The official clients. They are loaded when the first of them is needed: whoever has no key in Google Cloud pays nothing. */
import type { KeyManagementServiceClient } from "@google-cloud/kms";
import type { FoldersClient, OrganizationsClient, ProjectsClient } from "@google-cloud/resource-manager";
import type { AuthClient } from "google-auth-library";
import type { CallOptions } from "google-gax";
import type { Clock } from "../clock.ts";
import type { Request } from "../request.ts";
import type { Turn } from "../turn.ts";
import type { GcpIdentity } from "./sdk-credentials.ts";

export interface SdkClientsOptions {
  readonly request: Request;
  readonly clock: Clock;
  readonly identity: GcpIdentity;
  /**
   * For the simulator and other local servers, in place of every host of Google's; no credentials go there.
   * `grpc` is `127.0.0.1:<port>`, `rest` is `http://127.0.0.1:<port>`.
   */
  readonly local?: { readonly grpc: string; readonly rest: string };
}

export interface SdkClients {
  readonly kms: Pick<KeyManagementServiceClient, "listCryptoKeys" | "listCryptoKeyVersions"> & KeyPolicyClient;
  readonly projects: ProjectsClient;
  readonly folders: FoldersClient;
  readonly organizations: OrganizationsClient;
  readonly logging: LoggingConfigClient;
  /** Sends one REST request: a GET, or with `data` a POST; answers with the parsed body. */
  rest(host: string, path: string, options?: RestOptions): Promise<unknown>;
}

export interface RestOptions {
  /** Parameters of the query; one that is undefined is left out. */
  readonly params?: Readonly<Record<string, string | number | undefined>>;
  readonly data?: object;
}

/** The types of the client want a message with methods, and the client takes any object. */
interface KeyPolicyClient {
  getIamPolicy(request: PolicyRequest, options: CallOptions): Promise<readonly unknown[]>;
}

interface PolicyRequest {
  readonly resource: string;
  readonly options?: { readonly requestedPolicyVersion?: number | null } | null;
}

/** What is used of the logging package's generated client, which it declares without types. */
export interface LoggingConfigClient {
  listSinks(request: LoggingList, options: CallOptions): Promise<readonly unknown[]>;
  listExclusions(request: LoggingList, options: CallOptions): Promise<readonly unknown[]>;
}

interface LoggingList {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

interface LoggingPackage {
  readonly v2: { readonly ConfigServiceV2Client: new (options: object) => LoggingConfigClient };
}

/** How long one request may take, in milliseconds. */
export const requestTimeout = 10_000;

/** Loads the clients; what it gives makes sure of a token and hands them out. Throws `Refused` where there is none. */
export async function createSdkClients({ request, clock, identity, local }: SdkClientsOptions) {
  // One after another: loaded at the same time, their modules trip over each other (ERR_REQUIRE_ESM_RACE_CONDITION).
  const { createSdkCredentials, localCredentials } = await import("./sdk-credentials.ts");
  const { KeyManagementServiceClient } = await import("@google-cloud/kms");
  const { FoldersClient, OrganizationsClient, ProjectsClient } = await import("@google-cloud/resource-manager");
  const { v2 } = (await import("@google-cloud/logging")) as LoggingPackage;
  const { credentials } = (await import("google-gax")).grpc;

  function clientsOf(authClient: AuthClient): SdkClients {
    const options = { authClient, universeDomain: "googleapis.com", ...(local === undefined ? {} : place(local.grpc)) };
    return {
      kms: new KeyManagementServiceClient(options),
      projects: new ProjectsClient(options),
      folders: new FoldersClient(options),
      organizations: new OrganizationsClient(options),
      logging: new v2.ConfigServiceV2Client(options),
      rest: (host, path, more) => sendRest(authClient, local?.rest ?? `https://${host}`, path, more),
    };
  }

  function place(address: string) {
    const [apiEndpoint, port] = address.split(":");
    // A proxy that the environment names is for real hosts.
    return { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure(), "grpc.enable_http_proxy": 0 };
  }

  const identities = local === undefined ? createSdkCredentials({ request, clock, identity }) : localCredentials();
  let made: { readonly authClient: AuthClient; readonly clients: SdkClients } | undefined;
  return async function clients(turn: Turn): Promise<SdkClients> {
    const authClient = await identities.authorized(turn);
    if (made?.authClient !== authClient) made = { authClient, clients: clientsOf(authClient) };
    return made.clients;
  };
}

async function sendRest(client: AuthClient, origin: string, path: string, { params = {}, data }: RestOptions = {}) {
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(params))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const response = await client.request<unknown>({
    url,
    method: data === undefined ? "GET" : "POST",
    ...(data === undefined ? {} : { data }),
    responseType: "json",
    timeout: requestTimeout,
    retry: false,
    // None of these APIs sends on, and whoever does is not believed.
    redirect: "manual",
  });
  return response.data;
}
