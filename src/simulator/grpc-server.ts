// The server's side of gRPC over plaintext HTTP/2, for methods with one message each way. It is written on Node's own
// HTTP/2 and not on a gRPC library, because no library lets go of a call in all the ways in which a real one breaks.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
import {
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { exchange } from "./exchange.ts";
import type { Gate } from "./gate.ts";
import { bytesOf, type GrpcAnswer, type GrpcService, type GrpcStatus, spoilMessage } from "./grpc-answer.ts";
import type { Random } from "./random.ts";

const messageLimit = 1024 * 1024;
const prefixLength = 5;

export interface GrpcServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Stops, also when asked twice. */
  readonly close: () => Promise<void>;
}

/** Serves a cloud over gRPC on a free port of 127.0.0.1. What the service throws is a bug and ends the process. */
export async function startGrpcServer(service: GrpcService, gate: Gate, random: Random): Promise<GrpcServer> {
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // The client broke the connection: there is nobody to tell.
    session.on("error", () => undefined);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => undefined);
    void serve(stream, { ...headers }, service, gate, random);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("a TCP server has an address");
  }
  let closed: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const session of sessions) {
        session.destroy();
      }
    });
  return { address: `127.0.0.1:${address.port}`, close: () => (closed ??= stop()) };
}

async function serve(
  stream: ServerHttp2Stream,
  headers: Readonly<Record<string, unknown>>,
  service: GrpcService,
  gate: Gate,
  random: Random,
): Promise<void> {
  const body = await readMessage(stream);
  if (body === "gone") {
    return;
  }
  if (body === "malformed" || !String(headers["content-type"]).startsWith("application/grpc")) {
    gate.unrecognized();
    stream.respond({ ":status": 415 }, { endStream: true });
    return;
  }
  const received = service.receiveMessage({ path: String(headers[":path"]), headers: texts(headers), message: body });
  if ("refused" in received) {
    gate.unrecognized();
    sendStatus(stream, received.refused);
    return;
  }
  const wire = {
    stream,
    spoil: spoilMessage,
    send: (answer: GrpcAnswer) => send(stream, answer),
    truncate: (answer: GrpcAnswer) => truncate(stream, answer),
    // Only this call: others on the same connection were not asked to fail. Not REFUSED_STREAM, which clients try again.
    reset: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  };
  await exchange(received, wire, gate, random);
}

/** Reads the one message of a call. */
function readMessage(stream: ServerHttp2Stream): Promise<Buffer | "malformed" | "gone"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= messageLimit) {
        chunks.push(chunk);
      }
    });
    stream.once("end", () => {
      const body = Buffer.concat(chunks);
      // A prefix that is not zero announces a compressed message; no client compresses unless told to.
      const whole = body.length >= prefixLength && body[0] === 0 && body.readUInt32BE(1) === length - prefixLength;
      resolve(whole ? body.subarray(prefixLength) : "malformed");
    });
    stream.once("close", () => resolve("gone"));
  });
}

function send(stream: ServerHttp2Stream, answer: GrpcAnswer): void {
  if (answer.kind === "status") {
    sendStatus(stream, answer);
    return;
  }
  if (begin(stream)) {
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(framed(answer));
  }
}

function sendStatus(stream: ServerHttp2Stream, { code, message, details }: GrpcStatus): void {
  if (!stream.destroyed) {
    const headers = {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": String(code),
      "grpc-message": percentEncoded(message),
      "grpc-status-details-bin": details.toString("base64"),
    };
    stream.respond(headers, { endStream: true });
  }
}

/** All that is not printable ASCII, and the percent sign. */
function percentEncoded(text: string): string {
  return text.replace(/[^ -$&-~]+/gu, encodeURIComponent);
}

/** Announces the whole message, sends half of it, and breaks the connection with everything on it. */
function truncate(stream: ServerHttp2Stream, answer: GrpcAnswer): void {
  const whole = framed(answer);
  if (begin(stream)) {
    stream.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => stream.session?.destroy());
  }
}

function begin(stream: ServerHttp2Stream): boolean {
  if (stream.destroyed) {
    return false;
  }
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  return true;
}

function framed(answer: GrpcAnswer): Buffer {
  const bytes = bytesOf(answer) ?? Buffer.alloc(0);
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

function texts(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
}
