/** A server that closes gives what is under way a moment, and no client can hold it up for longer. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { HttpServer } from "../../src/http/http-server.ts";
import { listen } from "../../src/http/listen.ts";
import { buildMetricsServer } from "../../src/http/server.ts";
import { startApi } from "./support/api.ts";

const grace = 5000;

// The sockets are real; only the moment is not waited for.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** An answer that has no end, so that no buffer between the two takes it whole. */
function endless(): Readable {
  const piece = Buffer.alloc(65_536, "#");
  return new Readable({
    read() {
      this.push(piece);
    },
  });
}

const metricsText = () => Promise.resolve({ contentType: "text/plain", pieces: endless() });

/** Sends the text over a connection of its own, and reads nothing unless it is told to. */
async function send(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}

/** Until the server has what was sent, and has begun to answer where there is something to be answered. */
async function underWay(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await vi.advanceTimersByTimeAsync(0);
}

/** Begins to close; `ended` says whether that is done. */
function closing(app: HttpServer): { readonly ended: () => boolean } {
  let ended = false;
  void (async () => {
    await app.close();
    ended = true;
  })();
  return { ended: () => ended };
}

const clients = [
  ["never reads an answer", "GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"],
  ["never ends the head of its request", "GET /metrics HTTP/1.1\r\nhost: 127"],
  [
    "never ends the body of its request",
    "POST /keys HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
  ],
] as const;

describe("a client that", () => {
  it.each(clients)("%s is broken off once it had its time, and not before", async (_, text) => {
    const api = await startApi({ metricsText });
    const socket = await send(await listen(api.app, { host: "127.0.0.1", port: 0 }), text);
    await underWay();

    const { ended } = closing(api.app);
    await underWay();
    await vi.advanceTimersByTimeAsync(grace - 1);
    await underWay();
    expect(ended()).toBe(false);

    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(() => expect(ended()).toBe(true));
    socket.resume();
    await once(socket, "close");
  });

  it("reads in time has the whole answer", async () => {
    const { promise: last, resolve: end } = Promise.withResolvers<string>();
    async function* pieces() {
      yield "up 1\n";
      yield await last;
    }
    const body = { contentType: "text/plain", pieces: Readable.from(pieces()) };
    const app = buildMetricsServer({ ...(await startApi()).ports, metricsText: () => Promise.resolve(body) });
    const url = await listen(app, { host: "127.0.0.1", port: 0 });
    const answer = await fetch(`${url}/metrics`, { headers: { "accept-encoding": "identity" } });
    const { ended } = closing(app);
    await vi.advanceTimersByTimeAsync(grace - 1);
    expect(ended()).toBe(false);
    end("up 2\n");
    expect(await answer.text()).toBe("up 1\nup 2\n");
    // The client would keep the connection for its next request; the clock stands still.
    while (!ended()) await new Promise((resolve) => setImmediate(resolve));
  });

  it("sends nothing is not waited for", async () => {
    const api = await startApi();
    await send(await listen(api.app, { host: "127.0.0.1", port: 0 }), "");
    await underWay();
    const { ended } = closing(api.app);
    await vi.waitFor(() => expect(ended()).toBe(true));
  });
});
