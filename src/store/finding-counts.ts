/** Counters of findings by kind, kept with every change, because counting a million rows at each scrape is too slow. */
import type { Db } from "./database.ts";
import type { FindingCount } from "./store.ts";

type Kind = Omit<FindingCount, "count">;

export interface CountChange {
  readonly kind: Kind;
  readonly by: number;
}

export async function countFindings(db: Db, changes: readonly CountChange[]): Promise<void> {
  const counts = new Map<string, FindingCount>();
  for (const { kind, by } of changes) {
    const { provider, severity, status, outcome } = kind;
    const name = [provider, severity, status, outcome].join(" ");
    counts.set(name, { provider, severity, status, outcome, count: (counts.get(name)?.count ?? 0) + by });
  }
  const moved = [...counts.values()].filter(({ count }) => count !== 0);
  if (moved.length > 0) {
    await db
      .insertInto("finding_count")
      .values(moved)
      .onConflict((conflict) =>
        conflict
          .columns(["provider", "severity", "status", "outcome"])
          .doUpdateSet((eb) => ({ count: eb("finding_count.count", "+", eb.ref("excluded.count")) })),
      )
      .execute();
  }
}

export async function findingCounts(db: Db): Promise<readonly FindingCount[]> {
  return db
    .selectFrom("finding_count")
    .select(["provider", "severity", "status", "outcome", "count"])
    .where("count", ">", 0)
    .orderBy("provider")
    .orderBy("severity")
    .orderBy("status")
    .orderBy("outcome")
    .execute();
}
