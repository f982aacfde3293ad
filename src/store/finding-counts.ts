/** Counters of findings by kind, kept with every change, because counting a million rows at each scrape is too slow. */
import type { Selectable } from "kysely";
import type { Db } from "./database.ts";
import { type Statements, statement } from "./statements.ts";
import type { FindingCount } from "./store.ts";
import type { FindingTable } from "./tables.ts";

const kindColumns = ["provider", "check_id", "severity", "status", "outcome", "guidance"] as const;
type Kind = Pick<Selectable<FindingTable>, (typeof kindColumns)[number]>;

export interface CountChange {
  readonly kind: Kind;
  readonly by: number;
}

const moveCounter = statement<Kind & { readonly count: number }>()((db, value) =>
  db
    .insertInto("finding_count")
    .values({
      provider: value("provider"),
      check_id: value("check_id"),
      severity: value("severity"),
      status: value("status"),
      outcome: value("outcome"),
      guidance: value("guidance"),
      count: value("count"),
    })
    .onConflict((conflict) =>
      conflict
        .columns([...kindColumns])
        .doUpdateSet((eb) => ({ count: eb("finding_count.count", "+", eb.ref("excluded.count")) })),
    ),
);

export function countFindings(statements: Statements, changes: readonly CountChange[]): void {
  const counts = new Map<string, Kind & { readonly count: number }>();
  for (const { kind, by } of changes) {
    const { provider, check_id, severity, status, outcome, guidance } = kind;
    const name = [provider, check_id, severity, status, outcome, guidance].join(" ");
    const count = (counts.get(name)?.count ?? 0) + by;
    counts.set(name, { provider, check_id, severity, status, outcome, guidance, count });
  }
  statements.each(
    moveCounter,
    [...counts.values()].filter(({ count }) => count !== 0),
  );
}

export async function findingCounts(db: Db): Promise<readonly FindingCount[]> {
  const kind = ["provider", "severity", "status", "outcome"] as const;
  return db
    .selectFrom("finding_count")
    .select(kind)
    .select((eb) => eb.fn.sum<number>("count").as("count"))
    .where("count", ">", 0)
    .groupBy(kind)
    .orderBy("provider")
    .orderBy("severity")
    .orderBy("status")
    .orderBy("outcome")
    .execute();
}
