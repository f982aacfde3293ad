import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findingStatuses } from "../../src/model/finding.ts";
import {
  type FindingFilters,
  type FindingPage,
  type FindingQuery,
  findingSorts,
} from "../../src/model/finding-query.ts";
import { type Outcome, type OutcomeName, type Severity, severities } from "../../src/model/outcome.ts";
import { conclude } from "../../src/store/conclusion.ts";
import { findingId } from "../../src/store/stable-id.ts";
import type { FindingCursor, Store } from "../../src/store/store.ts";
import { faults, query } from "./support/database-file.ts";
import { findingLists } from "./support/finding-lists.ts";
import { arn, conclusion, keyNamed, minute, outcomeOf, start } from "./support/material.ts";
import { storeOfTest, storeWithKey } from "./support/store-of-test.ts";

async function concludeAt(store: Store, name: string, at: number, ...outcomes: readonly Outcome[]) {
  return store.write((tx) => tx.saveOutcomes(name, outcomes, { at, ...conclusion }));
}

test("a finding's id is the one that was promised", () => {
  const digest = hash("sha256", `aws/state-enabled\n${arn("a")}`, "buffer");
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = Array.from({ length: 26 }, (_, index) =>
    "abcdefghijklmnopqrstuvwxyz234567".charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)),
  );
  expect(findingId("aws/state-enabled", arn("a"))).toBe(`fnd_${letters.join("")}`);
});

describe("status", () => {
  const at = start + minute;
  const number = 7;
  const none = { status: "none", opened_at: null, resolved_at: null, decided: null } as const;
  const open = { status: "open", opened_at: 1, resolved_at: null, decided: 2 } as const;
  const accepted = { ...open, status: "accepted" } as const;
  const resolved = { status: "resolved", opened_at: 1, resolved_at: 3, decided: 4 } as const;
  const opened = { status: "open", opened_at: at, resolved_at: null, decided: 7 };
  test.each([
    ["nothing", undefined, "pass", { ...none, decided: 7 }],
    ["nothing", undefined, "not-applicable", { ...none, decided: 7 }],
    ["nothing", undefined, "unknown", none],
    ["nothing", undefined, "error", none],
    ["nothing", undefined, "fail", opened],
    ["none", none, "fail", opened],
    ["open", open, "fail", { ...open, decided: 7 }],
    ["open", open, "unknown", open],
    ["open", open, "error", open],
    ["open", open, "pass", { status: "resolved", opened_at: 1, resolved_at: at, decided: 7 }],
    ["open", open, "not-applicable", { status: "resolved", opened_at: 1, resolved_at: at, decided: 7 }],
    ["accepted", accepted, "unknown", accepted],
    ["accepted", accepted, "pass", { status: "resolved", opened_at: 1, resolved_at: at, decided: 7 }],
    ["resolved", resolved, "pass", { ...resolved, decided: 7 }],
    ["resolved", resolved, "unknown", resolved],
    ["resolved", resolved, "fail", opened],
    ["retired, once open", { ...open, status: "retired" as const }, "fail", opened],
    ["retired, once open", { ...open, status: "retired" as const }, "unknown", open],
    ["retired, once resolved", { ...resolved, status: "retired" as const }, "unknown", resolved],
    ["retired, never failed", { ...none, status: "retired" as const }, "pass", { ...none, decided: 7 }],
  ] as const)("%s, then %o: %s", (_was, before, outcome, after) => {
    expect(conclude(before, outcome, { number, at })).toEqual(after);
  });
});

describe("an outcome is the same", () => {
  const before = outcomeOf("aws/x", "fail", { evidence: { a: 1, b: 2 } });
  test.each<[string, Partial<Outcome>, number]>([
    ["with another message", { message: "in other words" }, 0],
    ["with evidence in another order", { evidence: { b: 2, a: 1 } }, 0],
    ["with other evidence", { evidence: { a: 1, b: 3 } }, 1],
    ["with another severity", { severity: "low" }, 1],
    ["with another outcome", { outcome: "unknown" }, 1],
  ])("%s: %o, %i changed", async (_what, difference, changed) => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await concludeAt(store, "a", start, before);
    const seq = await store.read.changeSeq();
    expect(await concludeAt(store, "a", start + minute, { ...before, ...difference })).toEqual({ changed });
    expect(await store.read.changeSeq()).toBe(seq + changed);
    expect(await store.read.keysChangedSince(seq, 10)).toEqual(changed === 0 ? [] : ["a"]);
  });

  test("but not under another guidance; the catalogue's version alone changes nothing", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await concludeAt(store, "a", start, before);
    const again = (change: Partial<typeof conclusion>) =>
      store.write((tx) => tx.saveOutcomes("a", [before], { at: start + minute, ...conclusion, ...change }));
    expect(await again({ catalogue: "2" as "1" })).toEqual({ changed: 0 });
    expect(await again({ guidance: "2027-01" as "2026-09" })).toEqual({ changed: 1 });
  });

  test("and a check that says two things is a fault", async () => {
    const temporary = await storeWithKey();
    await expect(concludeAt(temporary.store, "a", start, before, before)).rejects.toThrow(/says two things/);
  });
});

