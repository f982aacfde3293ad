/** Which findings a list of some keys, by their names, has: what they say now, or said then, is read and sorted. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { FindingSort } from "../model/finding-query.ts";
import { severities } from "../model/outcome.ts";
import type { Db } from "./database.ts";
import type { OrderedQuestion } from "./finding-columns.ts";
import type { Place } from "./finding-rows.ts";

type Condition = RawBuilder<SqlBool>;

/** An outcome that holds, or one that is over, and what both are asked by. */
interface Outcomes {
  readonly from: RawBuilder<unknown>;
  readonly number: RawBuilder<number | null>;
  readonly alias: "f" | "o";
  readonly since: RawBuilder<number>;
  readonly conditions: readonly Condition[];
}

const finding = sql`finding as f indexed by finding_key`;

export async function findNamed(db: Db, question: OrderedQuestion): Promise<readonly Place[]> {
  const { as_of, sort, after, limit } = question;
  const selects = as_of === undefined ? [latestOutcomes()] : [latestOutcomes(as_of), pastOutcomes(as_of)];
  const direction = sort.direction === "asc" ? sql`asc` : sql`desc`;
  const comesAfter = sort.direction === "asc" ? sql`>` : sql`<`;
  const place = after === undefined ? sql`true` : sql`(value, seq) ${comesAfter} (${after.value}, ${after.seq})`;
  const { rows } = await sql<{ readonly seq: number; readonly number: number | null }>`
    select seq, number from (${sql.join(
      selects.map((outcomes) => selectOf(outcomes, question)),
      sql` union all `,
    )}) where ${place} order by value ${direction}, seq ${direction} limit ${limit}
  `.execute(db);
  return rows.map(({ seq, number }) => (number === null ? { seq } : { seq, number }));
}

function latestOutcomes(as_of?: number): Outcomes {
  const since = sql.ref<number>("f.changed_at");
  const conditions = as_of === undefined ? [] : [sql<SqlBool>`${since} <= ${as_of}`];
  return { from: finding, number: sql`null`, alias: "f", since, conditions };
}

function pastOutcomes(as_of: number): Outcomes {
  return {
    from: sql`${finding} cross join past_outcome as o on o.finding_seq = f.seq`,
    number: sql.ref("o.number"),
    alias: "o",
    since: sql.ref("o.valid_from"),
    conditions: [sql`f.changed_at > ${as_of} and o.valid_from <= ${as_of} and o.valid_to > ${as_of}`],
  };
}

function selectOf({ from, number, alias, since, conditions }: Outcomes, { filters, sort }: OrderedQuestion) {
  const { changed_since, ...lists } = filters;
  const columns: Readonly<Record<keyof typeof lists, RawBuilder<string>>> = {
    provider: sql.ref("f.provider"),
    key: sql.ref("f.key_name"),
    check: sql.ref("f.check_id"),
    severity: sql.ref(`${alias}.severity`),
    outcome: sql.ref(`${alias}.outcome`),
    status: sql.ref(`${alias}.status`),
    guidance: sql.ref(`${alias}.guidance`),
  };
  const values: Readonly<Record<FindingSort, RawBuilder<string | number>>> = {
    severity: severityRank(columns.severity),
    changed: since,
    check: columns.check,
    key: columns.key,
    id: sql.ref("f.id"),
  };
  const asked = Object.entries(lists).flatMap(([name, wanted]): Condition[] =>
    wanted.length === 0 ? [] : [sql`${columns[name as keyof typeof columns]} in (${sql.join(wanted)})`],
  );
  if (changed_since !== undefined) asked.push(sql`${since} >= ${changed_since}`);
  return sql`
    select f.seq as seq, ${number} as number, ${values[sort.by]} as value from ${from}
    where ${sql.join([...asked, ...conditions], sql` and `)}
  `;
}

/** The worst is 0. */
function severityRank(severity: RawBuilder<string>): RawBuilder<number> {
  const places = severities.map((name, rank) => sql`when ${sql.lit(name)} then ${sql.lit(rank)}`);
  return sql<number>`case ${severity} ${sql.join(places, sql` `)} end`;
}
