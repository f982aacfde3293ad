/** Findings as the model has them, from the rows of their outcomes. */
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
  const rows = await selectHolding(db, seqs, as_of)
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select(["f.seq", "f.id", "f.check_id", "f.provider", "f.key_name", "s.kind", "s.resource", "s.resource_kind"])
    .select(["o.decided", "o.opened_at", "o.resolved_at"])
    .select(outcomeColumns)
    .execute();
  const undecided = rows.filter((row) => !isDecided(row.outcome) && row.decided !== null).map((row) => row.seq);
  const decided = await readDecided(db, undecided, as_of);
  const findings = new Map(
    rows.map((row): [number, Finding] => [
      row.seq,
      {
        id: row.id,
        check: row.check_id,
        provider: row.provider,
        key: row.key_name === "" ? null : row.key_name,
        resource: { kind: row.resource_kind ?? row.kind, name: row.resource },
        status: row.status,
        latest: intervalOf(row, as_of),
        last_decided: decided.get(row.seq) ?? null,
        opened_at: row.opened_at,
        resolved_at: row.resolved_at,
      },
    ]),
  );
  return seqs.flatMap((seq) => findings.get(seq) ?? []);
}

export async function readFinding(db: Db, id: string, as_of: number | undefined): Promise<Finding | undefined> {
  const row = await db.selectFrom("finding").select("seq").where("id", "=", id).executeTakeFirst();
  const [finding] = row === undefined ? [] : await readFindings(db, [row.seq], as_of);
  return finding;
}

/** All outcomes of a finding, oldest first. */
export async function readHistory(db: Db, id: string): Promise<readonly OutcomeInterval[]> {
  const rows = await db
    .selectFrom("outcome as o")
    .innerJoin("finding as f", "f.seq", "o.finding_seq")
    .innerJoin("content as e", "e.hash", "o.evidence")
    .select(outcomeColumns)
    .where("f.id", "=", id)
    .orderBy("o.number", "asc")
    .execute();
  return rows.map((row) => intervalOf(row, undefined));
}

const outcomeColumns = [
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

/** The outcomes that held at a moment; a retired finding keeps its last one. */
function selectHolding(db: Db, seqs: readonly number[], as_of: number | undefined) {
  const query = db.selectFrom("outcome as o").where("o.finding_seq", "in", seqs);
  return as_of === undefined
    ? query.where("o.valid_to", "is", null)
    : query
        .where("o.valid_from", "<=", as_of)
        .where(({ eb, or }) => or([eb("o.valid_to", "is", null), eb("o.valid_to", ">", as_of)]));
}

/** Where the outcome of that moment decided nothing: the last one before it that did. */
async function readDecided(
  db: Db,
  seqs: readonly number[],
  as_of: number | undefined,
): Promise<ReadonlyMap<number, OutcomeInterval>> {
  if (seqs.length === 0) {
    return new Map();
  }
  const rows = await selectHolding(db, seqs, as_of)
    .innerJoin("outcome as d", (join) =>
      join.onRef("d.finding_seq", "=", "o.finding_seq").onRef("d.number", "=", "o.decided"),
    )
    .innerJoin("content as e", "e.hash", "d.evidence")
    .select(["d.finding_seq", "d.outcome", "d.status", "d.severity", "d.message", "e.value as evidence"])
    .select(["d.guidance", "d.catalogue", "d.valid_from", "d.valid_to"])
    .execute();
  return new Map(rows.map((row) => [row.finding_seq, intervalOf(row, as_of)]));
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
