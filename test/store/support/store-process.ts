/**
 * A process of its own on a database: `migrate PATH` prints what was applied; `conclude PATH FIRST` concludes one
 * generation after another until it is killed. In each generation everything about one key carries its number, and what
 * was committed is acknowledged on stdout.
 */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { migrate } from "../../../src/store/migrate.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { calls, conclusion, intervals, keyNamed, keySubject, outcomeOf, seen, start } from "./material.ts";

export const storeProcess = import.meta.filename;
export const concludedKeys = ["key-a", "key-b", "key-c"] as const;
export const concludedChecks = Array.from({ length: 8 }, (_, index) => `aws/check-${index}`);

async function conclude(path: string, first: number): Promise<never> {
  const store = await openStore({ path, calls });
  // Who is killed keeps nothing of what it compiled for the next one.
  flushCompileCache();
  for (let generation = first; ; generation += 1) {
    const name = concludedKeys[generation % concludedKeys.length] ?? concludedKeys[0];
    const at = start + generation;
    await store.write(async (tx) => {
      if ((await tx.key(name)) === undefined) {
        await tx.registerKey(keyNamed(name), at);
      }
      const reading = seen("kms:DescribeKey", at, { state: generation, deletion_date: null });
      await tx.saveReadings(keySubject(name), [reading], intervals);
      const outcomes = concludedChecks.map((check, index) =>
        outcomeOf(check, (generation + index) % 2 === 0 ? "fail" : "pass", { evidence: { generation } }),
      );
      await tx.saveOutcomes(name, outcomes, { at, ...conclusion });
    });
    writeSync(1, `${name} ${generation}\n`);
  }
}

if (import.meta.main) {
  const [verb, path = "", first = "1"] = process.argv.slice(2);
  if (verb === "conclude") {
    await conclude(path, Number(first));
  } else {
    process.stdout.write(JSON.stringify(await migrate(path)));
  }
}
