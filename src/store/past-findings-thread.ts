/** The other end of past-findings.ts: answers on a read-only connection. */
import { workerData } from "node:worker_threads";
import type { FindingQuery } from "../model/finding-query.ts";
import { answerQuestions } from "./asked-thread.ts";
import { type Connection, connect } from "./database.ts";
import { findFindings, findPastFindings, usualFewRows } from "./find-findings.ts";
import { readConsistently } from "./reader.ts";

const path = String(workerData);
/** Here, where it holds no event loop, more may be put back into the present: each takes 2 µs, looking it all up 20 to 250 ms. */
const few = { ...usualFewRows, over: 15_000 };
let connection: Connection | undefined;

answerQuestions(async (query: FindingQuery) => {
  connection ??= connect(path, { readonly: true });
  const { statements } = connection;
  return readConsistently(connection, path, async (db) => {
    const reading = { db, statements };
    return (await findFindings(reading, query, few)) ?? findPastFindings(reading, query);
  });
});
