import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpService, WireAnswer } from "./cloud.ts";
import { exchange } from "./exchange.ts";
import { firstHalf, spoil } from "./fault.ts";
import type { Gate } from "./gate.ts";
import { type LoopbackServer, readBody, startLoopbackServer } from "./loopback-server.ts";
import type { Random } from "./random.ts";

const bodyLimit = 1024 * 1024;

/** Serves a cloud over HTTP on a loopback port. */
export function startWireServer(service: HttpService, gate: Gate, random: Random): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const body = await readBody(request, bodyLimit);
    if (body.kind === "too-long") {
      send(response, { status: 413, headers: { connection: "close" }, body: "" });
    } else if (body.kind === "text") {
      await answer(request, response, body.text);
    }
  });

  async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method = "", url = "" } = request;
    const received = service.receive({ method, path: url, headers: singleHeaders(request), body });
    if ("refused" in received) {
      gate.unrecognized();
      send(response, received.refused);
      return;
    }
    const wire = {
      stream: response,
      spoil,
      send: (whole: WireAnswer) => send(response, whole),
      truncate: (whole: WireAnswer) => truncate(response, whole),
      reset: () => request.socket.resetAndDestroy(),
    };
    await exchange(received, wire, gate, random);
  }
}

function send(response: ServerResponse, answer: WireAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** Announces the whole body, sends half of it, and breaks the connection. */
function truncate(response: ServerResponse, answer: WireAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
  response.write(firstHalf(answer.body), () => {
    response.destroy();
  });
}

function singleHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")] as const);
  return Object.fromEntries(headers);
}
