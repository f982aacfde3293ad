import type { SightRun } from "../model/finding.ts";
import type { Db } from "./database.ts";
import { newestKeyRow } from "./keys.ts";

/** The runs of a key and of its scope that last into `since` or later, oldest first; what lies between is a gap. */
export async function sightRuns(db: Db, name: string, since = 0): Promise<readonly SightRun[]> {
  const key = await newestKeyRow(db, name);
  if (key === undefined) {
    return [];
  }
  const rows = await db
    .selectFrom("sight as g")
    .innerJoin("subject as s", "s.id", "g.subject_id")
    .select([
      "s.resource as subject",
      "g.call",
      "g.part",
      "g.state",
      "g.detail",
      "g.from_at as from",
      "g.last_at as last",
      "g.interval_ms",
    ])
    .where("g.subject_id", "in", [key.subject_id, key.scope_id ?? key.subject_id])
    .where("g.last_at", ">=", since)
    .orderBy("s.kind")
    .orderBy("g.call")
    .orderBy("g.part")
    .orderBy("g.number")
    .execute();
  return rows.map(({ part, ...run }) => ({ ...run, part: part === "" ? null : part }));
}
