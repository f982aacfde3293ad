import { describe, expect, it } from "vitest";
import type { QuotaUse } from "../../src/schedule/intervals.ts";
import { phaseOf } from "../../src/schedule/phase.ts";
import { type DueScope, Plan, retryAfter } from "../../src/schedule/plan.ts";
import type { ScheduledKey } from "../../src/schedule/take-over.ts";
import { keyNamed, minute, scope } from "../store/support/material.ts";

const intervals = { fast: minute, full: 15 * minute };
const phase = { fast: phaseOf("a", scope, 1, intervals.fast), full: phaseOf("a", scope, 1, intervals.full) };
/** The keys of the scope are due for a full run in this very moment. */
const fullTime = 2_000_000 * intervals.full + phase.full;
const hour = 60 * minute;

function scheduled(name: string, last: number | null = null, change: Partial<ScheduledKey["key"]> = {}): ScheduledKey {
  const key = { ...keyNamed(name), registered_at: 0, retired_at: null, ...change };
  return { key, last_read: { fast: last, full: last } };
}

async function planOf(keys: readonly ScheduledKey[], now: number): Promise<Plan> {
  const plan = new Plan(() => intervals);
  await plan.refresh(keys, now);
  return plan;
}

const idle = () => "none" as const;
const busy = () => "busy" as const;

function ended(plan: Plan, due: DueScope, at: number): void {
  for (const { name } of due.keys) plan.ended(due, name, at);
}

function told(due: readonly DueScope[]): string[] {
  return due.map(
    ({ lane, keys, readScope }) => `${lane} ${keys.map(({ name }) => name).join(" ")}${readScope ? " +" : ""}`,
  );
}

/** Every second in a span, begins what is due and ends it at once. */
function run(plan: Plan, from: number, until: number): { at: number; told: string }[] {
  const seen: { at: number; told: string }[] = [];
  for (let at = from; at < until; at += 1000) {
    for (const due of plan.due(at, idle)) {
      seen.push({ at, told: told([due]).join() });
      if (due.readScope) plan.scopeBegun(due.scope, at);
      ended(plan, due, at);
    }
  }
  return seen;
}

describe("what is due", () => {
  it.each<[string, ScheduledKey[], string[]]>([
    ["a new key: in full, at once", [scheduled("a")], ["full a +"]],
    ["nothing of a key that was read just now", [scheduled("a", fullTime + 1)], []],
    [
      "an overdue key: in full, whichever lane is late",
      [{ ...scheduled("a"), last_read: { fast: 1, full: fullTime } }],
      ["full a +"],
    ],
    [
      "a key of which only one lane was ever read",
      [{ ...scheduled("a"), last_read: { fast: fullTime, full: null } }],
      ["full a +"],
    ],
    ["a key that was read in the future", [scheduled("a", fullTime + hour)], ["full a +"]],
    ["a new key and no others", [scheduled("a"), scheduled("b", fullTime + 1)], ["full a +"]],
  ])("%s", async (_, keys, expected) => {
    expect(told((await planOf(keys, fullTime + 2)).due(fullTime + 2, idle))).toEqual(expected);
  });

  it("is each lane once in its interval, and the shared facts with the full one", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    const seen = run(plan, fullTime, fullTime + 2 * hour);
    const full = seen.filter(({ told: what }) => what.startsWith("full"));
    expect(full).toHaveLength(7);
    expect(full.every(({ told: what }) => what === "full a +")).toBe(true);
    expect(full.slice(1).every(({ at }, index) => at - (full[index]?.at ?? 0) === intervals.full)).toBe(true);
    // A full run stands for the fast one of its minute.
    const runs = seen.filter(({ told: what }) => !what.startsWith("full"));
    expect(runs.every(({ told: what }) => what === "fast a")).toBe(true);
    expect(seen.length).toBeGreaterThanOrEqual(119);
    expect(seen.length).toBeLessThanOrEqual(129);
  });

  it("reads what many keys share once in an interval, though their runs are spread", async () => {
    const keys = Array.from({ length: 400 }, (_, index) => scheduled(`key-${index}`, fullTime));
    const seen = run(await planOf(keys, fullTime), fullTime, fullTime + 4 * intervals.full);
    expect(seen.filter(({ told: what }) => what.startsWith("full")).length).toBeGreaterThanOrEqual(76);
    const shared = seen.filter(({ told: what }) => what.endsWith("+")).length;
    expect(shared).toBeGreaterThanOrEqual(4);
    expect(shared).toBeLessThanOrEqual(5);
  });

  it("never the fast lane of a key whose full run is due", async () => {
    const plan = await planOf([scheduled("a"), scheduled("b", fullTime)], fullTime);
    const later = fullTime + 2 * minute;
    expect(told(plan.due(later, (name) => (name === "a" ? "busy" : "none")))).toEqual(["fast b"]);
    expect(told(plan.due(later, idle))).toEqual(["full a +", "fast b"]);
  });

  it("stays due while a key is busy", async () => {
    const plan = await planOf([scheduled("a")], fullTime);
    expect(plan.due(fullTime, busy)).toEqual([]);
    expect(plan.due(fullTime + hour, busy)).toEqual([]);
    expect(told(plan.due(fullTime + hour, idle))).toEqual(["full a +"]);
  });

  it("is the fast lane of a key that a full run has not come to within a fast interval", async () => {
    const plan = await planOf([scheduled("a")], fullTime);
    const [full] = plan.due(fullTime, idle);
    if (full === undefined) throw new Error("nothing is due");
    plan.begun(full, fullTime);
    const awaits = () => "awaits-full" as const;
    expect(plan.due(fullTime, awaits)).toEqual([]);
    const seen: number[] = [];
    for (let at = fullTime; at < fullTime + 5 * minute; at += 1000) {
      for (const due of plan.due(at, awaits)) {
        expect(told([due])).toEqual(["fast a"]);
        seen.push(at);
        plan.begun(due, at);
        ended(plan, due, at);
      }
    }
    expect(seen.map((at) => at - (seen[0] ?? 0))).toEqual([0, 1, 2, 3].map((minutes) => minutes * minute));
  });

  it("is made up by one run, however many were missed", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    expect(told(plan.due(fullTime + 24 * hour, idle))).toEqual(["full a +"]);
    expect(run(plan, fullTime + 24 * hour, fullTime + 24 * hour + 1000)).toHaveLength(1);
    expect(plan.due(fullTime + 24 * hour + 1, idle)).toEqual([]);
  });

  it("is each scope by itself", async () => {
    const plan = await planOf([scheduled("a"), scheduled("b", null, { scope: "444455556666/eu-west-1" })], fullTime);
    expect(told(plan.due(fullTime, idle))).toEqual(["full a +", "full b +"]);
  });
});

