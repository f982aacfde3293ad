/** How the metrics are sent: in pieces, compressed where that is asked for, and never as a whole that they are not. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { acceptsGzip } from "../../src/http/accepts-gzip.ts";
import { listen } from "../../src/http/listen.ts";
import type { ProbePorts } from "../../src/http/ports.ts";
import { buildMetricsServer } from "../../src/http/server.ts";

const contentType = "text/plain; version=0.0.4; charset=utf-8";

interface Served {
  readonly url: string;
  readonly logged: { readonly fields: object; readonly message: string }[];
}

async function serve(pieces: (coding: string) => AsyncIterable<Buffer>): Promise<Served> {
  const logged: Served["logged"] = [];
  const metricsText: ProbePorts["metricsText"] = (coding) => Promise.resolve({ contentType, pieces: pieces(coding) });
  const log = { debug() {}, error: (fields: object, message: string) => logged.push({ fields, message }) };
  const app = buildMetricsServer({ host: "127.0.0.1", health: () => ({ ok: true }), metricsText, log });
  onTestFinished(() => app.close());
  return { url: await listen(app, { host: "127.0.0.1", port: 0 }), logged };
}

/** The head of the answer, before its body is read. */
async function ask(url: string, method = "GET", headers = {}) {
  const asked = request(`${url}/metrics`, { method, headers });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return { asked, response };
}

describe("an answer in pieces", () => {
  it("is whole, and says in which coding", async () => {
    const { url } = await serve(async function* (coding) {
      yield Buffer.from("coding ");
      yield Buffer.from(coding);
    });
    for (const [header, coding] of [
      ["", null],
      ["gzip", "gzip"],
    ] as const) {
      const { response } = await ask(url, "GET", { "accept-encoding": header });
      let text = "";
      for await (const piece of response) text += String(piece);
      // The port makes the coding: here it only tells which one it was asked for.
      expect(text).toBe(`coding ${coding ?? "identity"}`);
      expect(response.headers).toMatchObject({ vary: "accept-encoding", "content-type": contentType });
      expect(response.headers["content-encoding"] ?? null).toBe(coding);
    }
  });

  it("has the same head for HEAD, and is not made for it", async () => {
    let made = false;
    const { url } = await serve(async function* () {
      made = true;
      yield Buffer.from("up 1\n");
    });
    const { response } = await ask(url, "HEAD", { "accept-encoding": "gzip" });
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { vary: "accept-encoding", "content-type": contentType, "content-encoding": "gzip" },
    });
    expect(response.headers["content-length"]).toBeUndefined();
    expect(made).toBe(false);
  });

  it("breaks off with the connection where it fails in the middle, and the failure is logged", async () => {
    const { url, logged } = await serve(async function* () {
      yield Buffer.from("up 1\n");
      throw new Error("no more");
    });
    const { response } = await ask(url);
    await expect(response.toArray()).rejects.toThrow("aborted");
    expect(response.complete).toBe(false);
    expect(logged).toMatchObject([{ fields: { err: { message: "no more" }, route: "/metrics" } }]);
  });

  it("is made no further than it is read, and ends where the reader goes away", async () => {
    let made = 0;
    const ended = Promise.withResolvers<void>();
    const { url, logged } = await serve(async function* () {
      try {
        for (;;) {
          made += 1;
          yield Buffer.alloc(1_000_000, "x");
        }
      } finally {
        ended.resolve();
      }
    });
    const { asked, response } = await ask(url);
    response.pause();
    asked.destroy();
    await ended.promise;
    // As much as the buffers of two sockets hold.
    expect(made).toBeLessThan(100);
    expect(logged).toEqual([]);
  });
});

it.each([
  [undefined, false],
  ["", false],
  ["gzip", true],
  ["deflate, GZip;q=0.5", true],
  ["x-gzip", true],
  ["br, *", true],
  ["*;q=0", false],
  ["gzip;q=0, *", false],
  ["gzip ; q=0.000", false],
  ["br, deflate", false],
  ["gzip;q=many", false],
])("Accept-Encoding %j takes gzip: %j", (header, taken) => {
  expect(acceptsGzip(header)).toBe(taken);
});
