/** The other end of conclusions.ts: judges and saves, with the checks and a connection of its own. */
import { workerData } from "node:worker_threads";
import { catalogue } from "../../checks/index.ts";
import { type Conclusions, createConclusions } from "../audit/conclude.ts";
import { answerQuestions } from "../store/asked-thread.ts";
import { openStore } from "../store/open-store.ts";
import { type AskedToConclude, processTime, type ThreadOptions } from "./conclusions.ts";

const { path, calls, rules } = workerData as ThreadOptions;
let conclusions: Promise<Conclusions> | undefined;
/** What the asker's clock said when it asked last. */
let last = { at: 0, asked: 0 };

async function open(): Promise<Conclusions> {
  // What is asked has waited for others already.
  const store = await openStore({ path, calls, patience: 0 });
  return createConclusions({
    store,
    calls,
    rules: { ...rules, catalogue },
    now: () => last.at + processTime() - last.asked,
  });
}

answerQuestions(async ({ read, asked }: AskedToConclude) => {
  last = { at: read.at, asked };
  conclusions ??= open().catch((error: unknown) => {
    // Whoever comes next tries again.
    conclusions = undefined;
    throw error;
  });
  return (await conclusions).conclude(read);
});
