import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import { faults } from "./support/database-file.ts";
import { calls, start } from "./support/material.ts";
import { folderOfTest } from "./support/store-of-test.ts";
import { concludedChecks, concludedKeys, storeProcess } from "./support/store-process.ts";

/** Starting a process is what takes time here; a longer run says how many with KEYPOSTURE_TEST_KILLS. */
const kills = Number(process.env["KEYPOSTURE_TEST_KILLS"] ?? 300);
const sideBySide = 2;
const killsOfOneDatabase = 10;

interface Killed {
  /** The newest acknowledged generation of each key. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly last: number;
}

/** Lets a process conclude generations until some moment after its first acknowledgement, and kills it. */
async function concludeAndKill(path: string, first: number, after: number): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, [storeProcess, "conclude", path, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const acknowledged = new Map<string, number>();
  let last = first - 1;
  let kill: Promise<unknown> | undefined;
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [key = "", generation = ""] = line.split(" ");
    last = Number(generation);
    acknowledged.set(key, last);
    kill ??= setTimeout(after).then(() => child.kill("SIGKILL"));
  }
  await kill;
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
  return { acknowledged, last };
}

/** Everything about a key carries one generation, and none that was acknowledged is lost. */
async function inspect(path: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const store = await openStore({ path, calls });
  for (const name of concludedKeys) {
    const { findings } = await store.read.findings({ filters: { key: [name] }, limit: 100 });
    const snapshot = await store.read.currentSnapshot(name, start);
    const generations = new Set(findings.map(({ latest }) => (latest.evidence as { generation: number }).generation));
    const known = acknowledged.get(name);
    if (known !== undefined || snapshot !== undefined) {
      const [generation = -1, ...others] = generations;
      expect(others).toEqual([]);
      expect(findings).toHaveLength(concludedChecks.length);
      expect(generation).toBeGreaterThanOrEqual(known ?? 0);
      expect(snapshot?.facts["state"]?.last_known?.value).toBe(generation);
      expect(findings.every(({ latest }) => latest.since === start + generation)).toBe(true);
    }
  }
  await store.close();
  expect(faults(path)).toEqual([]);
}

/** Several kills of one database, one after another. */
async function killSeveral(path: string, times: number): Promise<void> {
  const acknowledged = new Map<string, number>();
  let next = 1;
  for (let round = 0; round < times; round += 1) {
    const killed = await concludeAndKill(path, next, Math.random() * 20);
    for (const [key, generation] of killed.acknowledged) {
      acknowledged.set(key, generation);
    }
    // A generation may have been committed without having been acknowledged.
    next = killed.last + 2;
    await inspect(path, acknowledged);
  }
}

test(`${kills} kills leave no half conclusion and lose nothing that was acknowledged`, {
  timeout: 600_000,
}, async () => {
  const folder = folderOfTest();
  await Promise.all(
    Array.from({ length: sideBySide }, async (_, side) => {
      for (let done = 0; done < kills / sideBySide; done += killsOfOneDatabase) {
        await killSeveral(join(folder, `killed-${side}-${done}.db`), killsOfOneDatabase);
      }
    }),
  );
});
