import { describe, expect, it } from "vitest";
import { createKeyRegistry, type KeyRequest } from "../../src/audit/key-registry.ts";
import { everything } from "../store/support/database-file.ts";
import { keyNamed, minute, registration, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";

const organization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";

async function registryOfTest() {
  const { store, path } = await storeOfTest();
  const clock = { now: start };
  let changes = 0;
  const registry = createKeyRegistry({
    store,
    organizations: [organization],
    concluding: (work) => work(clock.now),
    now: () => clock.now,
    onChange: () => {
      changes += 1;
    },
  });
  return { store, path, clock, registry, changes: () => changes };
}

function request(name: string | null, resource = "a", change: Partial<KeyRequest> = {}): KeyRequest {
  const { name: default_name, source: _, registration: __, ...key } = keyNamed(resource);
  return { name, default_name, resource: key, fields: {}, ...change };
}

describe("registering a key", () => {
  it("gives what is not said its default, and tells of it", async () => {
    const { registry, changes } = await registryOfTest();
    const result = await registry.registerKey(request("mine", "a", { fields: { labels: { team: "payments" } } }));
    expect(result).toMatchObject({
      state: "registered",
      key: {
        name: "mine",
        source: "api",
        registered_at: start,
        registration: { ...registration, organizations: [organization], labels: { team: "payments" } },
      },
    });
    expect(changes()).toBe(1);
  });

  it("names a key by its resource; where that is taken, with its location, and then with a number", async () => {
    const { registry } = await registryOfTest();
    const names: (string | undefined)[] = [];
    for (const resource of ["a", "b", "c", "d"]) {
      const result = await registry.registerKey(request(null, resource, { default_name: "key" }));
      names.push(result.state === "registered" ? result.key.name : undefined);
    }
    expect(names).toEqual(["key", "key-us-east-2", "key-us-east-2-2", "key-us-east-2-3"]);
  });

  it("refuses a name or a resource that is taken, and tells nobody", async () => {
    const { registry, path, changes } = await registryOfTest();
    await registry.registerKey(request("a"));
    const before = everything(path);
    expect(await registry.registerKey(request("a", "b"))).toMatchObject({ state: "name-taken", by: { name: "a" } });
    expect(await registry.registerKey(request(null))).toMatchObject({ state: "resource-taken", by: { name: "a" } });
    expect(everything(path)).toEqual(before);
    expect(changes()).toBe(1);
  });
});

describe("changing a key", () => {
  it("touches what is named: a value is kept, null is the default, what is absent stays", async () => {
    const { registry, clock, changes } = await registryOfTest();
    const fields = { organizations: ["other"], guidance: "2026-06", compartments: ["one"], labels: { a: "b" } };
    await registry.registerKey(request("a", "a", { fields }));
    clock.now += minute;

    const result = await registry.updateKey("a", {
      organizations: null,
      guidance: null,
      labels: undefined,
      compartments: [],
    });

    expect(result).toMatchObject({
      state: "updated",
      key: { registration: { organizations: [organization], guidance: null, compartments: [], labels: { a: "b" } } },
    });
    expect(changes()).toBe(2);
  });
});

describe("retiring a key", () => {
  it("ends it now", async () => {
    const { store, registry, clock, changes } = await registryOfTest();
    await registry.registerKey(request("a"));
    clock.now += minute;
    expect(await registry.retireKey("a")).toMatchObject({ state: "retired", key: { retired_at: clock.now } });
    expect(await store.read.key("a")).toBeUndefined();
    expect(changes()).toBe(2);
  });
});

it.each(["updateKey", "retireKey"] as const)(
  "%s refuses keys of the file, and those that are not there",
  async (verb) => {
    const { store, registry, path, changes } = await registryOfTest();
    await store.write((tx) => tx.registerKey(keyNamed("a", { source: "file" }), start));
    const before = everything(path);
    expect(await registry[verb]("a", {})).toMatchObject({ state: "key-from-file", key: { name: "a" } });
    expect(await registry[verb]("b", {})).toEqual({ state: "no-such-key" });
    expect(everything(path)).toEqual(before);
    expect(changes()).toBe(0);
  },
);
