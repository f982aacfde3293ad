/** With thousands of outcomes, lists have what sorting all of them would give. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findingStatuses } from "../../src/model/finding.ts";
import { findingSorts } from "../../src/model/finding-query.ts";
import { outcomes, severities } from "../../src/model/outcome.ts";
import { seededRandom } from "../../src/simulator/random.ts";
import { FindingColumns, type OrderedQuestion } from "../../src/store/finding-columns.ts";
import type { OutcomeKind } from "../../src/store/kind-list.ts";
import { findingId } from "../../src/store/stable-id.ts";

const findingCount = 3_000;
const keyCount = 200;
const latest = 5_000;

interface Said extends OutcomeKind {
  readonly seq: number;
  readonly number: number;
  readonly id: string;
  readonly subject: string;
  readonly key: string;
  readonly from: number;
  readonly until: number;
}

interface Shape {
  readonly seed: number;
  /** How names and times go with the order in which findings were first concluded. */
  readonly names: "up" | "down" | "mixed";
  readonly times: "up" | "mixed";
  /** When what there was by then was sorted. */
  readonly sorted: "never" | "in between" | "at last" | "twice" | "all the time";
  /** When a tenth of the keys got other names. */
  readonly renamed: "never" | "in between" | "at last";
}

/** Few kinds, so that each has many outcomes, and some outcomes that took over from others later. */
function made({ seed, names, times, sorted, renamed }: Shape): {
  readonly columns: FindingColumns;
  readonly all: readonly Said[];
} {
  const random = seededRandom(seed);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const columns = new FindingColumns();
  const kindOf = (check_id: string): OutcomeKind => ({
    provider: "aws",
    check_id,
    severity: check_id === "aws/1" ? "high" : one(severities),
    outcome: random() < 0.9 ? "pass" : one(outcomes),
    status: random() < 0.9 ? "none" : one(findingStatuses),
    guidance: "2026-09",
  });
  const all: Said[] = [];
  for (let seq = 1; seq <= findingCount; seq += 1) {
    const number = Math.floor(((seq - 1) * keyCount) / findingCount);
    const place = names === "up" ? number : names === "down" ? keyCount - number : (number * 73) % keyCount;
    const key = `key-${String(place).padStart(4, "0")}`;
    const kind = kindOf(random() < 0.8 ? "aws/1" : one(["aws/0", "aws/2"]));
    const from = times === "up" ? seq : Math.floor(random() * findingCount);
    const id = findingId(kind.check_id, `${seed}-${seq}`);
    const subject = `of-${key}`;
    columns.add({ ...kind, seq, number: 1, changed_at: from, id, subject_id: subject, key_name: key });
    all.push({ ...kind, seq, number: 1, id, subject, key, from, until: Infinity });
    if (sorted === "all the time" && seq % 40 === 0) sortAndAsk(columns);
  }
  if (sorted === "in between" || sorted === "twice") sortAll(columns);
  if (renamed === "in between") rename(columns, all);
  for (let turn = 0; turn < findingCount / 2; turn += 1) {
    const at = findingCount + turn;
    const index = all.findLastIndex(({ seq, until }) => until === Infinity && seq === 1 + ((turn * 37) % findingCount));
    const said = all[index] as Said;
    const kind = kindOf(said.check_id);
    all[index] = { ...said, until: at };
    all.push({ ...said, ...kind, number: said.number + 1, from: at, until: Infinity });
    columns.addPast({ ...said, until: at });
    columns.conclude({ ...kind, seq: said.seq, number: said.number + 1, changed_at: at });
    if (sorted === "all the time" && turn % 40 === 0) sortAndAsk(columns);
  }
  if (sorted === "at last" || sorted === "twice") sortAll(columns);
  if (renamed === "at last") rename(columns, all);
  return { columns, all };
}

function rename(columns: FindingColumns, all: Said[]): void {
  for (const [index, said] of all.entries()) {
    if (!said.key.endsWith("7")) continue;
    const key_name = `another-${said.key}`;
    columns.name({ subject_id: said.subject, key_name });
    all[index] = { ...said, key: key_name };
  }
}

/** What is known of the names then is of use to the next question. */
function sortAndAsk(columns: FindingColumns): void {
  while (columns.sortSome(1_000));
  columns.find({ filters: {}, sort: { by: "key", direction: "asc" }, limit: 1, as_of: undefined, after: undefined });
}