describe("a run that did not come about", () => {
  it("is due again soon, with what the keys share", async () => {
    const plan = await planOf([scheduled("a")], fullTime);
    const [due] = plan.due(fullTime + 1, idle);
    if (due === undefined) throw new Error("nothing is due");
    plan.scopeBegun(scope, fullTime + 1);
    plan.failed(due, fullTime + 1);
    expect(plan.due(fullTime + retryAfter, idle)).toEqual([]);
    expect(told(plan.due(fullTime + 1 + retryAfter, idle))).toEqual(["full a +"]);
  });

  it("is not put off where it is due before", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    const soon = fullTime + minute - 1;
    plan.failed({ provider: "aws", scope, lane: "fast", keys: [scheduled("a").key], readScope: false }, soon);
    const next = plan.due(soon + retryAfter, idle);
    expect(told(next)).toEqual(["fast a"]);
  });

  it("of keys that are gone changes nothing", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    const gone = { provider: "aws", lane: "full", keys: [scheduled("z").key], readScope: true } as const;
    plan.failed({ ...gone, scope: "elsewhere" }, fullTime);
    ended(plan, { ...gone, scope }, fullTime);
    expect(plan.due(fullTime + 1, idle)).toEqual([]);
  });
});

describe("refreshing", () => {
  it("keeps the times of keys that are known, whatever was read", async () => {
    const plan = await planOf([scheduled("a")], fullTime);
    run(plan, fullTime, fullTime + 1);
    await plan.refresh([scheduled("a")], fullTime + 1);
    expect(plan.due(fullTime + 1, idle)).toEqual([]);
    await plan.refresh([scheduled("a"), scheduled("b")], fullTime + 1);
    expect(told(plan.due(fullTime + 1, idle))).toEqual(["full b"]);
  });

  it("needs to know when a key was last read where it is not planned yet, be it by its name or by its scope", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    const has = (name: string, change = {}) => plan.has(scheduled(name, null, change).key);
    expect(has("a")).toBe(true);
    expect(has("b")).toBe(false);
    expect(has("a", { resource: "arn:aws:kms:eu-west-1:111122223333:key/another" })).toBe(false);
    expect(has("a", { scope: "444455556666/eu-west-1" })).toBe(false);
    const { key } = scheduled("a");
    await plan.refresh([{ key }, scheduled("b")], fullTime + 1);
    expect(told(plan.due(fullTime + 1, idle))).toEqual(["full b +"]);
  });

  it("takes over what is registered about a key", async () => {
    const plan = await planOf([scheduled("a")], fullTime);
    await plan.refresh([scheduled("a", null, { source: "file" })], fullTime);
    expect(plan.due(fullTime, idle)[0]?.keys[0]?.source).toBe("file");
  });

  it("forgets retired keys, and scopes without keys", async () => {
    const plan = await planOf([scheduled("a"), scheduled("b", null, { scope: "elsewhere" })], fullTime);
    await plan.refresh([scheduled("a")], fullTime);
    expect(told(plan.due(fullTime, idle))).toEqual(["full a +"]);
    expect(plan.intervalsOf("elsewhere")).toBeUndefined();
    await plan.refresh([], fullTime);
    expect(plan.due(fullTime, idle)).toEqual([]);
    expect(plan.all(null)).toEqual([]);
  });

  it("holds another resource under the same name to be new", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    await plan.refresh([scheduled("a", null, { resource: "arn:another" })], fullTime + 1);
    expect(told(plan.due(fullTime + 1, idle))).toEqual(["full a +"]);
  });

  it("computes the intervals of a scope by the number of its keys", async () => {
    const plan = new Plan((_, { keys }) => ({ fast: keys * 1000, full: keys * 2000 }));
    await plan.refresh([scheduled("a"), scheduled("b"), scheduled("c", null, { scope: "elsewhere" })], fullTime);
    expect([plan.intervalsOf(scope), plan.intervalsOf("elsewhere")]).toEqual([
      { fast: 2000, full: 4000 },
      { fast: 1000, full: 2000 },
    ]);
  });
});

