import { describe, expect, test } from "vitest";
import type { Key } from "../../src/model/key.ts";
import { faults } from "./support/database-file.ts";
import {
  arn,
  conclusion,
  intervals,
  keyNamed,
  keyReadings,
  keySubject,
  minute,
  outcomeOf,
  registration,
  start,
} from "./support/material.ts";
import { storeOfTest } from "./support/store-of-test.ts";

const key: Key = { ...keyNamed("prod"), registered_at: start, retired_at: null };

describe("registering", () => {
  test("makes a key that can be found by name and by resource", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    const result = await store.write((tx) => tx.registerKey(keyNamed("prod"), start));
    expect(result).toEqual({ state: "registered", key });
    expect(await store.read.key("prod")).toEqual(key);
    expect(await store.read.keyByResource(arn("prod"))).toEqual(key);
    expect(await store.read.keys()).toEqual([key]);
    expect(await store.read.key("other")).toBeUndefined();
    expect(await store.read.keyByResource(arn("other"))).toBeUndefined();
  });

  test.each([
    ["name", keyNamed("prod", { resource: arn("other") }), "name-taken"],
    ["resource", keyNamed("other", { resource: arn("prod") }), "resource-taken"],
  ] as const)("a second time by the same %s is answered, not stored", async (_what, second, state) => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write((tx) => tx.registerKey(keyNamed("prod"), start));
    expect(await store.write((tx) => tx.registerKey(second, start + 1))).toEqual({ state, by: key });
    expect(await store.read.keys({ include_retired: true })).toEqual([key]);
  });
});

describe("changing a registration", () => {
  test("keeps what was expected before", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write((tx) => tx.registerKey(keyNamed("prod"), start));
    const changed = { ...registration, labels: { team: "payments" } };
    const answer = await store.write((tx) => tx.updateRegistration("prod", changed, start + minute));
    expect(answer).toEqual({ ...key, registration: changed });
    expect(await store.read.keys({ at: start + minute })).toEqual([{ ...key, registration: changed }]);
    expect(await store.read.keys({ at: start + minute - 1 })).toEqual([key]);
    expect(await store.read.keys({ at: start - 1 })).toEqual([]);
  });

  test("changes nothing where nothing is different", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write((tx) => tx.registerKey(keyNamed("prod"), start));
    const before = await store.read.changeSeq();
    await store.write((tx) => tx.updateRegistration("prod", { ...registration }, start + minute));
    expect(await store.read.changeSeq()).toBe(before);
  });

  test("moves a key between the file and the API", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write((tx) => tx.registerKey(keyNamed("prod"), start));
    await store.write((tx) => tx.updateRegistration("prod", registration, start + minute, "file"));
    expect((await store.read.key("prod"))?.source).toBe("file");
  });

  test("more than once in the same millisecond leaves the last", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), start);
      for (const guidance of ["2026-03", "2026-09"]) {
        await tx.updateRegistration("prod", { ...registration, guidance }, start);
      }
    });
    expect((await store.read.keys({ at: start })).map((found) => found.registration.guidance)).toEqual(["2026-09"]);
  });

  test.each(["updateRegistration", "retireKey", "saveOutcomes"] as const)("%s of no key is refused", async (method) => {
    const temporary = await storeOfTest();
    const answer = temporary.store.write(async (tx) => {
      switch (method) {
        case "updateRegistration":
          return tx.updateRegistration("none", registration, start);
        case "retireKey":
          return tx.retireKey("none", start);
        case "saveOutcomes":
          return tx.saveOutcomes("none", [], { at: start, ...conclusion });
      }
    });
    await expect(answer).rejects.toMatchObject({ name: "StoreError", code: "no-such-key" });
    expect(temporary.store.health()).toEqual({ ok: true });
  });
});

