/**
 * The first tables. Portable to PostgreSQL: times are epoch milliseconds, booleans 0 or 1, JSON is text, ids are text,
 * and '' stands where a part of a key would be null.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";

/** Compared one after the other: for more than two, SQLite makes a table of an `in` list each time that a row is written. */
function isOneOf(column: string, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.join(
    values.map((value) => sql`${sql.raw(column)} = ${sql.lit(value)}`),
    sql` or `,
  )}`;
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await createMeta(db);
  await createSubjects(db);
  await createFacts(db);
  await createSights(db);
  await createFindings(db);
  await createOutcomes(db);
  await createScans(db);
  await createTokens(db);
}

async function createMeta(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("meta")
    .addColumn("id", "integer", (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn("change_seq", "bigint", (column) => column.notNull())
    .execute();
  await sql`insert into meta (id, change_seq) values (1, 0)`.execute(db);
  await db.schema
    .createTable("content")
    .addColumn("hash", "text", (column) => column.notNull().primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

async function createSubjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("subject")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("kind", "text", (column) => column.notNull().check(isOneOf("kind", ["key", "scope"])))
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("resource", "text", (column) => column.notNull())
    // What follows is null for a scope.
    .addColumn("resource_kind", "text")
    .addColumn("scope_id", "text", (column) => column.references("subject.id"))
    .addColumn("account", "text")
    .addColumn("location", "text")
    .addColumn("change_seq", "bigint", (column) => column.notNull())
    .addUniqueConstraint("subject_resource", ["kind", "resource", "provider"])
    .execute();
  await db.schema.createIndex("subject_change").on("subject").column("change_seq").execute();
  await db.schema
    .createTable("registration")
    .addColumn("subject_id", "text", (column) => column.notNull().references("subject.id"))
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull().references("content.hash"))
    .addColumn("registered_at", "bigint", (column) => column.notNull())
    .addColumn("valid_from", "bigint", (column) => column.notNull())
    .addColumn("valid_to", "bigint")
    .addPrimaryKeyConstraint("registration_number", ["subject_id", "number"])
    .execute();
  await db.schema.createIndex("registration_name").on("registration").columns(["name", "valid_from"]).execute();
  await db.schema
    .createIndex("registration_live_name")
    .unique()
    .on("registration")
    .column("name")
    .where(sql.ref("valid_to"), "is", null)
    .execute();
  await db.schema
    .createIndex("registration_live_subject")
    .unique()
    .on("registration")
    .column("subject_id")
    .where(sql.ref("valid_to"), "is", null)
    .execute();
}

async function createFacts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("fact")
    .addColumn("subject_id", "text", (column) => column.notNull().references("subject.id"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull().references("content.hash"))
    .addColumn("valid_from", "bigint", (column) => column.notNull())
    .addColumn("valid_to", "bigint")
    // The newest value of that name, whether it still holds or not.
    .addColumn("current", "integer", (column) => column.notNull().check(isOneOf("current", [0, 1])))
    .addPrimaryKeyConstraint("fact_time", ["subject_id", "name", "valid_from", "number"])
    .execute();
  await db.schema
    .createIndex("fact_current")
    .unique()
    .on("fact")
    .columns(["subject_id", "name"])
    .where(sql.ref("current"), "=", sql.lit(1))
    .execute();
}

async function createSights(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sight")
    .addColumn("subject_id", "text", (column) => column.notNull().references("subject.id"))
    .addColumn("call", "text", (column) => column.notNull())
    // '' where the call is made once and not for each of several things.
    .addColumn("part", "text", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("detail", "text")
    // What was refused, where it was another call than this one: JSON with the call and the permission that it needs.
    .addColumn("refused", "text")
    .addColumn("lost", "text", (column) => column.notNull())
    .addColumn("from_at", "bigint", (column) => column.notNull())
    .addColumn("last_at", "bigint", (column) => column.notNull())
    .addColumn("interval_ms", "bigint", (column) => column.notNull())
    // The last good read before this run.
    .addColumn("seen_before", "bigint")
    .addColumn("current", "integer", (column) => column.notNull().check(isOneOf("current", [0, 1])))
    .addPrimaryKeyConstraint("sight_time", ["subject_id", "call", "part", "from_at", "number"])
    .execute();
  await db.schema
    .createIndex("sight_current")
    .unique()
    .on("sight")
    .columns(["subject_id", "call", "part"])
    .where(sql.ref("current"), "=", sql.lit(1))
    .execute();
}

/** Of rows that are asked for: the columns after those that choose and order make the index answer alone. */
async function createIndex(
  db: Kysely<unknown>,
  table: string,
  name: string,
  columns: readonly string[],
  where?: RawBuilder<SqlBool>,
): Promise<void> {
  const index = db.schema
    .createIndex(`${table}_${name}`)
    .on(table)
    .columns([...columns]);
  await (where === undefined ? index : index.where(where)).execute();
}

const severityRank = sql`case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`;
const inNeed = sql`case when status in ('open', 'accepted') then 1 when status = 'retired' then 0 when outcome in ('unknown', 'error') then 1 else 0 end`;
const outcomeCheck = isOneOf("outcome", ["pass", "fail", "unknown", "not-applicable", "error"]);
const severityCheck = isOneOf("severity", ["critical", "high", "medium", "low"]);
const statusCheck = isOneOf("status", ["open", "accepted", "resolved", "retired", "none"]);

async function createFindings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("finding")
    // Counts up: what is concluded together lies together in every index, where ids, being hashes, lie anywhere.
    .addColumn("seq", "integer", (column) => column.primaryKey())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("subject_id", "text", (column) => column.notNull().references("subject.id"))
    .addColumn("check_id", "text", (column) => column.notNull())
    .addColumn("provider", "text", (column) => column.notNull())
    // '' for a finding about what is no key.
    .addColumn("key_name", "text", (column) => column.notNull())
    // The latest outcome again, so that a question about the present reads this table's indexes alone.
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull().check(outcomeCheck))
    .addColumn("severity", "text", (column) => column.notNull().check(severityCheck))
    .addColumn("status", "text", (column) => column.notNull().check(statusCheck))
    .addColumn("evidence", "text", (column) => column.notNull())
    .addColumn("guidance", "text", (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .addColumn("in_need", "integer", (column) => column.generatedAlwaysAs(inNeed).stored())
    .addUniqueConstraint("finding_question", ["subject_id", "check_id"])
    .execute();
  // For lists: those that give an order hold all that is filtered by. No generated column: where one is asked for, SQLite
  // reads the row although the index has everything.
  const filtered = ["status", "outcome", "guidance", "changed_at", "provider"];
  // The only one in which what is concluded together lies apart. Ids need no constraint: each follows from the question.
  await createIndex(db, "finding", "id", ["id", "seq", "check_id", "severity", ...filtered]);
  await createIndex(db, "finding", "severity", ["severity", "seq", "check_id", ...filtered]);
  await createIndex(db, "finding", "check", ["check_id", "seq", "severity", ...filtered]);
  await createIndex(db, "finding", "key", ["key_name", "seq", "check_id", "severity", ...filtered, "id"]);
  const kind = ["status", "outcome", "guidance", "changed_at", "seq"];
  await createIndex(db, "finding", "kind", [...kind, "check_id", "severity", "key_name", "provider"]);
  await createIndex(db, "finding", "group", ["check_id", "severity", ...kind, "key_name", "provider", "id"]);
  const shown = ["key_name", "check_id", "provider", "severity", "status", "outcome"];
  await createIndex(db, "finding", "in_need", ["seq", "id", ...shown], sql`in_need = 1`);
  await db.schema
    .createTable("finding_count")
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("check_id", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("guidance", "text", (column) => column.notNull())
    .addColumn("count", "bigint", (column) => column.notNull())
    .addColumn("in_need", "integer", (column) => column.generatedAlwaysAs(inNeed).stored())
    .addPrimaryKeyConstraint("finding_count_kind", [
      "provider",
      "check_id",
      "severity",
      "status",
      "outcome",
      "guidance",
    ])
    .execute();
}

async function createOutcomes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("outcome")
    .addColumn("finding_seq", "integer", (column) => column.notNull().references("finding.seq"))
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull().check(outcomeCheck))
    .addColumn("severity", "text", (column) => column.notNull().check(severityCheck))
    .addColumn("status", "text", (column) => column.notNull().check(statusCheck))
    .addColumn("message", "text", (column) => column.notNull())
    .addColumn("evidence", "text", (column) => column.notNull().references("content.hash"))
    .addColumn("guidance", "text", (column) => column.notNull())
    .addColumn("catalogue", "text", (column) => column.notNull())
    .addColumn("change_seq", "bigint", (column) => column.notNull())
    .addColumn("valid_from", "bigint", (column) => column.notNull())
    // When another outcome took over.
    .addColumn("valid_to", "bigint")
    .addColumn("opened_at", "bigint")
    .addColumn("resolved_at", "bigint")
    // The number of the last outcome up to this one that decided the finding.
    .addColumn("decided", "integer")
    .addColumn("severity_rank", "integer", (column) => column.generatedAlwaysAs(severityRank).stored())
    .addColumn("in_need", "integer", (column) => column.generatedAlwaysAs(inNeed).stored())
    .addPrimaryKeyConstraint("outcome_number", ["finding_seq", "number"])
    .execute();
  const time = ["valid_from", "valid_to"];
  await createIndex(db, "outcome", "severity", ["severity_rank", "finding_seq", ...time]);
  await createIndex(db, "outcome", "changed", ["valid_from", "finding_seq", "valid_to"]);
  const kind = ["status", "outcome", "severity_rank", "guidance"];
  await createIndex(db, "outcome", "kind", [...kind, ...time, "finding_seq"]);
  await createIndex(db, "outcome", "in_need", ["severity_rank", "finding_seq", ...time], sql`in_need = 1`);
  await createIndex(db, "outcome", "over", ["valid_to", "valid_from"], sql`valid_to is not null`);
}

async function createScans(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("scan")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("lane", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) =>
      column.notNull().check(isOneOf("state", ["running", "done", "interrupted"])),
    )
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("finished_at", "bigint")
    .addColumn("keys", "integer", (column) => column.notNull())
    .addColumn("failed_keys", "integer", (column) => column.notNull())
    .addColumn("changes", "integer", (column) => column.notNull())
    .addColumn("refused", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("scan_start").on("scan").columns(["started_at", "id"]).execute();
  await db.schema.createIndex("scan_scope").on("scan").columns(["scope", "started_at", "id"]).execute();
  await db.schema
    .createIndex("scan_last")
    .on("scan")
    .columns(["provider", "scope", "lane", "finished_at"])
    .where(sql.ref("state"), "=", sql.lit("done"))
    .execute();
  await db.schema
    .createIndex("scan_running")
    .on("scan")
    .column("scope")
    .where(sql.ref("state"), "=", sql.lit("running"))
    .execute();
  await db.schema
    .createTable("lease")
    .addColumn("scope", "text", (column) => column.notNull().primaryKey())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("token")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull().check(isOneOf("role", ["viewer", "operator", "admin"])))
    // Of the token's whole text, in hexadecimal.
    .addColumn("sha256", "text", (column) => column.notNull().check(sql`length(sha256) = 64`))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .execute();
}
