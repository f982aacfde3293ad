/** A connection to the database file: its settings, and what its errors mean to those who run the service. */
import { closeSync, openSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";
import { Kysely } from "kysely";
import { StoreDialect } from "./dialect.ts";
import { type FindContents, rememberingContents } from "./remembered-contents.ts";
import { type Statements, statementsOn } from "./statements.ts";
import { StoreError, type StoreErrorCode } from "./store-error.ts";
import { type FindSubjects, rememberingSubjects } from "./subjects.ts";
import type { Tables } from "./tables.ts";

export type Db = Kysely<Tables>;
type Sqlite = SqliteDatabase.Database;

export interface Connection {
  readonly db: Db;
  readonly sqlite: Sqlite;
  readonly statements: Statements;
  readonly subjects: FindSubjects;
  readonly contents: FindContents;
}

export interface ConnectionOptions {
  readonly readonly?: boolean;
  /** How long to wait for another process's transaction, in milliseconds. */
  readonly busy_timeout?: number;
  /** A limit on the size of the file, in pages of 4 KiB. */
  readonly max_pages?: number;
}

const defaultBusyTimeout = 5_000;
const rememberedStatements = 500;
/** The default of 2 MiB makes a scan over thousands of keys read the same pages over and over. */
const cacheKibibytes = 65_536;

/** Creates the file for its owner alone; SQLite gives its own files beside it the same mode. */
export function createDatabaseFile(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    throw unopenable(path, error);
  }
}

/** Opens an existing file. Throws a StoreError. */
export function connect(path: string, options: ConnectionOptions = {}): Connection {
  let sqlite: Sqlite | undefined;
  try {
    sqlite = new SqliteDatabase(path, {
      readonly: options.readonly ?? false,
      fileMustExist: true,
      timeout: options.busy_timeout ?? defaultBusyTimeout,
    });
    if (!options.readonly) {
      sqlite.pragma("journal_mode = WAL");
      sqlite.pragma("synchronous = NORMAL");
      // Not within a commit: see write-ahead-log.ts.
      sqlite.pragma("wal_autocheckpoint = 0");
    }
    sqlite.pragma("foreign_keys = ON");
    // What a statement would bring back, and what is sorted, is kept here and not written into a file of its own.
    sqlite.pragma("temp_store = MEMORY");
    sqlite.pragma(`cache_size = -${cacheKibibytes}`);
    if (options.max_pages !== undefined) {
      sqlite.pragma(`max_page_count = ${options.max_pages}`);
    }
    const remembering = rememberingStatements(sqlite);
    const db: Db = new Kysely({ dialect: new StoreDialect({ database: remembering }) });
    const statements = statementsOn(remembering.prepare);
    const [subjects, contents] = [rememberingSubjects(statements), rememberingContents(statements)];
    return { sqlite, db, statements, subjects, contents };
  } catch (error) {
    sqlite?.close();
    throw storeErrorOf(error, path);
  }
}

/** Preparing costs about as much as running most of our statements, and Kysely's driver prepares each time. */
function rememberingStatements(sqlite: Sqlite): Pick<Sqlite, "prepare" | "close"> {
  const statements = new Map<string, SqliteDatabase.Statement>();
  function prepare(sql: string): SqliteDatabase.Statement {
    const remembered = statements.get(sql);
    if (remembered !== undefined) {
      return remembered;
    }
    const [oldest] = statements.keys();
    if (oldest !== undefined && statements.size >= rememberedStatements) {
      statements.delete(oldest);
    }
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }
  return {
    prepare: prepare as Sqlite["prepare"],
    close: () => sqlite.close(),
  };
}

/** What an error of the database means and what to do about it; any other error stays what it is. */
export function storeErrorOf(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) {
    return error;
  }
  const family = error.code.split("_").slice(0, 2).join("_");
  const meaning = meanings[family];
  return meaning === undefined
    ? error
    : new StoreError(meaning.code, `${path}: ${meaning.message} (${error.code}: ${error.message})`, { cause: error });
}

function unopenable(path: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError("database-unopenable", `${path}: ${unopenableMessage} (${reason})`, { cause });
}

const unopenableMessage =
  "the database cannot be opened; check that the folder exists and that this user may read and write in it";

const corrupt = {
  code: "database-corrupt",
  message: "this is no intact database; stop the service, keep the file, and restore a backup or begin a new file",
} as const;
const busy = {
  code: "database-busy",
  message: "another process holds the database; nothing was written, and it will be tried again",
} as const;
const meanings: Readonly<Record<string, { readonly code: StoreErrorCode; readonly message: string }>> = {
  SQLITE_FULL: {
    code: "database-full",
    message: "no space is left for the database; free some, nothing of what failed was kept and it will be tried again",
  },
  SQLITE_IOERR: {
    code: "database-io",
    message: "the disk refused to read or write; check it, nothing of what failed was kept",
  },
  SQLITE_READONLY: {
    code: "database-read-only",
    message: "the database cannot be written; check the permissions of the file, its folder and the volume",
  },
  SQLITE_CANTOPEN: { code: "database-unopenable", message: unopenableMessage },
  SQLITE_CORRUPT: corrupt,
  SQLITE_NOTADB: corrupt,
  SQLITE_BUSY: busy,
  SQLITE_LOCKED: busy,
};
