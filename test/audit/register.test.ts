import { describe, expect, it } from "vitest";
import { registerFileKeys } from "../../src/audit/register.ts";
import type { ConfiguredKey } from "../../src/config/config-schema.ts";
import { everything, faults } from "../store/support/database-file.ts";
import { arn, conclusion, keyNamed, minute, outcomeOf, registration, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";

function inFile(name: string, change: Partial<ConfiguredKey> = {}): ConfiguredKey {
  const { source: _, ...key } = keyNamed(name);
  return { ...key, ...change };
}

const later = start + minute;

/** A database after a start with these keys in the file, and with those keys of the API. */
async function after(file: readonly ConfiguredKey[], api: readonly ConfiguredKey[] = []) {
  const { store, path } = await storeOfTest();
  await registerFileKeys(store, file, start);
  await store.write(async (tx) => {
    for (const key of api) await tx.registerKey({ ...key, source: "api" }, start);
  });
  const keys = async () =>
    (await store.read.keys()).map(({ name, resource, source }) => `${source} ${name} ${resource.split("/").at(-1)}`);
  return { store, path, keys };
}

describe("registerFileKeys", () => {
  it.each<
    [string, ConfiguredKey[], ConfiguredKey[], ConfiguredKey[], { registered: string[]; retired: string[] }, string[]]
  >([
    ["registers keys", [], [], [inFile("a")], { registered: ["a"], retired: [] }, ["file a a"]],
    ["keeps what it has", [inFile("a")], [], [inFile("a")], { registered: [], retired: [] }, ["file a a"]],
    [
      "retires a key that left",
      [inFile("a"), inFile("b")],
      [],
      [inFile("b")],
      { registered: [], retired: ["a"] },
      ["file b b"],
    ],
    [
      "takes a new name for another key of the same resource",
      [inFile("a")],
      [],
      [inFile("new", { resource: arn("a") })],
      { registered: ["new"], retired: ["a"] },
      ["file new a"],
    ],
    [
      "retires the key whose name now stands for another resource",
      [inFile("a")],
      [],
      [inFile("a", { resource: arn("z") })],
      { registered: ["a"], retired: ["a"] },
      ["file a z"],
    ],
    [
      "lets two keys change names",
      [inFile("a"), inFile("b")],
      [],
      [inFile("a", { resource: arn("b") }), inFile("b", { resource: arn("a") })],
      { registered: ["a", "b"], retired: ["a", "b"] },
      ["file a b", "file b a"],
    ],
    [
      "leaves keys of the API alone",
      [inFile("a")],
      [inFile("x")],
      [inFile("a")],
      { registered: [], retired: [] },
      ["file a a", "api x x"],
    ],
    [
      "takes over a key of the API that is the same",
      [],
      [inFile("x")],
      [inFile("x")],
      { registered: [], retired: [] },
      ["file x x"],
    ],
    [
      "claims the resource of a key of the API",
      [],
      [inFile("x")],
      [inFile("mine", { resource: arn("x") })],
      { registered: ["mine"], retired: ["x"] },
      ["file mine x"],
    ],
    [
      "claims the name of a key of the API",
      [],
      [inFile("x")],
      [inFile("x", { resource: arn("z") })],
      { registered: ["x"], retired: ["x"] },
      ["file x z"],
    ],
    ["retires all of an empty file", [inFile("a")], [inFile("x")], [], { registered: [], retired: ["a"] }, ["api x x"]],
  ])("%s", async (_, file, api, wanted, changes, left) => {
    const { store, path, keys } = await after(file, api);
    const result = await registerFileKeys(store, wanted, later);
    expect({ registered: result.registered, retired: result.retired.toSorted() }).toEqual(changes);
    expect((await keys()).toSorted()).toEqual(left.toSorted());
    expect(faults(path)).toEqual([]);
  });

  it("writes nothing at a start with the same file", async () => {
    const file = [inFile("a"), inFile("b", { registration: { ...registration, labels: { team: "payments" } } })];
    const { store, path } = await after(file, [inFile("x")]);
    const before = everything(path);
    expect(await registerFileKeys(store, file, later)).toEqual({ registered: [], retired: [] });
    expect(everything(path)).toEqual(before);
  });

  it("changes what is expected of a key, and keeps what was", async () => {
    const { store } = await after([inFile("a")]);
    await registerFileKeys(store, [inFile("a", { registration: { ...registration, guidance: "2026-06" } })], later);
    expect((await store.read.key("a"))?.registration.guidance).toBe("2026-06");
    const [before] = await store.read.keys({ at: start });
    expect(before?.registration.guidance).toBeNull();
  });

  it("keeps the history of a key that left the file, and goes on with it when it comes back", async () => {
    const { store } = await after([inFile("a")]);
    await store.write((tx) => tx.saveOutcomes("a", [outcomeOf("aws/x", "fail")], { at: start, ...conclusion }));
    const [finding] = (await store.read.findings({ limit: 1 })).findings;
    const id = finding?.id ?? "";

    await registerFileKeys(store, [], later);
    expect(await store.read.finding(id)).toMatchObject({ status: "retired", latest: { outcome: "fail" } });

    await registerFileKeys(store, [inFile("a")], later + minute);
    expect(await store.read.key("a")).toMatchObject({ registered_at: later + minute });
    expect((await store.read.findingHistory(id)).map(({ status }) => status)).toEqual(["open", "retired", "open"]);
  });

  it("is all or nothing", async () => {
    const { store, path } = await after([inFile("a")]);
    const before = everything(path);
    const twice = [inFile("b"), inFile("c", { resource: arn("b") })];
    await expect(registerFileKeys(store, twice, later)).rejects.toThrow(/could not be registered/);
    expect(everything(path)).toEqual(before);
  });
});