it("scopes whose reads are counted together have the intervals of all their keys", async () => {
  const place = (name: string) => ({ scope: name });
  const keys = [
    scheduled("a", null, place("projects/a")),
    scheduled("b", null, place("projects/b")),
    scheduled("c", null, place("projects/b")),
    scheduled("d", null, place("elsewhere")),
  ];
  const plan = new Plan((_key, { keys: count }) => ({ fast: count * 1000, full: count * 2000 }), {
    quotaScopeOf: ({ scope: own }) => (own.startsWith("projects/") ? "projects/quota" : own),
    listOf: ({ scope: own }) => own,
  });
  await plan.refresh(keys, fullTime);
  expect(["projects/a", "projects/b", "elsewhere"].map((one) => plan.intervalsOf(one)?.fast)).toEqual([
    3000, 3000, 1000,
  ]);
  await plan.refresh(keys.slice(1), fullTime);
  expect(["projects/a", "projects/b"].map((one) => plan.intervalsOf(one)?.fast)).toEqual([undefined, 2000]);
});

describe("what takes from one quota", () => {
  const many = (count: number, listed: (number: number) => string, own = (_number: number) => scope) =>
    Array.from({ length: count }, (_, number) =>
      scheduled(`${listed(number)}-${number}`, null, { scope: own(number) }),
    );

  it.each<[string, ScheduledKey[], QuotaUse]>([
    ["one key", many(1, () => "ring"), { keys: 1, scopes: 1, lists: 1 }],
    // 40 keys are read in three parts.
    ["many keys of one list", many(40, () => "ring"), { keys: 40, scopes: 1, lists: 3 }],
    ["many keys of two lists", many(40, (number) => (number === 0 ? "a" : "b")), { keys: 40, scopes: 1, lists: 4 }],
    ["a list for each", many(40, (number) => `ring${number}`), { keys: 40, scopes: 1, lists: 40 }],
    [
      "a scope for each",
      many(
        40,
        (number) => `ring${number}`,
        (number) => `projects/${number}`,
      ),
      { keys: 40, scopes: 40, lists: 40 },
    ],
  ])("%s", async (_, keys, expected) => {
    const uses: QuotaUse[] = [];
    const plan = new Plan(
      (_key, use) => {
        uses.push(use);
        return intervals;
      },
      { quotaScopeOf: () => "all", listOf: ({ name }) => name.split("-")[0] ?? "" },
    );
    await plan.refresh(keys, fullTime);
    for (const use of uses) expect(use).toEqual(expected);
  });
});

describe("choosing keys", () => {
  it.each<[string[] | null, string[][]]>([
    [null, [["a", "b"], ["c"]]],
    [
      ["b", "c"],
      [["b"], ["c"]],
    ],
    [["nobody"], []],
    [[], []],
  ])("%j", async (names, expected) => {
    const plan = await planOf([scheduled("a"), scheduled("b"), scheduled("c", null, { scope: "elsewhere" })], fullTime);
    expect(plan.all(names).map(({ keys }) => keys.map(({ name }) => name))).toEqual(expected);
  });
});

describe("a clock that is set", () => {
  it.each([1000, hour, 24 * hour, 365 * 24 * hour])(
    "back by %i ms: every lane goes on within its interval",
    async (back) => {
      const keys = ["a", "b"].map((name) => scheduled(name, fullTime));
      const plan = await planOf(keys, fullTime);
      run(plan, fullTime, fullTime + hour);
      const now = fullTime + hour - back;
      const seen = run(plan, now, now + intervals.full + 1000);
      expect(seen.filter(({ told: what }) => what.startsWith("full")).length).toBeGreaterThanOrEqual(1);
      expect(seen[0]?.at).toBeLessThanOrEqual(now + intervals.fast);
      expect(seen.some(({ told: what }) => what === "full a b +")).toBe(true);
      // Not all at once and over and over: as many as in any such time.
      expect(seen.length).toBeLessThanOrEqual(18);
    },
  );

  it("forwards: one run makes up for what was missed", async () => {
    const plan = await planOf([scheduled("a", fullTime)], fullTime);
    const now = fullTime + 30 * 24 * hour;
    expect(run(plan, now, now + 10_000).filter(({ told: what }) => what.startsWith("full"))).toHaveLength(1);
  });
});
