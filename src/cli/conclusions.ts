/**
 * Judging a key and saving what follows takes longer than reading it takes of this thread's time, and holds it: so a
 * thread of its own does both, and the requests under way, the API and the metrics have this one for themselves.
 */
import type { Conclusions, KeyReadings } from "../audit/conclude.ts";
import type { Rules } from "../audit/judge.ts";
import type { CallTable } from "../model/call.ts";
import type { Provider } from "../model/resource.ts";
import { createAskedThread } from "../store/asked-thread.ts";
import { StoreError } from "../store/store-error.ts";

export interface ThreadOptions {
  /** Of the database; it exists, in its newest form. */
  readonly path: string;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  /** Checks are functions, which no message can hold: the thread has its own. */
  readonly rules: Omit<Rules, "catalogue">;
}

/** What was read, and when the thread was asked, by the clock that `processTime` tells. */
export interface AskedToConclude {
  readonly read: KeyReadings;
  readonly asked: number;
}

/** Milliseconds by a clock that nobody sets and that all threads of the process share. */
export function processTime(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

export interface ConclusionsThread extends Conclusions {
  /** What is still under way is given up. */
  close(): Promise<void>;
}

/** Compiled or not, the thread's file lies beside this one. */
const threadFile = new URL(import.meta.url.replace(/conclusions(\.[jt]s)$/, "conclusions-thread$1"));

/** How long what was read may wait for more, in milliseconds: what goes together shares a commit. */
const patience = 50;

/** `onTransaction` is told what came of each: the refusal, or undefined where it was committed. */
export function createConclusionsThread(
  options: ThreadOptions,
  onTransaction: (refusal: StoreError | undefined) => void,
): ConclusionsThread {
  const thread = createAskedThread<AskedToConclude, number>(threadFile, options, { patience });
  thread.begin();
  return {
    async conclude(read) {
      try {
        const changed = await thread.ask({ read, asked: processTime() });
        onTransaction(undefined);
        return changed;
      } catch (error) {
        if (error instanceof StoreError) onTransaction(error);
        throw error;
      }
    },
    close: () => thread.end(),
  };
}
