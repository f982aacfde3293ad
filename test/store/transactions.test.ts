import { statSync } from "node:fs";
import { setImmediate as otherWork, setTimeout as timer } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, test, vi } from "vitest";
import { connect, type Db } from "../../src/store/database.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store, StoreWriter } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { createTransactions } from "../../src/store/transactions.ts";
import { change, everything, faults, query } from "./support/database-file.ts";
import {
  calls,
  conclusion,
  intervals,
  keyNamed,
  keyReadings,
  keySubject,
  minute,
  outcomeOf,
  scope,
  seen,
  start,
} from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

async function scanOnce(store: Store, id: string, at: number): Promise<void> {
  await store.write((tx) => tx.startScan({ id, provider: "aws", scope, lane: "full", started_at: at }));
  await store.write(async (tx) => {
    await tx.saveReadings(keySubject("a"), keyReadings(at), intervals);
    await tx.snapshot("a", at);
    await tx.saveOutcomes("a", [outcomeOf("aws/x", "fail"), outcomeOf("aws/y", "unknown")], { at, ...conclusion });
    await tx.finishScan(id, { finished_at: at, keys: 1, failed_keys: 0, changes: 0, refused: [] });
  });
}

test("a scan without change writes its own row and moves the sights, nothing else", async () => {
  const temporary = await storeWithKey();
  await scanOnce(temporary.store, "first", start);
  const { scan: firstScans, sight: firstSights, ...before } = everything(temporary.path);
  await scanOnce(temporary.store, "second", start + minute);
  const { scan: scans, sight: sights, ...after } = everything(temporary.path);
  expect(after).toEqual(before);
  expect(scans).toHaveLength((firstScans?.length ?? 0) + 1);
  expect(sights).toEqual(firstSights?.map((sight) => ({ ...sight, last_at: start + minute })));
});

describe("a transaction", () => {
  test("that throws leaves nothing, not even its place in the order of changes", async () => {
    const temporary = await storeWithKey();
    const { store, path } = temporary;
    await scanOnce(store, "first", start);
    const before = everything(path);
    const fault = new Error("a fault of ours");
    const failing = store.write(async (tx) => {
      await tx.registerKey(keyNamed("b"), start);
      await tx.saveReadings(keySubject("a"), keyReadings(start + minute, "Disabled"), intervals);
      await tx.saveOutcomes("a", [outcomeOf("aws/x", "pass")], { at: start + minute, ...conclusion });
      await tx.retireKey("a", start + minute);
      throw fault;
    });
    await expect(failing).rejects.toBe(fault);
    expect(everything(path)).toEqual(before);
    expect(store.health()).toEqual({ ok: true });
    await scanOnce(store, "second", start + minute);
  });

  test("waits for the one before it, which sees nothing of it", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    const order: string[] = [];
    await Promise.all(
      ["one", "two", "three"].map((name) =>
        store.write(async (tx) => {
          order.push(`${name} begins`);
          await tx.registerKey(keyNamed(name), start);
          await tx.keys();
          order.push(`${name} ends`);
        }),
      ),
    );
    expect(order).toEqual(["one begins", "one ends", "two begins", "two ends", "three begins", "three ends"]);
  });

  test("is seen by readers as a whole or not at all", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("b"), start);
      expect(await store.read.key("b")).toBeUndefined();
      expect(await tx.key("b")).toBeDefined();
      expect(await tx.keyByResource(keySubject("b").resource)).toBeDefined();
    });
    expect(await store.read.key("b")).toBeDefined();
  });

  test("is over when its body is: what was not awaited does not become a transaction of its own", async () => {
    const temporary = await storeWithKey();
    let kept: StoreWriter | undefined;
    await temporary.store.write((tx) => {
      kept = tx;
      return Promise.resolve();
    });
    await expect(kept?.registerKey(keyNamed("b"), start)).rejects.toThrow(/has ended/);
  });

  test("that changes a conclusion takes the next number, once", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    expect(await store.read.changeSeq()).toBe(1);
    await store.write(async (tx) => {
      await tx.registerKey(keyNamed("b"), start);
      for (const name of ["a", "b"]) {
        await tx.saveOutcomes(name, [outcomeOf("aws/x", "fail")], { at: start, ...conclusion });
      }
    });
    expect(await store.read.changeSeq()).toBe(2);
    expect(await store.read.keysChangedSince(1, 10)).toEqual(["a", "b"]);
    expect(await store.read.keysChangedSince(2, 10)).toEqual([]);
  });
});

