/** Brings a database file to the newest form, or leaves it exactly as it was. */
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { type Connection, connect, createDatabaseFile, type Db, storeErrorOf } from "./database.ts";
import { migrations } from "./migrations.ts";
import { StoreError } from "./store-error.ts";

/** Longer than other connections wait: with several processes starting at once, one works and the others stand by. */
const busyTimeout = 60_000;

/**
 * Applies what is missing, creating the file if need be; safe when several processes do so at once.
 * Throws a StoreError that says what to do; the file is then unchanged.
 */
export async function migrate(path: string): Promise<{ readonly applied: readonly string[] }> {
  createDatabaseFile(path);
  const connection = connect(path, { busy_timeout: busyTimeout });
  try {
    return { applied: await migrateConnection(connection, path) };
  } catch (error) {
    throw storeErrorOf(error, path);
  } finally {
    await connection.db.destroy();
  }
}

/** Kysely runs migrations on SQLite outside a transaction; SQLite's data definition is transactional all the same. */
async function migrateConnection({ db, sqlite }: Connection, path: string): Promise<readonly string[]> {
  // A table that is made anew under its old name must not take the rows that refer to it along.
  // https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
  sqlite.pragma("foreign_keys = OFF");
  return db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await refuseForeign(connection, path);
      const applied = await applyMissing(connection, path);
      // It reads every row that refers to another.
      if (applied.length > 0 && sqlite.pragma("foreign_key_check", { simple: true }) !== undefined) {
        throw new StoreError("migration-failed", `${path}: the migration left rows without what they refer to`);
      }
      await sql`commit`.execute(connection);
      return applied;
    } finally {
      if (sqlite.inTransaction) {
        await sql`rollback`.execute(connection);
      }
    }
  });
}

async function refuseForeign(db: Db, path: string): Promise<void> {
  const tables = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(db);
  if (tables.rows.length === 0) {
    return;
  }
  if (!tables.rows.some((table) => table.name === "kysely_migration")) {
    throw new StoreError("database-foreign", `${path}: this is another program's database; give a file of its own`);
  }
  const executed = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const unknown = executed.rows.filter(({ name }) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new StoreError(
      "database-newer",
      `${path}: a newer version wrote this database (${unknown.map(({ name }) => name).join(", ")}); ` +
        "run that version, or restore the backup from before the upgrade",
    );
  }
}

async function applyMissing(db: Db, path: string): Promise<readonly string[]> {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  // It never throws: what went wrong is in its answer.
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) {
    const known = storeErrorOf(error, path);
    if (known instanceof StoreError) {
      throw known;
    }
    const failed = results.find(({ status }) => status === "Error")?.migrationName ?? "before the first one";
    throw new StoreError("migration-failed", `${path}: migrating failed (${failed}); nothing was changed`, {
      cause: error,
    });
  }
  return results.map(({ migrationName }) => migrationName);
}