function sortAll(columns: FindingColumns): void {
  let turns = 0;
  while (columns.sortSome(1_000)) turns += 1;
  expect(turns).toBeGreaterThan(1);
}

const someOf = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const moment = fc.oneof(fc.nat(latest), fc.integer({ min: findingCount, max: latest }));
const question = fc.record(
  {
    filters: fc.record(
      {
        provider: fc.constant(["aws" as const]),
        check: someOf(["aws/0", "aws/1", "aws/2"]),
        severity: someOf(severities),
        outcome: someOf(outcomes),
        status: someOf(findingStatuses),
        guidance: someOf(["2026-07", "2026-09"]),
        changed_since: moment,
      },
      { requiredKeys: [] },
    ),
    sort: fc.record({ by: fc.constantFrom(...findingSorts), direction: fc.constantFrom("asc", "desc") }),
    limit: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 4_000 })),
    as_of: moment,
    /** The share of the list that comes before the page. */
    after: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ["filters", "sort", "limit"] },
);

function valueOf(said: Said, by: OrderedQuestion["sort"]["by"]): string | number {
  const { severity, check_id: check, from: changed, key, id } = said;
  return { severity: severities.indexOf(severity), changed, check, key, id }[by];
}

function expected(all: readonly Said[], { filters, sort, as_of }: Omit<OrderedQuestion, "after" | "limit">) {
  const { changed_since = -Infinity, ...lists } = filters;
  const sign = sort.direction === "asc" ? 1 : -1;
  const isDefault = Object.keys(filters).length === 0;
  return all
    .filter(({ from, until }) => (as_of === undefined ? until === Infinity : from <= as_of && until > as_of))
    .filter(({ from }) => from >= changed_since)
    .filter((said) => {
      const has: Readonly<Record<string, string | number>> = { ...said, check: said.check_id };
      return Object.entries(lists).every(([name, wanted]) => (wanted as readonly unknown[]).includes(has[name]));
    })
    .filter(({ status, outcome }) => {
      const isUndecided = outcome === "unknown" || outcome === "error";
      return !isDefault || ["open", "accepted"].includes(status) || (status !== "retired" && isUndecided);
    })
    .toSorted((a, b) => {
      const [left, right] = [valueOf(a, sort.by), valueOf(b, sort.by)];
      return sign * (left === right ? a.seq - b.seq : left < right ? -1 : 1);
    });
}

