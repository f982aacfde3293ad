/** When the last change of a conclusion or registration was: what is concluded after it is of a later moment. */
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("meta")
    .addColumn("changed_at", "bigint", (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update meta set changed_at = (select coalesce(max(changed_at), 0) from finding)`.execute(db);
}