describe("a finding", () => {
  test("has its latest outcome, and the last decided one where that decided nothing", async () => {
    const temporary = await storeWithKey();
    const { store } = temporary;
    await concludeAt(store, "a", start, outcomeOf("aws/x", "fail"));
    await concludeAt(store, "a", start + minute, outcomeOf("aws/x", "unknown"));
    await concludeAt(store, "a", start + 2 * minute, outcomeOf("aws/x", "error"));
    const id = findingId("aws/x", arn("a"));
    const fail = {
      ...conclusion,
      outcome: "fail",
      status: "open",
      severity: "high",
      message: "aws/x: fail",
      evidence: { outcome: "fail" },
      since: start,
      until: start + minute,
    };
    const error = { ...fail, outcome: "error", message: "aws/x: error", evidence: { outcome: "error" } };
    const whole = {
      id,
      check: "aws/x",
      provider: "aws",
      key: "a",
      resource: { kind: "aws.kms-key", name: arn("a") },
      status: "open",
      opened_at: start,
      resolved_at: null,
    };
    expect(await store.read.finding(id)).toEqual({
      ...whole,
      latest: { ...error, since: start + 2 * minute, until: null },
      last_decided: fail,
    });
    expect(await store.read.finding(id, { as_of: start })).toEqual({
      ...whole,
      latest: { ...fail, until: null },
      last_decided: null,
    });
    expect(await store.read.finding(id, { as_of: start - 1 })).toBeUndefined();
    expect((await store.read.findingHistory(id)).map(({ outcome, since }) => [outcome, since])).toEqual([
      ["fail", start],
      ["unknown", start + minute],
      ["error", start + 2 * minute],
    ]);
    expect(await store.read.finding("fnd_none")).toBeUndefined();
    expect(await store.read.findingHistory("fnd_none")).toEqual([]);
  });
});

const outcomesOfKeys: Readonly<Record<string, readonly (readonly [string, OutcomeName, Severity])[]>> = {
  a: [
    ["aws/1", "fail", "critical"],
    ["aws/2", "pass", "high"],
    ["aws/3", "unknown", "low"],
  ],
  b: [
    ["aws/1", "pass", "critical"],
    ["aws/2", "fail", "high"],
    ["aws/3", "error", "low"],
  ],
  c: [
    ["aws/1", "not-applicable", "critical"],
    ["aws/2", "fail", "medium"],
    ["aws/3", "pass", "low"],
  ],
};

async function withFindings() {
  const temporary = await storeOfTest();
  for (const [index, [name, list]] of Object.entries(outcomesOfKeys).entries()) {
    await temporary.store.write((tx) => tx.registerKey(keyNamed(name), start));
    const outcomes = list.map(([check, outcome, severity]) => outcomeOf(check, outcome, { severity }));
    await concludeAt(temporary.store, name, start + index * minute, ...outcomes);
  }
  // An earlier failure that is over.
  await concludeAt(temporary.store, "c", start + 10 * minute, outcomeOf("aws/2", "pass", { severity: "medium" }));
  await temporary.store.write(async (tx) => {
    await tx.registerKey(keyNamed("d"), start);
    await tx.saveOutcomes("d", [outcomeOf("aws/1", "fail")], { at: start, guidance: "2026-03", catalogue: "1" });
    await tx.retireKey("d", start + 10 * minute);
  });
  return temporary;
}

