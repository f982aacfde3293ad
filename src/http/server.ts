/** Joins guard, routes, problems and description to a server that does not listen yet. */
import { randomUUID } from "node:crypto";
import { maxHeaderSize } from "node:http";
import type { Socket } from "node:net";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { OperatorError, toProblem } from "../errors/operator-error.ts";
import { addGate } from "./auth/gate.ts";
import { endConnectionsOnClose } from "./end-connections.ts";
import type { HttpServer } from "./http-server.ts";
import { readJsonBodies } from "./json-body.ts";
import { registerOpenApi } from "./openapi.ts";
import type { ApiPorts, ProbePorts } from "./ports.ts";
import { errorHandler, notFoundHandler, RouteTable } from "./problems.ts";
import { requestGuard } from "./request-guard.ts";
import { accessRoutes } from "./routes/access.ts";
import { checkRoutes } from "./routes/checks.ts";
import { documentRoutes } from "./routes/document.ts";
import { findingRoutes } from "./routes/findings.ts";
import { keyRoutes } from "./routes/keys.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { probeRoutes } from "./routes/probes.ts";
import { scanRoutes } from "./routes/scans.ts";
import { snapshotRoutes } from "./routes/snapshot.ts";
import { summaryRoutes } from "./routes/summary.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { problemType } from "./schemas/answer.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { createStandings } from "./standings.ts";
import { validatorCompiler } from "./validator.ts";

/** The API with its documentation, probes and metrics. */
export function buildServer(ports: ApiPorts): HttpServer {
  const { tokens } = ports;
  const app = emptyServer(ports, { anyHost: tokens !== null, addGate: (empty) => addGate(empty, ports) });
  const standings = createStandings(ports);
  app.register(async (api: HttpServer) => {
    await registerOpenApi(api, ports.version, { asksForTokens: tokens !== null });
    findingRoutes(api, ports);
    keyRoutes(api, ports, standings);
    snapshotRoutes(api, ports);
    accessRoutes(api, ports);
    scanRoutes(api, ports);
    checkRoutes(api, ports);
    summaryRoutes(api, ports, standings);
    probeRoutes(api, ports);
    metricsRoutes(api, ports);
    documentRoutes(api);
    // Where nobody is asked, nobody may make tokens for the day on which everybody is.
    if (tokens !== null) tokenRoutes(api, { tokens, now: ports.now });
  });
  return app;
}

/** Metrics and probes alone, for a listener that others than people reach. */
export function buildMetricsServer(ports: ProbePorts): HttpServer {
  const app = emptyServer(ports);
  probeRoutes(app, ports);
  metricsRoutes(app, ports);
  return app;
}

interface Entrance {
  /** Whether a request may come by any name: where it has to bring a token, a foreign page gains nothing by a name. */
  readonly anyHost?: boolean;
  addGate?(app: HttpServer): void;
}

function emptyServer(ports: ProbePorts, entrance: Entrance = {}): HttpServer {
  const handleError = errorHandler(ports);
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: 65_536,
    requestTimeout: 60_000,
    // While it closes, what still comes over an open connection is answered; readiness already says no.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1024 },
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, request: FastifyRequest, reply: FastifyReply) => {
      setSecurityHeaders(request, reply);
      handleError(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  // A form or a script on any page may send text/plain without being asked to identify itself.
  app.removeContentTypeParser("text/plain");
  readJsonBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  endConnectionsOnClose(app);

  const routes = new RouteTable();
  const guard = requestGuard(ports.host, entrance);
  const answerNoRoute = notFoundHandler(routes);
  app.addHook("onRoute", ({ url, method }) => routes.add(url, method));
  app.addHook("onRequest", (request, _reply, done) => {
    done(guard(request.headers));
  });
  entrance.addGate?.(app);
  app.addHook("onRequest", (request, reply, done) => {
    // Before the framework looks at a body that nothing would take: it refuses some with errors of its own.
    if (request.is404 || leavesStepOut(request)) answerNoRoute(request, reply);
    else done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    setSecurityHeaders(request, reply);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    ports.log.debug({ request: request.id, method, route: routeOptions.url, status: reply.statusCode, ms }, "answered");
    done();
  });
  app.setErrorHandler(handleError);
  // The page for people has files, some of which are not there.
  app.setNotFoundHandler(answerNoRoute);
  return app;
}

/** To the router the step after a slash at the end is a name as well, though it is none. */
function leavesStepOut({ params }: FastifyRequest): boolean {
  return Object.values(params as Readonly<Record<string, string>>).includes("");
}

/** https://nodejs.org/api/http.html#event-clienterror */
const malformed: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The address and the headers have more than ${maxHeaderSize} bytes together.`,
  ERR_HTTP_REQUEST_TIMEOUT: "The request did not come to its end in time.",
};

/** What is no HTTP at all never becomes a request: the answer is written by hand. */
function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const detail = malformed[error.code ?? ""] ?? "The request is no HTTP.";
  const body = JSON.stringify(toProblem(new OperatorError("malformed-request", detail)));
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: ${problemType}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
