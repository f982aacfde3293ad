/** What is told of keys in a real store: everything that is different is told, and nothing else is read again. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createMetricsSource } from "../../src/cli/metrics-source.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { KeyDetail, KeyHead, MetricsSource } from "../../src/metrics/metrics-source.ts";
import type { Json } from "../../src/model/json.ts";
import type { OutcomeName } from "../../src/model/outcome.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Store } from "../../src/store/store.ts";
import {
  conclusion,
  intervals,
  keyNamed,
  keySubject,
  minute,
  outcomeOf,
  refused,
  registration,
  seen,
  start,
  temporaryStore,
} from "../store/support/material.ts";

const described = {
  existence: "present",
  read_arn: "arn",
  state: "Enabled",
  deletion_date: null,
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  manager: "CUSTOMER",
  origin: "AWS_KMS",
  material_expires: null,
  multi_region: false,
} satisfies Record<string, Json>;

interface Bench {
  readonly store: Store;
  readonly source: MetricsSource;
  now: number;
  fast: number;
  register(...names: readonly string[]): Promise<void>;
  read(name: string, ...readings: readonly Reading[]): Promise<void>;
  conclude(name: string, outcome: OutcomeName): Promise<void>;
  head(name: string): Promise<KeyHead>;
  detail(name: string): Promise<KeyDetail>;
}

async function open(): Promise<Bench> {
  const database = await temporaryStore({ calls: callTables });
  onTestFinished(() => database[Symbol.asyncDispose]());
  const { store } = database;
  const source = createMetricsSource({ read: store.read, now: () => bench.now, fastIntervalOf: () => bench.fast });
  const bench: Bench = {
    store,
    source,
    now: start,
    fast: minute,
    register: (...names) =>
      store.write(async (tx) => {
        for (const name of names) await tx.registerKey(keyNamed(name), bench.now);
      }),
    read: (name, ...readings) => store.write((tx) => tx.saveReadings(keySubject(name), readings, intervals)),
    conclude: (name, outcome) =>
      store.write(async (tx) => {
        await tx.saveOutcomes(name, [outcomeOf("aws/key-enabled", outcome)], { ...conclusion, at: bench.now });
      }),
    async head(name) {
      const head = (await headsOf(source)).find((one) => one.name === name);
      if (head === undefined) throw new Error(`${name} is not there`);
      return head;
    },
    async detail(name) {
      const [detail] = await source.details([name]);
      if (detail === undefined) throw new Error(`${name} is not there`);
      return detail;
    },
  };
  return bench;
}

async function headsOf(source: MetricsSource): Promise<KeyHead[]> {
  const heads: KeyHead[] = [];
  for await (const page of source.keys()) heads.push(...page);
  return heads;
}

function answered(at: number, change: Readonly<Record<string, Json>> = {}): Reading {
  return seen("kms:DescribeKey", at, { ...described, ...change });
}

describe("a key is told as another one", () => {
  const later = start + 30_000;
  it.each<[string, (bench: Bench) => Promise<unknown> | number, Partial<KeyDetail>]>([
    ["when a check fails", ({ conclude }) => conclude("a", "fail"), { score: 0 }],
    [
      "when its labels are others",
      ({ store }) =>
        store.write((tx) => tx.updateRegistration("a", { ...registration, labels: { team: "pay" } }, start)),
      { labels: { team: "pay" } },
    ],
    [
      "when its state is another, whatever is concluded of it",
      ({ read }) => read("a", answered(later, { state: "Disabled" })),
      { lifecycle: { state: "known", value: "disabled" } },
    ],
    [
      "when it was gone and came back as it was",
      async ({ read }) => {
        await read("a", answered(later, { existence: "absent", state: "Disabled" }));
        await read("a", answered(later + 1, { state: "PendingDeletion" }));
      },
      { last_known_lifecycle: "pending-deletion" },
    ],
    [
      "when another attribute is told",
      ({ read }) => read("a", answered(later, { spec: "HMAC_256" })),
      { key_spec: "HMAC_256" },
    ],
    [
      "when the answer leaves its state out",
      ({ read }) => {
        const { state, ...rest } = described;
        return read("a", seen("kms:DescribeKey", later, rest));
      },
      { lifecycle: expect.objectContaining({ reason: "not-reported" }) as never, last_known_lifecycle: "enabled" },
    ],
    [
      "when sight is lost",
      ({ read }) => read("a", refused("kms:DescribeKey", later)),
      { lifecycle: expect.objectContaining({ state: "unreadable" }) as never, last_known_lifecycle: "enabled" },
    ],
    [
      "when nobody has looked for too long, though nothing is written then",
      (bench) => (bench.now = start + 3 * minute + 1),
      { lifecycle: expect.objectContaining({ reason: "stale" }) as never, last_known_lifecycle: "enabled" },
    ],
  ])("%s", async (_, happens, expected) => {
    const bench = await open();
    await bench.register("a", "b");
    for (const name of ["a", "b"]) await bench.read(name, answered(start));
    await bench.conclude("a", "pass");
    const before = [await bench.head("a"), await bench.head("b")];
    expect((await bench.detail("a")).version).toBe(before[0]?.version);
    await happens(bench);
    const [a, b] = [await bench.head("a"), await bench.head("b")];
    const detail = await bench.detail("a");
    expect(detail).toMatchObject(expected);
    expect(detail.version).toBe(a.version);
    expect(a.version).not.toBe(before[0]?.version);
    // Nobody has looked at the other one either.
    if (bench.now === start) expect(b).toEqual(before[1]);
  });
});

it("a key that is read again as it was has another time and the same version", async () => {
  const bench = await open();
  await bench.register("a");
  expect(await bench.head("a")).toMatchObject({ last_observed: null, scan_interval: minute });
  await bench.read("a", answered(start));
  await bench.conclude("a", "pass");
  const before = await bench.head("a");
  bench.now = start + minute;
  bench.fast = 2 * minute;
  await bench.read("a", answered(start + minute));
  await bench.conclude("a", "pass");
  expect(await bench.head("a")).toEqual({ ...before, last_observed: start + minute, scan_interval: 2 * minute });
  await bench.read("a", refused("kms:DescribeKey", start + minute + 1));
  expect((await bench.head("a")).last_observed).toBe(start + minute);
});

it("the keys come by name, each once, however many there are, and without those that are retired", async () => {
  const bench = await open();
  const names = Array.from({ length: 510 }, (_, number) => `key-${String((number * 7) % 510).padStart(3, "0")}`);
  await bench.register(...names);
  const pages: (readonly KeyHead[])[] = [];
  for await (const page of bench.source.keys()) pages.push(page);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.flat().map(({ name }) => name)).toEqual(names.toSorted());
  await bench.store.write((tx) => tx.retireKey("key-003", start));
  expect((await headsOf(bench.source)).map(({ name }) => name)).toEqual(
    names.toSorted().filter((name) => name !== "key-003"),
  );
  expect(await bench.source.details(["key-003", "key-004"])).toMatchObject([{ name: "key-004" }]);
});

it("a name that goes over to another resource is told as another key", async () => {
  const bench = await open();
  await bench.register("a");
  await bench.read("a", answered(start));
  await bench.conclude("a", "fail");
  const before = await bench.head("a");
  await bench.store.write(async (tx) => {
    await tx.retireKey("a", start + 1);
    await tx.registerKey(keyNamed("a", { resource: keyNamed("z").resource }), start + 1);
  });
  expect(await bench.head("a")).toMatchObject({ last_observed: null });
  expect((await bench.head("a")).version).not.toBe(before.version);
  expect(await bench.detail("a")).toMatchObject({ resource: keyNamed("z").resource, checks: [], score: null });
});
