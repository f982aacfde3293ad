/**
 * Which findings a page about a past moment has. Rows come either by a filter's index and are then sorted, or in the
 * order of the page and are then filtered. Which of them is fast depends on how many rows a filter lets through, so that
 * is counted first, up to a limit; SQLite's planner cannot know it.
 */
import { sql } from "kysely";
import { findingStatuses } from "../model/finding.ts";
import type { FindingSort } from "../model/finding-query.ts";
import { outcomes, severities } from "../model/outcome.ts";
import type { Db } from "./database.ts";
import {
  allOf,
  type Column,
  type Condition,
  type Criteria,
  type Criterion,
  columnNamed,
  comesAfter,
  directionOf,
  type FindingOrder,
  type ListedRow,
  oneOf,
} from "./finding-criteria.ts";

export interface PastQuestion {
  readonly criteria: Criteria;
  readonly sort: FindingOrder;
  readonly after: ListedRow | undefined;
  readonly limit: number;
  /** Epoch milliseconds. */
  readonly as_of: number;
  /** Up to so many rows are read and sorted: of the index alone, as most of them held at another time. */
  readonly few: number;
}

/** How rows are found. */
interface Path {
  /** The table that is read first; the other one is read for each of its rows. */
  readonly lead: "finding" | "outcome";
  /** The criteria that an index answers; the others are hidden from the planner. */
  readonly by: readonly Criterion[];
  /** Whether an index gives the order too. */
  readonly sorted: boolean;
}

const kinds = ["status", "outcome", "severity", "guidance"] as const satisfies readonly Criterion[];
/** What outcomes do not have themselves. */
const ofFinding = ["provider", "key", "check"] as const;

const columns: Readonly<Record<Criterion, Column>> = {
  provider: columnNamed("f.provider"),
  key: columnNamed("f.key_name"),
  check: columnNamed("f.check_id"),
  severity: columnNamed("o.severity_rank"),
  outcome: columnNamed("o.outcome"),
  status: columnNamed("o.status"),
  guidance: columnNamed("o.guidance"),
  changed_since: columnNamed("o.valid_from"),
  in_need: columnNamed("o.in_need"),
};

/** The columns of the index of kinds that come before the guidance; one that is not asked for may hold anything. */
const anyKind: Criteria = new Map([
  ["status", oneOf(findingStatuses)],
  ["outcome", oneOf(outcomes)],
  ["severity", oneOf(severities.keys().toArray())],
]);

export async function findPast(db: Db, question: PastQuestion): Promise<readonly ListedRow[]> {
  const { criteria, sort, after, limit } = question;
  const path = await choosePath(db, question);
  const seq = columnNamed(path.lead === "outcome" ? "o.finding_seq" : "f.seq");
  const sorts = { ...columns, changed: columns.changed_since, id: columnNamed("f.id") } satisfies Record<
    FindingSort,
    Column
  >;
  const value = path.sorted ? sorts[sort.by] : hidden(sorts[sort.by]);
  const inOrderOfTime = path.sorted && sort.by === "changed";
  const conditions = heldAt(question.as_of, inOrderOfTime || path.by.includes("changed_since"));
  for (const [criterion, condition] of path.by === kinds ? new Map([...anyKind, ...criteria]) : criteria) {
    conditions.push(condition(path.by.includes(criterion) ? columns[criterion] : hidden(columns[criterion])));
  }
  if (after !== undefined) conditions.push(comesAfter(sort, value, seq, after));
  const needsFinding = sort.by === "id" || ofFinding.some((name) => criteria.has(name) || sort.by === name);
  const direction = directionOf(sort);
  const { rows } = await sql<ListedRow>`
    select ${seq} as seq, ${sorts[sort.by]} as value from ${tablesOf(path, needsFinding)}
    where ${allOf(conditions)} order by ${value} ${direction}, ${seq} ${direction} limit ${limit}
  `.execute(db);
  return rows;
}

/** A cross join keeps SQLite to this order of reading. */
function tablesOf({ lead }: Path, needsFinding: boolean) {
  if (lead === "finding") return sql`finding as f cross join outcome as o on o.finding_seq = f.seq`;
  return needsFinding ? sql`outcome as o cross join finding as f on f.seq = o.finding_seq` : sql`outcome as o`;
}

/** That an outcome held at a moment; its beginning as it is, or hidden from the planner. */
function heldAt(as_of: number, byBeginning: boolean): Condition[] {
  const began = byBeginning ? columns.changed_since : hidden(columns.changed_since);
  return [sql`${began} <= ${as_of}`, sql`(o.valid_to is null or o.valid_to > ${as_of})`];
}

async function choosePath(db: Db, question: PastQuestion): Promise<Path> {
  const { criteria, few } = question;
  for (const selective of ["key", "check"] as const) {
    if (criteria.has(selective)) return { lead: "finding", by: [selective], sorted: false };
  }
  for (const by of [["in_need"], ["changed_since"], kinds] as const) {
    const asked = by.some((criterion) => criteria.has(criterion));
    if (asked && (await countRows(db, question, by, few + 1)) <= few) return { lead: "outcome", by, sorted: false };
  }
  return pathInOrder(question.sort.by);
}

/** Where the order's own column is filtered by too, its index leads to the right place at once. */
function pathInOrder(sort: FindingSort): Path {
  switch (sort) {
    case "severity":
      return { lead: "outcome", by: ["severity"], sorted: true };
    case "changed":
      return { lead: "outcome", by: ["changed_since"], sorted: true };
    case "id":
    case "check":
    case "key":
      return { lead: "finding", by: [], sorted: true };
  }
}

/** How many rows an index leads to, counted up to a limit. */
async function countRows(
  db: Db,
  { criteria, as_of }: PastQuestion,
  by: readonly Criterion[],
  limit: number,
): Promise<number> {
  const conditions = by.flatMap((criterion) => {
    const condition = criteria.get(criterion) ?? anyKind.get(criterion);
    return condition === undefined ? [] : [condition(columns[criterion])];
  });
  if (by.includes("changed_since")) conditions.push(sql`${columns.changed_since} <= ${as_of}`);
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from
      (select 1 from outcome as o where ${allOf(conditions)} limit ${limit}) as some_rows
  `.execute(db);
  return rows[0]?.count ?? 0;
}

/** An expression that no index knows. */
function hidden(column: Column): Column {
  return sql`coalesce(${column}, ${column})`;
}
