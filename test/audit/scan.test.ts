import { describe, expect, it, vi } from "vitest";
import { unreadable } from "../../src/model/fact.ts";
import type { Key } from "../../src/model/key.ts";
import type { Store } from "../../src/store/store.ts";
import { change, everything, faults, query } from "../store/support/database-file.ts";
import {
  arn,
  keyNamed,
  keyReadings,
  minute,
  refused,
  registration,
  scope,
  seen,
  start,
} from "../store/support/material.ts";
import { auditOfTest, enabled, hasPolicy, register } from "../support/audit-of-test.ts";

async function outcomesOf(store: Store, name: string): Promise<Record<string, string>> {
  const conclusions = await store.read.conclusions({ keys: [name] });
  return Object.fromEntries(conclusions.map(({ check, outcome }) => [check, outcome]));
}

async function factsOf(store: Store, name: string, now: number): Promise<Record<string, string>> {
  const snapshot = await store.read.currentSnapshot(name, now);
  return Object.fromEntries(
    Object.entries(snapshot?.facts ?? {}).map(([fact, { fact: read }]) => [
      fact,
      read.state === "known" ? "known" : read.reason,
    ]),
  );
}

describe("a scan", () => {
  it("judges each key by its own facts and by those of the scope, and says what it did", async () => {
    const { store, collector, clock, scans, lines, scan } = await auditOfTest();
    await register(store, "a", "b");
    collector.key = (key, at) => keyReadings(at, key.resource === arn("a") ? "Enabled" : "Disabled");
    collector.ofScope = (at) => [seen("cloudtrail:DescribeTrails", at, { trail_list: [{ arn: "t" }] })];
    clock.now = start + minute;

    const result = await scan({ readScope: true });

    expect(await outcomesOf(store, "a")).toEqual({
      "aws/enabled": "pass",
      "aws/has-policy": "pass",
      "aws/has-trail": "pass",
    });
    expect(await outcomesOf(store, "b")).toMatchObject({ "aws/enabled": "fail", "aws/has-trail": "pass" });
    expect(result).toEqual({
      id: "scan-1",
      provider: "aws",
      scope,
      lane: "full",
      state: "done",
      started_at: clock.now,
      finished_at: clock.now,
      keys: 2,
      failed_keys: 0,
      changes: 6,
      refused: [],
    });
    expect(await store.read.scan("scan-1")).toEqual(result);
    expect(scans).toEqual([result]);
    expect(lines).toMatchObject([{ level: "info", fields: { scan: "scan-1", scope, keys: 2, changes: 6 } }]);
  });

  it("reads and saves what the keys share once", async () => {
    const { store, path, collector, scan } = await auditOfTest();
    await register(store, "a", "b", "c");
    collector.ofScope = (at) => [seen("cloudtrail:DescribeTrails", at, { trail_list: [] })];

    await scan({ readScope: true });

    expect(collector.asked.filter((asked) => asked.endsWith(scope))).toEqual([`full ${scope}`]);
    expect(query(path, "select name from fact where name = 'trail_list'")).toHaveLength(1);
  });

  it("leaves the scope alone where it was not asked to read it", async () => {
    const { store, collector, scan } = await auditOfTest();
    await register(store, "a");
    await scan();
    expect(collector.asked).toEqual(["full a"]);
    expect(await outcomesOf(store, "a")).toMatchObject({ "aws/has-trail": "unknown" });
  });

  it("writes nothing but its row and its sights where nothing changed", async () => {
    const { store, path, clock, scan } = await auditOfTest();
    await register(store, "a");
    await scan();
    const { scan: _row, sight: _sight, ...before } = everything(path);
    clock.now += minute;

    expect(await scan()).toMatchObject({ changes: 0 });

    const { scan: rows, sight, ...after } = everything(path);
    expect(after).toEqual(before);
    expect(rows).toHaveLength(2);
    expect(new Set(sight?.map(({ last_at }) => last_at))).toEqual(new Set([clock.now]));
  });

  it("counts every change of keys that are read at the same time", async () => {
    const { store, collector, scan } = await auditOfTest();
    const names = Array.from({ length: 60 }, (_, index) => `key-${index}`);
    await register(store, ...names);
    collector.key = async (_key, at) => {
      await new Promise((resolve) => setImmediate(resolve));
      return keyReadings(at);
    };
    expect(await scan()).toMatchObject({ keys: 60, changes: 180 });
  });

  it("reads each key when it is told to, and what is not begun by its end not at all", async () => {
    const { store, collector, scan } = await auditOfTest();
    await register(store, "a", "b");
    const stop = new AbortController();
    const alone = vi.fn(async ({ name }: Key, read: () => Promise<void>) => {
      if (name === "b") stop.abort();
      await read();
    });

    expect(await scan({ alone, signal: stop.signal })).toMatchObject({ state: "interrupted", keys: 1 });

    expect(alone.mock.calls.map(([{ name }]) => name)).toEqual(["a", "b"]);
    expect(collector.asked).toEqual(["full a"]);
  });

  it("tells of each key that it took", async () => {
    const { store, scan } = await auditOfTest();
    await register(store, "a", "b");
    const told: string[] = [];
    await scan({ onKey: ({ name }) => told.push(name) });
    expect(told.toSorted()).toEqual(["a", "b"]);
  });

  it("does not word anew what rests on the same", async () => {
    const { store, collector, clock, scan } = await auditOfTest();
    await register(store, "a");
    collector.key = (_key, at) => [...keyReadings(at).slice(1), refused("kms:DescribeKey", at)];
    await scan();
    const [finding] = (await store.read.findings({ limit: 9, filters: { check: [enabled.id] } })).findings;
    clock.now += minute;

    expect(await scan()).toMatchObject({ changes: 0, refused: [{ detail: `access-denied at ${clock.now}` }] });

    expect(finding?.latest.message).toContain(`access-denied at ${start}`);
    expect((await store.read.finding(finding?.id ?? ""))?.latest).toEqual(finding?.latest);
  });
});

