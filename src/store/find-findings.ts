/**
 * Pages of findings. Rows come either by a filter's index and are then sorted, or in the order of the sort and are then
 * filtered. Which of them is fast depends on how many rows a filter lets through, so that is counted first, up to a
 * limit; SQLite's planner cannot know it.
 */
import { sql } from "kysely";
import { findingStatuses } from "../model/finding.ts";
import type { FindingFilters, FindingPage, FindingQuery, FindingSort } from "../model/finding-query.ts";
import { outcomes, severities } from "../model/outcome.ts";
import type { Db } from "./database.ts";
import { readFindings } from "./finding-rows.ts";
import { type Column, type Condition, type Criterion, findingSource, type Lead } from "./finding-source.ts";

/** How rows are found. */
interface Path {
  readonly lead: Lead;
  /** The criteria that an index answers; the others are hidden from the planner. */
  readonly by: readonly Criterion[];
  /** Whether an index gives the order too. */
  readonly sorted: boolean;
}

/** Up to that many rows are read and sorted; of outcomes the index alone, as most of them held at another time. */
const usualFewRows = { finding: 20_000, outcome: 100_000 };
const kinds = ["status", "outcome", "severity", "guidance"] as const satisfies readonly Criterion[];
/** What outcomes do not have themselves. */
const ofFinding = ["provider", "key", "check"] as const;
const worstFirst = { by: "severity", direction: "asc" } as const;

/** Finds the ids first, by index, and reads the rest of only as many rows as the page has. */
export async function findFindings(db: Db, query: FindingQuery, fewRows = usualFewRows): Promise<FindingPage> {
  const criteria = criteriaOf(query.filters ?? {});
  const few = query.as_of === undefined ? fewRows.finding : fewRows.outcome;
  const path = await choosePath(db, query, criteria, few);
  const rows = await findRows(db, query, criteria, path);
  const page = rows.slice(0, query.limit);
  const ids = page.map(({ id }) => id);
  const findings = await readFindings(db, ids, query.as_of);
  return { findings, next: rows.length > query.limit ? (page.at(-1) ?? null) : null };
}

/** What a question asks of each column. */
type Criteria = ReadonlyMap<Criterion, (column: Column) => Condition>;

function criteriaOf({ changed_since, severity = [], ...lists }: FindingFilters): Criteria {
  const criteria = new Map<Criterion, (column: Column) => Condition>();
  for (const [name, values] of Object.entries(lists)) {
    if (values.length > 0) {
      criteria.set(name as keyof typeof lists, oneOf(values));
    }
  }
  if (severity.length > 0) {
    criteria.set("severity", oneOf(severity.map((name) => severities.indexOf(name))));
  }
  if (changed_since !== undefined) {
    criteria.set("changed_since", (column) => sql`${column} >= ${changed_since}`);
  }
  if (criteria.size === 0) {
    // Written out: SQLite does not use a partial index for a condition whose value is a parameter.
    criteria.set("in_need", (column) => sql`${column} = 1`);
  }
  return criteria;
}

function oneOf(values: readonly (string | number)[]): (column: Column) => Condition {
  return (column) => sql`${column} in (${sql.join(values)})`;
}

/** The columns of the index of kinds that come before the guidance; one that is not asked for may hold anything. */
const anyKind: Criteria = new Map([
  ["status", oneOf(findingStatuses)],
  ["outcome", oneOf(outcomes)],
  ["severity", oneOf(severities.keys().toArray())],
]);

async function choosePath(
  db: Db,
  { as_of, sort = worstFirst }: FindingQuery,
  criteria: Criteria,
  few: number,
): Promise<Path> {
  for (const selective of ["key", "check"] as const) {
    if (criteria.has(selective)) {
      return { lead: "finding", by: [selective], sorted: false };
    }
  }
  for (const by of [["in_need"], ["changed_since"], kinds] as const) {
    const asked = by.some((criterion) => criteria.has(criterion));
    if (asked && (await countRows(db, { as_of, criteria, by, limit: few + 1 })) <= few) {
      return { lead: "outcome", by, sorted: false };
    }
  }
  return pathInOrder(sort.by);
}

/** Where the order's own column is filtered by too, its index leads to the right place at once. */
function pathInOrder(sort: FindingSort): Path {
  switch (sort) {
    case "severity":
      return { lead: "outcome", by: ["severity"], sorted: true };
    case "changed":
      return { lead: "outcome", by: ["changed_since"], sorted: true };
    case "id":
      return { lead: "outcome", by: [], sorted: true };
    case "check":
    case "key":
      return { lead: "finding", by: [], sorted: true };
  }
}

interface Sample {
  readonly as_of: number | undefined;
  readonly criteria: Criteria;
  readonly by: readonly Criterion[];
  readonly limit: number;
}

/** How many rows an index leads to, counted up to a limit. */
async function countRows(db: Db, { as_of, criteria, by, limit }: Sample): Promise<number> {
  const { first, columns } = findingSource(as_of, "outcome");
  const conditions = by.flatMap((criterion) => {
    const condition = criteria.get(criterion) ?? anyKind.get(criterion);
    return condition === undefined ? [] : [condition(columns[criterion])];
  });
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from
      (select 1 from ${first} where ${sql.join(conditions, sql` and `)} limit ${limit}) as some_rows
  `.execute(db);
  return rows[0]?.count ?? 0;
}

async function findRows(
  db: Db,
  { as_of, sort = worstFirst, after, limit }: FindingQuery,
  criteria: Criteria,
  path: Path,
): Promise<readonly { readonly id: string; readonly value: string | number }[]> {
  const { first, second, id, columns, sorts, held } = findingSource(as_of, path.lead);
  const column = sorts[sort.by];
  const value = path.sorted ? column : hidden(column);
  const needsBoth = path.lead === "finding" || ofFinding.some((name) => criteria.has(name) || sort.by === name);
  const joined = needsBoth ? second : undefined;
  const began = value === sorts.changed ? value : hidden(sorts.changed);
  const conditions = [...held(began), ...(joined === undefined ? [] : [joined.joined])];
  for (const [criterion, condition] of path.by === kinds ? new Map([...anyKind, ...criteria]) : criteria) {
    conditions.push(condition(path.by.includes(criterion) ? columns[criterion] : hidden(columns[criterion])));
  }
  if (after !== undefined) {
    conditions.push(sql`(${value}, ${id}) ${sort.direction === "asc" ? sql`>` : sql`<`} (${after.value}, ${after.id})`);
  }
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const direction = sort.direction === "asc" ? sql`asc` : sql`desc`;
  // A cross join keeps SQLite to this order of reading.
  const tables = joined === undefined ? first : sql`${first} cross join ${joined.table}`;
  const { rows } = await sql<{ readonly id: string; readonly value: string | number }>`
    select ${id} as id, ${column} as value from ${tables} ${where}
    order by ${value} ${direction}, ${id} ${direction} limit ${limit + 1}
  `.execute(db);
  return rows;
}

/** An expression that no index knows. */
function hidden(column: Column): Column {
  return sql`coalesce(${column}, ${column})`;
}
