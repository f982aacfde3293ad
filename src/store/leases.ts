/** One row per scope says who reads it now. */
import type { Db } from "./database.ts";
import { interruptScansOf } from "./scans.ts";

/** Whoever takes over from a process that is gone ends the scans that it left open. */
export async function acquireLease(
  db: Db,
  scope: string,
  { holder, at, ttl }: { readonly holder: string; readonly at: number; readonly ttl: number },
): Promise<boolean> {
  const before = await db.selectFrom("lease").select("holder").where("scope", "=", scope).executeTakeFirst();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("lease")
    .values({ scope, holder, expires_at: at + ttl })
    .onConflict((conflict) =>
      conflict
        .column("scope")
        .doUpdateSet({ holder, expires_at: at + ttl })
        .where((eb) =>
          eb.or([
            eb("lease.holder", "=", holder),
            eb("lease.expires_at", "<=", at),
            // Longer than any lease lasts: the clock was set back, and its holder renews by the new time or not at all.
            eb("lease.expires_at", ">", at + 2 * ttl),
          ]),
        ),
    )
    .executeTakeFirstOrThrow();
  const isHeld = numInsertedOrUpdatedRows === 1n;
  if (isHeld && before !== undefined && before.holder !== holder) await interruptScansOf(db, scope, at);
  return isHeld;
}

export async function renewLease(
  db: Db,
  scope: string,
  { holder, at, ttl }: { readonly holder: string; readonly at: number; readonly ttl: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("lease")
    .set({ expires_at: at + ttl })
    .where("scope", "=", scope)
    .where("holder", "=", holder)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function releaseLease(db: Db, scope: string, holder: string): Promise<void> {
  await db.deleteFrom("lease").where("scope", "=", scope).where("holder", "=", holder).execute();
}
