/** The other end of past-findings.ts: answers one question after the other, on a read-only connection. */
import { parentPort, workerData } from "node:worker_threads";
import { type Connection, connect } from "./database.ts";
import { findPastFindings } from "./find-findings.ts";
import type { PastAnswer, PastQuestion } from "./past-findings.ts";
import { readConsistently } from "./reader.ts";
import { StoreError } from "./store-error.ts";

const path = String(workerData);
let connection: Connection | undefined;

async function answerTo({ number, query }: PastQuestion): Promise<PastAnswer> {
  try {
    connection ??= connect(path, { readonly: true });
    return { number, page: await readConsistently(connection, path, (db) => findPastFindings(db, query)) };
  } catch (error) {
    if (error instanceof StoreError) return { number, refusal: { code: error.code, message: error.message } };
    return { number, fault: error };
  }
}

parentPort?.on("message", (question: PastQuestion) => {
  void answerTo(question).then((answer) => parentPort?.postMessage(answer, []));
});