describe("retiring", () => {
  async function retired() {
    const temporary = await storeOfTest();
    await temporary.store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), start);
      await tx.saveReadings(keySubject("prod"), keyReadings(start), intervals);
      const outcomes = [outcomeOf("aws/a", "fail"), outcomeOf("aws/b", "pass"), outcomeOf("aws/c", "unknown")];
      await tx.saveOutcomes("prod", outcomes, { at: start, ...conclusion });
    });
    await temporary.store.write((tx) => tx.retireKey("prod", start + minute));
    return temporary;
  }

  test("takes the key and its findings out of the present, and out of no past", async () => {
    const temporary = await retired();
    const { read } = temporary.store;
    expect(await read.key("prod")).toBeUndefined();
    expect(await read.keys()).toEqual([]);
    expect(await read.key("prod", { include_retired: true })).toEqual({ ...key, retired_at: start + minute });
    expect(await read.keys({ include_retired: true })).toEqual([{ ...key, retired_at: start + minute }]);
    expect(await read.keys({ at: start + minute - 1, include_retired: true })).toEqual([key]);
    expect((await read.findings({ limit: 10 })).findings).toEqual([]);
    const filters = { key: ["prod"] };
    const now = (await read.findings({ limit: 10, filters })).findings;
    expect(now.map(({ status }) => status)).toEqual(["retired", "retired", "retired"]);
    const before = await read.findings({
      limit: 10,
      filters,
      as_of: start + minute - 1,
      sort: { by: "check", direction: "asc" },
    });
    expect(before.findings.map(({ status }) => status)).toEqual(["open", "none", "none"]);
    expect(await read.conclusions()).toEqual([]);
    expect(await read.conclusionsInNeed()).toEqual([]);
    expect((await read.findingCounts()).every(({ status }) => status === "retired")).toBe(true);
    expect(faults(temporary.path)).toEqual([]);
  });

  test("gives the name and the resource free", async () => {
    const temporary = await retired();
    const { store } = temporary;
    const other = keyNamed("prod", { resource: arn("other") });
    expect(await store.write((tx) => tx.registerKey(other, start + 2 * minute))).toMatchObject({ state: "registered" });
    const renamed = keyNamed("renamed", { resource: arn("prod") });
    expect(await store.write((tx) => tx.registerKey(renamed, start + 2 * minute))).toMatchObject({
      state: "registered",
    });
    expect((await store.read.findings({ limit: 10, filters: { key: ["renamed"] } })).findings).toHaveLength(3);
  });

  test("and registering again brings the same findings back", async () => {
    const temporary = await retired();
    const { store } = temporary;
    const before = (await store.read.findings({ limit: 10, filters: { key: ["prod"] } })).findings;
    const later = start + 60 * minute;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), later);
      const outcomes = [outcomeOf("aws/a", "fail"), outcomeOf("aws/b", "pass"), outcomeOf("aws/c", "unknown")];
      expect(await tx.saveOutcomes("prod", outcomes, { at: later, ...conclusion })).toEqual({ changed: 0 });
    });
    const after = (await store.read.findings({ limit: 10, filters: { key: ["prod"] } })).findings;
    expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
    const failing = after.find(({ check }) => check === "aws/a");
    expect(failing).toMatchObject({ status: "open", opened_at: later });
    const history = await store.read.findingHistory(failing?.id ?? "");
    expect(history.map(({ status, since, until }) => [status, since, until])).toEqual([
      ["open", start, start + minute],
      ["retired", start + minute, later],
      ["open", later, null],
    ]);
    expect((await store.read.key("prod"))?.registered_at).toBe(later);
    expect((await store.read.snapshot("prod", later))?.facts["state"]?.fact).toMatchObject({ reason: "stale" });
    expect(faults(temporary.path)).toEqual([]);
  });

  test("and registering again shows what was concluded last at once, before any scan", async () => {
    const temporary = await retired();
    const { store } = temporary;
    const later = start + 60 * minute;
    await store.write((tx) => tx.registerKey(keyNamed("renamed", { resource: arn("prod") }), later));
    const { findings } = await store.read.findings({
      limit: 10,
      filters: { key: ["renamed"] },
      sort: { by: "check", direction: "asc" },
    });
    expect(findings.map(({ key: of, check, status, opened_at }) => [of, check, status, opened_at])).toEqual([
      ["renamed", "aws/a", "open", later],
      ["renamed", "aws/b", "none", null],
      ["renamed", "aws/c", "none", null],
    ]);
    const counts = await store.read.findingCounts();
    expect(counts.map(({ status, outcome, count }) => [status, outcome, count])).toEqual([
      ["none", "pass", 1],
      ["none", "unknown", 1],
      ["open", "fail", 1],
    ]);
    expect(await store.read.conclusions()).not.toEqual([]);
    expect(faults(temporary.path)).toEqual([]);
  });

  test("and registering again leaves findings retired whose check left before", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), start);
      const outcomes = [outcomeOf("aws/old", "fail"), outcomeOf("aws/new", "fail")];
      await tx.saveOutcomes("prod", outcomes, { at: start, ...conclusion });
    });
    await store.write((tx) => tx.retireChecks(["aws/new"], start + minute));
    await store.write((tx) => tx.retireKey("prod", start + minute));
    await store.write((tx) => tx.registerKey(keyNamed("prod"), start + minute));
    const { findings } = await store.read.findings({ limit: 10, filters: { key: ["prod"] } });
    expect(Object.fromEntries(findings.map(({ check, status }) => [check, status]))).toEqual({
      "aws/old": "retired",
      "aws/new": "open",
    });
    expect(faults(temporary.path)).toEqual([]);
  });

  test("an open finding that comes back unreadable is still open", async () => {
    const temporary = await retired();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), start + 2 * minute);
      const outcomes = ["aws/a", "aws/b"].map((check) => outcomeOf(check, "unknown"));
      await tx.saveOutcomes("prod", outcomes, { at: start + 2 * minute, ...conclusion });
    });
    const { findings } = await store.read.findings({
      limit: 10,
      filters: { outcome: ["unknown"], status: ["open", "none"] },
    });
    expect(Object.fromEntries(findings.map(({ check, status }) => [check, status]))).toEqual({
      "aws/a": "open",
      "aws/b": "none",
      "aws/c": "none",
    });
  });

  test("a clock that was set back makes no interval end before it began", async () => {
    const temporary = await storeOfTest();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("prod"), start);
      await tx.saveOutcomes("prod", [outcomeOf("aws/a", "fail")], { at: start, ...conclusion });
      await tx.saveOutcomes("prod", [outcomeOf("aws/a", "pass")], { at: start - minute, ...conclusion });
      await tx.retireKey("prod", start - minute);
    });
    expect(faults(temporary.path)).toEqual([]);
    expect(await store.read.key("prod", { include_retired: true })).toMatchObject({ retired_at: start });
  });
});

