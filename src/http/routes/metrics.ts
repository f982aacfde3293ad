import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { acceptsGzip } from "../accepts-gzip.ts";
import type { HttpServer } from "../http-server.ts";
import type { ProbePorts } from "../ports.ts";
import { answers } from "../schemas/answer.ts";
import { encodingHeaders } from "../schemas/headers.ts";
import { noQuery } from "../schemas/query.ts";
import { sendStream } from "../send-stream.ts";

export function metricsRoutes(app: HttpServer, { metricsText, log }: Pick<ProbePorts, "metricsText" | "log">): void {
  const schema = {
    tags: ["operation"],
    operationId: "getMetrics",
    summary: "Get the metrics",
    description: "In the text format of Prometheus; compressed where `Accept-Encoding` takes gzip.",
    querystring: noQuery,
    response: answers({
      200: { description: "The metrics.", headers: encodingHeaders, content: { "text/plain": { schema: z.string() } } },
    }),
  };

  async function answer(request: FastifyRequest, reply: FastifyReply) {
    const coding = acceptsGzip(request.headers["accept-encoding"]) ? "gzip" : "identity";
    const { contentType, pieces } = await metricsText(coding);
    reply.type(contentType).header("vary", "accept-encoding");
    if (coding !== "identity") reply.header("content-encoding", coding);
    return sendStream(
      { request, reply, log },
      Readable.from(pieces, { objectMode: false }),
      "the answer with the metrics",
    );
  }

  app.get("/metrics", { schema, exposeHeadRoute: false }, (request, reply) => answer(request, reply));
  app.head("/metrics", { schema }, (request, reply) => answer(request, reply));
}
