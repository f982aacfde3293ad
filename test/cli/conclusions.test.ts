/** What holds of conclusions, whether they are made here or in a thread of their own. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Conclusions, createConclusions, type KeyReadings } from "../../src/audit/conclude.ts";
import { createConclusionsThread } from "../../src/cli/conclusions.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { Reading } from "../../src/model/reading.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { rules } from "../http/support/api.ts";
import { everything, faults } from "../store/support/database-file.ts";
import { intervals, minute, refused, seen, start } from "../store/support/material.ts";
import { folderOfTest, storeOfTest } from "../store/support/store-of-test.ts";
import { documentedPolicy, testKey, testRegistration } from "../support/aws-kms-key.ts";

const { catalogue: _, ...plainRules } = rules;

function thread(path: string, told: string[] = []) {
  const conclusions = createConclusionsThread({ path, calls: callTables, rules: plainRules }, (refusal) => {
    told.push(refusal?.code ?? "committed");
  });
  onTestFinished(() => conclusions.close());
  return conclusions;
}

const kinds: readonly [string, (store: Store, path: string) => Conclusions][] = [
  ["here", (store) => createConclusions({ store, calls: callTables, rules, now: () => Date.now() })],
  ["in a thread of their own", (_store, path) => thread(path)],
];

async function register(store: Store, at = start): Promise<void> {
  const registered = await store.write((tx) =>
    tx.registerKey({ ...testKey, name: "prod", source: "api", registration: testRegistration }, at),
  );
  expect(registered.state).toBe("registered");
}

function read(after: number, readings: readonly Reading[]): KeyReadings {
  const { provider, resource } = testKey;
  return { provider, resource, readings, intervals, at: start + after };
}

function healthy(at: number, state = "Enabled"): readonly Reading[] {
  return [
    seen("kms:DescribeKey", at, { existence: "present", read_arn: testKey.resource, state, deletion_date: null }),
    seen("kms:GetKeyPolicy", at, { policy_text: documentedPolicy() }),
    refused("kms:ListGrants", at),
    seen("cloudtrail:DescribeTrails", at, { trail_list: [] }),
  ];
}

/** Everything that a database holds after the same was read of the same key. */
async function history(make: (store: Store, path: string) => Conclusions) {
  const { store, path } = await storeOfTest({ calls: callTables });
  await register(store);
  const conclusions = make(store, path);
  const changed = [
    await conclusions.conclude(read(minute, healthy(start + minute))),
    await conclusions.conclude(read(2 * minute, healthy(start + 2 * minute))),
    await conclusions.conclude(read(3 * minute, healthy(start + 3 * minute, "Disabled"))),
  ];
  await store.write((tx) => tx.retireKey("prod", start + 4 * minute));
  changed.push(await conclusions.conclude(read(5 * minute, healthy(start + 5 * minute))));
  // When its tables were made is all that may differ.
  const { kysely_migration: _made, ...content } = everything(path);
  return { changed, content, faults: faults(path) };
}

describe.each(kinds)("conclusions that are made %s", (_where, make) => {
  it("are what follows from what was read, and say how many became others", async () => {
    const { changed, content, faults: broken } = await history(make);
    const all = rules.catalogue.filter(({ resource }) => resource === testKey.kind).length;
    expect(changed).toEqual([all, 0, expect.any(Number), 0]);
    expect(changed[2]).toBeGreaterThan(0);
    expect(changed[2]).toBeLessThan(all);
    expect(content["finding"]).toHaveLength(all);
    expect(broken).toEqual([]);
  });

  it("reject with what a collector did wrong, keep nothing of it, and go on", async () => {
    const { store, path } = await storeOfTest({ calls: callTables });
    await register(store);
    const before = everything(path);
    const conclusions = make(store, path);
    const twice = [...healthy(start + minute), ...healthy(start + minute)];
    await expect(conclusions.conclude(read(minute, twice))).rejects.toThrow(TypeError);
    expect(everything(path)).toEqual(before);
    expect(await conclusions.conclude(read(2 * minute, healthy(start + 2 * minute)))).toBeGreaterThan(0);
  });
});

it("the same is concluded here and there, to the last row", async () => {
  const [[, here], [, there]] = kinds as [(typeof kinds)[0], (typeof kinds)[0]];
  expect(await history(there)).toEqual(await history(here));
});

it("a database that cannot be opened is told, and once it can be, it works", async () => {
  const folder = join(folderOfTest(), "later");
  const path = join(folder, "keyposture.db");
  const told: string[] = [];
  const conclusions = thread(path, told);
  await expect(conclusions.conclude(read(0, []))).rejects.toMatchObject({
    name: "StoreError",
    code: "database-unopenable",
  });
  expect(told).toEqual(["database-unopenable"]);

  mkdirSync(dirname(path), { recursive: true });
  const store = await openStore({ path, calls: callTables });
  onTestFinished(() => store.close());
  await register(store);
  expect(await conclusions.conclude(read(minute, healthy(start + minute)))).toBeGreaterThan(0);
  expect(told).toEqual(["database-unopenable", "committed"]);
  rmSync(folder, { recursive: true });
});

it("what is under way when it is closed is given up, with nothing half-written", async () => {
  const { store, path } = await storeOfTest({ calls: callTables });
  await register(store);
  const conclusions = thread(path);
  const given = expect(conclusions.conclude(read(minute, healthy(start + minute)))).rejects.toThrow("has ended");
  await conclusions.close();
  await given;
  expect(faults(path)).toEqual([]);
  await store.write((tx) => tx.retireKey("prod", start + minute));
});

it("what comes once it is closed is refused, and nothing is opened for it", async () => {
  const { store, path } = await storeOfTest({ calls: callTables });
  await register(store);
  const before = everything(path);
  const conclusions = thread(path);
  await conclusions.close();
  await expect(conclusions.conclude(read(minute, healthy(start + minute)))).rejects.toThrow("has ended");
  await conclusions.close();
  expect(everything(path)).toEqual(before);
});
