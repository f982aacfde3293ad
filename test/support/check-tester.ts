import { describe, expect, it } from "vitest";
import type { Check } from "../../src/check/define-check.ts";
import { runCheck } from "../../src/check/run-check.ts";
import type { CheckSettings } from "../../src/model/check-settings.ts";
import type { FactsByName } from "../../src/model/fact.ts";
import { type GuidanceRevision, newestGuidance } from "../../src/model/guidance-revision.ts";
import type { OutcomeName, Severity } from "../../src/model/outcome.ts";
import type { ResourceKind } from "../../src/model/resource.ts";

/** The facts of one resource, as a builder makes them. The kind keeps rows of other providers out. */
export interface TestResource<K extends ResourceKind> {
  readonly kind: K;
  readonly facts: FactsByName;
}

/** One row of a check's specification. */
export interface CheckRow<K extends ResourceKind> {
  readonly name: string;
  readonly resource: TestResource<K>;
  readonly guidance?: GuidanceRevision;
  readonly at?: number;
  readonly settings?: Partial<CheckSettings>;
  /** A part of the message, where the row says which edge case it is. */
  readonly message?: string | RegExp;
  readonly severity?: Severity;
}

/** Where a check truly has no such case. */
export type CannotHappen = "cannot-happen";

export interface CheckTable<K extends ResourceKind> {
  readonly pass: readonly CheckRow<K>[];
  readonly fail: readonly CheckRow<K>[] | CannotHappen;
  readonly "not-applicable": readonly CheckRow<K>[] | CannotHappen;
  /** Something can always be unreadable. */
  readonly unknown: readonly [CheckRow<K>, ...CheckRow<K>[]];
}

export const testTime = Date.UTC(2026, 10, 22, 12);

export const testSettings: CheckSettings = {
  max_administrators: 5,
  key_expiry_notice: 30 * 86_400_000,
  min_destroy_delay: 7 * 86_400_000,
  anthropic_egress: ["160.79.104.0/21"],
  gcp: { own_domains: [], own_projects: [], anthropic_customer_id: null },
};

/**
 * Runs the table that specifies a check. Strict about the table itself: every kind of outcome has a row or cannot
 * happen, no two rows are the same case, and the check neither changes its input nor answers differently when asked
 * again.
 */
export function testCheck<K extends ResourceKind>(check: Check<K>, table: CheckTable<NoInfer<K>>): void {
  describe(check.id, () => {
    for (const outcome of ["pass", "fail", "not-applicable", "unknown"] as const) {
      const rows = table[outcome];
      if (rows === "cannot-happen") continue;
      it(`has a row for ${outcome}`, () => expect(rows.length).toBeGreaterThan(0));
      for (const row of rows) it(`${outcome}: ${row.name}`, () => judgeRow(check, row, outcome));
    }

    it("has no case twice", () => {
      const cases = rowsOf(table).map((row) => caseOf(row));
      const twice = cases.filter((one, index) => cases.indexOf(one) !== index);
      expect(twice).toEqual([]);
    });
  });
}

function judgeRow<K extends ResourceKind>(check: Check<K>, row: CheckRow<K>, expected: OutcomeName): void {
  const context = {
    at: row.at ?? testTime,
    guidance: row.guidance ?? newestGuidance,
    settings: { ...testSettings, ...row.settings },
  };
  const before = plain(row.resource.facts);

  const outcome = runCheck(check, row.resource.facts, context);
  const again = runCheck(check, row.resource.facts, context);

  expect(outcome, outcome.message).toMatchObject({ outcome: expected });
  expect(again).toEqual(outcome);
  expect(plain(row.resource.facts)).toEqual(before);
  expect(JSON.parse(JSON.stringify(outcome.evidence))).toEqual(outcome.evidence);
  if (row.message !== undefined) expect(outcome.message).toMatch(row.message);
  if (row.severity !== undefined) expect(outcome.severity).toBe(row.severity);
}

function rowsOf<K extends ResourceKind>(table: CheckTable<K>): CheckRow<K>[] {
  return Object.values(table).flatMap((rows: readonly CheckRow<K>[] | CannotHappen) =>
    rows === "cannot-happen" ? [] : [...rows],
  );
}

function caseOf<K extends ResourceKind>({ name, message, severity, ...rest }: CheckRow<K>): string {
  return plain(rest);
}

/** Facts as text; the functions of derived facts fall out, their inputs stay. */
function plain(value: unknown): string {
  return JSON.stringify(value);
}
