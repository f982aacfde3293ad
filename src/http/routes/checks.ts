import { z } from "zod";
import { OperatorError } from "../../errors/operator-error.ts";
import type { HttpServer } from "../http-server.ts";
import type { ApiPorts } from "../ports.ts";
import { answers, json } from "../schemas/answer.ts";
import { checkBody, checkBodySchema, checksSchema } from "../schemas/check.ts";
import { noQuery, pathName } from "../schemas/query.ts";

/** The id of a check has two parts, so it is two steps of the path. */
const params = z.strictObject({
  provider: pathName("What stands before the slash of the id."),
  check: pathName("What stands after it."),
});

export function checkRoutes(app: HttpServer, { catalogue }: ApiPorts): void {
  const bodies = catalogue.map(checkBody);
  const listSchema = {
    tags: ["checks"],
    operationId: "listChecks",
    summary: "List the checks",
    description: "The whole catalogue of this version.",
    querystring: noQuery,
    response: answers({ 200: json("The checks.", checksSchema) }),
  };
  app.get("/checks", { schema: listSchema }, () => ({ checks: bodies }));

  const schema = {
    tags: ["checks"],
    operationId: "getCheck",
    summary: "Get a check",
    description: "What it says, why, what it reads, and what that needs. The path is `/checks/<id>`.",
    params,
    querystring: noQuery,
    response: answers({ 200: json("The check.", checkBodySchema) }, ["check-not-found"]),
  };
  app.get("/checks/:provider/:check", { schema }, ({ params: { provider, check } }) => {
    const id = `${provider}/${check}`;
    const body = bodies.find((one) => one.id === id);
    if (body === undefined) throw new OperatorError("check-not-found", `There is no check ${JSON.stringify(id)}.`);
    return body;
  });
}
