import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { migrate } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations.ts";
import { openStore } from "../../src/store/open-store.ts";
import { dumpSchema } from "../../tools/dump-schema.ts";
import { change, query } from "./support/database-file.ts";
import { calls } from "./support/material.ts";
import { folderOfTest, storeOfTest } from "./support/store-of-test.ts";
import { storeProcess } from "./support/store-process.ts";

const names = Object.keys(migrations);
const run = promisify(execFile);

describe("migrate", () => {
  test("creates the database, and finds nothing to do the second time", async () => {
    const folder = folderOfTest();
    const path = join(folder, "new.db");
    expect(await migrate(path)).toEqual({ applied: names });
    expect(await migrate(path)).toEqual({ applied: [] });
  });

  test("applies every file of migrations/, in the order of their numbers", () => {
    const files = readdirSync(join(import.meta.dirname, "../../migrations")).filter((file) => file.endsWith(".ts"));
    expect(names).toEqual(files.toSorted().map((file) => file.replace(/\.ts$/, "")));
  });

  test("makes what migrations/schema.sql says", async () => {
    const committed = readFileSync(join(import.meta.dirname, "../../migrations/schema.sql"), "utf8");
    expect(await dumpSchema()).toBe(committed);
  });

  test("twenty processes at once: one applies, the others find it done", { timeout: 120_000 }, async () => {
    const folder = folderOfTest();
    const path = join(folder, "shared.db");
    const results = await Promise.all(
      Array.from({ length: 20 }, () => run(process.execPath, [storeProcess, "migrate", path])),
    );
    const applied = results.map(({ stdout }) => (JSON.parse(stdout) as { applied: string[] }).applied);
    expect(applied.filter((list) => list.length > 0)).toEqual([names]);
    expect(query(path, "select change_seq from meta")).toEqual([{ change_seq: 0 }]);
  });

  test("leaves everything as it was where a migration fails", async () => {
    const folder = folderOfTest();
    const path = join(folder, "half.db");
    change(
      path,
      `create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
      create table scan (id text)`,
    );
    await expect(migrate(path)).rejects.toMatchObject({ code: "migration-failed" });
    const tables = query(path, "select name from sqlite_schema where type = 'table' order by name");
    expect(tables).toEqual([{ name: "kysely_migration" }, { name: "scan" }]);
  });
});

describe("a database that cannot be used is refused with what to do", () => {
  interface Case {
    readonly what: string;
    readonly code: string;
    readonly says: RegExp;
    prepare(path: string): void | Promise<void>;
  }
  const cases: readonly Case[] = [
    {
      what: "a newer one",
      code: "database-newer",
      says: /run that version, or restore the backup/,
      async prepare(path) {
        await migrate(path);
        change(path, "insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')");
      },
    },
    {
      what: "another program's",
      code: "database-foreign",
      says: /another program's database/,
      prepare: (path) => change(path, "create table bookmarks (url text)"),
    },
    {
      what: "no database",
      code: "database-corrupt",
      says: /restore a backup/,
      prepare: (path) =>
        writeFileSync(path, "This is a text of more than a hundred bytes, and no database. ".repeat(20)),
    },
    {
      what: "one that was cut off",
      code: "database-corrupt",
      says: /restore a backup/,
      async prepare(path) {
        await migrate(path);
        change(path, "pragma journal_mode = delete");
        const whole = readFileSync(path);
        writeFileSync(path, whole.subarray(0, whole.length / 2));
      },
    },
    {
      what: "a folder",
      code: "database-unopenable",
      says: /check that the folder exists/,
      prepare: (path) => mkdirSync(path),
    },
  ];
  test.each(cases)("$what", async ({ prepare, code, says }) => {
    const folder = folderOfTest();
    const path = join(folder, "given.db");
    await prepare(path);
    const before = statSync(path).size;
    await expect(openStore({ path, calls })).rejects.toMatchObject({ name: "StoreError", code });
    await expect(openStore({ path, calls })).rejects.toThrow(says);
    await expect(openStore({ path, calls })).rejects.toThrow(path);
    expect(statSync(path).size).toBe(before);
  });

  test("one in a folder that is not there", async () => {
    const folder = folderOfTest();
    const path = join(folder, "missing", "given.db");
    await expect(migrate(path)).rejects.toMatchObject({ code: "database-unopenable" });
  });
});

test("a new database is its owner's alone", async () => {
  const temporary = await storeOfTest();
  for (const suffix of ["", "-wal", "-shm"]) {
    expect(statSync(temporary.path + suffix).mode & 0o777).toBe(0o600);
  }
});

test("two calls that tell the same fact are refused", async () => {
  const folder = folderOfTest();
  const twice = { ...calls.aws, "kms:Other": { ...calls.aws["kms:DescribeKey"], facts: ["state"] } };
  const path = join(folder, "new.db");
  await expect(openStore({ path, calls: { ...calls, aws: twice as typeof calls.aws } })).rejects.toThrow(
    /the fact state is told by/,
  );
});
