/** The description of the interface, made of the routes' own schemas: at /openapi.json, and for people at /docs. */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifySchema } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { roleForRoute } from "./auth/route-roles.ts";
import type { HttpServer } from "./http-server.ts";
import type { AnswerHeaders } from "./schemas/headers.ts";
import { documentationPrefix } from "./security-headers.ts";

type Document = ReturnType<typeof jsonSchemaTransformObject>;
type Schemas = Readonly<Record<string, unknown>>;
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

interface Operation {
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Answer>>;
}

interface RequestBody {
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
  readonly required?: boolean;
}

interface Answer {
  readonly headers?: Readonly<Record<string, { readonly schema: { readonly required?: boolean } }>>;
}

const tags = [
  { name: "findings", description: "What the checks concluded, now and at any past moment." },
  { name: "keys", description: "The keys that are watched, and what was seen of them." },
  { name: "scans", description: "Runs that read keys." },
  { name: "checks", description: "The catalogue of checks." },
  { name: "summary", description: "The state of everything at a glance." },
  { name: "operation", description: "For probes, Prometheus and generators of clients." },
  { name: "tokens", description: "Who may ask. Only where tokens are asked for." },
] as const;

const description = `Keyposture watches the encryption keys that an organization has handed to Anthropic.

Times are RFC 3339 in UTC. Errors are problem documents (RFC 9457) with a code of a closed list. An unknown query
parameter is refused, as an ignored filter would answer another question; a list is written \`a,b\`; a path has no slash
at its end. \`as_of\` asks for what the service had concluded by that moment. An answer without an \`ETag\` is not to be
kept (\`Cache-Control: no-store\`). Requests with a foreign \`Origin\` header are refused, and where no tokens are asked
for, those with a foreign \`Host\`.`;

const securitySchemes = {
  token: {
    type: "http",
    scheme: "bearer",
    description:
      "A token of `keyposture token create` or POST /tokens. It has a role, which each operation names: an `operator` " +
      "may do what a `viewer` may, and an `admin` everything.",
  },
} as const;

interface DescribedServer {
  readonly asksForTokens: boolean;
}

/** Must be registered before the routes. */
export async function registerOpenApi(app: HttpServer, version: string, server: DescribedServer): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Keyposture", version, description, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
      servers: [{ url: "/", description: "This service" }],
      tags: tags.filter(({ name }) => server.asksForTokens || name !== "tokens"),
      ...(server.asksForTokens ? { components: { securitySchemes } } : {}),
    },
    transform: (asked) => {
      const { schema: made, url } = jsonSchemaTransform(asked);
      const schema = withHeaders(made, asked.schema);
      return { schema: server.asksForTokens ? { ...schema, ...securityOf(asked.route) } : schema, url };
    },
    transformObject: (document) => finished(jsonSchemaTransformObject(document)),
  });
  await app.register(swaggerUi, { routePrefix: documentationPrefix, theme: { title: "Keyposture API" } });
}

/** The library leaves the headers of an answer out that has a body. */
function withHeaders(made: FastifySchema, asked: FastifySchema): FastifySchema {
  const own = (asked.response ?? {}) as Readonly<Record<string, { readonly headers?: AnswerHeaders }>>;
  const answers = (made.response ?? {}) as Readonly<Record<string, object>>;
  return { ...made, response: mapValues(answers, (answer, status) => ({ headers: own[status]?.headers, ...answer })) };
}

/** Roles stand where OAuth has its scopes: https://spec.openapis.org/oas/v3.1.0#security-requirement-object */
function securityOf({ method, url }: { readonly method: string | readonly string[]; readonly url: string }) {
  const role = roleForRoute([method].flat()[0] ?? "GET", url);
  return { security: role === "anybody" || role === "probe" ? [] : [{ token: [role] }] };
}

/**
 * The document as clients want it. The library makes each component schema in two forms, one for requests (its name ends
 * in Input) and one for answers: only those that are referred to stay. Answers may get more fields in a later version,
 * so their schemas do not forbid them.
 */
function finished(document: Document): Document {
  const { components: { schemas = {}, ...others } = {}, ...described } = document as {
    readonly components?: { schemas?: Schemas };
    readonly paths?: Paths;
  };
  const rest = { ...described, paths: corrected(described.paths ?? {}) };
  const used = new Set<string>();
  const waiting = namesIn(rest);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    waiting.push(...namesIn(schemas[name]));
  }
  const kept = [...used]
    .toSorted()
    .map((name) => [name, name.endsWith("Input") ? schemas[name] : opened(schemas[name])]);
  return { ...rest, components: { ...others, schemas: Object.fromEntries(kept) as Schemas } } as Document;
}

/** What the library cannot be told of: which bodies may be left out, and which headers may not. */
function corrected(paths: Paths): Paths {
  return mapValues(paths, (operations) =>
    mapValues(operations, (operation) => ({
      ...operation,
      ...(operation.requestBody === undefined ? {} : { requestBody: withNeed(operation.requestBody) }),
      responses: mapValues(operation.responses, withHeadersInNeed),
    })),
  );
}

/** The library says of every body that it is required. One that may be null may be left out. */
function withNeed(body: RequestBody): RequestBody {
  const isOptional = Object.values(body.content).some(({ schema }) => admitsNull(schema));
  return isOptional ? { ...body, required: false } : body;
}

/** The library takes what is said of a header for its schema. */
function withHeadersInNeed({ headers = {}, ...answer }: Answer): Answer {
  if (Object.keys(headers).length === 0) return answer;
  return {
    ...answer,
    headers: mapValues(headers, ({ schema: { required, ...schema }, ...header }) =>
      required === undefined ? { ...header, schema } : { ...header, required, schema },
    ),
  };
}

function admitsNull(schema: object): boolean {
  const { anyOf = [] } = schema as { readonly anyOf?: readonly { readonly type?: string }[] };
  return anyOf.some(({ type }) => type === "null");
}

function mapValues<T, U>(
  object: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/** The component schemas that a part of the document refers to. */
function namesIn(part: unknown): string[] {
  const references = JSON.stringify(part).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map(([, name = ""]) => name);
}

function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (typeof schema !== "object" || schema === null) return schema;
  const fields = Object.entries(schema).filter(([name, value]) => name !== "additionalProperties" || value !== false);
  return Object.fromEntries(fields.map(([name, value]) => [name, opened(value)]));
}
