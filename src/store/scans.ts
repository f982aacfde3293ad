/** Scans as rows, kept for some time only. */
import { type Selectable, sql } from "kysely";
import { scanLanes } from "../model/lane.ts";
import type { LastScan, RefusedCall, Scan, ScanQuery } from "../model/scan.ts";
import type { Db } from "./database.ts";
import type { ScanResult, ScanToStart } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { Tables } from "./tables.ts";

export async function startScan(db: Db, { id, provider, scope, lane, started_at }: ScanToStart): Promise<void> {
  const nothingYet = { finished_at: null, keys: 0, failed_keys: 0, changes: 0, refused: "[]" };
  await db
    .insertInto("scan")
    .values({ id, provider, scope, lane, state: "running", started_at, ...nothingYet })
    .execute();
}

/** Throws `no-such-scan`. */
export async function finishScan(db: Db, id: string, result: ScanResult): Promise<void> {
  const { finished_at, keys, failed_keys, changes, refused } = result;
  const { numUpdatedRows } = await db
    .updateTable("scan")
    .set({ state: "done", finished_at, keys, failed_keys, changes, refused: JSON.stringify(refused) })
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) {
    throw new StoreError("no-such-scan", `no scan has the id ${id}`);
  }
}

/** A scan whose scope is under a lease may be another process's, still at work. */
export async function interruptRunningScans(db: Db, at: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("scan")
    .set({ state: "interrupted", finished_at: at })
    .where("state", "=", sql.lit<"running">("running"))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("lease")
            .select("lease.scope")
            .whereRef("lease.scope", "=", "scan.scope")
            .where("expires_at", ">", at),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Of a scope that nobody else reads. */
export async function interruptScansOf(db: Db, scope: string, at: number): Promise<void> {
  await db
    .updateTable("scan")
    .set({ state: "interrupted", finished_at: at })
    .where("state", "=", sql.lit<"running">("running"))
    .where("scope", "=", scope)
    .execute();
}

export async function pruneScans(db: Db, started_before: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("scan")
    .where("started_at", "<", started_before)
    .where("state", "<>", "running")
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export async function findScans(db: Db, { limit, before, provider, scope }: ScanQuery): Promise<readonly Scan[]> {
  let query = db.selectFrom("scan").selectAll().orderBy("started_at", "desc").orderBy("id", "desc").limit(limit);
  if (provider !== undefined) {
    query = query.where("provider", "=", provider);
  }
  if (scope !== undefined) {
    query = query.where("scope", "=", scope);
  }
  if (before !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("started_at", "id"), "<", tuple(before.started_at, before.id)),
    );
  }
  return (await query.execute()).map(scanOf);
}

export async function findScan(db: Db, id: string): Promise<Scan | undefined> {
  const row = await db.selectFrom("scan").selectAll().where("id", "=", id).executeTakeFirst();
  return row && scanOf(row);
}

/** Whatever came of them. */
export function lastScans(db: Db): Promise<readonly LastScan[]> {
  return newestScans(db, { whole: false });
}

/** Those in which no key broke on a fault of ours. */
export function lastSuccesses(db: Db): Promise<readonly LastScan[]> {
  return newestScans(db, { whole: true });
}

/** Asks once for each scope and lane: grouping would read every scan that is kept. */
async function newestScans(db: Db, { whole }: { readonly whole: boolean }): Promise<readonly LastScan[]> {
  const found: LastScan[] = [];
  for (const lane of scanLanes) {
    const rows = await db
      .selectFrom("subject as s")
      .select((eb) => [
        "s.provider",
        "s.resource as scope",
        eb
          .selectFrom("scan as l")
          .select(({ fn }) => fn.max("l.finished_at").as("newest"))
          .whereRef("l.provider", "=", "s.provider")
          .whereRef("l.scope", "=", "s.resource")
          .where("l.lane", "=", lane)
          .where("l.state", "=", sql.lit<"done">("done"))
          .$if(whole, (scans) => scans.where("l.failed_keys", "=", 0))
          .as("finished_at"),
      ])
      .where("s.kind", "=", "scope")
      .execute();
    found.push(
      ...rows.flatMap(({ finished_at, ...scan }) => (finished_at === null ? [] : [{ ...scan, lane, finished_at }])),
    );
  }
  return found;
}

function scanOf(row: Selectable<Tables["scan"]>): Scan {
  return { ...row, refused: JSON.parse(row.refused) as readonly RefusedCall[] };
}
