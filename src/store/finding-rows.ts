/** Findings as the model has them: what holds now from their own rows, what held before from those of past outcomes. */
import { sql } from "kysely";
import type { Finding, OutcomeInterval } from "../model/finding.ts";
import type { Json } from "../model/json.ts";
import { isDecided } from "../model/outcome.ts";
import type { Connection, Db } from "./database.ts";
import { portionsOf } from "./portions.ts";
import { type Statement, type Statements, statement } from "./statements.ts";
import type { Subject } from "./subjects.ts";

/** What a list is read with. */
export type Reading = Omit<Connection, "sqlite">;

/** Where what a finding says, or said, is found. */
export interface Place {
  readonly seq: number;
  /** That of a past outcome; without one it is what the finding says now. */
  readonly number?: number;
}

/** What these findings say or said, in that order. Of what came after `as_of` nothing is told. */
export function readFindings(
  reading: Reading,
  places: readonly Place[],
  as_of: number | undefined,
): readonly Finding[] {
  const { statements, subjects, contents } = reading;
  const { now = [], then = [] } = Object.groupBy(places, ({ number }) => (number === undefined ? "now" : "then"));
  const read: readonly Row[] = [...readAll(statements, standing, now), ...readAll(statements, past, then)];
  const rows = new Map(read.map((row) => [row.seq, row]));
  const decided = readDecided(reading, read, as_of);
  const about = subjects(read.map(({ subject_id }) => subject_id));
  const evidence = contents(read.map((row) => row.evidence));
  return places.map(({ seq }) => {
    const row = rows.get(seq);
    const subject = row && about.get(row.subject_id);
    if (row === undefined || subject === undefined) throw lost(seq);
    return findingOf(row, subject, intervalOf(row, evidence, as_of), decided.get(seq));
  });
}

function lost(seq: number): TypeError {
  return new TypeError(`the database has lost what finding ${seq} rests on`);
}

export async function readFinding(
  reading: Reading,
  id: string,
  as_of: number | undefined,
): Promise<Finding | undefined> {
  const place = await placeOf(reading.db, id, as_of);
  return place && readFindings(reading, [place], as_of)[0];
}

/** Undefined where nothing was concluded by that moment. */
async function placeOf(db: Db, id: string, as_of: number | undefined): Promise<Place | undefined> {
  const finding = await db.selectFrom("finding").select(["seq", "changed_at"]).where("id", "=", id).executeTakeFirst();
  if (finding === undefined || as_of === undefined || finding.changed_at <= as_of)
    return finding && { seq: finding.seq };
  return db
    .selectFrom("past_outcome")
    .select(["finding_seq as seq", "number"])
    .where("finding_seq", "=", finding.seq)
    .where("valid_from", "<=", as_of)
    .where("valid_to", ">", as_of)
    .orderBy("number", "desc")
    .executeTakeFirst();
}

/** All outcomes of a finding, oldest first. */
export async function readHistory({ db, contents }: Reading, id: string): Promise<readonly OutcomeInterval[]> {
  const past = await db
    .selectFrom("past_outcome as o")
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .select(["f.seq", ...pastColumns])
    .where("f.id", "=", id)
    .orderBy("o.number", "asc")
    .execute();
  const latest = await db
    .selectFrom("finding as f")
    .select(["f.seq", ...standingColumns])
    .where("f.id", "=", id)
    .execute();
  const all = [...past, ...latest];
  const evidence = contents(all.map((row) => row.evidence));
  return all.map((row) => intervalOf(row, evidence, undefined));
}

const questionColumns = ["f.seq", "f.id", "f.subject_id", "f.check_id", "f.provider", "f.key_name"] as const;

const standingColumns = [
  "f.outcome",
  "f.status",
  "f.severity",
  "f.message",
  "f.evidence",
  "f.guidance",
  "f.catalogue",
  "f.changed_at as valid_from",
  sql<null>`null`.as("valid_to"),
] as const;

const pastColumns = [
  "o.outcome",
  "o.status",
  "o.severity",
  "o.message",
  "o.evidence",
  "o.guidance",
  "o.catalogue",
  "o.valid_from",
  "o.valid_to",
] as const;

