// The emulators of blackwell-systems, each of which knows one service: https://github.com/blackwell-systems/gcp-kms-emulator
// and https://github.com/blackwell-systems/gcp-iam-emulator. Together, behind one address, they are a small Google Cloud.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, createServer, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { KeyManagementServiceClient } from "@google-cloud/kms";
import { ProjectsClient } from "@google-cloud/resource-manager";
import { PassThroughClient } from "google-auth-library";
import { grpc } from "google-gax";

/** Variables that say where the two programs are. */
export const emulatorVariables = ["KEYPOSTURE_GCP_KMS_EMULATOR", "KEYPOSTURE_GCP_IAM_EMULATOR"] as const;

export interface GcpEmulators {
  readonly local: { readonly grpc: string; readonly rest: string };
  /** Where the one for Cloud KMS is by itself. */
  readonly kmsAlone: string;
  close(): Promise<void>;
}

/** Starts both with nothing in them, on ports that the system chooses. Rejects with what one said where it ends. */
export async function startGcpEmulators(): Promise<GcpEmulators> {
  const [kmsProgram = "", iamProgram = ""] = emulatorVariables.map((name) => process.env[name]);
  const restPort = await freePort();
  const kms = startEmulator(kmsProgram, ["--grpc-port", "0", "--http-port", "0"]);
  const iam = startEmulator(iamProgram, ["--port", "0", "--http-port", String(restPort)]);
  const close = async () => void (await Promise.all([kms.close(), iam.close()]));
  try {
    const [kmsAlone, iamAlone] = await Promise.all([kms.address, iam.address]);
    const rest = `http://127.0.0.1:${restPort}`;
    await untilAnswered(rest);
    const front = await startFront(kmsAlone, iamAlone);
    return { local: { grpc: front.address, rest }, kmsAlone, close: () => front.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The types of the KMS client want messages with methods, and the client takes any object. */
interface PolicyClient {
  getIamPolicy(request: { readonly resource: string }): Promise<readonly unknown[]>;
  setIamPolicy(request: { readonly resource: string; readonly policy?: object | null }): Promise<readonly unknown[]>;
}

export interface GcpClients {
  readonly kms: KeyManagementServiceClient;
  /** The same client, for policies of keys and rings. */
  readonly policies: PolicyClient;
  readonly projects: PolicyClient;
}

/** Clients of Google's own packages, that change things as a customer would. */
export function gcpClients(address: string): GcpClients {
  const [apiEndpoint = "", port] = address.split(":");
  const options = {
    apiEndpoint,
    port: Number(port),
    sslCreds: grpc.credentials.createInsecure(),
    authClient: new PassThroughClient(),
    "grpc.enable_http_proxy": 0,
  };
  const kms = new KeyManagementServiceClient(options);
  return { kms, policies: kms, projects: new ProjectsClient(options) };
}

function startEmulator(program: string, args: readonly string[]) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  return {
    address: addressOf(program, child),
    async close() {
      // At a gentler word they wait for every connection to end.
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** `127.0.0.1` and the port, from the line in which it says where it listens. */
function addressOf(program: string, child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (data: Buffer) => {
      said += String(data);
      const port = /[Ss]erver listening at \S*:(\d+)\n/.exec(said)?.[1];
      if (port !== undefined) resolve(`127.0.0.1:${port}`);
    });
    child.on("error", reject);
    child.on("close", () => reject(new Error(`${program} ended: ${said}`)));
  });
}

/**
 * One address for both, as the clients know one for each service. The messages go through as they are. Resource Manager's
 * policies of projects have the messages of IAM's service, and the emulator holds them by name: it is asked in its words.
 */
async function startFront(kmsAddress: string, iamAddress: string) {
  const kms = connect(`http://${kmsAddress}`);
  const iam = connect(`http://${iamAddress}`);
  const open = new Set<{ close(): void }>([kms, iam]);
  const server = createServer();
  server.on("session", (session) => open.add(session));
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const path = headers[":path"] ?? "";
    const [, method] = /\/((?:Get|Set)IamPolicy)$/.exec(path) ?? [];
    if (method === undefined) handOn(stream, kms, { ...headers });
    else handOn(stream, iam, { ...headers, ":path": `/google.iam.v1.IAMPolicy/${method}` });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const session of open) session.close();
      await closed;
    },
  };
}

function handOn(
  stream: ServerHttp2Stream,
  session: ClientHttp2Session,
  headers: Readonly<Record<string, unknown>>,
): void {
  const asked = session.request(headers as Record<string, string>);
  let trailers = {};
  asked.on("response", (answer, flags) => {
    if (stream.destroyed) return;
    // A refusal has its status in the head, and nothing after it.
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(answer, endStream ? { endStream } : { waitForTrailers: true });
    if (!endStream) asked.pipe(stream);
  });
  asked.on("trailers", (told) => {
    trailers = told;
  });
  asked.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.on("error", () => asked.close());
  stream.pipe(asked);
}

/** The IAM emulator does not say which port the system chose for REST, and must be given one. */
async function freePort(): Promise<number> {
  const server = createSocketServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

/** It says that it is ready before its REST is. */
async function untilAnswered(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (tries === 100) throw new Error(`nothing answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
