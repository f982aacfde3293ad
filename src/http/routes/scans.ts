import { z } from "zod";
import { OperatorError } from "../../errors/operator-error.ts";
import { providers } from "../../model/resource.ts";
import type { ScanQuery } from "../../model/scan.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import type { HttpServer } from "../http-server.ts";
import type { ApiPorts, StorePort } from "../ports.ts";
import { answers, bodyProblems, json } from "../schemas/answer.ts";
import type { AnswerHeaders } from "../schemas/headers.ts";
import { noQuery, pathName } from "../schemas/query.ts";
import {
  queuedScanBody,
  requestedScanBody,
  requestedScansSchema,
  scanBody,
  scanBodySchema,
  scanRequestSchema,
  scansQuery,
  scansSchema,
} from "../schemas/scan.ts";

const params = z.strictObject({ id: pathName("The id of a scan.") });
const defaultLimit = 100;
const locationHeader = {
  Location: { type: "string", description: "The path of the scan, where it is one alone." },
} as const satisfies AnswerHeaders;

export function scanRoutes(app: HttpServer, ports: ApiPorts): void {
  requestRoute(app, ports);
  listRoute(app, ports);
  scanRoute(app, ports);
}

function requestRoute(app: HttpServer, { store, requestScan }: ApiPorts): void {
  const schema = {
    tags: ["scans"],
    operationId: "requestScan",
    summary: "Scan keys now",
    description:
      "Reads all keys, or the named ones, at once and within the budget of requests. Without a body: all keys, in full. There is one scan for each scope of the keys, and none where no key is registered.",
    querystring: noQuery,
    body: scanRequestSchema.nullish(),
    response: answers({ 202: json("The scans, under way or queued.", requestedScansSchema, locationHeader) }, [
      ...bodyProblems,
      "key-not-found",
    ]),
  };
  app.post("/scans", { schema }, async ({ body }, reply) => {
    const { keys = null, lane = "full" } = body ?? {};
    await refuseUnknownKeys(store, keys ?? []);
    const scans = await requestScan({ keys: keys === null ? null : [...new Set(keys)], lane });
    const [first, ...others] = scans;
    if (first !== undefined && others.length === 0) reply.header("location", `/scans/${first.id}`);
    return reply.code(202).send({ scans: scans.map(requestedScanBody) });
  });
}

async function refuseUnknownKeys(store: StorePort, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const known = new Set<string>();
  for await (const keys of store.keysInPortions()) for (const { name } of keys) known.add(name);
  const errors = names.flatMap((name, index) =>
    known.has(name) ? [] : [{ pointer: `/keys/${index}`, detail: `there is no key ${JSON.stringify(name)}` }],
  );
  if (errors.length === 0) return;
  throw new OperatorError("key-not-found", `Not all keys exist: ${errors.map(({ detail }) => detail).join("; ")}.`, {
    errors,
  });
}

/** The filters of the first page, and the scan after which the next one begins. */
const cursorSchema = z.strictObject({
  provider: z.enum(providers).optional(),
  scope: z.string().optional(),
  before: z.strictObject({ started_at: z.number(), id: z.string() }),
});

function listRoute(app: HttpServer, { store }: ApiPorts): void {
  const schema = {
    tags: ["scans"],
    operationId: "listScans",
    summary: "List scans",
    description: "Newest first. Scans are kept for 30 days.",
    querystring: scansQuery,
    response: answers({ 200: json("A page of scans.", scansSchema) }, ["cursor-invalid"]),
  };
  app.get("/scans", { schema }, async ({ query: { cursor, limit = defaultLimit, provider, scope } }) => {
    const filters = { ...(provider === undefined ? {} : { provider }), ...(scope === undefined ? {} : { scope }) };
    // One more than asked for says whether there is a next page.
    const query: ScanQuery = { ...filters, limit: limit + 1, ...startOf(cursor, filters) };
    const scans = await store.scans(query);
    const page = scans.slice(0, limit);
    const last = page.at(-1);
    const more = scans.length > limit && last !== undefined;
    const before = last && { started_at: last.started_at, id: last.id };
    return { scans: page.map(scanBody), next_cursor: more ? encodeCursor("scans", { ...filters, before }) : null };
  });
}

function startOf(cursor: string | undefined, filters: object): Pick<ScanQuery, "before"> {
  if (cursor === undefined) return {};
  const { before, ...held } = decodeCursor("scans", cursor, cursorSchema);
  if (JSON.stringify(held) === JSON.stringify(filters)) return { before };
  throw new OperatorError("cursor-invalid", "The cursor belongs to a query with other filters.");
}

function scanRoute(app: HttpServer, { store, queuedScan }: ApiPorts): void {
  const schema = {
    tags: ["scans"],
    operationId: "getScan",
    summary: "Get a scan",
    description: "How far it is, what it changed, and which calls were refused.",
    params,
    querystring: noQuery,
    response: answers({ 200: json("The scan.", scanBodySchema) }, ["scan-not-found"]),
  };
  app.get("/scans/:id", { schema }, async ({ params: { id } }) => {
    // Asked first: a scan that begins in between is then in the store.
    const queued = queuedScan(id);
    const scan = await store.scan(id);
    if (scan !== undefined) return scanBody(scan);
    if (queued !== undefined) return queuedScanBody(queued);
    throw new OperatorError("scan-not-found", `There is no scan ${JSON.stringify(id)}.`);
  });
}
