/** A thread that writes a key into the database at `workerData`, and breaks in the middle where it is asked to. */
import { workerData } from "node:worker_threads";
import { answerQuestions } from "../../../src/store/asked-thread.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { calls, keyNamed, start } from "./material.ts";

const opened = openStore({ path: String(workerData), calls });

answerQuestions(async (name: string) => {
  const store = await opened;
  const result = await store.write(async (tx) => {
    const registered = await tx.registerKey(keyNamed(name), start);
    if (name === "exit") process.exit(1);
    if (name === "throw") {
      queueMicrotask(() => {
        throw new Error("it broke");
      });
    }
    return registered;
  });
  return result.state;
});
