import type { FastifyReply } from "fastify";
import { z } from "zod";
import { OperatorError } from "../../errors/operator-error.ts";
import { exportFormats } from "../../export/formats.ts";
import type { Finding } from "../../model/finding.ts";
import type { Key } from "../../model/key.ts";
import { notBefore } from "../../model/moment.ts";
import { acceptedMedia } from "../accepted-media.ts";
import { entityTag, hasTag } from "../entity-tag.ts";
import { exportFindings } from "../finding-exports.ts";
import { type FindingQuestion, questionOf, storeQuery } from "../finding-question.ts";
import { FindingsPage } from "../findings-page.ts";
import type { HttpServer } from "../http-server.ts";
import { refuseFuture } from "../moment.ts";
import type { ApiPorts, CheckDescription, StorePort } from "../ports.ts";
import { RememberedAnswers } from "../remembered-answers.ts";
import { answers, empty, json } from "../schemas/answer.ts";
import { conflictsBody } from "../schemas/check.ts";
import { withExports } from "../schemas/export.ts";
import {
  type FindingFormat,
  findingAtQuery,
  findingAtSchema,
  findingBody,
  findingFormats,
  findingsQuery,
  findingsSchema,
  historySchema,
  intervalBody,
  momentQuery,
  questionBody,
  unobservedBody,
} from "../schemas/finding.ts";
import { fileHeaders, taggedHeaders, varyOnAccept } from "../schemas/headers.ts";
import { noQuery, pathName } from "../schemas/query.ts";
import { time, timeOrNull } from "../schemas/time.ts";
import { sendStream } from "../send-stream.ts";
import { gapsOf, sightOf } from "../sight.ts";

/** Of lists: some hundreds of pages. */
const rememberedLimits = { characters: 64_000_000, questions: 1_000 };
const params = z.strictObject({ id: pathName("The id of a finding, `fnd_…`.") });

export function findingRoutes(app: HttpServer, ports: ApiPorts): void {
  const checks = new Map(ports.catalogue.map((check) => [check.id, check]));
  listRoute(app, ports, checks);
  findingRoute(app, ports, checks);
  historyRoute(app, ports, checks);
}

type Checks = ReadonlyMap<string, CheckDescription>;

function listRoute(app: HttpServer, { store, now, settled, version, log }: ApiPorts, checks: Checks): void {
  const always = { ...taggedHeaders, ...varyOnAccept };
  const schema = {
    tags: ["findings"],
    operationId: "listFindings",
    summary: "List findings",
    description:
      "Without a filter: what is not plainly fine, that is, whose status is open or accepted, or whose latest outcome is unknown or error. Before the first observation the list is empty. As JSON it comes in pages. In every other format, which `format` or the Accept header chooses, it is a file with all that matches at one moment; with a `limit` it is one page, and a Link header leads to the next.",
    querystring: findingsQuery,
    response: answers(
      {
        200: withExports(json("A page of findings, or a file of them.", findingsSchema, { ...always, ...fileHeaders })),
        304: empty("Nothing has changed since.", always),
      },
      ["as-of-in-future", "cursor-invalid", "not-acceptable"],
    ),
  };
  const remembered = new RememberedAnswers<FindingsPage>(rememberedLimits);
  app.get("/findings", { schema }, async (request, reply) => {
    reply.header("vary", "accept");
    const format = formatOf(request.query.format, request.headers.accept);
    const question = questionOf(request.query);
    // A cursor's moment is one that was answered about, be it a little ahead of the clock.
    if (request.query.cursor === undefined) refuseFuture(question.as_of, now());
    const moment = settled();
    // Asked before the page: a change in between makes the tag too old, and never too new.
    const changeSeq = await store.changeSeq();
    const tag = entityTag({ version, changeSeq, query: { ...request.query, format } });
    reply.headers({ etag: tag, "cache-control": "private, no-cache" });
    if (hasTag(request.headers["if-none-match"], tag)) return reply.code(304).send();

    if (format !== "json") {
      // A cursor holds the limit of its first page.
      const onePage = request.query.limit !== undefined || request.query.cursor !== undefined;
      const { headers, body } = await exportFindings(
        { store, version, checks },
        { format, question, onePage, as_of: question.as_of ?? moment },
      );
      const plain = reply as FastifyReply;
      return sendStream({ request, reply: plain.headers(headers), log }, body, "an export");
    }

    const ask = () => pageOf(question, store, checks);
    const page = await remembered.answer(changeSeq, JSON.stringify(question), ask);
    // A change that the page holds already may have been made since.
    const asOf = question.as_of ?? notBefore(page.changed_at, moment, now());
    return (reply as FastifyReply).type("application/json; charset=utf-8").send(page.body(asOf));
  });
}

