/** A local server of Google Cloud's protocols that answers what a test tells it to: gRPC through the packages' definitions, and REST. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fromJSON, type MessageTypeDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import { grpc } from "google-gax";

export interface GcpRequest {
  /** `ListCryptoKeys`, or `GET /v1/roles/x`. */
  readonly name: string;
  /** The message, or the parsed body. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A message for gRPC, a body for REST; or a refusal. */
export type GcpAnswer = object | GcpServerError;

/**
 * A refusal as the wire has it: a number and words, or a status and a body, which for a redirection is where it leads to;
 * over gRPC, details are encoded already.
 */
export class GcpServerError {
  readonly code: number;
  readonly said: string | object;
  readonly details: Buffer | undefined;

  constructor(code: number, said: string | object, details?: Buffer) {
    this.code = code;
    this.said = said;
    this.details = details;
  }
}

export interface GcpServer {
  readonly local: { readonly grpc: string; readonly rest: string };
  readonly requests: readonly GcpRequest[];
  /** What answers from now on; undefined is no answer at all. */
  answer(how: (request: GcpRequest) => GcpAnswer | undefined): void;
  close(): Promise<void>;
}

const own = createRequire(import.meta.url);
const files = {
  kms: own.resolve("@google-cloud/kms/build/protos/protos.json"),
  resources: own.resolve("@google-cloud/resource-manager/build/protos/protos.json"),
  logging: createRequire(own.resolve("@google-cloud/logging")).resolve(
    "@google-cloud/logging-api/build/protos/protos.json",
  ),
  iam: join(dirname(own.resolve("google-gax")), "../protos/iam_service.json"),
  status: join(dirname(own.resolve("google-gax")), "../protos/status.json"),
};

function definitions(file: keyof typeof files) {
  const json = JSON.parse(readFileSync(files[file], "utf8")) as Parameters<typeof fromJSON>[0];
  return fromJSON(json, { longs: String, enums: String, defaults: true, oneofs: true });
}

/** `google.rpc.Status` with one detail of a type of `google.rpc`, as the header `grpc-status-details-bin` holds it. */
export function statusDetails(type: string, detail: object): Buffer {
  const all = definitions("status");
  const encode = (name: string, message: object) => {
    const found = all[`google.rpc.${name}`];
    if (found === undefined || !("serialize" in found) || typeof found.serialize !== "function") {
      throw new TypeError(`no such message: ${name}`);
    }
    return (found as MessageTypeDefinition<object, object>).serialize(message);
  };
  const value = encode(type, detail);
  return encode("Status", { details: [{ type_url: `type.googleapis.com/google.rpc.${type}`, value }] });
}

export async function startGcpServer(): Promise<GcpServer> {
  const requests: GcpRequest[] = [];
  let answer: (request: GcpRequest) => GcpAnswer | undefined = () =>
    new GcpServerError(5, "nobody said what to answer");
  const take = (request: GcpRequest) => {
    requests.push(request);
    return answer(request);
  };
  const calls = new grpc.Server();
  const services: readonly (readonly [keyof typeof files, string])[] = [
    ["kms", "google.cloud.kms.v1.KeyManagementService"],
    ["iam", "google.iam.v1.IAMPolicy"],
    ["resources", "google.cloud.resourcemanager.v3.Projects"],
    ["resources", "google.cloud.resourcemanager.v3.Folders"],
    ["resources", "google.cloud.resourcemanager.v3.Organizations"],
    ["logging", "google.logging.v2.ConfigServiceV2"],
  ];
  for (const [file, name] of services) {
    const service = definitions(file)[name] as ServiceDefinition;
    calls.addService(service, Object.fromEntries(Object.keys(service).map((method) => [method, unary(method, take)])));
  }
  const port = await new Promise<number>((resolve, reject) =>
    calls.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const rest = createServer((request, response) => void answerRest(request, response, take));
  await new Promise<void>((resolve) => rest.listen(0, "127.0.0.1", resolve));
  return {
    local: { grpc: `127.0.0.1:${port}`, rest: `http://127.0.0.1:${(rest.address() as AddressInfo).port}` },
    requests,
    answer(how) {
      requests.length = 0;
      answer = how;
    },
    async close() {
      calls.forceShutdown();
      rest.closeAllConnections();
      await new Promise<void>((resolve) => rest.close(() => resolve()));
    },
  };
}

function unary(
  name: string,
  take: (request: GcpRequest) => GcpAnswer | undefined,
): grpc.handleUnaryCall<object, object> {
  return (call, callback) => {
    const told = take({ name, message: { ...call.request }, headers: call.metadata.getMap() });
    if (told === undefined) return;
    if (!(told instanceof GcpServerError)) return callback(null, told);
    const metadata = new grpc.Metadata();
    if (told.details !== undefined) metadata.set("grpc-status-details-bin", told.details);
    callback({ code: told.code, details: typeof told.said === "string" ? told.said : "", metadata });
  };
}

async function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  take: (request: GcpRequest) => GcpAnswer | undefined,
): Promise<void> {
  const message = await bodyOf(request);
  const told = take({ name: `${request.method} ${request.url}`, message, headers: request.headers });
  if (told === undefined) return;
  const [status, body] = told instanceof GcpServerError ? [told.code, told.said] : [200, told];
  const moved = status >= 300 && status < 400 && typeof body === "string" ? { location: body } : {};
  response.writeHead(status, { "content-type": typeof body === "string" ? "text/html" : "application/json", ...moved });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
