import { type RawBuilder, sql } from "kysely";
import type { Db } from "./database.ts";

/** How many rows there are of what follows a `from`, counted up to a limit. */
export async function countRows(db: Db, found: RawBuilder<unknown>, limit: number): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from (select 1 from ${found} limit ${limit}) as some_rows
  `.execute(db);
  const [row] = rows;
  if (row === undefined) throw new TypeError("a count has no answer");
  return row.count;
}
