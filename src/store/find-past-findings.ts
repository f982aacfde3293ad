/**
 * The other half of a page about a past moment: which findings said something then that is over now. Rows come either by
 * a filter's index and are then sorted, or in the order of the page and are then filtered. Which of them is fast depends
 * on how many rows a filter lets through, so that is counted first, up to a limit; SQLite's planner cannot know it.
 */
import { type SqlBool, sql } from "kysely";
import { findingStatuses } from "../model/finding.ts";
import type { FindingSort } from "../model/finding-query.ts";
import { outcomes, severities } from "../model/outcome.ts";
import { countRows } from "./count-rows.ts";
import type { Db } from "./database.ts";
import {
  allOf,
  type Column,
  type Condition,
  type Criteria,
  type Criterion,
  columnNamed,
  comesAfter,
  comesBefore,
  directionOf,
  type FindingOrder,
  type ListedRow,
  oneOf,
  type Wanted,
} from "./finding-criteria.ts";
import { type Statements, statement } from "./statements.ts";

export interface PastQuestion {
  /** With severities by their ranks. */
  readonly criteria: Criteria;
  readonly sort: FindingOrder;
  readonly after: ListedRow | undefined;
  /** No row that comes after this one is asked for. */
  readonly before: ListedRow | undefined;
  readonly limit: number;
  /** Epoch milliseconds. */
  readonly as_of: number;
  /**
   * Up to so many rows are read and sorted: of the index alone, as most of them held at another time. Fewer, where the
   * findings of those that held are looked up for the order.
   */
  readonly few: number;
  /** Up to so many rows are read in the order of the page, where it is known between which places it lies. */
  readonly fewBetween: number;
}

/** How rows are found. */
interface Path {
  /** Of the past outcomes; without one they are found by the findings, which are walked by their own index. */
  readonly index: "over" | "in_need" | "changed" | "kind" | "severity" | "check" | undefined;
  /** The criteria that the index answers; the others are hidden from the planner. */
  readonly by: readonly Criterion[];
  /** Whether an index gives the order too. */
  readonly sorted: boolean;
  /** Whether it leads to the rows between two places of the order, and to no others. */
  readonly between?: boolean;
}

/** To look up the finding of an outcome costs about as much as to read so many rows of an index. */
const lookUp = 4;

const kinds = ["status", "outcome", "severity", "guidance"] as const satisfies readonly Criterion[];

const columns: Readonly<Record<Criterion, Column>> = {
  provider: columnNamed("o.provider"),
  key: columnNamed("f.key_name"),
  check: columnNamed("o.check_id"),
  severity: columnNamed("o.severity_rank"),
  outcome: columnNamed("o.outcome"),
  status: columnNamed("o.status"),
  guidance: columnNamed("o.guidance"),
  changed_since: columnNamed("o.valid_from"),
  // Of the columns that the indexes have.
  in_need: sql`(o.status in ('open', 'accepted') or (o.status <> 'retired' and o.outcome in ('unknown', 'error')))`,
};
const sorts: Readonly<Record<FindingSort, Column>> = {
  ...columns,
  changed: columns.changed_since,
  id: columnNamed("f.id"),
};

/** The columns of the index of kinds that come before the guidance; one that is not asked for may hold anything. */
const anyKind: Criteria = new Map([
  ["status", oneOf(findingStatuses)],
  ["outcome", oneOf(outcomes)],
  ["severity", oneOf(severities.keys().toArray())],
]);

const outcomesOver = statement<{ readonly as_of: number; readonly limit: number }>()((db, value) =>
  db
    .selectFrom((from) =>
      from
        .selectFrom("past_outcome")
        .select("number")
        .where("valid_to", ">", value("as_of"))
        .limit(value("limit"))
        .as("some_rows"),
    )
    .select(({ fn }) => fn.countAll<number>().as("count")),
);

/** How many outcomes have ended since a moment, counted up to a limit. */
export function countOver(statements: Statements, as_of: number, limit: number): number {
  const [row] = statements.all(outcomesOver, { as_of, limit });
  if (row === undefined) throw new TypeError("a count has no answer");
  return row.count;
}

