/**
 * Which findings a page about the present has. The counters tell beforehand how many rows a question leads to: few are
 * read by their index and sorted; where there are many, the index of the order is walked until the page is full. Every
 * index that is walked holds all that is filtered by, so that a row that does not match costs next to nothing.
 *
 * Which index is read is said to SQLite, as its planner knows no counts.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { FindingSort } from "../model/finding-query.ts";
import { severities } from "../model/outcome.ts";
import { countRows } from "./count-rows.ts";
import type { Db } from "./database.ts";
import { counted, countersOf, type FindingCounters, isOf, type Part, partedBy, sum } from "./finding-counters.ts";
import {
  allOf,
  type Column,
  type Condition,
  type Criteria,
  type Criterion,
  columnNamed,
  comesAfter,
  compareValues,
  directionOf,
  type FindingOrder,
  type ListedRow,
  mergedRows,
  severityRank,
} from "./finding-criteria.ts";

export interface PresentQuestion {
  readonly counters: () => FindingCounters;
  readonly criteria: Criteria;
  readonly sort: FindingOrder;
  readonly after: ListedRow | undefined;
  readonly limit: number;
  /** Only findings whose latest outcome began by this moment, in epoch milliseconds. */
  readonly until: number | undefined;
  /** Whether much has changed since then, so that the counters tell little of what was there. */
  readonly isLongAgo: boolean;
  /** Up to so many rows are read and sorted. */
  readonly few: number;
}

export async function findPresent(db: Db, asked: PresentQuestion): Promise<readonly ListedRow[]> {
  const { sort, few, isLongAgo } = asked;
  if (asked.criteria.has("key")) return gather(db, asked, byKey(asked));
  const counters = asked.counters();
  const criteria = counters.withoutIdleProvider(asked.criteria);
  const question = { ...asked, criteria };
  if (criteria.has("changed_since") && !isByParts(question)) {
    const isCommon = sort.by !== "id" && counters.isOftenSo(criteria);
    const changed = await gatherFew(db, question, isCommon ? byKinds(question) : byGroups(question));
    if (changed !== undefined) return changed;
  }
  const parts = counters.partsOf(criteria, partedBy[sort.by]);
  if (sum(parts) === 0) return [];
  if (!isByParts(question)) {
    if (sum(parts) <= few) return gather(db, question, byGroups(question));
    const isUncounted = isLongAgo && !criteria.has("changed_since");
    const stillThere = isUncounted ? await gatherFew(db, question, byGroups(question)) : undefined;
    if (stillThere !== undefined) return stillThere;
  }
  switch (sort.by) {
    case "severity":
    case "check":
      return partByPart(db, question, parts);
    case "key":
      return walk(db, question, [rowsOf("finding_key", conditionsOf(question))]);
    case "id":
      return walk(db, question, [rowsOf("finding_id", conditionsOf(question))]);
    case "changed":
      return mergeParts(db, question, parts);
  }
}

/** A table expression named f, and what holds of its rows. */
interface Rows {
  readonly from: RawBuilder<unknown>;
  readonly where: Condition;
}

const columns: Readonly<Record<Criterion, Column>> = {
  provider: columnNamed("f.provider"),
  key: columnNamed("f.key_name"),
  check: columnNamed("f.check_id"),
  severity: columnNamed("f.severity"),
  outcome: columnNamed("f.outcome"),
  status: columnNamed("f.status"),
  guidance: columnNamed("f.guidance"),
  changed_since: columnNamed("f.changed_at"),
  // Of the columns that the indexes have.
  in_need: sql`(f.status in ('open', 'accepted') or (f.status <> 'retired' and f.outcome in ('unknown', 'error')))`,
};
const seq = columnNamed("f.seq");
const sorts: Readonly<Record<FindingSort, Column>> = {
  severity: severityRank(columns.severity),
  changed: columns.changed_since,
  check: columns.check,
  key: columns.key,
  id: columnNamed("f.id"),
};
function conditionsOf({ criteria, until }: PresentQuestion): readonly Condition[] {
  const asked = [...criteria].map(([criterion, wanted]) => wanted.of(columns[criterion]));
  return until === undefined ? asked : [...asked, sql`f.changed_at <= ${until}`];
}

function rowsOf(index: string, conditions: readonly Condition[]): Rows {
  return { from: sql`finding as f indexed by ${sql.ref(index)}`, where: allOf(conditions) };
}

function byKey(question: PresentQuestion): Rows {
  return rowsOf("finding_key", conditionsOf(question));
}

/** By all that the counters are kept by, and among those from the asked time on. */
function byGroups(question: PresentQuestion, further: readonly Condition[] = []): Rows {
  return {
    from: sql`finding_count as c cross join finding as f indexed by finding_group`,
    where: allOf([
      countersOf(question.criteria),
      sql`f.provider = c.provider and f.check_id = c.check_id and f.severity = c.severity`,
      sql`f.status = c.status and f.outcome = c.outcome and f.guidance = c.guidance`,
      ...conditionsOf(question),
      ...further,
    ]),
  };
}

