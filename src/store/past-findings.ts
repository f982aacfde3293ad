/**
 * Pages of findings of a past since which much has changed. Reading them can take a second, and a read holds the thread
 * that makes it: so a thread of its own does, with a connection of its own.
 */
import type { FindingPage, FindingQuery } from "../model/finding-query.ts";
import { createAskedThread } from "./asked-thread.ts";

export interface PastFindings {
  /** Rejects with a StoreError where the database refuses. */
  findings(query: FindingQuery): Promise<FindingPage>;
  /** Questions that are still open are rejected. */
  close(): Promise<void>;
}

/** Compiled or not, the thread's file lies beside this one. */
const threadFile = new URL(import.meta.url.replace(/past-findings(\.[jt]s)$/, "past-findings-thread$1"));

export function createPastFindings(path: string): PastFindings {
  // As text: to copy a page from thread to thread as objects costs more than twice as much.
  const thread = createAskedThread<FindingQuery, string>(threadFile, path);
  return {
    findings: async (query) => JSON.parse(await thread.ask(query)) as FindingPage,
    close: () => thread.end(),
  };
}
