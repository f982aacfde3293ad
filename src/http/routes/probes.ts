import { OperatorError } from "../../errors/operator-error.ts";
import type { HttpServer } from "../http-server.ts";
import type { ProbePorts } from "../ports.ts";
import { json, openAnswers } from "../schemas/answer.ts";
import { aliveSchema, readySchema } from "../schemas/probe.ts";
import { noQuery } from "../schemas/query.ts";

export function probeRoutes(app: HttpServer, { health }: Pick<ProbePorts, "health">): void {
  const aliveRoute = {
    tags: ["operation"],
    operationId: "getLiveness",
    summary: "Is the process alive",
    description: "Says no more than that requests are answered: a restart mends no full disk.",
    querystring: noQuery,
    response: openAnswers({ 200: json("It is.", aliveSchema) }),
  };
  app.get("/healthz", { schema: aliveRoute }, () => ({ status: "alive" as const }));

  const readyRoute = {
    tags: ["operation"],
    operationId: "getReadiness",
    summary: "Can the service work",
    description:
      "Whether the database is there, migrated and writable. Never depends on a cloud, and never on findings.",
    querystring: noQuery,
    response: openAnswers({ 200: json("It can.", readySchema) }),
  };
  app.get("/readyz", { schema: readyRoute }, () => {
    const state = health();
    if (!state.ok) throw new OperatorError("not-ready", state.reason);
    return { status: "ready" as const };
  });
}
