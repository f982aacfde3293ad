/** Findings as the model has them: what holds now from their own rows, what held before from those of past outcomes. */
import { sql } from "kysely";
import type { Finding, OutcomeInterval } from "../model/finding.ts";
import { isDecided } from "../model/outcome.ts";
import { parseContent } from "./content.ts";
import type { Db } from "./database.ts";

/** These findings by their numbers, in that order, as they were concluded by a moment or, without one, as they are now. */
export async function readFindings(
  db: Db,
  seqs: readonly number[],
  as_of: number | undefined,
): Promise<readonly Finding[]> {
  if (seqs.length === 0) {
    return [];
  }
  const rows = new Map((await selectStanding(db, seqs, as_of).execute()).map((row): [number, Row] => [row.seq, row]));
  const others = as_of === undefined ? [] : seqs.filter((seq) => !rows.has(seq));
  if (as_of !== undefined && others.length > 0) {
    for (const row of await selectPast(db, others, as_of).execute()) rows.set(row.seq, row);
  }
  const decided = await readDecided(db, [...rows.values()], as_of);
  return seqs.flatMap((seq) => {
    const row = rows.get(seq);
    return row === undefined ? [] : [findingOf(row, decided.get(seq), as_of)];
  });
}

export async function readFinding(db: Db, id: string, as_of: number | undefined): Promise<Finding | undefined> {
  const row = await db.selectFrom("finding").select("seq").where("id", "=", id).executeTakeFirst();
  const [finding] = row === undefined ? [] : await readFindings(db, [row.seq], as_of);
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

type Row = Awaited<ReturnType<ReturnType<typeof selectStanding | typeof selectPast>["execute"]>>[number];

type OutcomeColumns = Pick<
  OutcomeInterval,
  "outcome" | "status" | "severity" | "message" | "guidance" | "catalogue"
> & {
  readonly evidence: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
};

/** Those whose latest outcome held at the moment; a retired finding keeps its last one. */
function selectStanding(db: Db, seqs: readonly number[], as_of: number | undefined) {
  const query = db
    .selectFrom("finding as f")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .innerJoin("content as e", "e.hash", "f.evidence")
    .select([...questionColumns, ...standingColumns, "f.decided", "f.opened_at", "f.resolved_at"])
    .where("f.seq", "in", seqs);
  return as_of === undefined ? query : query.where("f.changed_at", "<=", as_of);
}

/** Those that said something then which is over now. */
function selectPast(db: Db, seqs: readonly number[], as_of: number) {
  return db
    .selectFrom("past_outcome as o")
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select([...questionColumns, ...pastColumns, "o.decided", "o.opened_at", "o.resolved_at"])
    .where("o.finding_seq", "in", seqs)
    .where("o.valid_from", "<=", as_of)
    .where("o.valid_to", ">", as_of);
}

/** Where an outcome decided nothing: the last one before it that did, which is over. */
async function readDecided(
  db: Db,
  rows: readonly Row[],
  as_of: number | undefined,
): Promise<ReadonlyMap<number, OutcomeInterval>> {
  const numbers = new Map(
    rows.flatMap(({ seq, outcome, decided }) => (decided === null || isDecided(outcome) ? [] : [[seq, decided]])),
  );
  if (numbers.size === 0) {
    return new Map();
  }
  const past = await db
    .selectFrom("past_outcome as o")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select(["o.finding_seq as seq", "o.number", ...pastColumns])
    .where("o.finding_seq", "in", [...numbers.keys()])
    // Of the findings together: each has few outcomes, and what is another's is left out below.
    .where("o.number", "in", [...new Set(numbers.values())])
    .execute();
  return new Map(
    past
      .filter(({ seq, number }) => numbers.get(seq) === number)
      .map((row): [number, OutcomeInterval] => [row.seq, intervalOf(row, as_of)]),
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
