/** The other end of past-findings.ts: answers on a read-only connection. */
import { workerData } from "node:worker_threads";
import type { FindingQuery } from "../model/finding-query.ts";
import { answerQuestions } from "./asked-thread.ts";
import { type Connection, connect } from "./database.ts";
import { findFindings, findPastFindings, usualFewRows } from "./find-findings.ts";
import { readConsistently } from "./reader.ts";

const path = String(workerData);
/** Here, where it holds no event loop, more of what has ended may be read: 0.2 µs each, where other ways take up to 100 ms. */
const few = { ...usualFewRows, over: 60_000 };
let connection: Connection | undefined;

answerQuestions(async (query: FindingQuery) => {
  connection ??= connect(path, { readonly: true });
  const open = connection;
  return readConsistently(open, path, async (db) => {
    const reading = { ...open, db };
    // Those of named keys are found by the keys.
    const some = query.filters?.key === undefined ? await findFindings(reading, query, few) : undefined;
    return JSON.stringify(some ?? (await findPastFindings(reading, query)));
  });
});
