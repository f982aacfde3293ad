/**
 * Transactions one after the other, and several in one of the database's own where they come close together: most of
 * what a small one costs is its commit, which writes every page anew that the one before it wrote.
 */
import { setImmediate as otherWork, setTimeout as pause } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import type { Connection, Db } from "./database.ts";
import { createWriteAheadLog } from "./write-ahead-log.ts";

export interface TransactionOptions {
  /** Nobody waits for this one alone: it may wait a moment for others to come. */
  readonly patient?: boolean;
}

export interface Transactions {
  /**
   * All or nothing: rejects with what the body threw, or with what the database refused, be it the commit of those beside
   * it. Resolves once it is committed. A body may be run twice, and must then do the same: where one beside it throws,
   * what all have written is taken back, and each is run by itself.
   */
  run<T>(body: (db: Db) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** When all that are waiting have ended. Those that come later are refused. */
  close(): Promise<void>;
}

/** One that waits. Its body settles once it has run; whether that counts is told when the group has ended. */
interface Waiting {
  readonly patient: boolean;
  /** When it came, in milliseconds of the process. */
  readonly since: number;
  /** It was in a group in which one threw. */
  alone: boolean;
  run(db: Db): Promise<void>;
  settle(failure?: { readonly error: unknown }): void;
}

/** Others have their turn after each body, but other processes may not write before the group has ended. */
const mostInGroup = 32;
/** So many need not wait for more. */
const enoughWait = 8;

/** `patience`: how long the patient ones wait where nobody else does, in milliseconds. */
export function createTransactions(connection: Connection, patience = 20): Transactions {
  const waiting: Waiting[] = [];
  connection.sqlite.pragma("busy_timeout = 0");
  const log = createWriteAheadLog(connection.sqlite);
  let working = Promise.resolve();
  let isWorking = false;
  let isClosed = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      if (patience > 0 && waiting.length < enoughWait && waiting.every(mayWait)) await pause(patience);
      const begun = performance.now();
      await runGroup(connection, waiting);
      // Otherwise those who look for the lock now and then would hardly ever find it free.
      await (performance.now() - begun > longHold ? pause(giveWay) : otherWork());
      await log.keepShort();
    }
    isWorking = false;
  }

  return {
    run(body, { patient = false } = {}) {
      if (isClosed) return Promise.reject(new Error("nothing was written: the store was closed before"));
      const { result, ...one } = queued(body);
      waiting.push({ ...one, patient, since: performance.now(), alone: false });
      if (!isWorking) {
        isWorking = true;
        // Those that begin in the same turn go together.
        working = Promise.resolve().then(work);
      }
      return result;
    },
    async close() {
      isClosed = true;
      await working;
      await log.close();
    },
  };
}

function queued<T>(body: (db: Db) => Promise<T>): Pick<Waiting, "run" | "settle"> & { readonly result: Promise<T> } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let outcome: { readonly result: T } | undefined;
  return {
    result: promise,
    async run(db) {
      outcome = { result: await body(db) };
    },
    settle(failure) {
      if (failure !== undefined) reject(failure.error);
      else if (outcome !== undefined) resolve(outcome.result);
    },
  };
}

async function runGroup({ db, sqlite }: Connection, waiting: Waiting[]): Promise<void> {
  const group: Waiting[] = [];
  const begun = performance.now();
  try {
    await db.connection().execute(async (connection) => {
      take(waiting, group);
      await begin(sqlite);
      try {
        do {
          await runLast(sqlite, connection, group);
          // As the database answers at once, nothing else would let others have their turn.
          await otherWork();
        } while (mayGrow(group, waiting) && take(waiting, group));
        sqlite.exec("commit");
      } finally {
        // A full disk may have ended the transaction already.
        if (sqlite.inTransaction) sqlite.exec("rollback");
      }
    });
  } catch (error) {
    if (error instanceof FaultOfOne) {
      for (const one of group) one.alone = true;
      waiting.unshift(...group);
      return;
    }
    // Who has waited as long for the same lock is told the same, and not made to wait as long once more.
    if (isHeld(error)) group.push(...takeOlder(waiting, begun));
    for (const one of group) one.settle({ error });
    return;
  }
  for (const one of group) one.settle();
}

/** One of several threw, and the transaction stands with what it had written by then. */
class FaultOfOne extends Error {}

function mayWait({ patient, alone }: Waiting): boolean {
  return patient && !alone;
}

function mayGrow(group: readonly Waiting[], [next]: readonly Waiting[]): boolean {
  return group.length < mostInGroup && group[0]?.alone === false && next?.alone === false;
}

/** How long somebody waits while others write before it is told that they hold the database, and how often is looked; in milliseconds. */
const longestWait = 5_000;
const lookAgain = 2;
/** After a group that lasted so long, others may have the lock before the next one; in milliseconds. */
const longHold = 20;
const giveWay = 2 * lookAgain;

/**
 * The write lock at once: a transaction that begins by reading cannot take it later where others have written meanwhile
 * (https://www.sqlite.org/lang_transaction.html). SQLite's own waiting for it would hold the event loop.
 */
async function begin(sqlite: Connection["sqlite"]): Promise<void> {
  const begun = performance.now();
  for (;;) {
    try {
      sqlite.exec("begin immediate");
      return;
    } catch (error) {
      if (!isHeld(error) || performance.now() - begun > longestWait) throw error;
    }
    await pause(lookAgain);
  }
}

function isHeld(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

/** Those who have waited since a moment. */
function takeOlder(waiting: Waiting[], than: number): readonly Waiting[] {
  const older = waiting.filter(({ since }) => since < than);
  waiting.splice(0, older.length);
  return older;
}

function take(waiting: Waiting[], group: Waiting[]): boolean {
  const next = waiting.shift();
  if (next !== undefined) group.push(next);
  return next !== undefined;
}

/**
 * What it throws is its own affair, unless it is the end of the whole transaction. No savepoint tells what it has written
 * from what those before it have: it would cost each of them a copy of every page that it touches.
 */
async function runLast(sqlite: Connection["sqlite"], db: Db, group: readonly Waiting[]): Promise<void> {
  try {
    await group.at(-1)?.run(db);
  } catch (error) {
    throw group.length > 1 && sqlite.inTransaction ? new FaultOfOne() : error;
  }
  // What the next ones write would be kept, whatever comes of them.
  if (!sqlite.inTransaction) throw new Error("a body has ended the transaction that it was run in");
}
