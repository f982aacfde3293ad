/**
 * Pages of findings: the ids first, then the rest of only as many rows as the page has. A question about the recent past
 * is one about the present, put right by what has changed since; cursors ask such questions.
 */
import { sql } from "kysely";
import type { FindingCursor, FindingPage, FindingQuery, FindingSort } from "../model/finding-query.ts";
import type { Db } from "./database.ts";
import { findPast } from "./find-past-findings.ts";
import { findPresent, type PresentQuestion } from "./find-present-findings.ts";
import {
  allOf,
  type Column,
  type Criterion,
  columnNamed,
  comesAfter,
  criteriaOf,
  directionOf,
  type ListedRow,
  mergedRows,
  worstFirst,
} from "./finding-criteria.ts";
import { readFindings } from "./finding-rows.ts";
import { changedAt } from "./key-reads.ts";

/** Up to how many rows are read and sorted, rather than found in the order of the page. */
export interface FewRows {
  readonly present: number;
  /** Outcomes that are over since a moment of the recent past. */
  readonly over: number;
  readonly past: number;
}
export const usualFewRows: FewRows = { present: 4_000, over: 2_000, past: 100_000 };

/** Undefined for a moment since which much has changed: that takes long, and is `findPastFindings`'s to answer. */
export async function findFindings(
  db: Db,
  query: FindingQuery,
  few: FewRows = usualFewRows,
): Promise<FindingPage | undefined> {
  const { as_of } = query;
  if (as_of !== undefined && (await countOver(db, as_of, few.over + 1)) > few.over) return undefined;
  const question = { ...(await questionOf(db, query)), until: as_of, few: few.present };
  const standing = await findPresent(db, question);
  const rows = as_of === undefined ? standing : mergedRows(question, standing, await findOver(db, question, as_of));
  return pageOf(db, query, rows);
}

/** May read for long: to be asked where nobody waits for anything else. */
export async function findPastFindings(db: Db, query: FindingQuery, few: FewRows = usualFewRows): Promise<FindingPage> {
  const { as_of } = query;
  if (as_of === undefined) throw new TypeError("the present is no past moment");
  const criteria = criteriaOf(query.filters ?? {}, "rank");
  return pageOf(db, query, await findPast(db, { ...(await questionOf(db, query)), criteria, as_of, few: few.past }));
}

/** One row more than the page has tells whether there is a next one. */
async function questionOf(db: Db, { filters = {}, sort = worstFirst, after, limit }: FindingQuery) {
  const place = after === undefined ? undefined : await placeOf(db, after);
  return { criteria: criteriaOf(filters), sort, after: place, limit: limit + 1 };
}

/** No finding is ever removed: one that is not there was another database's. */
async function placeOf(db: Db, { id, value }: FindingCursor): Promise<ListedRow> {
  const row = await db.selectFrom("finding").select("seq").where("id", "=", id).executeTakeFirst();
  return { seq: row?.seq ?? 0, value };
}

async function pageOf(db: Db, { as_of, limit }: FindingQuery, rows: readonly ListedRow[]): Promise<FindingPage> {
  const page = rows.slice(0, limit);
  const findings = await readFindings(
    db,
    page.map(({ seq }) => seq),
    as_of,
  );
  const [row, finding] = [page.at(-1), findings.at(-1)];
  const isLastPage = rows.length <= limit || row === undefined || finding === undefined;
  const next = isLastPage ? null : { value: row.value, id: finding.id };
  return { findings, next, changed_at: await changedAt(db) };
}

/** How many outcomes have ended since a moment, counted up to a limit. */
async function countOver(db: Db, as_of: number, limit: number): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from
      (select 1 from outcome as o indexed by outcome_over where o.valid_to > ${as_of} limit ${limit}) as some_rows
  `.execute(db);
  return rows[0]?.count ?? 0;
}

const columns: Readonly<Record<Criterion, Column>> = {
  provider: columnNamed("f.provider"),
  key: columnNamed("f.key_name"),
  check: columnNamed("f.check_id"),
  severity: columnNamed("o.severity"),
  outcome: columnNamed("o.outcome"),
  status: columnNamed("o.status"),
  guidance: columnNamed("o.guidance"),
  changed_since: columnNamed("o.valid_from"),
  in_need: columnNamed("o.in_need"),
};
const seq = columnNamed("f.seq");
const sorts: Readonly<Record<FindingSort, Column>> = {
  ...columns,
  severity: columnNamed("o.severity_rank"),
  changed: columns.changed_since,
  id: columnNamed("f.id"),
};

/** The first of the outcomes that held at a moment and are over now. */
async function findOver(db: Db, { criteria, sort, after, limit }: PresentQuestion, as_of: number) {
  const value = sorts[sort.by];
  const conditions = [...criteria].map(([criterion, condition]) => condition(columns[criterion]));
  if (after !== undefined) conditions.push(comesAfter(sort, value, seq, after));
  const { rows } = await sql<ListedRow>`
    select f.seq as seq, ${value} as value
    from outcome as o indexed by outcome_over cross join finding as f on f.seq = o.finding_seq
    where o.valid_to > ${as_of} and o.valid_from <= ${as_of} and ${allOf(conditions)}
    order by value ${directionOf(sort)}, seq ${directionOf(sort)} limit ${limit}
  `.execute(db);
  return rows;
}