/** Is written unless somebody beside it refuses. */
async function writeBeside(db: Db): Promise<string> {
  await db.insertInto("content").values({ hash: "beside it", value: "1" }).execute();
  return "written";
}

/** Is refused at the commit. */
async function breakReference(db: Db): Promise<void> {
  await sql`pragma defer_foreign_keys = on`.execute(db);
  await db.updateTable("registration").set({ content: "nothing" }).execute();
}
const refused = { status: "rejected", reason: { code: "SQLITE_CONSTRAINT_FOREIGNKEY" } };

describe("transactions that wait at the same time", () => {
  test("fail alone: what one that throws has written is gone, and what is beside it is kept", async () => {
    const temporary = await storeWithKey();
    const { store, path } = temporary;
    const before = await store.read.changeSeq();
    const fault = new Error("a fault of ours");
    const settled = await Promise.allSettled(
      ["one", "two", "three"].map((name) =>
        store.write(async (tx) => {
          await tx.registerKey(keyNamed(name), start);
          await tx.saveOutcomes(name, [outcomeOf("aws/x", "fail")], { at: start, ...conclusion });
          if (name === "two") throw fault;
          return (await tx.keys()).map((key) => key.name);
        }),
      ),
    );
    expect(settled).toEqual([
      { status: "fulfilled", value: ["a", "one"] },
      { status: "rejected", reason: fault },
      { status: "fulfilled", value: ["a", "one", "three"] },
    ]);
    expect((await store.read.keys()).map(({ name }) => name)).toEqual(["a", "one", "three"]);
    expect(await store.read.changeSeq()).toBe(before + 2);
    expect((await store.read.findings({ limit: 5 })).findings.map(({ key }) => key)).toEqual(["one", "three"]);
    expect(faults(path)).toEqual([]);
    expect(store.health()).toEqual({ ok: true });
  });

  test("are refused where one of them ends the transaction, and who comes after it is not", async () => {
    const temporary = await storeWithKey();
    const connection = connect(temporary.path);
    const before = everything(temporary.path);
    const { run, close } = createTransactions(connection);
    const end = async (db: Db) => {
      await sql`rollback`.execute(db);
    };
    const settled = await Promise.allSettled([run(writeBeside), run(end), run(writeBeside)]);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
    expect(everything(temporary.path)["content"]).toHaveLength((before["content"]?.length ?? 0) + 1);
    await close();
    await connection.db.destroy();
  });

  test("are all refused where the database refuses to commit, and nothing of them is kept", async () => {
    const temporary = await storeWithKey();
    const connection = connect(temporary.path);
    const before = everything(temporary.path);
    const { run, close } = createTransactions(connection);
    expect(await Promise.allSettled([run(writeBeside), run(breakReference)])).toMatchObject([refused, refused]);
    expect(everything(temporary.path)).toEqual(before);
    expect(await run(writeBeside)).toBe("written");
    await close();
    await connection.db.destroy();
  });

  test("one that is patient is committed with those that come after it", async () => {
    const temporary = await storeWithKey();
    const connection = connect(temporary.path);
    const before = everything(temporary.path);
    const { run, close } = createTransactions(connection);
    const patient = run(writeBeside, { patient: true });
    await otherWork();
    // What is refused at the commit is refused to all that share it.
    const other = run(breakReference);
    expect(await Promise.allSettled([patient, other])).toMatchObject([refused, refused]);
    expect(everything(temporary.path)).toEqual(before);
    await close();
    await connection.db.destroy();
  });

  test("that are asked for after the end are refused, and what waited before it is not", async () => {
    const temporary = await storeWithKey();
    const connection = connect(temporary.path);
    const { run, close } = createTransactions(connection);
    const waited = run(writeBeside, { patient: true });
    await close();
    expect(await waited).toBe("written");
    await connection.db.destroy();
    await expect(run(writeBeside)).rejects.toThrow("closed");
  });

  test("let others have their turn, however many there are", async () => {
    const temporary = await storeWithKey();
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    const names = Array.from({ length: 200 }, (_, index) => `key-${index}`);
    await Promise.all(names.map((name) => temporary.store.write((tx) => tx.registerKey(keyNamed(name), start))));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    expect(await temporary.store.read.keys()).toHaveLength(201);
  });
});

