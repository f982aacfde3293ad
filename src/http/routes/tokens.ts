import { z } from "zod";
import { OperatorError } from "../../errors/operator-error.ts";
import { type StoredToken, standardLifetime } from "../../model/token.ts";
import { newTokenText } from "../auth/token-text.ts";
import type { HttpServer } from "../http-server.ts";
import type { TokenPort } from "../ports.ts";
import { answers, bodyProblems, empty, json } from "../schemas/answer.ts";
import { noQuery, pathName } from "../schemas/query.ts";
import { createdTokenSchema, newTokenSchema, pastExpiry, tokenBody, tokensSchema } from "../schemas/token.ts";

interface TokenRoutePorts {
  readonly tokens: TokenPort;
  now(): number;
}

export function tokenRoutes(app: HttpServer, ports: TokenRoutePorts): void {
  listRoute(app, ports);
  createRoute(app, ports);
  revokeRoute(app, ports);
}

function listRoute(app: HttpServer, { tokens, now }: TokenRoutePorts): void {
  const schema = {
    tags: ["tokens"],
    operationId: "listTokens",
    summary: "List tokens",
    description: "Those of the database and of the file. The text of a token is nowhere to be had again.",
    querystring: noQuery,
    response: answers({ 200: json("The tokens.", tokensSchema) }),
  };
  app.get("/tokens", { schema }, async () => {
    const at = now();
    return { tokens: (await tokens.list()).map((token) => tokenBody(token, at)) };
  });
}

function createRoute(app: HttpServer, { tokens, now }: TokenRoutePorts): void {
  const schema = {
    tags: ["tokens"],
    operationId: "createToken",
    summary: "Create a token",
    description: "The answer holds its text, this once: what is kept is a hash of it.",
    querystring: noQuery,
    body: newTokenSchema,
    response: answers({ 201: json("The token.", createdTokenSchema) }, [...bodyProblems, "token-exists"]),
  };
  app.post("/tokens", { schema }, async ({ body }, reply) => {
    const { name, role, expires_at: asked } = body;
    const at = now();
    const expires_at = asked === undefined ? at + standardLifetime : asked;
    if (expires_at !== null && expires_at <= at) {
      const detail = pastExpiry(at);
      throw new OperatorError("invalid-body", `/expires_at: ${detail}.`, {
        errors: [{ pointer: "/expires_at", detail }],
      });
    }
    const { id, text, sha256 } = newTokenText();
    const unused = { source: "database", created_at: at, revoked_at: null, last_used_at: null } as const;
    const token: StoredToken = { id, name, role, sha256, expires_at, ...unused };
    if (!(await tokens.create(token, at))) {
      throw new OperatorError("token-exists", `A live token has the name ${name}.`, {
        errors: [{ pointer: "/name", detail: "expected a name that no live token has" }],
      });
    }
    return reply.code(201).send({ token: text, ...tokenBody(token, at) });
  });
}

function revokeRoute(app: HttpServer, { tokens, now }: TokenRoutePorts): void {
  const schema = {
    tags: ["tokens"],
    operationId: "revokeToken",
    summary: "Revoke a token",
    description: "It is of no use from the next request on. One that was revoked before stays so.",
    params: z.strictObject({ id: pathName("The id of a token.") }),
    querystring: noQuery,
    response: answers({ 204: empty("The token is revoked.") }, [...bodyProblems, "token-not-found", "token-from-file"]),
  };
  app.delete("/tokens/:id", { schema }, async ({ params: { id } }, reply) => {
    const ofFile = tokens.ofFile().find((token) => token.id === id);
    if (ofFile !== undefined) throw new OperatorError("token-from-file", `${ofFile.name} is a token of the file.`);
    if (await tokens.revoke(id, now())) return reply.code(204).send();
    throw new OperatorError("token-not-found", `There is no token ${JSON.stringify(id)}.`);
  });
}