describe("a key that breaks on a fault of ours", () => {
  it("is counted and logged with its stack, keeps its facts, and stops no other key", async () => {
    const { store, collector, clock, lines, scan } = await auditOfTest();
    await register(store, "a", "b", "c");
    await scan();
    lines.length = 0;
    const before = await store.read.currentSnapshot("b", start);
    clock.now += minute;
    collector.key = (key, at) => {
      if (key.resource === arn("b")) throw new TypeError("cannot read properties of undefined");
      return keyReadings(at, "Disabled");
    };

    const result = await scan();

    expect(result).toMatchObject({ state: "done", keys: 3, failed_keys: 1, changes: 2, refused: [] });
    expect(await store.read.currentSnapshot("b", start)).toEqual(before);
    expect(await outcomesOf(store, "b")).toMatchObject({ "aws/enabled": "pass" });
    expect(await outcomesOf(store, "c")).toMatchObject({ "aws/enabled": "fail" });
    const [line, summary] = lines;
    expect(line).toMatchObject({ level: "error", fields: { key: "b", scope, scan: "scan-2" } });
    expect(line?.fields["err"]).toHaveProperty("stack", expect.stringContaining("scan.test.ts"));
    expect(summary).toMatchObject({ level: "warn", fields: { failed_keys: 1 } });
  });

  it.each([
    ["a call that the table does not have", [seen("kms:NoSuchCall", start, {})]],
    ["a fact that the call does not tell", [seen("kms:DescribeKey", start, { colour: "red" })]],
    ["two readings of one call", [...keyReadings(start), ...keyReadings(start)]],
  ])("also by %s", async (_, readings) => {
    const { store, path, collector, scan } = await auditOfTest();
    await register(store, "a");
    collector.key = () => readings;
    expect(await scan()).toMatchObject({ failed_keys: 1, changes: 0 });
    expect(query(path, "select * from fact")).toEqual([]);
    expect(query(path, "select * from sight")).toEqual([]);
  });

  it("is counted for the shared facts as well, and the keys go on", async () => {
    const { store, collector, lines, scan } = await auditOfTest();
    await register(store, "a");
    collector.ofScope = () => {
      throw new TypeError("a fault");
    };
    expect(await scan({ readScope: true })).toMatchObject({ keys: 1, failed_keys: 1, changes: 3 });
    expect(lines[0]?.fields).toMatchObject({ scope, scan: "scan-1" });
    expect(lines[0]?.fields).not.toHaveProperty("key");
  });

  it("has nothing of it kept: what was seen and what was concluded are one transaction", async () => {
    const { store, path, clock, collector, scan } = await auditOfTest();
    await register(store, "a", "b");
    await scan();
    clock.now += minute;
    collector.key = (_key, at) => keyReadings(at, "Disabled");
    const poisoned: Store = {
      ...store,
      write: (body) =>
        store.write((tx) =>
          body({
            ...tx,
            saveOutcomes: async (name, outcomes, context) => {
              const result = await tx.saveOutcomes(name, outcomes, context);
              if (name === "a") throw new TypeError("after the last statement");
              return result;
            },
          }),
        ),
    };

    expect(await scan({}, { store: poisoned })).toMatchObject({ failed_keys: 1, changes: 1 });

    const { facts } = (await store.read.currentSnapshot("a", clock.now)) ?? {};
    expect(facts?.["state"]).toMatchObject({ fact: { value: "Enabled" }, observed_at: start });
    expect(await outcomesOf(store, "a")).toMatchObject({ "aws/enabled": "pass" });
    expect(await outcomesOf(store, "b")).toMatchObject({ "aws/enabled": "fail" });
    expect(faults(path)).toEqual([]);
  });
});