test("what was committed is taken over from the log once there is much of it", async () => {
  const temporary = await storeWithKey();
  const connection = connect(temporary.path);
  const { run, close } = createTransactions(connection);
  const insert = (hash: string, value: string) => async (db: Db) => {
    await db.insertInto("content").values({ hash, value }).execute();
  };
  await run(insert("little", "1"));
  const bytes = 40_000_000;
  expect(statSync(temporary.path).size).toBeLessThan(bytes);
  await run(insert("much", "x".repeat(bytes)));
  await close();
  expect(statSync(temporary.path).size).toBeGreaterThan(bytes);
  await connection.db.destroy();
  expect(faults(temporary.path)).toEqual([]);
});

test("the log stays short as well where another connection writes all the time", { timeout: 120_000 }, async () => {
  const { store, path } = await storeWithKey();
  const second = await openStore({ path, calls });
  const over = new AbortController();
  const small = (async () => {
    for (let at = start; !over.signal.aborted; at += 1) {
      await second.leases.acquire(scope, "second", at, minute);
      await timer(1);
    }
  })();
  const frames = () => Number(query(path, "pragma wal_checkpoint(noop)")[0]?.["log"]);
  const lengths: number[] = [];
  // Some 2000 pages each, of which the log may hold 8000.
  for (let number = 10; number <= 34; number += 1) {
    const policy_text = String(number).repeat(4_000_000);
    await store.write((tx) =>
      tx.saveReadings(keySubject("a"), [seen("kms:GetKeyPolicy", start + number * minute, { policy_text })], intervals),
    );
    lengths.push(frames());
  }
  // It begins anew where it was taken over whole. How often it does depends on what else the disk has to do.
  expect(lengths.some((length, index) => length < (lengths[index - 1] ?? 0))).toBe(true);
  over.abort();
  await small;
  await second.close();
});

test("a full disk is reported, leaves nothing half written, and is over when there is space again", async () => {
  const pages = 400;
  const temporary = await storeWithKey({ max_pages: pages });
  const { store, path } = temporary;
  await scanOnce(store, "first", start);
  const used = Number(query(path, "pragma page_count")[0]?.["page_count"]);
  // Another program fills what is left of the space.
  change(
    path,
    `create table ballast (bytes blob);
     with recursive row(n) as (select 1 union all select n + 1 from row where n < ${pages - used})
     insert into ballast select zeroblob(3500) from row`,
  );
  const before = everything(path);
  const saveMuch = () =>
    store.write(async (tx) => {
      await tx.saveReadings(keySubject("a"), keyReadings(start + minute, "Disabled"), intervals);
      const text = "x".repeat(200_000);
      await tx.saveReadings(
        keySubject("a"),
        [seen("kms:GetKeyPolicy", start + 2 * minute, { policy_text: text })],
        intervals,
      );
      await tx.saveOutcomes("a", [outcomeOf("aws/x", "pass")], { at: start + minute, ...conclusion });
    });
  await expect(saveMuch()).rejects.toMatchObject({ name: "StoreError", code: "database-full" });
  expect(store.health()).toMatchObject({
    ok: false,
    code: "database-full",
    reason: expect.stringContaining(path) as string,
  });
  expect(everything(path)).toEqual(before);
  expect((await store.read.key("a"))?.name).toBe("a");
  await expect(saveMuch()).rejects.toMatchObject({ code: "database-full" });

  change(path, "drop table ballast");
  await saveMuch();
  expect(store.health()).toEqual({ ok: true });
  expect((await store.read.findings({ limit: 5, filters: { check: ["aws/x"] } })).findings[0]?.status).toBe("resolved");
  expect(faults(path)).toEqual([]);
});

