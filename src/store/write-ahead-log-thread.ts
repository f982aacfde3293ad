/** The other end of write-ahead-log.ts. */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";

/** How long those are waited for who write, read an older state, or take the log over too; in milliseconds. */
const longestWait = 500;
const lookAgain = 5;
const sqlite = new SqliteDatabase(String(workerData), { fileMustExist: true, timeout: 100 });

async function takeOver(): Promise<void> {
  try {
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    sqlite.pragma("wal_checkpoint(passive)");
    const begun = performance.now();
    // And what others wrote meanwhile, with the lock: then the log begins anew. SQLite waits for no other checkpoint.
    while (sqlite.pragma("wal_checkpoint(restart)", { simple: true }) === 1) {
      if (performance.now() - begun > longestWait) return;
      await pause(lookAgain);
    }
  } catch (error) {
    // As SQLite itself has it: everything stays in the log, and a disk that is full is told by the next transaction.
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
  }
}

parentPort?.on("message", () => {
  void takeOver().then(() => parentPort?.postMessage("taken over", []));
});
