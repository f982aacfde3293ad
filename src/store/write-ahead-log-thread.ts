/** The other end of write-ahead-log.ts. */
import { parentPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";

const sqlite = new SqliteDatabase(String(workerData), { fileMustExist: true });

function takeOver(): void {
  try {
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    sqlite.pragma("wal_checkpoint(passive)");
  } catch (error) {
    // As SQLite itself has it: everything stays in the log, and a disk that is full is told by the next transaction.
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
  }
}

parentPort?.on("message", () => {
  takeOver();
  parentPort?.postMessage("taken over", []);
});
