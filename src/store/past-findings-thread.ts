/** The other end of past-findings.ts: answers on a read-only connection. */
import { workerData } from "node:worker_threads";
import type { FindingQuery } from "../model/finding-query.ts";
import { answerQuestions } from "./asked-thread.ts";
import { type Connection, connect } from "./database.ts";
import { findPastFindings } from "./find-findings.ts";
import { readConsistently } from "./reader.ts";

const path = String(workerData);
let connection: Connection | undefined;

answerQuestions(async (query: FindingQuery) => {
  connection ??= connect(path, { readonly: true });
  return readConsistently(connection, path, (db) => findPastFindings(db, query));
});