test("checks that left the catalogue are retired, the others stay", async () => {
  const temporary = await storeOfTest();
  const { store } = temporary;
  await store.write(async (tx) => {
    for (const name of ["a", "b"]) {
      await tx.registerKey(keyNamed(name), start);
      await tx.saveOutcomes(name, [outcomeOf("aws/old", "fail"), outcomeOf("aws/new", "fail")], {
        at: start,
        ...conclusion,
      });
    }
  });
  const seq = await store.read.changeSeq();
  expect(await store.write((tx) => tx.retireChecks(["aws/new"], start + minute))).toEqual({ retired: 2 });
  expect(await store.write((tx) => tx.retireChecks(["aws/new"], start + minute))).toEqual({ retired: 0 });
  const { findings } = await store.read.findings({ limit: 10 });
  expect(findings.map(({ check }) => check)).toEqual(["aws/new", "aws/new"]);
  expect(await store.read.keysChangedSince(seq, 10)).toEqual(["a", "b"]);
  expect(faults(temporary.path)).toEqual([]);
});

test("in portions, keys come as in one go, also where keys of one name are parted", async () => {
  const { store } = await storeOfTest();
  await store.write(async (tx) => {
    for (let index = 0; index < 199; index += 1) await tx.registerKey(keyNamed(`key-${index}`), start);
    for (const resource of ["c", "a", "b"]) {
      await tx.registerKey(keyNamed("z", { resource: arn(resource) }), start);
      await tx.retireKey("z", start + minute);
    }
  });
  for (const query of [{}, { include_retired: true }, { at: start }, { at: start + minute, include_retired: true }]) {
    const portions: (readonly Key[])[] = [];
    for await (const portion of store.read.keysInPortions(query)) portions.push(portion);
    const keys = await store.read.keys(query);
    expect(portions.flat()).toEqual(keys);
    expect(portions).toHaveLength(Math.ceil(keys.length / 100));
  }
});
