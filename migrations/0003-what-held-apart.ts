/**
 * What holds of a finding is the finding's own; a table beside it has what held before. So a page of the present reads
 * one table, and a first conclusion writes to one: decision 0017.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";

/** What a finding did not have of its latest outcome. */
const taken = ["message", "catalogue", "change_seq", "opened_at", "resolved_at", "decided"];
const said = ["outcome", "severity", "status", "message", "evidence", "guidance", "catalogue", "change_seq"];
const times = ["valid_from", "valid_to", "opened_at", "resolved_at", "decided"];
const places = ["severity_rank", "in_need"];

export async function up(db: Kysely<unknown>): Promise<void> {
  await takeLatestOutcomes(db);
  await createPastOutcomes(db);
  const names = list(["finding_seq", "number", "check_id", "provider", ...said, ...times, ...places]);
  const values = list([
    "f.seq",
    "o.number",
    "f.check_id",
    "f.provider",
    ...[...said, ...times, ...places].map((one) => `o.${one}`),
  ]);
  await sql`
    insert into past_outcome (${names})
    select ${values} from outcome as o join finding as f on f.seq = o.finding_seq
    where o.valid_to is not null order by o.finding_seq, o.number
  `.execute(db);
  await db.schema.dropTable("outcome").execute();
  await createIndexes(db);
}

async function takeLatestOutcomes(db: Kysely<unknown>): Promise<void> {
  for (const name of ["message", "catalogue"]) {
    await db.schema
      .alterTable("finding")
      .addColumn(name, "text", (column) => column.notNull().defaultTo(""))
      .execute();
  }
  await db.schema
    .alterTable("finding")
    .addColumn("change_seq", "bigint", (column) => column.notNull().defaultTo(0))
    .execute();
  for (const name of ["opened_at", "resolved_at"]) {
    await db.schema.alterTable("finding").addColumn(name, "bigint").execute();
  }
  // The number of the last outcome up to this one that decided the finding.
  await db.schema.alterTable("finding").addColumn("decided", "integer").execute();
  await sql`
    update finding set (${list(taken)}) = (
      select ${list(taken)} from outcome as o where o.finding_seq = finding.seq and o.number = finding.number
    )
  `.execute(db);
}

async function createPastOutcomes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("past_outcome")
    .addColumn("finding_seq", "integer", (column) => column.notNull().references("finding.seq"))
    .addColumn("number", "integer", (column) => column.notNull())
    // The finding's own, so that a list reads the indexes of this table alone.
    .addColumn("check_id", "text", (column) => column.notNull())
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("message", "text", (column) => column.notNull())
    .addColumn("evidence", "text", (column) => column.notNull().references("content.hash"))
    .addColumn("guidance", "text", (column) => column.notNull())
    .addColumn("catalogue", "text", (column) => column.notNull())
    .addColumn("change_seq", "bigint", (column) => column.notNull())
    .addColumn("valid_from", "bigint", (column) => column.notNull())
    // When another outcome took over.
    .addColumn("valid_to", "bigint", (column) => column.notNull())
    .addColumn("opened_at", "bigint")
    .addColumn("resolved_at", "bigint")
    .addColumn("decided", "integer")
    // Written with the rest: where a generated column is asked for, SQLite reads the row although an index has it.
    .addColumn("severity_rank", "integer", (column) => column.notNull())
    .addColumn("in_need", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("past_outcome_number", ["finding_seq", "number"])
    .execute();
}

/** Each holds all that is asked of it: what is filtered by, but for names of keys, which change, and the number. */
async function createIndexes(db: Kysely<unknown>): Promise<void> {
  const kind = ["status", "outcome", "severity_rank", "guidance"];
  const rest = ["status", "outcome", "guidance", "provider", "number"];
  const time = ["valid_from", "valid_to"];
  await createIndex(db, "severity", ["severity_rank", "finding_seq", ...time, "check_id", ...rest]);
  await createIndex(db, "check", ["check_id", "finding_seq", ...time, "severity_rank", ...rest]);
  await createIndex(db, "changed", ["valid_from", "finding_seq", "valid_to", "check_id", "severity_rank", ...rest]);
  await createIndex(db, "kind", [...kind, ...time, "finding_seq", "check_id", "provider", "number"]);
  await createIndex(db, "over", ["valid_to", "valid_from", "finding_seq", "check_id", "severity_rank", ...rest]);
  await createIndex(db, "in_need", ["severity_rank", "finding_seq", ...time, "check_id", "number"], sql`in_need = 1`);
}

async function createIndex(
  db: Kysely<unknown>,
  name: string,
  columns: readonly string[],
  where?: RawBuilder<SqlBool>,
): Promise<void> {
  const index = db.schema
    .createIndex(`past_outcome_${name}`)
    .on("past_outcome")
    .columns([...columns]);
  await (where === undefined ? index : index.where(where)).execute();
}

function list(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}
