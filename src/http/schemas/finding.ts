import { z } from "zod";
import { keyNameForm, keyNamePattern } from "../../config/key-name.ts";
import { exportFormatNames } from "../../export/formats.ts";
import { type Finding, findingStatuses, type OutcomeInterval } from "../../model/finding.ts";
import { findingSorts } from "../../model/finding-query.ts";
import { guidanceRevisions } from "../../model/guidance-revision.ts";
import type { Json } from "../../model/json.ts";
import { outcomes, severities } from "../../model/outcome.ts";
import { providers } from "../../model/resource.ts";
import type { Sight } from "../../model/snapshot.ts";
import type { CheckDescription } from "../ports.ts";
import { conflictsBody, conflictsSchema } from "./check.ts";
import { asOfQuery, limitQuery, listOf, listOfTexts, query } from "./query.ts";
import { sightSchema } from "./sight.ts";
import { momentSchema, time, timeOrNull, timeSchema } from "./time.ts";

const orders = findingSorts.flatMap((by) => [by, `-${by}`] as const);

/** By what a list is sorted; a leading minus turns the order round. */
export const findingOrder = z.enum(orders, { error: `one of ${orders.join(", ")}` });

/** The forms that a list has. */
export const findingFormats = ["json", ...exportFormatNames] as const;
export type FindingFormat = (typeof findingFormats)[number];

/** How many come on one page at most. */
export const mostFindings = 1000;

export const findingsQuery = query({
  provider: listOf(providers).optional(),
  key: listOfTexts(keyNamePattern, keyNameForm).optional().describe("Names of keys."),
  check: listOfTexts(/^[a-z0-9-]+\/[a-z0-9-]+$/, "an id of a check such as aws/key-enabled")
    .optional()
    .describe("Ids of checks."),
  severity: listOf(severities).optional(),
  outcome: listOf(outcomes).optional().describe("The latest outcome."),
  status: listOf(findingStatuses).optional(),
  guidance: listOf(guidanceRevisions).optional().describe("Revisions of the rules that the latest outcome follows."),
  changed_since: momentSchema.optional().describe("Only what became another outcome at or after this moment."),
  as_of: asOfQuery,
  sort: findingOrder
    .optional()
    .describe("`severity` is worst first, and the default; a leading minus turns the order round."),
  limit: limitQuery(100, mostFindings).describe(
    "How many at most. Left out: 100 as JSON, and all that there are in every other format.",
  ),
  cursor: z
    .string()
    .optional()
    .describe(
      "`next_cursor` of the page before. It holds that page's moment, filters, order and limit: they need not be given again, and but for the limit must not differ.",
    ),
  format: z
    .enum(findingFormats, { error: `one of ${findingFormats.join(", ")}` })
    .optional()
    .describe("Goes before the Accept header; `json` where neither says anything."),
});
export type FindingsQuery = z.output<typeof findingsQuery>;

export const findingAtQuery = query({ as_of: asOfQuery });

const outcomeShape = {
  outcome: z.enum(outcomes),
  severity: z.enum(severities),
  message: z.string(),
  evidence: z.unknown().describe("What the outcome rests on, as the check saw it."),
  caused_by: z.array(z.string()).describe("Ids of the failing checks that explain this failure."),
  guidance: z.string().describe("The revision of the rules it was said under."),
  catalogue: z.string().describe("The version of the catalogue that said it."),
  since: timeSchema,
};

const decidedSchema = z
  .object({
    outcome: outcomeShape.outcome,
    severity: outcomeShape.severity,
    message: outcomeShape.message,
    evidence: outcomeShape.evidence,
    guidance: outcomeShape.guidance,
    since: timeSchema,
    until: timeSchema.nullable(),
  })
  .meta({ id: "DecidedOutcome", description: "The last outcome that decided something, and how long it held." });

const questionShape = {
  id: z.string().describe("Never changes: it follows from the check and the resource."),
  check: z.string(),
  title: z.string().nullable().describe("The good state; null for a check that this version does not have."),
  provider: z.enum(providers),
  key: z.string().nullable(),
  resource: z.object({ kind: z.string(), name: z.string() }),
};

const lifeShape = {
  status: z.enum(findingStatuses),
  last_decided: decidedSchema.nullable().describe("Where the outcome decides nothing: the last one that did."),
  opened_at: timeSchema.nullable().describe("When the present or last run of failing began."),
  resolved_at: timeSchema.nullable(),
  links: z.object({ self: z.string(), history: z.string(), check: z.string() }),
};

export const findingSchema = z
  .object({ ...questionShape, ...outcomeShape, ...lifeShape })
  .meta({ id: "Finding", description: "One check on one subject, with its latest outcome." });

export const findingsSchema = z
  .object({
    as_of: timeSchema.describe("The moment that this and every following page speaks of."),
    findings: z.array(findingSchema),
    next_cursor: z.string().nullable().describe("Where the next page begins; null on the last one."),
  })
  .meta({ id: "Findings" });

