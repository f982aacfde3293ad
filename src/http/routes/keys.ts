import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { parseKeyResource } from "../../config/key-resource.ts";
import { OperatorError } from "../../errors/operator-error.ts";
import type { Key, RegisterResult } from "../../model/key.ts";
import type { Score } from "../../model/score.ts";
import { entityTag, hasTag } from "../entity-tag.ts";
import type { HttpServer } from "../http-server.ts";
import { keysText } from "../keys-text.ts";
import { refuseFuture } from "../moment.ts";
import type { ApiPorts } from "../ports.ts";
import { answers, bodyProblems, empty, json } from "../schemas/answer.ts";
import { type AnswerHeaders, taggedHeaders } from "../schemas/headers.ts";
import {
  keyBody,
  keyBodySchema,
  keyChangesSchema,
  keyQuery,
  keysQuery,
  keysSchema,
  newKeySchema,
} from "../schemas/key.ts";
import { noQuery, pathName } from "../schemas/query.ts";
import { time } from "../schemas/time.ts";
import type { Standings } from "../standings.ts";

const locationHeader = {
  Location: { type: "string", required: true, description: "The path of the key." },
} as const satisfies AnswerHeaders;

export const keyParams = z.strictObject({ name: pathName("The name of a key.") });

export function keyRoutes(app: HttpServer, ports: ApiPorts, standings: Standings): void {
  listRoute(app, ports, standings);
  registerRoute(app, ports);
  keyRoute(app, ports);
  changeRoute(app, ports);
  retireRoute(app, ports);
}

async function scoreOfKey({ store, scoreOf }: ApiPorts, name: string): Promise<Score> {
  return scoreOf(await store.conclusions({ keys: [name] }));
}

function listRoute(app: HttpServer, ports: ApiPorts, standings: Standings): void {
  const { store, scoreOf, now, version } = ports;
  const schema = {
    tags: ["keys"],
    operationId: "listKeys",
    summary: "List keys",
    description: "All registered keys in the order of their names, as they are or as they were registered then.",
    querystring: keysQuery,
    response: answers(
      {
        200: json("The keys.", keysSchema, taggedHeaders),
        304: empty("Nothing has changed since.", taggedHeaders),
      },
      ["as-of-in-future"],
    ),
  };
  app.get("/keys", { schema }, async (request, reply) => {
    const { as_of, include_retired } = request.query;
    const moment = now();
    refuseFuture(as_of, moment);
    const tag = entityTag({ version, changeSeq: await store.changeSeq(), query: request.query });
    reply.headers({ etag: tag, "cache-control": "private, no-cache" });
    if (hasTag(request.headers["if-none-match"], tag)) return reply.code(304).send();
    const query = { ...(as_of === undefined ? {} : { at: as_of }), include_retired };
    const keys = await keysText({ store, scoreOf, standings }, query);
    const begin = Buffer.from(`{"as_of":${JSON.stringify(time(as_of ?? moment))},"keys":`);
    const pieces = [begin, ...keys, Buffer.from("}")];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    reply.header("content-length", length);
    return (reply as FastifyReply)
      .type("application/json; charset=utf-8")
      .send(Readable.from(pieces, { objectMode: false }));
  });
}

function registerRoute(app: HttpServer, ports: ApiPorts): void {
  const { registry } = ports;
  const schema = {
    tags: ["keys"],
    operationId: "registerKey",
    summary: "Register a key",
    description:
      "The key is scanned in full at once. A resource that was registered before comes back with its history.",
    querystring: noQuery,
    body: newKeySchema,
    response: answers({ 201: json("The registered key.", keyBodySchema, locationHeader) }, [
      ...bodyProblems,
      "invalid-resource",
      "key-exists",
      "resource-already-registered",
    ]),
  };
  app.post("/keys", { schema }, async (request, reply) => {
    const { name = null, resource: text, ...fields } = request.body;
    const parsed = parseKeyResource(text);
    if (!parsed.ok) {
      throw new OperatorError("invalid-resource", `The resource cannot be registered: ${parsed.detail}.`, {
        errors: [{ pointer: "/resource", detail: parsed.detail }],
      });
    }
    const { resource, default_name } = parsed;
    const key = registered(await registry.registerKey({ name, default_name, resource, fields }));
    const body = keyBody(key, await scoreOfKey(ports, key.name));
    return reply.code(201).header("location", body.links.self).send(body);
  });
}

function registered(result: RegisterResult): Key {
  switch (result.state) {
    case "registered":
      return result.key;
    case "name-taken":
      throw new OperatorError("key-exists", `The name ${result.by.name} belongs to ${result.by.resource}.`, {
        errors: [{ pointer: "/name", detail: "expected a name that no other key has" }],
      });
    case "resource-taken":
      throw new OperatorError("resource-already-registered", `The resource is registered as ${result.by.name}.`, {
        errors: [{ pointer: "/resource", detail: `registered as ${result.by.name}` }],
      });
  }
}

function keyRoute(app: HttpServer, ports: ApiPorts): void {
  const schema = {
    tags: ["keys"],
    operationId: "getKey",
    summary: "Get a key",
    description: "The key that is watched under this name now; with `include_retired`, else the one that had it last.",
    params: keyParams,
    querystring: keyQuery,
    response: answers({ 200: json("The key.", keyBodySchema) }, ["key-not-found"]),
  };
  app.get("/keys/:name", { schema }, async ({ params: { name }, query }) => {
    const key = await ports.store.key(name, query);
    if (key === undefined) throw noSuchKey(name);
    return keyBody(key, await scoreOfKey(ports, name));
  });
}

function changeRoute(app: HttpServer, ports: ApiPorts): void {
  const { registry } = ports;
  const schema = {
    tags: ["keys"],
    operationId: "changeKey",
    summary: "Change what is expected of a key",
    description:
      "Only the given fields change, each as a whole: lists and labels are not merged. Its name and resource never change.",
    params: keyParams,
    querystring: noQuery,
    body: keyChangesSchema,
    response: answers({ 200: json("The key as it is now.", keyBodySchema) }, [
      ...bodyProblems,
      "key-not-found",
      "key-from-file",
    ]),
  };
  app.patch("/keys/:name", { schema }, async ({ params: { name }, body }) => {
    const result = await registry.updateKey(name, body);
    if (result.state === "no-such-key") throw noSuchKey(name);
    if (result.state === "key-from-file") throw keyFromFile(name);
    return keyBody(result.key, await scoreOfKey(ports, name));
  });
}

function retireRoute(app: HttpServer, { registry }: ApiPorts): void {
  const schema = {
    tags: ["keys"],
    operationId: "retireKey",
    summary: "Retire a key",
    description: "It is watched no more, and its findings are retired. Its history stays.",
    params: keyParams,
    querystring: noQuery,
    response: answers({ 204: empty("The key is retired.") }, [...bodyProblems, "key-not-found", "key-from-file"]),
  };
  app.delete("/keys/:name", { schema }, async ({ params: { name } }, reply) => {
    const result = await registry.retireKey(name);
    if (result.state === "no-such-key") throw noSuchKey(name);
    if (result.state === "key-from-file") throw keyFromFile(name);
    return reply.code(204).send();
  });
}

export function noSuchKey(name: string): OperatorError {
  return new OperatorError("key-not-found", `There is no key ${JSON.stringify(name)}.`);
}

function keyFromFile(name: string): OperatorError {
  return new OperatorError("key-from-file", `${name} is registered in the configuration file.`);
}
