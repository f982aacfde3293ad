/**
 * Pages of findings: the ids first, then the rest of only as many rows as the page has. A question about the past has two
 * halves: findings that say now what they said then, and outcomes that are over. Where few have ended since, as cursors
 * ask, these are simply read.
 */
import type { FindingCursor, FindingPage, FindingQuery } from "../model/finding-query.ts";
import { countOver, findOver, findPast, type PastQuestion } from "./find-past-findings.ts";
import { findPresent, type PresentQuestion } from "./find-present-findings.ts";
import { criteriaOf, type ListedRow, mergedRows, worstFirst } from "./finding-criteria.ts";
import { type Reading, readFindings } from "./finding-rows.ts";
import { lastChange } from "./last-change.ts";
import { type Statements, statement } from "./statements.ts";

/** Up to how many rows are read and sorted, rather than found in the order of the page. */
export interface FewRows {
  readonly present: number;
  /** Outcomes that are over since a moment of the recent past. */
  readonly over: number;
  readonly past: number;
  /** Of the past, in the order of the page: between its first row and the last that the present gives it. */
  readonly between: number;
}
export const usualFewRows: FewRows = { present: 3_000, over: 2_000, past: 100_000, between: 8_000 };

/** Undefined for a moment since which much has changed: that takes long, and is `findPastFindings`'s to answer. */
export async function findFindings(
  reading: Reading,
  query: FindingQuery,
  few: FewRows = usualFewRows,
): Promise<FindingPage | undefined> {
  const { db, statements } = reading;
  const { as_of } = query;
  if (as_of === undefined) {
    const question = { ...questionOf(reading, query), until: undefined, isLongAgo: false, few: few.present };
    return pageOf(reading, query, await findPresent(db, question));
  }
  const over = countOver(statements, as_of, few.over + 1);
  if (over > few.over) return undefined;
  return pageThen(reading, { ...query, as_of }, few, {
    find: over === 0 ? findNothing : findOver,
    // Reading what is over costs less than a walk over more.
    fewBetween: Math.min(over, few.between),
    isLongAgo: over > few.present,
  });
}

const findNothing: typeof findPast = () => Promise.resolve([]);

/** May read for long: to be asked where nobody waits for anything else. */
export async function findPastFindings(
  reading: Reading,
  query: FindingQuery,
  few: FewRows = usualFewRows,
): Promise<FindingPage> {
  const { as_of } = query;
  if (as_of === undefined) throw new TypeError("the present is no past moment");
  return pageThen(reading, { ...query, as_of }, few, { find: findPast, fewBetween: few.between, isLongAgo: true });
}

/** How outcomes that are over are found. */
interface Others extends Pick<PastQuestion, "fewBetween">, Pick<PresentQuestion, "isLongAgo"> {
  readonly find: typeof findPast;
}

/** Findings that say now what they said then, and with them, found in one way or another, what is over. */
async function pageThen(
  reading: Reading,
  query: FindingQuery & { readonly as_of: number },
  few: FewRows,
  { find, fewBetween, isLongAgo }: Others,
): Promise<FindingPage> {
  const { db } = reading;
  const { as_of, filters = {} } = query;
  const question = questionOf(reading, query);
  const standing = await findPresent(db, { ...question, until: as_of, isLongAgo, few: few.present });
  // What comes after a full page is on another one.
  const before = standing.length < question.limit ? undefined : standing.at(-1);
  const past = { ...question, before, criteria: criteriaOf(filters, "rank"), as_of };
  const others = await find(db, { ...past, few: few.past, fewBetween });
  return pageOf(reading, query, mergedRows(question, standing, others));
}

/** One row more than the page has tells whether there is a next one. */
function questionOf({ statements, counters }: Reading, query: FindingQuery) {
  const { filters = {}, sort = worstFirst, after, limit } = query;
  const place = after && placeOf(statements, after);
  return { counters, criteria: criteriaOf(filters), sort, after: place, limit: limit + 1 };
}

const numberOf = statement<{ readonly id: string }>()((db, value) =>
  db.selectFrom("finding").select("seq").where("id", "=", value("id")),
);

/** No finding is ever removed: one that is not there was another database's. */
function placeOf(statements: Statements, { id, value }: FindingCursor): ListedRow {
  const [row] = statements.all(numberOf, { id });
  return { seq: row?.seq ?? 0, value };
}

function pageOf(reading: Reading, { as_of, limit }: FindingQuery, rows: readonly ListedRow[]): FindingPage {
  const page = rows.slice(0, limit);
  const findings = readFindings(reading, page, as_of);
  const [row, finding] = [page.at(-1), findings.at(-1)];
  const isLastPage = rows.length <= limit || row === undefined || finding === undefined;
  const next = isLastPage ? null : { value: row.value, id: finding.id };
  return { findings, next, changed_at: lastChange(reading.statements).changed_at };
}