/** Where few have ended since. */
export async function findOver(db: Db, question: PastQuestion): Promise<readonly ListedRow[]> {
  return find(db, question, (await pathBetween(db, question)) ?? { index: "over", by: [], sorted: false });
}

export async function findPast(db: Db, question: PastQuestion): Promise<readonly ListedRow[]> {
  return find(db, question, (await pathBetween(db, question)) ?? (await choosePath(db, question)));
}

async function find(db: Db, question: PastQuestion, path: Path): Promise<readonly ListedRow[]> {
  const { criteria, sort, after, limit, as_of } = question;
  const [value, seq] = orderOf(path, sort);
  const inOrderOfTime = path.sorted && !path.between && sort.by === "changed";
  const conditions = [...heldAt(as_of, path, inOrderOfTime), ...endedSince(as_of, path)];
  // Elsewhere its end would let fewer rows through and none be left unread.
  if (path.between) conditions.push(placesOf(question, value, seq));
  else if (after !== undefined) conditions.push(comesAfter(sort, value, seq, after));
  for (const [criterion, wanted] of path.index === "kind" ? new Map([...anyKind, ...criteria]) : criteria) {
    conditions.push(wanted.of(path.by.includes(criterion) ? indexed(criterion) : hidden(columns[criterion])));
  }
  const needsFinding = criteria.has("key") || sort.by === "key" || sort.by === "id";
  const direction = directionOf(sort);
  const { rows } = await sql<ListedRow>`
    select ${seq} as seq, ${sorts[sort.by]} as value, o.number as number from ${tablesOf(path, needsFinding)}
    where ${allOf(conditions)} order by ${value} ${direction}, ${seq} ${direction} limit ${limit}
  `.execute(db);
  return rows;
}

/** The columns of the order, as the path knows them. */
function orderOf({ index, sorted }: Path, { by }: FindingOrder): readonly [value: Column, seq: Column] {
  return [sorted ? sorts[by] : hidden(sorts[by]), columnNamed(index === undefined ? "f.seq" : "o.finding_seq")];
}

/** A cross join keeps SQLite to this order of reading. */
function tablesOf({ index }: Path, needsFinding: boolean) {
  if (index === undefined) return sql`finding as f cross join past_outcome as o on o.finding_seq = f.seq`;
  const past = pastBy(index);
  return needsFinding ? sql`${past} cross join finding as f on f.seq = o.finding_seq` : past;
}

/** That an outcome held at a moment; a time that the index does not begin with is hidden from the planner. */
function heldAt(as_of: number, { index, by }: Path, inOrderOfTime: boolean): Condition[] {
  const began = inOrderOfTime || by.includes("changed_since") ? columns.changed_since : hidden(columns.changed_since);
  const ended = columnNamed("o.valid_to");
  return [sql`${began} <= ${as_of}`, sql`${index === "over" ? ended : hidden(ended)} > ${as_of}`];
}

/** Where findings are walked: of one that said then what it says now, all that is over was over by then. */
function endedSince(as_of: number, { index }: Path): readonly Condition[] {
  return index === undefined ? [sql`f.changed_at > ${as_of}`] : [];
}

/** In the order of the page, where that leads to few rows. */
async function pathBetween(db: Db, question: PastQuestion): Promise<Path | undefined> {
  const { criteria, sort, before, fewBetween, as_of } = question;
  if (before === undefined || criteria.has("key")) return undefined;
  const path: Path = { ...pathInOrder(sort.by), by: [], between: true };
  const places = placesOf(question, ...orderOf(path, sort));
  const outcomesThere = sql`${tablesOf(path, false)} where ${allOf([places, ...endedSince(as_of, path)])}`;
  // Few findings may have many outcomes.
  const walked = path.index === undefined ? [sql`finding as f where ${places}`, outcomesThere] : [outcomesThere];
  for (const rows of walked) {
    if ((await countRows(db, rows, fewBetween + 1)) > fewBetween) return undefined;
  }
  return path;
}