describe("lists", () => {
  const moments = [undefined, start + 20 * minute, start + 5 * minute] as const;
  const cases: readonly (readonly [FindingFilters, readonly string[], readonly string[]])[] = [
    [{}, ["a1", "a3", "b2", "b3"], ["a1", "a3", "b2", "b3", "c2", "d1"]],
    [{ provider: ["aws"] }, ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3", "d1"], []],
    [{ key: ["a", "d"] }, ["a1", "a2", "a3", "d1"], []],
    [{ check: ["aws/2"] }, ["a2", "b2", "c2"], []],
    [{ severity: ["critical", "medium"] }, ["a1", "b1", "c1", "c2"], []],
    [{ outcome: ["fail"] }, ["a1", "b2", "d1"], ["a1", "b2", "c2", "d1"]],
    [{ status: ["open"] }, ["a1", "b2"], ["a1", "b2", "c2", "d1"]],
    [{ status: ["resolved", "retired"] }, ["c2", "d1"], ["none"]],
    [{ guidance: ["2026-03"] }, ["d1"], []],
    [{ changed_since: start + 2 * minute }, ["c1", "c2", "c3", "d1"], ["c1", "c2", "c3"]],
    [{ status: ["open"], severity: ["high"] }, ["b2"], ["b2", "d1"]],
    [{ check: ["aws/3"], outcome: ["unknown", "error"] }, ["a3", "b3"], []],
    [{ key: ["nobody"] }, ["none"], []],
    [{ key: [], status: ["accepted"] }, ["none"], []],
  ];
  test.each(cases)("%o", async (filters, now, before) => {
    const temporary = await withFindings();
    const lists = findingLists(temporary.path);
    for (const as_of of moments) {
      for (const by of findingSorts) {
        const when = as_of === undefined ? {} : { as_of };
        const { findings, next } = await lists.find({ filters, limit: 50, sort: { by, direction: "asc" }, ...when });
        const found = findings.map(({ key, check }) => `${key}${check.slice(-1)}`).toSorted();
        const expected = as_of === start + 5 * minute && before.length > 0 ? before : now;
        expect(found, `${by} at ${as_of}`).toEqual(expected[0] === "none" ? [] : expected);
        expect(next).toBeNull();
      }
    }
    await lists.close();
  });

  test.each(findingSorts)("come in the order of %s, page by page, forwards and backwards", async (by) => {
    const temporary = await withFindings();
    const lists = findingLists(temporary.path);
    // Among equal ones, those that were concluded first.
    const first = query(temporary.path, "select id from finding order by seq").map(({ id }) => id);
    const value = (finding: Awaited<ReturnType<typeof all>>[number]) => {
      const { severity, since } = finding.latest;
      const values = {
        severity: severities.indexOf(severity),
        changed: since,
        check: finding.check,
        key: finding.key ?? "",
        id: finding.id,
      };
      return [values[by], first.indexOf(finding.id)] as const;
    };
    async function all(direction: "asc" | "desc", limit: number, as_of?: number) {
      const found = [];
      let after: FindingCursor | null = null;
      do {
        const when = as_of === undefined ? {} : { as_of };
        const where: Pick<FindingQuery, "after"> = after === null ? {} : { after };
        const asked = { filters: { provider: ["aws"] }, sort: { by, direction }, limit, ...where, ...when } as const;
        const page: FindingPage = await lists.find(asked);
        expect(page.findings.length).toBeLessThanOrEqual(limit);
        found.push(...page.findings);
        after = page.next;
      } while (after !== null);
      return found;
    }
    const whole = await all("asc", 50);
    expect(whole).toHaveLength(10);
    const sorted = whole.toSorted((a, b) => compare(value(a), value(b)));
    expect(whole.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
    const ids = whole.map(({ id }) => id);
    for (const as_of of moments.slice(0, 2)) {
      expect((await all("asc", 3, as_of)).map(({ id }) => id)).toEqual(ids);
      expect((await all("desc", 3, as_of)).map(({ id }) => id)).toEqual(ids.toReversed());
    }
    await lists.close();
  });
});

function compare(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  const index = left.findIndex((value, place) => value !== right[place]);
  return index === -1 ? 0 : (left[index] ?? "") < (right[index] ?? "") ? -1 : 1;
}

test("counts, conclusions and those in need agree with the list", async () => {
  const temporary = await withFindings();
  const { read } = temporary.store;
  expect(faults(temporary.path)).toEqual([]);
  const counts = await read.findingCounts();
  for (const status of findingStatuses) {
    const { findings } = await read.findings({ filters: { status: [status] }, limit: 50 });
    const counted = counts.filter((count) => count.status === status).reduce((sum, { count }) => sum + count, 0);
    expect(counted, status).toBe(findings.length);
  }
  expect((await read.conclusions()).length).toBe(9);
  expect((await read.conclusions({ keys: ["b"] })).map(({ check, outcome }) => [check, outcome])).toEqual([
    ["aws/1", "pass"],
    ["aws/2", "fail"],
    ["aws/3", "error"],
  ]);
  const inNeed = (await read.conclusionsInNeed()).map(({ finding }) => finding).toSorted();
  const plain = (await read.findings({ limit: 50 })).findings.map(({ id }) => id).toSorted();
  expect(inNeed).toEqual(plain);
});