test("nothing else is held up while another process writes", async () => {
  const { store, path } = await storeWithKey();
  const SqliteDatabase = (await import("better-sqlite3")).default;
  const other = new SqliteDatabase(path);
  other.exec("begin immediate");
  const written = vi.fn<() => void>();
  const writing = store.write((tx) => tx.registerKey(keyNamed("b"), start)).then(written);
  for (let turn = 0; turn < 20; turn += 1) await timer(1);
  expect(written).not.toHaveBeenCalled();
  expect(await store.read.keys()).toHaveLength(1);
  other.exec("commit");
  other.close();
  await writing;
  expect(await store.read.keys()).toHaveLength(2);
});

test("two connections of one process write in turns, and each sees what the other has written", async () => {
  const { store, path } = await storeWithKey();
  const second = await openStore({ path, calls });
  const names = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  await Promise.all(
    names.map((name, index) =>
      (index % 2 === 0 ? store : second).write((tx) => tx.registerKey(keyNamed(name), start), {
        patient: index % 3 === 0,
      }),
    ),
  );
  expect(await second.read.keys()).toHaveLength(names.length + 1);
  expect(query(path, "select change_seq from meta")).toEqual([{ change_seq: names.length + 1 }]);
  expect(query(path, "select count(distinct change_seq) as n from subject where kind = 'key'")).toEqual([
    { n: names.length + 1 },
  ]);
  expect(faults(path)).toEqual([]);
  await second.close();
});

test("how a store stands is told by the last transaction, be it another thread's", async () => {
  const { store } = await storeWithKey();
  store.noteTransaction(new StoreError("database-full", "no space"));
  expect(store.health()).toEqual({ ok: false, code: "database-full", reason: "no space" });
  await store.write((tx) => tx.keys());
  expect(store.health()).toEqual({ ok: true });
  store.noteTransaction(new StoreError("no-such-key", "there is no key b"));
  expect(store.health()).toEqual({ ok: true });
  store.noteTransaction(new StoreError("database-io", "broken"));
  store.noteTransaction(undefined);
  expect(store.health()).toEqual({ ok: true });
});

test("two processes' transactions follow one another; who waits too long is told", { timeout: 60_000 }, async () => {
  const temporary = await storeWithKey();
  const { store, path } = temporary;
  change(path, "begin immediate; rollback");
  const SqliteDatabase = (await import("better-sqlite3")).default;
  const other = new SqliteDatabase(path);
  other.exec("begin immediate");
  // The second has waited as long as the first when that is refused.
  const waiting = ["b", "c"].map((name) => store.write((tx) => tx.registerKey(keyNamed(name), start)));
  await expect(waiting[0]).rejects.toMatchObject({ code: "database-busy" });
  await expect(waiting[1]).rejects.toMatchObject({ code: "database-busy" });
  expect(store.health()).toMatchObject({ ok: false, code: "database-busy" });
  expect((await store.read.keys()).map(({ name }) => name)).toEqual(["a"]);
  other.exec("rollback");
  other.close();
  await store.write((tx) => tx.registerKey(keyNamed("b"), start));
  expect(store.health()).toEqual({ ok: true });
});
