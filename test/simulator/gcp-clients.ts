import { KeyManagementServiceClient } from "@google-cloud/kms";
import * as loggingPackage from "@google-cloud/logging";
import { FoldersClient, OrganizationsClient, ProjectsClient } from "@google-cloud/resource-manager";
import { PassThroughClient } from "google-auth-library";
import { type CallOptions, grpc } from "google-gax";
import { expect, onTestFinished } from "vitest";
import { type SimulatedAccessPolicy, sampleAccessPolicy } from "../../src/simulator/gcp/access-policy.ts";
import {
  sampleCryptoKey,
  sampleFolder,
  sampleGcpOrganization,
  sampleKeyRing,
  sampleProject,
} from "../../src/simulator/gcp/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";

export const keyName = sampleCryptoKey().name;
export const ringName = sampleKeyRing().name;
export const projectName = sampleProject().name;
export const folderName = sampleFolder().name;
export const organizationName = sampleGcpOrganization().name;

/** The sample key in its ring and project, under folder and organization. */
export function addSamples({ gcp }: Simulator, accessPolicy: SimulatedAccessPolicy = sampleAccessPolicy()): void {
  gcp.addKey(sampleCryptoKey());
  gcp.addKeyRing(sampleKeyRing());
  gcp.addProject(sampleProject({ parent: folderName }));
  gcp.addFolder(sampleFolder());
  gcp.addOrganization(sampleGcpOrganization());
  gcp.addAccessPolicy(accessPolicy);
}

/** Nothing is tried again, and nothing waits for ever. Made anew for each call: clients write into it. */
export function once(): CallOptions {
  return { retry: { retryCodes: [] }, timeout: 20_000, autoPaginate: false };
}

/** A request that is counted for another project. */
export function countedFor(project: string): CallOptions {
  return { ...once(), otherArgs: { headers: { "x-goog-user-project": project } } };
}

function clientOptions({ gcpEndpoints }: Simulator) {
  const [apiEndpoint = "", port] = gcpEndpoints.grpc.split(":");
  const sslCreds = grpc.credentials.createInsecure();
  return { apiEndpoint, port: Number(port), sslCreds, authClient: new PassThroughClient(), projectId: "none" };
}

function closedAtTheEnd<T extends { close: () => Promise<void> }>(client: T): T {
  onTestFinished(() => client.close());
  return client;
}

/** A policy as clients read it. */
export interface ReadPolicy {
  readonly version?: number | null;
  readonly etag?: Uint8Array | string | null;
  readonly bindings?: readonly { readonly role?: string | null; readonly condition?: unknown }[] | null;
  /** Cloud KMS's client leaves them out. */
  readonly auditConfigs?: unknown;
}

/** The types of the client want messages with methods, and the client takes any object. */
interface PolicyClient {
  getIamPolicy(request: object, options: CallOptions): Promise<readonly [ReadPolicy, ...unknown[]]>;
  setIamPolicy(request: object, options: CallOptions): Promise<readonly [ReadPolicy, ...unknown[]]>;
}
type KmsClient = Omit<KeyManagementServiceClient, keyof PolicyClient> & PolicyClient;

/** The official clients, pointed at the simulator. */
export function kmsClient(simulator: Simulator): KmsClient {
  return closedAtTheEnd(new KeyManagementServiceClient(clientOptions(simulator)));
}

export function projectsClient(simulator: Simulator): ProjectsClient {
  return closedAtTheEnd(new ProjectsClient(clientOptions(simulator)));
}

export function foldersClient(simulator: Simulator): FoldersClient {
  return closedAtTheEnd(new FoldersClient(clientOptions(simulator)));
}

export function organizationsClient(simulator: Simulator): OrganizationsClient {
  return closedAtTheEnd(new OrganizationsClient(clientOptions(simulator)));
}

/** What is used of the logging package's generated client, which it declares without types. */
interface LoggingClient {
  close(): Promise<void>;
  listSinks(request: object, options: CallOptions): Promise<readonly unknown[]>;
  listExclusions(request: object, options: CallOptions): Promise<readonly unknown[]>;
  updateSink(request: object, options: CallOptions): Promise<readonly unknown[]>;
  deleteExclusion(request: object, options: CallOptions): Promise<readonly unknown[]>;
}

interface LoggingPackage {
  readonly v2: { readonly ConfigServiceV2Client: new (options: object) => LoggingClient };
}

export function loggingClient(simulator: Simulator): LoggingClient {
  const { v2 } = loggingPackage as LoggingPackage;
  return closedAtTheEnd(new v2.ConfigServiceV2Client(clientOptions(simulator)));
}

interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One REST request; the path is sent as it stands here. */
export async function rest({ gcpEndpoints }: Simulator, path: string, init: RequestInit = {}): Promise<RestAnswer> {
  const response = await fetch(`${gcpEndpoints.rest}${path}`, init);
  expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
  return { status: response.status, body: await response.json() };
}

interface GrpcError {
  readonly code: unknown;
  readonly details?: string;
  readonly reason?: string;
  readonly domain?: string;
  readonly errorInfoMetadata?: unknown;
}

/** What the official clients tell of a call that failed. */
export async function grpcRefusal(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      const told: GrpcError = error;
      const { code, details, reason, domain, errorInfoMetadata } = told;
      return { code, message: details, reason, domain, metadata: errorInfoMetadata };
    }
    throw error;
  }
  throw new TypeError("the call was answered");
}
