/**
 * Takes what was committed over from the log into the file. SQLite would do it at the end of a commit, which then holds
 * the event loop for both.
 */
import SqliteDatabase from "better-sqlite3";

interface LogState {
  /** Frames, each of one page. */
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * Transactions of a scan write to many pages that the next ones write to again: SQLite's default of 1000 would take most
 * of them over several times.
 */
const mostFrames = 3_000;

/** To be called between transactions; tells whether there was so much that it was done. */
export function takeOverLog(sqlite: SqliteDatabase.Database): boolean {
  try {
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    const [state] = sqlite.pragma("wal_checkpoint(noop)") as readonly LogState[];
    if (state === undefined || state.log - state.checkpointed < mostFrames) return false;
    sqlite.pragma("wal_checkpoint(passive)");
    return true;
  } catch (error) {
    // As SQLite itself has it: everything stays in the log, and a disk that is full is told by the next transaction.
    if (error instanceof SqliteDatabase.SqliteError) return false;
    throw error;
  }
}
