/** Tokens as rows. None is ever removed: who could ask, and until when, stays known. */
import type { Selectable } from "kysely";
import type { StoredToken } from "../model/token.ts";
import type { Db } from "./database.ts";
import type { Tables } from "./tables.ts";

export async function findToken(db: Db, id: string): Promise<StoredToken | undefined> {
  const row = await db.selectFrom("token").selectAll().where("id", "=", id).executeTakeFirst();
  return row && tokenOf(row);
}

export async function findTokens(db: Db): Promise<readonly StoredToken[]> {
  const rows = await db.selectFrom("token").selectAll().orderBy("name").orderBy("created_at").orderBy("id").execute();
  return rows.map(tokenOf);
}

/** False where a live token has the name; no index can say so, as tokens expire by themselves. */
export async function createToken(db: Db, { source: _, ...row }: StoredToken, at: number): Promise<boolean> {
  const live = await db
    .selectFrom("token")
    .select("id")
    .where("name", "=", row.name)
    .where("revoked_at", "is", null)
    .where(({ or, eb }) => or([eb("expires_at", "is", null), eb("expires_at", ">", at)]))
    .executeTakeFirst();
  if (live !== undefined) return false;
  await db
    .insertInto("token")
    .values({ ...row, created_at: row.created_at ?? at })
    .execute();
  return true;
}

/** False where there is no such token. */
export async function revokeToken(db: Db, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("token")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(at)) }))
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function noteTokenUse(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable("token").set({ last_used_at: at }).where("id", "=", id).execute();
}

function tokenOf(row: Selectable<Tables["token"]>): StoredToken {
  return { ...row, source: "database" };
}
