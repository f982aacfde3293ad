/**
 * Pages of findings: the ids first, then the rest of only as many rows as the page has. A question about the past has two
 * halves: findings that say now what they said then, and outcomes that are over. Where few have ended since, as cursors
 * ask, these are simply read.
 */
import type { FindingCursor, FindingPage, FindingQuery } from "../model/finding-query.ts";
import type { Db } from "./database.ts";
import { countOver, findOver, findPast } from "./find-past-findings.ts";
import { findPresent } from "./find-present-findings.ts";
import { criteriaOf, type ListedRow, mergedRows, worstFirst } from "./finding-criteria.ts";
import { type Reading, readFindings } from "./finding-rows.ts";
import { lastChange } from "./last-change.ts";

/** Up to how many rows are read and sorted, rather than found in the order of the page. */
export interface FewRows {
  readonly present: number;
  /** Outcomes that are over since a moment of the recent past. */
  readonly over: number;
  readonly past: number;
}
export const usualFewRows: FewRows = { present: 2_000, over: 2_000, past: 100_000 };

/** Undefined for a moment since which much has changed: that takes long, and is `findPastFindings`'s to answer. */
export async function findFindings(
  reading: Reading,
  query: FindingQuery,
  few: FewRows = usualFewRows,
): Promise<FindingPage | undefined> {
  const { db } = reading;
  const { as_of } = query;
  if (as_of === undefined) {
    const question = { ...(await questionOf(db, query)), until: undefined, few: few.present };
    return pageOf(reading, query, await findPresent(db, question));
  }
  const isMuch = (await countOver(db, as_of, few.over + 1)) > few.over;
  return isMuch ? undefined : pageThen(reading, { ...query, as_of }, few, findOver);
}

/** May read for long: to be asked where nobody waits for anything else. */
export async function findPastFindings(
  reading: Reading,
  query: FindingQuery,
  few: FewRows = usualFewRows,
): Promise<FindingPage> {
  const { as_of } = query;
  if (as_of === undefined) throw new TypeError("the present is no past moment");
  return pageThen(reading, { ...query, as_of }, few, findPast);
}

/** Findings that say now what they said then, and with them, found in one way or another, what is over. */
async function pageThen(
  reading: Reading,
  query: FindingQuery & { readonly as_of: number },
  few: FewRows,
  findOthers: typeof findPast,
): Promise<FindingPage> {
  const { db } = reading;
  const { as_of, filters = {} } = query;
  const question = await questionOf(db, query);
  const standing = await findPresent(db, { ...question, until: as_of, few: few.present });
  const others = await findOthers(db, { ...question, criteria: criteriaOf(filters, "rank"), as_of, few: few.past });
  return pageOf(reading, query, mergedRows(question, standing, others));
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

function pageOf({ statements }: Reading, { as_of, limit }: FindingQuery, rows: readonly ListedRow[]): FindingPage {
  const page = rows.slice(0, limit);
  const findings = readFindings(statements, page, as_of);
  const [row, finding] = [page.at(-1), findings.at(-1)];
  const isLastPage = rows.length <= limit || row === undefined || finding === undefined;
  const next = isLastPage ? null : { value: row.value, id: finding.id };
  return { findings, next, changed_at: lastChange(statements).changed_at };
}