/** By their kinds, of which there are far fewer than groups, and among those from the asked time on. */
function byKinds(question: PresentQuestion): Rows {
  const kind = sql.join(partedBy.changed.map((criterion) => counted[criterion]));
  return {
    from: sql`(select distinct ${kind} from finding_count as c where ${countersOf(question.criteria)}) as k
      cross join finding as f indexed by finding_kind`,
    where: allOf([
      sql`f.status = k.status and f.outcome = k.outcome and f.guidance = k.guidance`,
      ...conditionsOf(question),
    ]),
  };
}

/** Reads all of the rows and keeps the first of them. */
async function gather(db: Db, { sort, after, limit }: PresentQuestion, { from, where }: Rows) {
  const value = sorts[sort.by];
  const place = after === undefined ? sql`true` : comesAfter(sort, value, seq, after);
  const direction = directionOf(sort);
  const { rows } = await sql<ListedRow>`
    select f.seq as seq, ${value} as value from ${from} where ${where} and ${place}
    order by value ${direction}, seq ${direction} limit ${limit}
  `.execute(db);
  return rows;
}

/** As `gather`, of rows that no counter tells the number of; undefined where they are too many. */
async function gatherFew(db: Db, question: PresentQuestion, found: Rows): Promise<readonly ListedRow[] | undefined> {
  const { few } = question;
  const count = await countRows(db, sql`${found.from} where ${found.where}`, few + 1);
  if (count === 0) return [];
  return count > few ? undefined : gather(db, question, found);
}

/** Merges rows that an index gives in the order of the page each, and stops when it is full. */
async function walk(db: Db, { sort, after, limit }: PresentQuestion, walks: readonly Rows[]) {
  const value = sorts[sort.by];
  const place = after === undefined ? sql`true` : comesAfter(sort, value, seq, after);
  const direction = directionOf(sort);
  // Of one severity or check: there only the numbers make an order.
  const isPart = sort.by === "severity" || sort.by === "check";
  const all = walks.map(
    ({ from, where }) => sql`select f.seq as seq, ${value} as value from ${from} where ${where} and ${place}`,
  );
  const { rows } = await sql<ListedRow>`
    ${sql.join(all, sql` union all `)} order by ${isPart ? sql`` : sql`value ${direction},`} seq ${direction} limit ${limit}
  `.execute(db);
  return rows;
}

/** One part after the other. */
async function partByPart(db: Db, question: PresentQuestion, parts: readonly Part[]): Promise<readonly ListedRow[]> {
  const { sort, after, limit, few } = question;
  const index = sort.by === "severity" ? "finding_severity" : "finding_check";
  const sign = sort.direction === "asc" ? 1 : -1;
  const inOrder = parts
    .map((part) => ({ ...part, value: orderOf(part) }))
    .toSorted((a, b) => sign * compareValues(a.value, b.value));
  const found: ListedRow[] = [];
  for (const { value, ...part } of inOrder) {
    if (found.length === limit) break;
    if (after !== undefined && sign * compareValues(value, after.value) < 0) continue;
    const rest = { ...question, after: undefined, limit: limit - found.length };
    const place = after?.value === value ? [numberComesAfter(sort, after.seq)] : [];
    const rows =
      part.count <= few
        ? await gather(db, rest, byGroups(question, [isOf(part, counted), ...place]))
        : await walk(db, rest, [rowsOf(index, [isOf(part, columns), ...conditionsOf(question), ...place])]);
    found.push(...rows);
  }
  return found;
}

/** Whether the parts of an order by time hold, from the asked time on, nothing but what is asked for. */
function isByParts({ criteria, sort }: PresentQuestion): boolean {
  const ofParts: readonly Criterion[] = [...partedBy.changed, "in_need", "changed_since"];
  return sort.by === "changed" && criteria.keys().every((criterion) => ofParts.includes(criterion));
}

/** All parts at once. The small ones are gathered where they have other rows too: theirs could be anywhere in the order. */
async function mergeParts(db: Db, question: PresentQuestion, parts: readonly Part[]): Promise<readonly ListedRow[]> {
  const bySize = parts.toSorted((a, b) => a.count - b.count);
  const firstLarge = isByParts(question)
    ? 0
    : bySize.findIndex((_, place) => sum(bySize.slice(0, place + 1)) > question.few);
  const small = bySize.slice(0, firstLarge);
  const large = bySize.slice(firstLarge);
  const walks = large.map((part) => rowsOf("finding_kind", [isOf(part, columns), ...conditionsOf(question)]));
  const walked = await walk(db, question, walks);
  if (small.length === 0) return walked;
  const isSmall = sql<SqlBool>`(${sql.join(
    small.map((part) => isOf(part, counted)),
    sql` or `,
  )})`;
  return mergedRows(question, walked, await gather(db, question, byGroups(question, [isSmall])));
}

/** What a part is sorted by. */
function orderOf({ has: [first] }: Part): string | number {
  const [criterion, value] = first ?? [];
  const rank = severities.findIndex((name) => name === value);
  return criterion === "severity" ? rank : (value ?? "");
}

function numberComesAfter({ direction }: FindingOrder, other: number): Condition {
  return sql`f.seq ${direction === "asc" ? sql`>` : sql`<`} ${other}`;
}
