/**
 * Takes what was committed over from the log into the file. SQLite would do it at the end of a commit, which then holds
 * the event loop for both; here a thread of its own does, with a connection of its own, and nothing is committed here
 * meanwhile: of a log that grows at the same time, there would always be something left.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";

export interface WriteAheadLog {
  /** To be called between transactions; ends when nothing is left to do about the log for now. Never rejects. */
  keepShort(): Promise<void>;
  close(): Promise<void>;
}

interface LogState {
  /** Frames, each of one page. */
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * Transactions of a scan write to many pages that the next ones write to again: SQLite's default of 1000 would take most
 * of them over several times.
 */
const mostFrames = 8_000;

/** Compiled or not, the thread's file lies beside this one. */
const threadFile = new URL(import.meta.url.replace(/write-ahead-log(\.[jt]s)$/, "write-ahead-log-thread$1"));

export function createWriteAheadLog(sqlite: SqliteDatabase.Database): WriteAheadLog {
  let thread: Worker | undefined;

  function begun(): Worker {
    const worker = new Worker(threadFile, { workerData: sqlite.name });
    worker.once("exit", () => {
      if (thread === worker) thread = undefined;
    });
    return worker;
  }

  return {
    async keepShort() {
      if (!isLong(sqlite)) return;
      thread ??= begun();
      thread.ref();
      thread.postMessage("take over", []);
      // A thread that breaks leaves everything in the log, and the next time there is another one.
      await once(thread, "message").catch(() => undefined);
      // Alone it keeps no process alive.
      thread?.unref();
    },
    async close() {
      await thread?.terminate();
    },
  };
}

function isLong(sqlite: SqliteDatabase.Database): boolean {
  try {
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    const [state] = sqlite.pragma("wal_checkpoint(noop)") as readonly LogState[];
    return state !== undefined && state.log - state.checkpointed >= mostFrames;
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) return false;
    throw error;
  }
}