/** Between which places of the order the page lies. One for each end, as SQLite goes by no more than one. */
function placesOf({ criteria, sort, after, before, as_of }: PastQuestion, value: Column, seq: Column): Condition {
  const { from, to } = valuesOf(criteria, sort.by, as_of);
  const least = from === undefined ? sql<SqlBool>`true` : sql<SqlBool>`${value} >= ${from}`;
  const most = to === undefined ? sql<SqlBool>`true` : sql<SqlBool>`${value} <= ${to}`;
  const [first, last] = sort.direction === "asc" ? [least, most] : [most, least];
  return allOf([
    after === undefined ? first : comesAfter(sort, value, seq, after),
    before === undefined ? last : comesBefore(sort, value, seq, before),
  ]);
}

/** Between which values of the order lies all that is asked for. */
function valuesOf(criteria: Criteria, by: FindingSort, as_of: number): Pick<Wanted, "from" | "to"> {
  if (by === "changed") return { from: criteria.get("changed_since")?.from, to: as_of };
  return (by === "severity" || by === "check" ? criteria.get(by) : undefined) ?? {};
}

function pastBy(index: string) {
  return sql`past_outcome as o indexed by ${sql.ref(`past_outcome_${index}`)}`;
}

async function choosePath(db: Db, question: PastQuestion): Promise<Path> {
  const { criteria } = question;
  if (criteria.has("key")) return { index: undefined, by: ["key"], sorted: false };
  if (criteria.has("check")) return { index: "check", by: ["check"], sorted: false };
  if (criteria.has("in_need") && question.sort.by === "severity") {
    return { index: "in_need", by: ["in_need"], sorted: true };
  }
  const walk = pathInOrder(question.sort.by);
  const isOfFindings = walk.index === undefined;
  const few = isOfFindings ? Math.floor(question.few / lookUp) : question.few;
  for (const [index, by] of [
    ["in_need", ["in_need"]],
    ["changed", ["changed_since"]],
    ["kind", kinds],
  ] as const) {
    if (!by.some((criterion) => criteria.has(criterion))) continue;
    const path = { index, by, sorted: false } as const;
    if ((await countBy(db, question, path, few)) <= few) return path;
    // A walk over findings would look up the outcomes of nearly all of them for the few that held.
    const held = Math.floor(few / lookUp);
    if (isOfFindings && (await countBy(db, question, path, held, heldAt(question.as_of, path, false))) <= held)
      return path;
  }
  return walk;
}

/** Where the order's own column is filtered by too, its index leads to the right place at once. */
function pathInOrder(sort: FindingSort): Path {
  switch (sort) {
    case "severity":
      return { index: "severity", by: ["severity"], sorted: true };
    case "check":
      return { index: "check", by: [], sorted: true };
    case "changed":
      return { index: "changed", by: ["changed_since"], sorted: true };
    case "id":
    case "key":
      return { index: undefined, by: [], sorted: true };
  }
}

/** How many rows an index leads to, of those that fulfil more than it answers, counted up to one more than are few. */
async function countBy(
  db: Db,
  { criteria, as_of }: PastQuestion,
  { index, by }: { readonly index: string; readonly by: readonly Criterion[] },
  few: number,
  more: readonly Condition[] = [],
): Promise<number> {
  const conditions = by.flatMap((criterion) => {
    const wanted = criteria.get(criterion) ?? anyKind.get(criterion);
    return wanted === undefined ? [] : [wanted.of(indexed(criterion))];
  });
  if (by.includes("changed_since")) conditions.push(sql`${columns.changed_since} <= ${as_of}`);
  return countRows(db, sql`${pastBy(index)} where ${allOf([...conditions, ...more])}`, few + 1);
}

/** As the index that answers it knows it: one has but the rows of which this is so. */
function indexed(criterion: Criterion): Column {
  return criterion === "in_need" ? columnNamed("o.in_need") : columns[criterion];
}

/** An expression that no index knows. */
function hidden(column: Column): Column {
  return sql`coalesce(${column}, ${column})`;
}