describe("what is refused", () => {
  it("makes exactly its own facts unreadable, and the checks on them unknown", async () => {
    const { store, collector, clock, scan } = await auditOfTest();
    await register(store, "a");
    await scan();
    clock.now += minute;
    collector.key = (_key, at) => [
      ...keyReadings(at).filter(({ call }) => call !== "kms:GetKeyPolicy"),
      refused("kms:GetKeyPolicy", at),
    ];

    expect(await scan()).toMatchObject({ failed_keys: 0, changes: 1 });

    expect(await factsOf(store, "a", clock.now)).toEqual({
      state: "known",
      deletion_date: "known",
      grants: "known",
      rotation: "known",
      registration: "known",
      policy_text: "access-denied",
      trail_list: "not-read-yet",
    });
    expect(await outcomesOf(store, "a")).toMatchObject({ "aws/enabled": "pass", "aws/has-policy": "unknown" });
    const { findings } = await store.read.findings({ limit: 9, filters: { check: [hasPolicy.id] } });
    expect(findings[0]).toMatchObject({ status: "none", last_decided: { outcome: "pass" } });
  });

  it("is listed once for each call and reason, with the permission and the number of subjects", async () => {
    const { store, collector, lines, scan } = await auditOfTest();
    await register(store, "a", "b", "c");
    collector.key = (key, at) => [
      refused("kms:ListGrants", at, key.resource === arn("c") ? "throttled" : "access-denied"),
      { ...seen("kms:DescribeKey", at, { state: unreadable("malformed", "a number"), deletion_date: null }) },
    ];
    collector.ofScope = (at) => [refused("cloudtrail:DescribeTrails", at)];

    const { refused: list } = await scan({ readScope: true });

    expect(list.map(({ call, permission, reason, subjects }) => [call, permission, reason, subjects])).toEqual([
      ["cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", "access-denied", 1],
      ["kms:DescribeKey", "kms:DescribeKey", "malformed", 3],
      ["kms:ListGrants", "kms:ListGrants", "access-denied", 2],
      ["kms:ListGrants", "kms:ListGrants", "throttled", 1],
    ]);
    expect((await store.read.scan("scan-1"))?.refused).toEqual(list);
    expect(lines.at(-1)).toMatchObject({ level: "warn", fields: { refused: list } });
  });
});

