/**
 * Pages of findings of a past since which much has changed. Reading them can take a second, and a read holds the thread
 * that makes it: so a thread of its own does, with a connection of its own. It begins with the first such question.
 */
import { Worker } from "node:worker_threads";
import type { FindingPage, FindingQuery } from "../model/finding-query.ts";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

export interface PastQuestion {
  readonly number: number;
  readonly query: FindingQuery;
}

export type PastAnswer = { readonly number: number } & (
  | { readonly page: FindingPage }
  | { readonly refusal: { readonly code: StoreErrorCode; readonly message: string } }
  | { readonly fault: unknown }
);

export interface PastFindings {
  /** Rejects with a StoreError where the database refuses. */
  findings(query: FindingQuery): Promise<FindingPage>;
  /** Questions that are still open are rejected. */
  close(): Promise<void>;
}

export function createPastFindings(path: string): PastFindings {
  let thread: PastThread | undefined;
  return {
    findings(query) {
      if (thread === undefined || thread.ended) thread = new PastThread(path);
      return thread.ask(query);
    },
    async close() {
      await thread?.end();
    },
  };
}

/** Compiled or not, the thread's file lies beside this one. */
const threadFile = new URL(import.meta.url.replace(/past-findings(\.[jt]s)$/, "past-findings-thread$1"));

class PastThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<FindingPage>>();
  #asked = 0;
  ended = false;

  constructor(path: string) {
    this.#worker = new Worker(threadFile, { workerData: path });
    // Alone it keeps no process alive.
    this.#worker.unref();
    this.#worker.on("message", (answer: PastAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#refuseAll(error));
    this.#worker.on("exit", () => this.#refuseAll(new Error("the thread that reads the past has ended")));
  }

  ask(query: FindingQuery): Promise<FindingPage> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<FindingPage>();
    this.#waiting.set(this.#asked, waiting);
    this.#worker.ref();
    this.#worker.postMessage({ number: this.#asked, query } satisfies PastQuestion, []);
    return waiting.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: PastAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("page" in answer) waiting?.resolve(answer.page);
    else if ("refusal" in answer) waiting?.reject(new StoreError(answer.refusal.code, answer.refusal.message));
    else waiting?.reject(answer.fault);
  }

  #refuseAll(reason: unknown): void {
    this.ended = true;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
