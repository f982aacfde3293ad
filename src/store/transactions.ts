/**
 * Transactions one after the other, and several in one of the database's own where they wait at the same time: most of
 * what a small one costs is its commit, which writes every page anew that the one before it wrote.
 */
import { setImmediate as otherWork } from "node:timers/promises";
import type { Connection, Db } from "./database.ts";
import { takeOverLog } from "./write-ahead-log.ts";

export interface Transactions {
  /**
   * All or nothing: rejects with what the body threw, or with what the database refused, be it the commit of those beside
   * it. Resolves once it is committed.
   */
  run<T>(body: (db: Db) => Promise<T>): Promise<T>;
  /** When all that are waiting have ended. */
  ended(): Promise<void>;
}

/** One that waits. Its body settles once it has run; whether that counts is told when the group has ended. */
interface Waiting {
  run(db: Db): Promise<void>;
  settle(failure?: { readonly error: unknown }): void;
}

/** A group holds the event loop for its length: nothing but statements is awaited in it, and these answer at once. */
const mostInGroup = 16;
const longestGroup = 18;

export function createTransactions(connection: Connection): Transactions {
  const waiting: Waiting[] = [];
  let working = Promise.resolve();
  let isWorking = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await runGroup(connection, waiting);
      // As the database answers at once, nothing but the end of the queue would let others have their turn.
      await otherWork();
      if (takeOverLog(connection.sqlite)) await otherWork();
    }
    isWorking = false;
  }

  return {
    run(body) {
      const result = queued(waiting, body);
      if (!isWorking) {
        isWorking = true;
        // Those that begin in the same turn go together.
        working = Promise.resolve().then(work);
      }
      return result;
    },
    ended: () => working,
  };
}

function queued<T>(waiting: Waiting[], body: (db: Db) => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let outcome: { readonly result: T } | undefined;
  waiting.push({
    async run(db) {
      outcome = { result: await body(db) };
    },
    settle(failure) {
      if (failure !== undefined) reject(failure.error);
      else if (outcome !== undefined) resolve(outcome.result);
    },
  });
  return promise;
}

async function runGroup({ db, sqlite }: Connection, waiting: Waiting[]): Promise<void> {
  const group: Waiting[] = [];
  try {
    await db.connection().execute(async (connection) => {
      take(waiting, group);
      // The write lock at once: a transaction that begins by reading cannot take it later where another process has
      // written meanwhile. https://www.sqlite.org/lang_transaction.html
      sqlite.exec("begin immediate");
      try {
        const end = performance.now() + longestGroup;
        do await runLast(sqlite, connection, group);
        while (group.length < mostInGroup && performance.now() < end && take(waiting, group));
        sqlite.exec("commit");
      } finally {
        // A full disk may have ended the transaction already.
        if (sqlite.inTransaction) sqlite.exec("rollback");
      }
    });
  } catch (error) {
    for (const one of group) one.settle({ error });
    return;
  }
  for (const one of group) one.settle();
}

function take(waiting: Waiting[], group: Waiting[]): boolean {
  const next = waiting.shift();
  if (next !== undefined) group.push(next);
  return next !== undefined;
}

/** What the last one throws is its own affair, unless it is the end of the whole transaction. */
async function runLast(sqlite: Connection["sqlite"], db: Db, group: Waiting[]): Promise<void> {
  const last = group.at(-1);
  sqlite.exec("savepoint body");
  try {
    await last?.run(db);
  } catch (error) {
    if (!sqlite.inTransaction) throw error;
    sqlite.exec("rollback to body");
    last?.settle({ error });
    group.pop();
  }
  sqlite.exec("release body");
}
