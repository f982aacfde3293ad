/** From whatever goes wrong to a problem document. */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../errors/error-codes.ts";
import { OperatorError, toProblem } from "../errors/operator-error.ts";
import type { Health, HttpLog } from "./ports.ts";
import { problemType } from "./schemas/answer.ts";

export function sendProblem(reply: FastifyReply, error: OperatorError): FastifyReply {
  const problem = toProblem(error);
  // The tag is that of the answer in whose place this is sent: who kept this under it would go on with it.
  reply.removeHeader("etag").header("cache-control", "no-store");
  return reply.code(problem.status).type(problemType).send(problem);
}

/** What the framework refuses before a route sees it. */
const refusals: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["unsupported-media-type", "The body must be sent as application/json."],
  FST_ERR_CTP_BODY_TOO_LARGE: ["body-too-large", "The body has more than 65536 bytes."],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["invalid-body", "The body is sent as JSON and is empty."],
  FST_ERR_CTP_INVALID_JSON_BODY: ["invalid-body", "The body is no JSON."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["malformed-request", "The body is not as long as Content-Length says."],
  ECONNRESET: ["malformed-request", "The connection was closed before the whole body had come."],
  FST_ERR_BAD_URL: ["malformed-request", "The path is not percent-encoded as it should be."],
  FST_ERR_MAX_PARAM_LENGTH: ["not-found", "Nothing has so long a name."],
  FST_STATIC_FORBIDDEN_PATH: ["not-found", "There is no such file."],
};

export interface ErrorHandlerPorts {
  health(): Health;
  readonly log: HttpLog;
}

/** A fault is logged with its stack, and answered without it. */
export function errorHandler({ health, log }: ErrorHandlerPorts) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof OperatorError) return sendProblem(reply, error);
    const refusal = refusals[error.code];
    if (refusal !== undefined) return sendProblem(reply, new OperatorError(...refusal));
    const { statusCode = 500 } = error;
    // The files of the page for people refuse ranges and preconditions in this way.
    if (statusCode >= 400 && statusCode < 500) {
      return sendProblem(reply, new OperatorError("malformed-request", `The request is refused: ${error.message}.`));
    }
    const where = { request: request.id, method: request.method, route: request.routeOptions.url };
    log.error({ err: error, ...where }, "a request could not be answered");
    const state = health();
    if (!state.ok) return sendProblem(reply, new OperatorError("not-ready", state.reason));
    return sendProblem(reply, new OperatorError("internal-error", `The log has more, under request ${request.id}.`));
  };
}

/** Which methods a path has. */
export class RouteTable {
  readonly #routes = new Map<string, Set<string>>();

  add(url: string, methods: string | readonly string[]): void {
    const known = this.#routes.get(url) ?? new Set();
    for (const method of [methods].flat()) known.add(method);
    this.#routes.set(url, known);
  }

  /** Empty where the path leads nowhere. */
  methodsOf(path: string): string[] {
    for (const [url, methods] of this.#routes) if (matches(url, path)) return [...methods].toSorted();
    return [];
  }
}

function matches(url: string, path: string): boolean {
  const pattern = url.split("/");
  const steps = path.split("/");
  return (
    pattern.length === steps.length &&
    pattern.every((part, index) => (part.startsWith(":") ? steps[index] !== "" : part === steps[index]))
  );
}

/** Answers what no route took: the path is unknown, or has other methods. */
export function notFoundHandler(routes: RouteTable) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = ""] = request.url.split("?", 1);
    const methods = routes.methodsOf(path);
    if (methods.length > 0) {
      reply.header("allow", methods.join(", "));
      const detail = `${path} has ${methods.join(", ")} and not ${request.method}.`;
      return sendProblem(reply, new OperatorError("method-not-allowed", detail));
    }
    const shorter = path.replace(/\/+$/, "");
    const hint =
      shorter !== path && routes.methodsOf(shorter).length > 0 ? " Without the slash at its end there is." : "";
    return sendProblem(reply, new OperatorError("not-found", `There is nothing at ${path}.${hint}`));
  };
}
