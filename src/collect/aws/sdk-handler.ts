import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { KMSClient } from "@aws-sdk/client-kms";

type Handler = KMSClient["config"]["requestHandler"];

const longestConnecting = 3000;

/**
 * Sends for all clients, and hands on whole answers only. The SDK's own time limit ends with the headers: for a body that
 * stops in the middle, or comes byte by byte, it would wait for ever.
 */
export function wholeAnswers(request_timeout: number): Handler {
  // How many requests are in flight at once is the budget's to say.
  const agent = { maxSockets: Number.POSITIVE_INFINITY };
  const limits = { connectionTimeout: longestConnecting, requestTimeout: request_timeout, throwOnRequestTimeout: true };
  const requestHandler = { ...limits, httpAgent: agent, httpsAgent: agent };
  const handler = new KMSClient({ region: "us-east-1", requestHandler }).config.requestHandler;
  const send = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const sentAt = performance.now();
    const sent = await send(request, options);
    const response: unknown = sent.response;
    if (hasStream(response)) {
      const left = sentAt + request_timeout - performance.now();
      Object.assign(response, { body: await wholeBody(response.body, left, request_timeout) });
    }
    return sent;
  };
  return handler;
}

function hasStream(response: unknown): response is { readonly body: Readable } {
  return typeof response === "object" && response !== null && "body" in response && response.body instanceof Readable;
}

/** Rejects where the body breaks off, or does not come to its end within `ms`. */
async function wholeBody(body: Readable, ms: number, request_timeout: number): Promise<Buffer> {
  const timer = setTimeout(() => body.destroy(tooLate(request_timeout)), ms);
  try {
    const parts: Buffer[] = [];
    // In place of the stream's iterator, or of node:stream/consumers: each costs as much as all else that is done with it.
    body.on("data", (part: Buffer) => parts.push(part));
    await finished(body);
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(request_timeout: number): Error {
  const error = new Error(`no whole answer within ${request_timeout} ms`);
  error.name = "TimeoutError";
  return error;
}
