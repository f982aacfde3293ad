/**
 * What goes over the wire. The official clients make the request, sign it and know the versions of the interface; what they
 * make of an answer is not used, because they turn a list that is missing into an empty one and a wrong type into another.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import { fieldOf } from "../field-of.ts";
import { Refused } from "../refusal.ts";
import type { AzureHosts } from "./clouds.ts";

/** For the simulator and other local servers, in place of every host of Azure's; no credentials go there. */
export interface LocalAzure {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** How long one request may take, in milliseconds; by default as long as a real cloud's. */
  readonly request_timeout?: number;
}

export interface Wire {
  /** What all clients send their requests with. */
  readonly httpClient: HttpClient;
  /**
   * The body of the answer to what a client sends, parsed and not touched. Throws `RestError`, with the response, for an
   * answer that is none of a good status or no JSON object.
   */
  answerTo(send: () => Promise<unknown>): Promise<unknown>;
}

/** How long one request may take, in milliseconds. */
const requestTimeout = 10_000;

export function createWire(hosts: AzureHosts, local: LocalAzure | undefined): Wire {
  const transport = createDefaultHttpClient();
  const heard = new AsyncLocalStorage<{ response?: PipelineResponse }>();

  async function sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const { host } = new URL(request.url);
    // A link to the next page leads where it likes, and the token goes with it.
    if (!isOf(hosts, host)) {
      throw new RestError(`a link leads to ${host}, which is no host of this cloud`, { code: "FOREIGN_HOST" });
    }
    const last = heard.getStore() ?? {};
    delete last.response;
    request.timeout = local?.request_timeout ?? requestTimeout;
    const response = await transport.sendRequest(local === undefined ? request : redirected(request, local.origin));
    last.response = { ...response, request };
    return last.response;
  }

  async function answerTo(send: () => Promise<unknown>): Promise<unknown> {
    const last: { response?: PipelineResponse } = {};
    try {
      await heard.run(last, send);
    } catch (error) {
      // No answer, or no token for what the answer asked.
      if (last.response === undefined || error instanceof Refused) throw error;
      // Whatever else a client makes of an answer, an error or a stumble of its own, is read from the answer itself.
    }
    if (last.response === undefined) throw new TypeError("a client answered without a request");
    return bodyOf(last.response);
  }

  return { httpClient: { sendRequest }, answerTo };
}

function isOf({ arm, graph, vaults }: AzureHosts, host: string): boolean {
  return host === arm || host === graph || Object.values(vaults).some((suffix) => host.endsWith(`.${suffix}`));
}

/**
 * A copy that goes to a local server, with the real host in a header. The request itself stays as it is: the clients send a
 * token over HTTPS alone, and Key Vault's sends it a second time.
 */
function redirected(request: PipelineRequest, origin: string): PipelineRequest {
  const { pathname, search, host } = new URL(request.url);
  const { method, headers, body, timeout } = request;
  const copy = createPipelineRequest({
    url: `${origin}${pathname}${search}`,
    method,
    timeout,
    allowInsecureConnection: true,
    ...(body === undefined ? {} : { body }),
    ...(request.abortSignal === undefined ? {} : { abortSignal: request.abortSignal }),
  });
  for (const [name, value] of headers) copy.headers.set(name, value);
  copy.headers.set("x-keyposture-host", host);
  return copy;
}

function bodyOf(response: PipelineResponse): object {
  const { status, bodyAsText } = response;
  const about = { statusCode: status, request: response.request, response };
  const body = parsed(bodyAsText ?? "");
  if (status >= 300) throw failure(body, about);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new RestError("the answer is no JSON object", { ...about, code: RestError.PARSE_ERROR });
}

/** https://learn.microsoft.com/en-us/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
function failure(body: unknown, about: { readonly statusCode: number; readonly response: PipelineResponse }) {
  const error = fieldOf(body, "error");
  const message = fieldOf(error, "message");
  const code = fieldOf(error, "code");
  return new RestError(typeof message === "string" ? message : `HTTP ${about.statusCode}`, {
    ...about,
    ...(typeof code === "string" ? { code } : {}),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no object.
    return undefined;
  }
}
