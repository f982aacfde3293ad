/** Findings as the model has them: what holds now from their own rows, what held before from those of past outcomes. */
import { sql } from "kysely";
import type { Finding, OutcomeInterval } from "../model/finding.ts";
import { isDecided } from "../model/outcome.ts";
import { parseContent } from "./content.ts";
import type { Connection, Db } from "./database.ts";
import { type Statement, type Statements, statement } from "./statements.ts";

/** What a list is read with. */
export type Reading = Pick<Connection, "db" | "statements">;

/** These findings by their numbers, in that order, as they were concluded by a moment or, without one, as they are now. */
export function readFindings(
  statements: Statements,
  seqs: readonly number[],
  as_of: number | undefined,
): readonly Finding[] {
  const at = as_of ?? endOfTime;
  const rows = new Map<number, Row>(ofAll(statements, standing, seqs, at).map((row) => [row.seq, row]));
  const others = seqs.filter((seq) => !rows.has(seq));
  for (const row of ofAll(statements, past, others, at)) rows.set(row.seq, row);
  const decided = readDecided(statements, [...rows.values()], at);
  return seqs.flatMap((seq) => {
    const row = rows.get(seq);
    return row === undefined ? [] : [findingOf(row, decided.get(seq), as_of)];
  });
}

export async function readFinding(
  { db, statements }: Reading,
  id: string,
  as_of: number | undefined,
): Promise<Finding | undefined> {
  const row = await db.selectFrom("finding").select("seq").where("id", "=", id).executeTakeFirst();
  const [finding] = row === undefined ? [] : readFindings(statements, [row.seq], as_of);
  return finding;
}

/** All outcomes of a finding, oldest first. */
export async function readHistory(db: Db, id: string): Promise<readonly OutcomeInterval[]> {
  const past = await db
    .selectFrom("past_outcome as o")
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select(pastColumns)
    .where("f.id", "=", id)
    .orderBy("o.number", "asc")
    .execute();
  const latest = await db
    .selectFrom("finding as f")
    .innerJoin("content as e", "e.hash", "f.evidence")
    .select(standingColumns)
    .where("f.id", "=", id)
    .execute();
  return [...past, ...latest].map((row) => intervalOf(row, undefined));
}

const questionColumns = [
  "f.seq",
  "f.id",
  "f.check_id",
  "f.provider",
  "f.key_name",
  "s.kind",
  "s.resource",
  "s.resource_kind",
] as const;

const standingColumns = [
  "f.outcome",
  "f.status",
  "f.severity",
  "f.message",
  "e.value as evidence",
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
  "e.value as evidence",
  "o.guidance",
  "o.catalogue",
  "o.valid_from",
  "o.valid_to",
] as const;

type OutcomeColumns = Pick<
  OutcomeInterval,
  "outcome" | "status" | "severity" | "message" | "guidance" | "catalogue"
> & {
  readonly evidence: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
};

/** Later than every outcome. */
const endOfTime = Number.MAX_SAFE_INTEGER;

/** So many findings are asked for at once; places that are left have null, which is no finding's number. */
const places = Array.from({ length: 100 }, (_, place) => `seq_${place}`);
type Places = Readonly<Record<string, number | null>>;
/** A place, and the moment of the question. */
type Values = Places & { readonly at: number };

/** Those whose latest outcome held at the moment; a retired finding keeps its last one. */
const standing = statement<Values>()((db, value) =>
  db
    .selectFrom("finding as f")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .innerJoin("content as e", "e.hash", "f.evidence")
    .select([...questionColumns, ...standingColumns, "f.decided", "f.opened_at", "f.resolved_at"])
    .where("f.seq", "in", places.map(value))
    .where("f.changed_at", "<=", value("at")),
);

/** Those that said something then which is over now. */
const past = statement<Values>()((db, value) =>
  db
    .selectFrom("past_outcome as o")
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select([...questionColumns, ...pastColumns, "o.decided", "o.opened_at", "o.resolved_at"])
    .where("o.finding_seq", "in", places.map(value))
    .where("o.valid_from", "<=", value("at"))
    .where("o.valid_to", ">", value("at")),
);

type Row = NonNullable<(typeof standing)["row"] | (typeof past)["row"]>;

/** All outcomes up to the moment: of each finding there are few. */
const before = statement<Values>()((db, value) =>
  db
    .selectFrom("past_outcome as o")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select(["o.finding_seq as seq", "o.number", ...pastColumns])
    .where("o.finding_seq", "in", places.map(value))
    .where("o.valid_from", "<=", value("at")),
);

function ofAll<R>(
  statements: Statements,
  asked: Statement<Values, R>,
  seqs: readonly number[],
  at: number,
): readonly R[] {
  const portions = Array.from({ length: Math.ceil(seqs.length / places.length) }, (_, portion) => {
    const first = portion * places.length;
    const entries = places.map((name, place): [string, number | null] => [name, seqs[first + place] ?? null]);
    return { ...Object.fromEntries(entries), at } as Values;
  });
  return portions.flatMap((values) => statements.all(asked, values));
}

/** Where an outcome decided nothing: the last one before it that did, which is over. */
function readDecided(statements: Statements, rows: readonly Row[], at: number): ReadonlyMap<number, OutcomeInterval> {
  const numbers = new Map(
    rows.flatMap(({ seq, outcome, decided }) => (isDecided(outcome) || decided === null ? [] : [[seq, decided]])),
  );
  return new Map(
    ofAll(statements, before, [...numbers.keys()], at)
      .filter(({ seq, number }) => numbers.get(seq) === number)
      .map((row): [number, OutcomeInterval] => [row.seq, intervalOf(row, at)]),
  );
}

function findingOf(row: Row, decided: OutcomeInterval | undefined, as_of: number | undefined): Finding {
  return {
    id: row.id,
    check: row.check_id,
    provider: row.provider,
    key: row.key_name === "" ? null : row.key_name,
    resource: { kind: row.resource_kind ?? row.kind, name: row.resource },
    status: row.status,
    latest: intervalOf(row, as_of),
    last_decided: decided ?? null,
    opened_at: row.opened_at,
    resolved_at: row.resolved_at,
  };
}

/** What came after the moment of the question is not part of the answer. */
function intervalOf(row: OutcomeColumns, as_of: number | undefined): OutcomeInterval {
  const { outcome, status, severity, message, guidance, catalogue, valid_from, valid_to } = row;
  return {
    outcome,
    status,
    severity,
    message,
    evidence: parseContent(row.evidence),
    guidance,
    catalogue,
    since: valid_from,
    until: valid_to === null || as_of === undefined || valid_to <= as_of ? valid_to : null,
  };
}
