import type { IncomingMessage, ServerResponse } from "node:http";
import type { Verbs } from "./control.ts";
import { ControlError } from "./control-error.ts";
import { type Verb, verbFields } from "./control-requests.ts";
import { type LoopbackServer, readBody, startLoopbackServer } from "./loopback-server.ts";

const bodyLimit = 1024 * 1024;

/** Serves the verbs as `POST /control/<verb>` on a loopback port: 200 with what the verb answers, else `{error, where, message, known}`. */
export function startControlServer(verbs: Verbs): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const body = await readBody(request, bodyLimit);
    if (body.kind === "gone") {
      return;
    }
    try {
      refuseForeigners(request);
      const verb = verbOf(request);
      const answer = verbs[verb](body.kind === "text" ? parse(body.text) : tooLong());
      send(response, 200, answer ?? {});
    } catch (error) {
      if (!(error instanceof ControlError)) {
        throw error;
      }
      const { code, where, message, known } = error;
      send(response, code === "foreign-caller" ? 403 : 400, { error: code, where, message, known });
    }
  });
}

/** A web page that a browser shows must not reach control, neither directly nor by a name that it points at this machine. */
function refuseForeigners(request: IncomingMessage): void {
  const port = request.socket.localPort;
  const own = ["127.0.0.1", "localhost"].map((name) => `${name}:${port}`);
  const { host, origin } = request.headers;
  if (host === undefined || !own.includes(host)) {
    throw new ControlError("foreign-caller", "header.host", `${host} is not this simulator`, own);
  }
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`)) {
    throw new ControlError("foreign-caller", "header.origin", `${origin} may not control this simulator`);
  }
}

function verbOf(request: IncomingMessage): Verb {
  const verbs = Object.keys(verbFields);
  const name = request.method === "POST" ? /^\/control\/([a-z]+)$/.exec(request.url ?? "")?.[1] : undefined;
  if (name === undefined || !isVerb(name)) {
    const asked = `${request.method} ${request.url}`;
    throw new ControlError("unknown-verb", "path", `${asked} is no verb; they are POST /control/<verb>`, verbs);
  }
  return name;
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(verbFields, name);
}

function parse(text: string): unknown {
  if (text.trim() === "") {
    return {};
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlError("malformed-json", "body", error instanceof Error ? error.message : String(error));
  }
}

function tooLong(): never {
  throw new ControlError("wrong-value", "body", `longer than ${bodyLimit} bytes`);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
