/** The other end of conclusions.ts: judges and saves, with the checks and a connection of its own. */
import { workerData } from "node:worker_threads";
import { catalogue } from "../../checks/index.ts";
import { type Conclusions, createConclusions, type KeyReadings } from "../audit/conclude.ts";
import { systemClock } from "../collect/clock.ts";
import { answerQuestions } from "../store/asked-thread.ts";
import { openStore } from "../store/open-store.ts";
import type { ThreadOptions } from "./conclusions.ts";

const { path, calls, rules } = workerData as ThreadOptions;
let conclusions: Promise<Conclusions> | undefined;

async function open(): Promise<Conclusions> {
  const store = await openStore({ path, calls });
  return createConclusions({ store, calls, rules: { ...rules, catalogue }, now: () => systemClock.now() });
}

answerQuestions(async (read: KeyReadings) => {
  conclusions ??= open().catch((error: unknown) => {
    // Whoever comes next tries again.
    conclusions = undefined;
    throw error;
  });
  return (await conclusions).conclude(read);
});
