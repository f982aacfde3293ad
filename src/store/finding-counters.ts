/** What the counters tell beforehand of a question about the present: how many findings match, and of what kinds. */
import { sql } from "kysely";
import type { FindingSort } from "../model/finding-query.ts";
import type { Db } from "./database.ts";
import { allOf, type Column, type Condition, type Criteria, type Criterion, columnNamed } from "./finding-criteria.ts";

/** What the counters are kept by. */
export const counted = {
  provider: columnNamed("c.provider"),
  check: columnNamed("c.check_id"),
  severity: columnNamed("c.severity"),
  outcome: columnNamed("c.outcome"),
  status: columnNamed("c.status"),
  guidance: columnNamed("c.guidance"),
  in_need: columnNamed("c.in_need"),
} as const satisfies Partial<Record<Criterion, Column>>;
type CountedCriterion = keyof typeof counted;

/** Counters of what is asked for. */
export function countersOf(criteria: Criteria): Condition {
  const asked = [...criteria].flatMap(([criterion, condition]) => {
    return criterion in counted ? [condition(counted[criterion as CountedCriterion])] : [];
  });
  return allOf([sql`c.count > 0`, ...asked]);
}

/** What the findings of a part have in common, and how many match. */
export interface Part {
  readonly has: readonly (readonly [Criterion, string | number])[];
  readonly count: number;
}

/**
 * By what findings are counted for an order: which outcomes there are differs much between severities and checks, and
 * when they changed differs much between kinds.
 */
export const partedBy = {
  severity: ["severity"],
  check: ["check"],
  key: [],
  id: [],
  changed: ["status", "outcome", "guidance"],
} as const satisfies Record<FindingSort, readonly Criterion[]>;

export async function partsOf(db: Db, criteria: Criteria, by: readonly CountedCriterion[]): Promise<readonly Part[]> {
  const values = by.map((criterion) => sql`${counted[criterion]} as ${sql.ref(criterion)}`);
  const grouped = by.length === 0 ? sql`` : sql`group by ${sql.join(by.map((criterion) => counted[criterion]))}`;
  const { rows } = await sql<Readonly<Record<string, string | number>>>`
    select ${sql.join([sql`coalesce(sum(c.count), 0) as count`, ...values])}
    from finding_count as c where ${countersOf(criteria)} ${grouped}
  `.execute(db);
  return rows.map((row) => ({
    has: by.map((criterion) => [criterion, row[criterion] ?? ""] as const),
    count: Number(row["count"]),
  }));
}

export function sum(parts: readonly Part[]): number {
  return parts.reduce((total, { count }) => total + count, 0);
}

export function isOf({ has }: Part, named: Partial<Readonly<Record<Criterion, Column>>>): Condition {
  const equal = has.map(([criterion, value]) => sql`${named[criterion]} = ${value}`);
  return sql`(${sql.join(equal, sql` and `)})`;
}

/** Whether half of the findings of the asked kinds, or more, have everything else that is asked for. */
export async function isOftenSo(db: Db, criteria: Criteria): Promise<boolean> {
  const ofKinds: readonly Criterion[] = [...partedBy.changed, "in_need"];
  const kinds = new Map([...criteria].filter(([criterion]) => ofKinds.includes(criterion)));
  const { rows } = await sql<{ readonly matching: number; readonly all: number }>`
    select coalesce(sum(c.count) filter (where ${countersOf(criteria)}), 0) as matching, coalesce(sum(c.count), 0) as "all"
    from finding_count as c where ${countersOf(kinds)}
  `.execute(db);
  const [{ matching, all } = { matching: 0, all: 0 }] = rows;
  return matching * 2 >= all;
}

/** Where all keys are of one cloud, a filter by it only keeps the rest of the question from its best index. */
export async function withoutIdleProvider(db: Db, criteria: Criteria): Promise<Criteria> {
  const isAsked = criteria.get("provider");
  if (isAsked === undefined) return criteria;
  const { rows } = await sql`
    select 1 from finding_count as c where c.count > 0 and not ${isAsked(counted.provider)} limit 1
  `.execute(db);
  if (rows.length > 0) return criteria;
  return new Map([...criteria].filter(([criterion]) => criterion !== "provider"));
}
