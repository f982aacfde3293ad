import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Stops, also when asked twice. */
  readonly close: () => Promise<void>;
}

/** What a request carries. `gone`: the client left before it had sent everything. */
export type Body = { readonly kind: "text"; readonly text: string } | { readonly kind: "too-long" | "gone" };

/** Listens on a free port of 127.0.0.1, and nowhere else. What the handler throws is a bug and ends the process. */
export async function startLoopbackServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    void handle(request, response);
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
  return { url: `http://127.0.0.1:${address.port}`, close: () => (closed ??= stop(server)) };
}

/** Cuts what is open: a call that hangs by design must not hold up the end. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) {
        resolve();
      } else {
        reject(error);
      }
    });
    server.closeAllConnections();
  });
}

/** Reads a body as text. One longer than `limit` bytes is read to its end and dropped, so that it can be answered. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
      }
    });
    request.once("end", () => {
      resolve(length > limit ? { kind: "too-long" } : { kind: "text", text: Buffer.concat(chunks).toString("utf8") });
    });
    request.once("error", () => {
      resolve({ kind: "gone" });
    });
  });
}
