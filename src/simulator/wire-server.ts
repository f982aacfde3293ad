import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cloud, WireAnswer } from "./cloud.ts";
import { firstHalf } from "./fault.ts";
import type { Gate } from "./gate.ts";
import { type LoopbackServer, readBody, startLoopbackServer } from "./loopback-server.ts";
import type { Random } from "./random.ts";

const bodyLimit = 1024 * 1024;

/** Serves a cloud over HTTP on a loopback port. */
export function startWireServer(cloud: Cloud, gate: Gate, random: Random): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const body = await readBody(request, bodyLimit);
    if (body.kind === "too-long") {
      send(response, { status: 413, headers: { connection: "close" }, body: "" });
    } else if (body.kind === "text") {
      await exchange(request, response, body.text);
    }
  });

  async function exchange(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method = "", url = "" } = request;
    const received = cloud.receive({ method, path: url, headers: singleHeaders(request), body });
    if ("refused" in received) {
      gate.unrecognized();
      send(response, received.refused);
      return;
    }
    const ms = gate.arrive(received, random);
    if (ms > 0 && !(await held(response, ms))) {
      return;
    }
    const delivery = gate.deliver(received);
    switch (delivery.kind) {
      case "hang":
        return;
      case "reset":
        request.socket.resetAndDestroy();
        return;
      case "truncated":
        truncate(response, delivery.answer);
        return;
      case "send":
        send(response, delivery.answer);
        return;
    }
  }
}

/** Waits, and tells whether the client was still there at the end. */
function held(response: ServerResponse, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      response.off("close", gone);
      resolve(true);
    }, ms);
    function gone(): void {
      clearTimeout(timer);
      resolve(false);
    }
    response.once("close", gone);
  });
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