describe("what happens to a key while it is read", () => {
  it("retired: nothing is concluded, and it is no fault", async () => {
    const { store, path, collector, lines, scan } = await auditOfTest();
    await register(store, "a", "b");
    await scan();
    collector.key = async (key, at) => {
      if (key.resource === arn("a")) await store.write((tx) => tx.retireKey("a", at));
      return keyReadings(at, "Disabled");
    };

    expect(await scan()).toMatchObject({ state: "done", keys: 2, failed_keys: 0, changes: 1 });

    const { findings } = await store.read.findings({ limit: 9, filters: { key: ["a"], status: ["retired"] } });
    expect(findings.map(({ latest }) => latest.outcome).toSorted()).toEqual(["pass", "pass", "unknown"]);
    expect(lines.filter(({ level }) => level === "error")).toEqual([]);
    expect(faults(path)).toEqual([]);
  });

  it("its name goes over to another resource: that one is not judged by what was seen of the first", async () => {
    const { store, collector, scan } = await auditOfTest();
    await register(store, "a");
    collector.key = async (_key, at) => {
      await store.write(async (tx) => {
        await tx.retireKey("a", at);
        await tx.registerKey({ ...keyNamed("other"), name: "a" }, at);
      });
      return keyReadings(at);
    };
    expect(await scan()).toMatchObject({ failed_keys: 0, changes: 0 });
    expect(await store.read.conclusions()).toEqual([]);
    expect(await factsOf(store, "a", start)).toMatchObject({ state: "not-read-yet" });
  });

  it("it gets another name, or another registration: it is judged as what it is by then", async () => {
    const { store, collector, scan } = await auditOfTest();
    await register(store, "a");
    collector.key = async (_key, at) => {
      await store.write(async (tx) => {
        await tx.retireKey("a", at);
        await tx.registerKey(
          { ...keyNamed("a"), name: "b", registration: { ...registration, guidance: "2026-06" } },
          at,
        );
      });
      return keyReadings(at);
    };
    expect(await scan()).toMatchObject({ failed_keys: 0, changes: 3 });
    const { findings } = await store.read.findings({ limit: 9 });
    expect(findings.map(({ key, latest }) => [key, latest.guidance])).toEqual([["b", "2026-06"]]);
  });
});

describe("a store that cannot be written", () => {
  it("ends the scan, begins no further key, and leaves nothing of it under way", async () => {
    const pages = 300;
    const { store, path, collector, clock, lines, scans, scan } = await auditOfTest({ max_pages: pages });
    const names = Array.from({ length: 80 }, (_, index) => `key-${index}`);
    await register(store, ...names);
    const used = Number(query(path, "pragma page_count")[0]?.["page_count"]);
    change(
      path,
      `create table ballast (bytes blob);
       with recursive row(n) as (select 1 union all select n + 1 from row where n < ${pages - used - 4})
       insert into ballast select zeroblob(3500) from row`,
    );
    let underWay = 0;
    collector.key = async (_key, at) => {
      underWay += 1;
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return [seen("kms:GetKeyPolicy", at, { policy_text: "x".repeat(100_000) })];
    };

    await expect(scan()).rejects.toMatchObject({ name: "StoreError", code: "database-full" });

    expect(store.health()).toMatchObject({ ok: false, code: "database-full" });
    expect(underWay).toBe(0);
    expect(collector.asked.length).toBeLessThan(names.length);
    expect(scans).toEqual([]);
    expect(lines).toEqual([]);
    expect(faults(path)).toEqual([]);

    change(path, "drop table ballast");
    clock.now += minute;
    collector.key = (_key, at) => keyReadings(at);
    expect(await scan()).toMatchObject({ state: "done", keys: 80, failed_keys: 0 });
    expect(store.health()).toEqual({ ok: true });
  });
});

describe("a scan that is stopped", () => {
  it("begins no further key and is left unfinished, for the next start to say so", async () => {
    const { store, collector, scans, scan } = await auditOfTest();
    const names = Array.from({ length: 80 }, (_, index) => `key-${index}`);
    await register(store, ...names);
    const stop = new AbortController();
    collector.key = async (_key, at) => {
      stop.abort();
      return keyReadings(at);
    };

    const result = await scan({ signal: stop.signal });

    expect(result.state).toBe("interrupted");
    expect(result.keys).toBe(collector.asked.length);
    expect(result.keys).toBeLessThan(40);
    expect(scans).toEqual([]);
    expect((await store.read.scan("scan-1"))?.state).toBe("running");
    expect(await store.write((tx) => tx.interruptRunningScans(start))).toBe(1);
  });

  it("is done where every key was read already", async () => {
    const { store, collector, scan } = await auditOfTest();
    await register(store, "a");
    const stop = new AbortController();
    collector.key = (_key, at) => {
      stop.abort();
      return keyReadings(at);
    };
    expect(await scan({ signal: stop.signal })).toMatchObject({ state: "done", keys: 1 });
  });
});