/** Throws `not-acceptable` where the Accept header decides and takes none. */
function formatOf(asked: FindingFormat | undefined, accept: string | undefined): FindingFormat {
  if (asked !== undefined) return asked;
  const best = acceptedMedia(accept, findingFormats.map(mediaTypeOf));
  const format = findingFormats.find((one) => mediaTypeOf(one) === best);
  if (format !== undefined) return format;
  const all = findingFormats.map(mediaTypeOf).join(", ");
  throw new OperatorError("not-acceptable", `The route answers with ${all}, and the Accept header takes none of them.`);
}

function mediaTypeOf(format: FindingFormat): string {
  return format === "json" ? "application/json" : exportFormats[format].mediaType;
}

async function pageOf(question: FindingQuestion, store: StorePort, checks: Checks): Promise<FindingsPage> {
  const { findings, ...rest } = await store.findings(storeQuery(question));
  const moment = momentQuery(question.as_of);
  // Not put through the schema, which would copy all of it.
  const bodies: z.output<typeof findingsSchema>["findings"] = findings.map((finding) =>
    findingBody(finding, checks.get(finding.check)?.title ?? null, moment),
  );
  return new FindingsPage(question, JSON.stringify(bodies), rest);
}

function findingRoute(app: HttpServer, { store, correctionOf, now }: ApiPorts, checks: Checks): void {
  const schema = {
    tags: ["findings"],
    operationId: "getFinding",
    summary: "Get a finding",
    description:
      "The latest outcome and, where that decided nothing, the last one that did. For a moment before the first observation the outcome is null and the sight `not-observed`.",
    params,
    querystring: findingAtQuery,
    response: answers({ 200: json("The finding.", findingAtSchema) }, ["finding-not-found", "as-of-in-future"]),
  };
  app.get("/findings/:id", { schema }, async ({ params: { id }, query: { as_of } }) => {
    const moment = now();
    refuseFuture(as_of, moment);
    const finding = await store.finding(id, as_of === undefined ? {} : { as_of });
    if (finding === undefined) {
      const later = as_of === undefined ? undefined : await store.finding(id);
      if (later === undefined || as_of === undefined) throw noSuchFinding(id);
      return unobservedBody(later, checks.get(later.check), as_of);
    }
    const check = checks.get(finding.check);
    const snapshot = await snapshotOf(finding, store, as_of, moment);
    const sight = sightOf(snapshot, check?.calls ?? []);
    const body = findingBody(finding, check?.title ?? null, momentQuery(as_of));
    const isFailing = finding.status === "open" && finding.latest.outcome === "fail";
    const correction = as_of === undefined && isFailing ? await correctionOf(finding) : null;
    return { ...body, as_of: time(as_of ?? moment), sight, conflicts: conflictsBody(check), correction };
  });
}

/** The facts of a finding's key; undefined where its name has gone over to another resource. */
async function snapshotOf({ key, resource }: Finding, store: StorePort, asOf: number | undefined, now: number) {
  if (key === null) return undefined;
  const snapshot = asOf === undefined ? await store.currentSnapshot(key, now) : await store.snapshot(key, asOf);
  return snapshot?.resource === resource.name ? snapshot : undefined;
}

async function keyOf({ key: name, resource }: Finding, store: StorePort): Promise<Key | undefined> {
  const key = name === null ? undefined : await store.key(name, { include_retired: true });
  return key?.resource === resource.name ? key : undefined;
}

function historyRoute(app: HttpServer, { store, now }: ApiPorts, checks: Checks): void {
  const schema = {
    tags: ["findings"],
    operationId: "getFindingHistory",
    summary: "Get the history of a finding",
    description:
      "Every outcome with the time it held, and whether anybody looked: what the calls behind the check told, and the times in which they were not made.",
    params,
    querystring: noQuery,
    response: answers({ 200: json("The history, oldest first.", historySchema) }, ["finding-not-found"]),
  };
  app.get("/findings/:id/history", { schema }, async ({ params: { id } }) => {
    const finding = await store.finding(id);
    const intervals = await store.findingHistory(id);
    const [first] = intervals;
    if (finding === undefined || first === undefined) throw noSuchFinding(id);
    const check = checks.get(finding.check);
    const calls = check?.calls ?? [];
    const key = await keyOf(finding, store);
    const all = key === undefined ? [] : await store.sightRuns(key.name, { since: first.since });
    const runs = all.filter(({ call }) => calls.some((one) => one.call === call));
    const gaps = key === undefined ? [] : gapsOf(runs, key.retired_at ?? now());
    return {
      ...questionBody(finding, check?.title ?? null),
      intervals: intervals.map(intervalBody),
      sight: runs.map(({ interval_ms: _, ...run }) => ({ ...run, from: time(run.from), last: time(run.last) })),
      gaps: gaps.map((gap) => ({ ...gap, from: time(gap.from), until: timeOrNull(gap.until) })),
    };
  });
}

function noSuchFinding(id: string): OperatorError {
  return new OperatorError("finding-not-found", `There is no finding ${JSON.stringify(id)}.`);
}
