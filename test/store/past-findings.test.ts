import { describe, expect, test } from "vitest";
import { connect } from "../../src/store/database.ts";
import { findFindings, findPastFindings } from "../../src/store/find-findings.ts";
import { createPastFindings } from "../../src/store/past-findings.ts";
import { conclusion, minute, outcomeOf, start } from "./support/material.ts";
import { storeWithKey } from "./support/store-of-test.ts";

const query = { filters: { provider: ["aws"] }, as_of: start + minute, limit: 10 } as const;

async function storeWithPast() {
  const temporary = await storeWithKey();
  for (const [index, outcome] of (["fail", "unknown", "pass"] as const).entries()) {
    const context = { ...conclusion, at: start + index * minute };
    await temporary.store.write((tx) => tx.saveOutcomes("a", [outcomeOf("aws/x", outcome)], context));
  }
  return temporary;
}

describe("the thread that reads the past", () => {
  test("answers as the same question here, one after the other", async () => {
    const { path } = await storeWithPast();
    const past = createPastFindings(path);
    const reading = connect(path, { readonly: true });
    const expected = await findPastFindings(reading, query);
    expect(expected.findings).toMatchObject([{ latest: { outcome: "unknown" }, last_decided: { outcome: "fail" } }]);
    expect(await Promise.all([past.findings(query), past.findings(query)])).toEqual([expected, expected]);
    expect((await past.findings({ ...query, as_of: start - 1 })).findings).toEqual([]);
    await reading.db.destroy();
    await past.close();
  });

  test("passes on what the database refuses, and works again afterwards", async () => {
    const { path, store } = await storeWithPast();
    const past = createPastFindings(`${path}-of-another`);
    await expect(past.findings(query)).rejects.toMatchObject({ name: "StoreError", code: "database-unopenable" });
    await past.close();
    expect((await store.read.findings(query)).findings).toHaveLength(1);
  });

  test("rejects what is still open when it is closed, and what comes later", async () => {
    const { path } = await storeWithPast();
    const past = createPastFindings(path);
    const open = past.findings(query);
    const rejected = expect(open).rejects.toThrow("has ended");
    await past.close();
    await rejected;
    await expect(past.findings(query)).rejects.toThrow("has ended");
  });

  test("says a fault as it is", async () => {
    const { path } = await storeWithPast();
    const past = createPastFindings(path);
    await expect(past.findings({ ...query, sort: null as never })).rejects.toThrow(TypeError);
    await past.close();
  });

  test.each([
    ["much", 2_100],
    ["more than the thread reads", 60_100],
  ])("is asked by the store where %s has changed since", async (_much, over) => {
    const { path, store } = await storeWithPast();
    // Outcomes that ended one after the other, written as the store would.
    const connection = connect(path);
    connection.sqlite.exec(`with recursive n (i) as (select 10 union all select i + 1 from n where i < ${over + 10})
      insert into past_outcome (finding_seq, number, check_id, provider, outcome, severity, status, message, evidence, guidance, catalogue, change_seq, severity_rank, in_need, valid_from, valid_to)
      select finding_seq, i, check_id, provider, outcome, severity, status, message, evidence, guidance, catalogue, change_seq, severity_rank, in_need, ${start + 5 * minute}, ${start + 5 * minute}
      from past_outcome, n where number = 1`);
    expect(await findFindings(connection, query)).toBeUndefined();
    await connection.db.destroy();
    expect((await store.read.findings(query)).findings).toMatchObject([{ latest: { outcome: "unknown" } }]);
  });
});
