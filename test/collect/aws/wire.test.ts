/** What is made of an answer that goes wrong below HTTP, or in the middle of itself. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { classifyAwsError } from "../../../src/collect/aws/classify-error.ts";
import { createAwsSdkReader } from "../../../src/collect/aws/sdk-reader.ts";
import { Budget } from "../../../src/collect/budget.ts";
import { allCalls } from "../../../src/collect/call-tables.ts";
import { systemClock } from "../../../src/collect/clock.ts";
import { createRequest } from "../../../src/collect/request.ts";
import { localCredentials } from "../../support/aws-collector.ts";

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\n";
const role = { role_arn: "arn:aws:iam::111122223333:role/keyposture", external_id: null };

/** A server that says one thing to whatever it is asked, and keeps the connection. */
async function serverSaying(say: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("data", () => say(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function describeKey(endpoint: string, accounts = {}): Promise<unknown> {
  const clock = systemClock;
  const budget = new Budget({ calls: allCalls, clock, ratio: 100, concurrency: 1 });
  const request = createRequest({
    provider: "aws",
    budget,
    clock,
    onCall: () => undefined,
    classify: classifyAwsError,
  });
  const local = { endpoint, credentials: localCredentials, request_timeout: 200 };
  const target = { account: "111122223333", region: "us-east-2", lane: "fast", deadline: clock.steady() + 60_000 };
  return createAwsSdkReader({ request, clock, accounts, local }).describeKey({ ...target, lane: "fast" }, "a-key");
}

/** One byte after the other, and never the last. */
function drip(socket: Socket): void {
  socket.write(`${head}content-length: 1000000\r\n\r\n`);
  const next = setInterval(() => socket.write(" "), 20);
  socket.on("close", () => clearInterval(next));
}

it.each<readonly [string, (socket: Socket) => void]>([
  ["stops in the middle", (socket) => socket.write(`${head}content-length: 100\r\n\r\n{`)],
  ["comes byte by byte", drip],
  ["does not come", () => undefined],
])("an answer that %s is waited for no longer than any other", async (_, say) => {
  const endpoint = `http://${await serverSaying(say)}`;

  await expect(describeKey(endpoint)).rejects.toMatchObject({ refusal: { reason: "timeout", again: "soon" } });
  // Which is asked for by a client of its own.
  await expect(describeKey(endpoint, { "111122223333": role })).rejects.toMatchObject({
    refusal: { reason: "timeout" },
  });
});

it.each<readonly [string, string, (socket: Socket) => void, RegExp]>([
  ["no HTTP", "http", (socket) => socket.end("SSH-2.0-OpenSSH\r\n\r\n"), /Expected HTTP/],
  ["no TLS", "https", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), /EPROTO/],
])("a server that speaks %s is a failure on the way, and no fault of ours", async (_, scheme, say, detail) => {
  await expect(describeKey(`${scheme}://${await serverSaying(say)}`)).rejects.toMatchObject({
    refusal: { reason: "unavailable", detail: expect.stringMatching(detail), again: "soon" },
  });
});
