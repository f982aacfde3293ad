import { z } from "zod";
import type { HttpServer } from "../http-server.ts";
import type { ProbePorts } from "../ports.ts";
import { answers } from "../schemas/answer.ts";
import { noQuery } from "../schemas/query.ts";

export function metricsRoutes(app: HttpServer, { metricsText }: Pick<ProbePorts, "metricsText">): void {
  const schema = {
    tags: ["operation"],
    operationId: "getMetrics",
    summary: "Get the metrics",
    description: "In the text format of Prometheus.",
    querystring: noQuery,
    response: answers({
      200: { description: "The metrics.", content: { "text/plain": { schema: z.string() } } },
    }),
  };
  app.get("/metrics", { schema }, async (_request, reply) => {
    const { contentType, text } = await metricsText();
    return reply.type(contentType).send(text);
  });
}