test("lists of very many outcomes have the first of those that are asked for", () => {
  const shape = fc.record({
    seed: fc.nat(1_000),
    names: fc.constantFrom("up", "down", "mixed"),
    times: fc.constantFrom("up", "mixed"),
    sorted: fc.constantFrom("never", "in between", "at last", "twice", "all the time"),
    renamed: fc.constantFrom("never", "in between", "at last"),
  });
  fc.assert(
    fc.property(shape, fc.array(question, { minLength: 40, maxLength: 40 }), (given, questions) => {
      const { columns, all } = made(given);
      for (const { after: share, limit, as_of, ...asked } of questions) {
        const whole = expected(all, { ...asked, as_of });
        const skipped = share === undefined ? 0 : Math.floor(share * whole.length);
        const last = whole[skipped - 1];
        const after = last && { seq: last.seq, id: last.id, value: valueOf(last, asked.sort.by) };
        const found = columns.find({ ...asked, as_of, after, limit });
        const page = whole.slice(skipped, skipped + limit);
        expect(found).toEqual(page.map(({ seq, number, until }) => (until === Infinity ? { seq } : { seq, number })));
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

test.each([
  ["between two names", "key", "key-0004x", 63],
  ["after all of them", "key", "zz", 0],
  ["that is a number, before all names", "key", 5, 75],
  ["between two checks", "check", "aws/0x", 75],
  ["that is a text, after all times", "changed", "text", 0],
] as const)("a page begins after a value %s", (_what, by, value, count) => {
  const columns = new FindingColumns();
  const kind = { provider: "aws", severity: "low", outcome: "pass", status: "none", guidance: "1" } as const;
  for (let seq = 1; seq <= 75; seq += 1) {
    const key_name = `key-${String(Math.ceil(seq / 3)).padStart(4, "0")}`;
    const finding = {
      seq,
      number: 1,
      changed_at: seq,
      id: findingId("aws/1", `${seq}`),
      subject_id: key_name,
      key_name,
    };
    columns.add({ ...kind, check_id: "aws/1", ...finding });
  }
  const after = { seq: 0, id: "fnd_none", value };
  const sort = { by, direction: "asc" } as const;
  const found = columns.find({ filters: { provider: ["aws"] }, sort, after, limit: 100, as_of: undefined });
  expect(found).toHaveLength(count);
});

test("a key that is renamed while others come stands where its name belongs, and pages come to their end", () => {
  const columns = new FindingColumns();
  const kind = { provider: "aws", severity: "low", outcome: "pass", status: "none", guidance: "1" } as const;
  const nameOf = (seq: number) => `key-${String(seq).padStart(3, "0")}`;
  const add = (seq: number) => {
    const id = findingId("aws/1", `${seq}`);
    const finding = { seq, number: 1, changed_at: seq, id, subject_id: `of-${seq}`, key_name: nameOf(seq) };
    columns.add({ ...kind, check_id: "aws/1", ...finding });
  };
  for (let seq = 1; seq <= 40; seq += 1) add(seq);
  while (columns.sortSome(1_000));
  columns.name({ subject_id: "of-1", key_name: "z" });
  for (let seq = 41; seq <= 60; seq += 1) add(seq);
  while (columns.sortSome(1_000));
  const ascending = [...Array.from({ length: 59 }, (_, index) => index + 2), 1];
  for (const direction of ["asc", "desc"] as const) {
    const found: number[] = [];
    for (let page = 0; page < 6; page += 1) {
      const last = found.at(-1);
      const after = last === undefined ? undefined : { seq: last, id: "", value: last === 1 ? "z" : nameOf(last) };
      const sort = { by: "key", direction } as const;
      const places = columns.find({ filters: { provider: ["aws"] }, sort, after, limit: 10, as_of: undefined });
      found.push(...places.map(({ seq }) => seq));
    }
    expect(found).toEqual(direction === "asc" ? ascending : ascending.toReversed());
  }
});

test("findings come one after the other", () => {
  const columns = new FindingColumns();
  const kind = { provider: "aws", severity: "low", outcome: "pass", status: "none", guidance: "1" } as const;
  const finding = { number: 1, changed_at: 1, id: "fnd_a", subject_id: "key_a", key_name: "a", check_id: "aws/1" };
  expect(() => columns.conclude({ ...kind, ...finding, seq: 1 })).toThrow("finding 1 is not there");
  columns.add({ ...kind, ...finding, seq: 2 });
  for (const seq of [1, 3]) {
    expect(() => columns.conclude({ ...kind, ...finding, seq })).toThrow(`finding ${seq} is not there`);
  }
  expect(() => columns.add({ ...kind, ...finding, seq: 2 })).toThrow("finding 2 comes after 2");
});

test("a kind of very many outcomes is sorted some at a time", () => {
  const columns = new FindingColumns();
  const kind = { provider: "aws", check_id: "aws/1", severity: "high", outcome: "fail", status: "open" } as const;
  const count = 45_000;
  for (let seq = 1; seq <= count; seq += 1) {
    const place = (seq * 7919) % count;
    const key_name = `key-${String(place).padStart(5, "0")}`;
    const id = findingId(kind.check_id, key_name);
    columns.add({ ...kind, guidance: "", seq, number: 1, changed_at: place, id, subject_id: key_name, key_name });
  }
  const find = (by: "key" | "changed" | "id", direction: "asc" | "desc") =>
    columns.find({ filters: {}, sort: { by, direction }, limit: count, as_of: undefined, after: undefined });
  const questions = (["key", "changed", "id"] as const).flatMap((by) => [find(by, "asc"), find(by, "desc")] as const);
  let turns = 0;
  while (columns.sortSome(1)) turns += 1;
  // Each of four orders: three times 10000 rows, and the rest.
  expect(turns).toBe(4 * 4);
  const sorted = (["key", "changed", "id"] as const).flatMap((by) => [find(by, "asc"), find(by, "desc")] as const);
  expect(sorted).toEqual(questions);
  expect(find("key", "asc").map(({ seq }) => (seq * 7919) % count)).toEqual(
    Array.from({ length: count }, (_1, at) => at),
  );
});
