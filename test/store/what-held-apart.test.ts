/** What becomes of a database in which all outcomes were in one table. */
import { join } from "node:path";
import { Migrator } from "kysely/migration";
import { expect, test } from "vitest";
import { connect, createDatabaseFile } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations.ts";
import { openStore } from "../../src/store/open-store.ts";
import { faults } from "./support/database-file.ts";
import { calls, minute, start } from "./support/material.ts";
import { folderOfTest } from "./support/store-of-test.ts";

/** A key with two checks: one that never said anything else, one that failed, could not be told and was retired. */
const rows = `
  insert into content values ('h', '{"state":"Enabled"}'), ('r', '{}');
  insert into subject values
    ('scope', 'scope', 'aws', '1/us-east-2', null, null, null, null, 0),
    ('key', 'key', 'aws', 'arn:a', 'aws.kms-key', 'scope', '1', 'us-east-2', 5);
  insert into registration values ('key', 1, 'a', 'api', 'r', ${start}, ${start}, null);
  insert into finding (seq, id, subject_id, check_id, provider, key_name, number, outcome, severity, status, evidence, guidance, changed_at) values
    (1, 'fnd_1', 'key', 'aws/1', 'aws', 'a', 1, 'pass', 'high', 'none', 'h', '2026-09', ${start}),
    (2, 'fnd_2', 'key', 'aws/2', 'aws', 'a', 3, 'unknown', 'low', 'retired', 'h', '2026-09', ${start + 2 * minute});
  insert into outcome
    (finding_seq, number, outcome, severity, status, message, evidence, guidance, catalogue, change_seq, valid_from, valid_to, opened_at, resolved_at, decided)
  values
    (1, 1, 'pass', 'high', 'none', 'Fine.', 'h', '2026-09', '1', 1, ${start}, null, null, null, 1),
    (2, 1, 'fail', 'low', 'open', 'Not fine.', 'h', '2026-07', '1', 1, ${start}, ${start + minute}, ${start}, null, 1),
    (2, 2, 'unknown', 'low', 'open', 'Not seen.', 'h', '2026-09', '2', 4, ${start + minute}, ${start + 2 * minute}, ${start}, null, 1),
    (2, 3, 'unknown', 'low', 'retired', 'Not seen.', 'h', '2026-09', '2', 5, ${start + 2 * minute}, null, ${start}, null, 1);
  insert into finding_count (provider, check_id, severity, status, outcome, guidance, count) values
    ('aws', 'aws/1', 'high', 'none', 'pass', '2026-09', 1), ('aws', 'aws/2', 'low', 'retired', 'unknown', '2026-09', 1);
  update meta set change_seq = 5;
`;

test("keeps what held, what held before, and their life", async () => {
  const path = join(folderOfTest(), "older.db");
  await older(path);
  expect(await migrate(path)).toEqual({ applied: ["0003-what-held-apart", "0004-lists-from-columns"] });
  expect(faults(path)).toEqual([]);
  const store = await openStore({ path, calls });
  try {
    const list = { sort: { by: "id", direction: "asc" }, limit: 10, filters: { provider: ["aws"] } } as const;
    const interval = { evidence: { state: "Enabled" }, guidance: "2026-09" };
    const failed = { ...interval, outcome: "fail", message: "Not fine.", guidance: "2026-07", since: start };
    const now = await store.read.findings(list);
    expect(now.findings).toMatchObject([
      { id: "fnd_1", status: "none", latest: { ...interval, message: "Fine.", catalogue: "1", since: start } },
      {
        id: "fnd_2",
        status: "retired",
        opened_at: start,
        resolved_at: null,
        latest: { ...interval, message: "Not seen.", catalogue: "2", since: start + 2 * minute, until: null },
        last_decided: { ...failed, until: start + minute },
      },
    ]);
    const before = await store.read.findings({ ...list, as_of: start });
    expect(before.findings).toMatchObject([{ id: "fnd_1" }, { id: "fnd_2", status: "open", latest: failed }]);
    expect((await store.read.findingHistory("fnd_2")).map(({ status, since }) => [status, since])).toEqual([
      ["open", start],
      ["open", start + minute],
      ["retired", start + 2 * minute],
    ]);
  } finally {
    await store.close();
  }
});

/** As a version before that one left it. */
async function older(path: string): Promise<void> {
  createDatabaseFile(path);
  const { db, sqlite } = connect(path);
  const { "0001-initial": first, "0002-moment-of-last-change": second } = migrations;
  const provider = {
    getMigrations: () => Promise.resolve({ "0001-initial": first, "0002-moment-of-last-change": second }),
  };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  sqlite.exec(rows);
  await db.destroy();
}