const correctionSchema = z
  .object({
    policy: z
      .string()
      .nullable()
      .describe(
        "The corrected policy, judged before it was offered: no check is worse off with it. Null where the command alone mends it.",
      ),
    command: z
      .string()
      .describe(
        "For a shell, one command on each line, each run only where those before it worked; a policy is taken to be in the file `policy.json`.",
      ),
  })
  .meta({ id: "Correction", description: "What mends a failure. Nothing is ever changed by the service." });

export const findingAtSchema = z
  .object({
    ...questionShape,
    as_of: timeSchema,
    sight: sightSchema.describe("How the facts behind the check were seen at that moment."),
    outcome: outcomeShape.outcome.nullable().describe("Null where nothing had been concluded yet."),
    severity: outcomeShape.severity.nullable(),
    message: z.string().nullable(),
    evidence: outcomeShape.evidence,
    caused_by: outcomeShape.caused_by,
    guidance: z.string().nullable(),
    catalogue: z.string().nullable(),
    since: timeSchema.nullable(),
    ...lifeShape,
    conflicts: conflictsSchema,
    correction: correctionSchema
      .nullable()
      .describe("What would mend an open failure; null where nothing is offered, and for any moment but now."),
  })
  .meta({ id: "FindingAt", description: "A finding at a moment, with the sight of that moment." });

const intervalSchema = z
  .object({ status: lifeShape.status, ...outcomeShape, until: timeSchema.nullable() })
  .meta({ id: "OutcomeInterval", description: "One outcome and how long it held; `until` is null while it holds." });

const runSchema = z
  .object({
    call: z.string(),
    part: z.string().nullable().describe("Which of several things the call was made for."),
    subject: z.string(),
    state: sightSchema,
    detail: z.string().nullable(),
    from: timeSchema,
    last: timeSchema,
  })
  .meta({ id: "SightRun", description: "An unbroken run of equal results of one call." });

const gapSchema = z
  .object({
    call: z.string(),
    part: z.string().nullable(),
    subject: z.string(),
    from: timeSchema,
    until: timeSchema.nullable().describe("Null while nobody looks."),
  })
  .meta({ id: "SightGap", description: "A time in which nobody looked." });

export const historySchema = z
  .object({
    ...questionShape,
    intervals: z.array(intervalSchema).describe("Oldest first."),
    sight: z.array(runSchema).describe("What the calls behind the check told, and when they were made."),
    gaps: z.array(gapSchema).describe("Times in which the outcome stood, but nobody looked."),
  })
  .meta({ id: "FindingHistory" });

/** The question of a finding, without any answer. */
export function questionBody({ id, check, provider, key, resource }: Finding, title: string | null) {
  return { id, check, title, provider, key, resource: { kind: resource.kind, name: resource.name } };
}

/** `moment` is the query of a question about the past, as `momentQuery` makes it once for all of a page. */
export function findingBody(finding: Finding, title: string | null, moment = "") {
  return {
    ...questionBody(finding, title),
    ...outcomeBody(finding.latest),
    status: finding.status,
    last_decided: decidedBody(finding.last_decided),
    opened_at: timeOrNull(finding.opened_at),
    resolved_at: timeOrNull(finding.resolved_at),
    links: linksOf(finding, moment),
  };
}

/** What a link to the same moment ends with; empty for the present. */
export function momentQuery(asOf: number | undefined): string {
  return asOf === undefined ? "" : `?as_of=${encodeURIComponent(time(asOf))}`;
}

/** A finding of which nothing had been concluded yet at the asked moment. */
export function unobservedBody(finding: Finding, check: CheckDescription | undefined, asOf: number) {
  const said = { outcome: null, severity: null, message: null, evidence: null, caused_by: [] };
  const nothing = { ...said, guidance: null, catalogue: null, correction: null };
  const life = { since: null, status: "none" as const, last_decided: null, opened_at: null, resolved_at: null };
  const sight: Sight = "not-observed";
  return {
    ...questionBody(finding, check?.title ?? null),
    as_of: time(asOf),
    sight,
    conflicts: conflictsBody(check),
    ...nothing,
    ...life,
    links: linksOf(finding, momentQuery(asOf)),
  };
}

export function intervalBody(interval: OutcomeInterval) {
  return { ...outcomeBody(interval), status: interval.status, until: timeOrNull(interval.until) };
}

function outcomeBody({ outcome, severity, message, evidence, guidance, catalogue, since }: OutcomeInterval) {
  const caused_by = causesIn(evidence);
  return { outcome, severity, message, evidence, caused_by, guidance, catalogue, since: time(since) };
}

/** Who judged has put them into the evidence, with which they are stored. */
function causesIn(evidence: Json): string[] {
  if (typeof evidence !== "object" || evidence === null || !("caused_by" in evidence)) return [];
  const { caused_by } = evidence;
  return Array.isArray(caused_by) ? caused_by.filter((id) => typeof id === "string") : [];
}

function decidedBody(interval: OutcomeInterval | null) {
  if (interval === null) return null;
  const { outcome, severity, message, evidence, guidance, since, until } = interval;
  return { outcome, severity, message, evidence, guidance, since: time(since), until: timeOrNull(until) };
}

function linksOf({ id, check }: Finding, moment: string) {
  return { self: `/findings/${id}${moment}`, history: `/findings/${id}/history`, check: `/checks/${check}` };
}
