import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
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
  const requestHandler = { connectionTimeout: longestConnecting, httpAgent: agent, httpsAgent: agent };
  const handler = new KMSClient({ region: "us-east-1", requestHandler }).config.requestHandler;
  const send = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const abortSignal = AbortSignal.timeout(request_timeout);
    try {
      const sent = await send(request, { ...options, abortSignal });
      const response: unknown = sent.response;
      if (hasStream(response)) Object.assign(response, { body: await buffer(response.body) });
      return sent;
    } catch (cause) {
      throw abortSignal.aborted ? tooLate(request_timeout, cause) : cause;
    }
  };
  return handler;
}

function hasStream(response: unknown): response is { readonly body: Readable } {
  return typeof response === "object" && response !== null && "body" in response && response.body instanceof Readable;
}

function tooLate(request_timeout: number, cause: unknown): Error {
  const error = new Error(`no whole answer within ${request_timeout} ms`, { cause });
  error.name = "TimeoutError";
  return error;
}