type OutcomeColumns = Pick<
  OutcomeInterval,
  "outcome" | "status" | "severity" | "message" | "guidance" | "catalogue"
> & {
  readonly seq: number;
  /** Its hash. */
  readonly evidence: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
};

/** So many findings are asked for at once. Where fewer are left there is null, which is no finding's number. */
const atOnce = Array.from({ length: 100 }, (_, index) => index);
interface Asked {
  readonly seqs: readonly number[];
  readonly numbers: readonly (number | undefined)[];
}

const standing = statement<Asked>()((db, value) =>
  db
    .selectFrom("finding as f")
    .select([...questionColumns, ...standingColumns, "f.decided", "f.opened_at", "f.resolved_at"])
    .where(
      "f.seq",
      "in",
      atOnce.map((index) => value("seqs", index)),
    ),
);

/** One outcome of each by its number: however many there are, no other is read. */
const past = statement<Asked>()((db, value) =>
  pastOutcomes(db, value)
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .select([...questionColumns, ...pastColumns, "o.decided", "o.opened_at", "o.resolved_at"]),
);

const lastDecided = statement<Asked>()((db, value) =>
  pastOutcomes(db, value).select([...pastColumns, "o.finding_seq as seq"]),
);

function pastOutcomes(db: Db, value: (name: keyof Asked, index: number) => unknown) {
  return db
    .selectFrom(
      sql<{ readonly column1: number; readonly column2: number }>`(values ${sql.join(
        atOnce.map((index) => sql`(${value("seqs", index)}, ${value("numbers", index)})`),
      )})`.as("asked"),
    )
    .innerJoin("past_outcome as o", (join) =>
      join.onRef("o.finding_seq", "=", "asked.column1").onRef("o.number", "=", "asked.column2"),
    );
}

type Row = NonNullable<(typeof standing)["row"] | (typeof past)["row"]>;

function readAll<R>(statements: Statements, asked: Statement<Asked, R>, places: readonly Place[]): readonly R[] {
  return portionsOf(places, atOnce.length).flatMap((portion) =>
    statements.all(asked, { seqs: portion.map(({ seq }) => seq), numbers: portion.map(({ number }) => number) }),
  );
}

/** Where an outcome decided nothing: the last one before it that did, which is over. */
function readDecided(
  { statements, contents }: Reading,
  latest: readonly Row[],
  as_of: number | undefined,
): ReadonlyMap<number, OutcomeInterval> {
  const places = latest.flatMap((row) =>
    isDecided(row.outcome) || row.decided === null ? [] : [{ seq: row.seq, number: row.decided }],
  );
  const rows = readAll(statements, lastDecided, places);
  const evidence = contents(rows.map((row) => row.evidence));
  const decided = new Map(rows.map((row) => [row.seq, intervalOf(row, evidence, as_of)]));
  for (const { seq } of places) if (!decided.has(seq)) throw lost(seq);
  return decided;
}

function findingOf(
  row: Row,
  subject: Subject,
  latest: OutcomeInterval,
  last_decided: OutcomeInterval | undefined,
): Finding {
  return {
    id: row.id,
    check: row.check_id,
    provider: row.provider,
    key: row.key_name === "" ? null : row.key_name,
    resource: { kind: subject.resource_kind ?? subject.kind, name: subject.resource },
    status: row.status,
    latest,
    last_decided: last_decided ?? null,
    opened_at: row.opened_at,
    resolved_at: row.resolved_at,
  };
}

/** What came after the moment of the question is not part of the answer. Throws where its evidence is lost. */
function intervalOf(
  row: OutcomeColumns,
  contents: ReadonlyMap<string, Json>,
  as_of: number | undefined,
): OutcomeInterval {
  const { seq, outcome, status, severity, message, guidance, catalogue, valid_from, valid_to } = row;
  const evidence = contents.get(row.evidence);
  if (evidence === undefined) throw lost(seq);
  return {
    outcome,
    status,
    severity,
    message,
    evidence,
    guidance,
    catalogue,
    since: valid_from,
    until: valid_to === null || as_of === undefined || valid_to <= as_of ? valid_to : null,
  };
}
