import { z } from "zod";
import type { HttpServer } from "../http-server.ts";
import { json, openAnswers } from "../schemas/answer.ts";
import { noQuery } from "../schemas/query.ts";
import { documentationPrefix } from "../security-headers.ts";

export function documentRoutes(app: HttpServer): void {
  const schema = {
    tags: ["operation"],
    operationId: "getDescription",
    summary: "Get this description",
    description: "The OpenAPI document of the interface.",
    querystring: noQuery,
    response: openAnswers({ 200: json("An OpenAPI 3.1 document.", z.record(z.string(), z.unknown())) }, [
      "too-many-requests",
    ]),
  };
  app.get("/openapi.json", { schema }, () => ({ ...app.swagger() }));
  app.get("/", { schema: { hide: true } }, (_request, reply) => reply.redirect(documentationPrefix));
}
