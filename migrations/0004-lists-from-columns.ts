/**
 * Which findings a list has is told by columns in memory (decision 0019): the indexes that lists alone went by, and the
 * columns that these alone had, are only written.
 */
import type { Kysely } from "kysely";

const ofFindings = ["check", "group", "id", "kind", "severity"];
const ofPastOutcomes = ["changed", "check", "in_need", "kind", "over", "severity"];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const name of ofFindings) await db.schema.dropIndex(`finding_${name}`).execute();
  for (const name of ofPastOutcomes) await db.schema.dropIndex(`past_outcome_${name}`).execute();
  await db.schema.createIndex("finding_id").on("finding").column("id").execute();
  await db.schema.alterTable("past_outcome").dropColumn("severity_rank").execute();
  await db.schema.alterTable("past_outcome").dropColumn("in_need").execute();
  await db.schema.alterTable("finding_count").dropColumn("in_need").execute();
}
