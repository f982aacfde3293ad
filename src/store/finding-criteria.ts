/** What a question about findings asks of each column. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { FindingFilters, FindingQuery } from "../model/finding-query.ts";
import { severities } from "../model/outcome.ts";

export type Column = RawBuilder<string | number | null>;
export type Condition = RawBuilder<SqlBool>;
/** What a row can be chosen by; `in_need` is the default where nobody filters. */
export type Criterion = keyof FindingFilters | "in_need";
export type Criteria = ReadonlyMap<Criterion, Wanted>;

/** What is asked of a column. */
export interface Wanted {
  readonly of: (column: Column) => Condition;
  /** The same of a value. */
  readonly has: (value: string | number) => boolean;
  /** Nothing that is less is asked for. */
  readonly from?: string | number | undefined;
  /** Nothing that is more is asked for. */
  readonly to?: string | number | undefined;
}

/** A finding in the order of a list: among equal values, the order in which findings were first concluded. */
export interface ListedRow {
  readonly seq: number;
  readonly value: string | number;
  /** Of the past outcome that makes it one; without it, what the finding says now does. */
  readonly number?: number;
}

export type FindingOrder = NonNullable<FindingQuery["sort"]>;
export const worstFirst: FindingOrder = { by: "severity", direction: "asc" };

/** Severities by their names or, where an index has the worst one first, by their places in the list. */
export function criteriaOf(
  { changed_since, severity = [], ...lists }: FindingFilters,
  severitiesBy: "name" | "rank" = "name",
): Criteria {
  const criteria = new Map<Criterion, Wanted>();
  for (const [name, values] of Object.entries(lists)) {
    if (values.length > 0) {
      criteria.set(name as keyof typeof lists, oneOf(values));
    }
  }
  if (severity.length > 0) {
    criteria.set(
      "severity",
      oneOf(severitiesBy === "name" ? severity : severity.map((name) => severities.indexOf(name))),
    );
  }
  if (changed_since !== undefined) {
    criteria.set("changed_since", {
      of: (column) => sql`${column} >= ${changed_since}`,
      has: (value) => Number(value) >= changed_since,
      from: changed_since,
    });
  }
  if (criteria.size === 0) {
    // Written out: SQLite does not use a partial index for a condition whose value is a parameter.
    criteria.set("in_need", { of: (column) => sql`${column} = 1`, has: (value) => value === 1 });
  }
  return criteria;
}

export function oneOf(values: readonly (string | number)[]): Wanted {
  const sorted = values.toSorted(compareValues);
  return {
    of: (column) => sql`${column} in (${sql.join(values)})`,
    has: (value) => values.includes(value),
    from: sorted.at(0),
    to: sorted.at(-1),
  };
}

export function columnNamed(name: string): Column {
  return sql.ref<string | number | null>(name);
}

/** The worst is 0. */
export function severityRank(severity: Column): RawBuilder<number> {
  const places = severities.map((name, rank) => sql`when ${sql.lit(name)} then ${sql.lit(rank)}`);
  return sql<number>`case ${severity} ${sql.join(places, sql` `)} end`;
}

/** All of the conditions; true where there is none. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`;
}

export function directionOf({ direction }: FindingOrder): RawBuilder<unknown> {
  return direction === "asc" ? sql`asc` : sql`desc`;
}

/** That a row comes after another one in an order. */
export function comesAfter({ direction }: FindingOrder, value: Column, seq: Column, row: ListedRow): Condition {
  return sql`(${value}, ${seq}) ${direction === "asc" ? sql`>` : sql`<`} (${row.value}, ${row.seq})`;
}

export function comesBefore({ by, direction }: FindingOrder, value: Column, seq: Column, row: ListedRow): Condition {
  return comesAfter({ by, direction: direction === "asc" ? "desc" : "asc" }, value, seq, row);
}

/** The first of two lists in the same order, which is the database's: names and ids have but ASCII letters. */
export function mergedRows(
  { sort, limit }: { readonly sort: FindingOrder; readonly limit: number },
  some: readonly ListedRow[],
  others: readonly ListedRow[],
): readonly ListedRow[] {
  const sign = sort.direction === "asc" ? 1 : -1;
  return [...some, ...others]
    .toSorted((a, b) => sign * (compareValues(a.value, b.value) || compareValues(a.seq, b.seq)))
    .slice(0, limit);
}

export function compareValues(a: string | number, b: string | number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
