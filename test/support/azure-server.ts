/** A local server in place of Azure's hosts, which answers as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";

export interface AzureRequest {
  /** `<method> https://<real host><path and query>`, the query decoded. */
  readonly name: string;
  readonly body: unknown;
  readonly headers: IncomingMessage["headers"];
}

/** A body with status 200, an answer in full, a broken connection, or silence. */
export type AzureAnswer = object | AzureServerAnswer | "reset" | "half" | "silence";

/** An answer that is not simply a good one; a text is sent as it is. */
export class AzureServerAnswer {
  readonly status: number;
  readonly body: object | string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object | string, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** How ARM, Key Vault and Graph say no. */
export function azureError(status: number, code: string, message = "no", more: object = {}): AzureServerAnswer {
  return new AzureServerAnswer(status, { error: { code, message, ...more } });
}

export interface AzureServer {
  readonly local: { readonly origin: string };
  /** Since the answers were set. */
  readonly requests: AzureRequest[];
  answer(answer: (request: AzureRequest) => AzureAnswer): void;
  close(): Promise<void>;
}

export async function startAzureServer(): Promise<AzureServer> {
  let answerTo: (request: AzureRequest) => AzureAnswer = () => azureError(404, "ResourceNotFound");
  const requests: AzureRequest[] = [];

  async function hear(incoming: IncomingMessage): Promise<AzureRequest> {
    const text = await textOf(incoming);
    const { pathname, search } = new URL(incoming.url ?? "", "http://local");
    const query = decodeURIComponent(search).replaceAll("+", " ");
    const host = String(incoming.headers["x-keyposture-host"]);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    return { name: `${incoming.method} https://${host}${pathname}${query}`, body, headers: incoming.headers };
  }
  const server = createServer((incoming, response) => {
    hear(incoming).then(
      (request) => {
        requests.push(request);
        return send(response, answerTo(request));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    local: { origin: `http://127.0.0.1:${port}` },
    requests,
    answer(answer) {
      answerTo = answer;
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, answer: AzureAnswer): void {
  if (answer === "silence") return;
  if (answer === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer === "half") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"value":[');
    setTimeout(() => response.destroy(), 10);
    return;
  }
  const { status, body, headers } = answer instanceof AzureServerAnswer ? answer : new AzureServerAnswer(200, answer);
  const type = typeof body === "string" ? "text/html" : "application/json; charset=utf-8";
  response.writeHead(status, { "content-type": type, date: new Date().toUTCString(), ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
