/** Whatever happens to a key, what the store says of a past moment is what it said at that moment. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type UnreadableReason, unreadable } from "../../src/model/fact.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { OutcomeName, Severity } from "../../src/model/outcome.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Store } from "../../src/store/store.ts";
import { faults } from "./support/database-file.ts";
import {
  conclusion,
  intervals,
  keyNamed,
  keySubject,
  minute,
  outcomeOf,
  refused,
  scopeSubject,
  seen,
  start,
  temporaryStore,
} from "./support/material.ts";

type Answer =
  | { readonly state: "seen"; readonly value: number | null; readonly lost: boolean }
  | { readonly state: "refused"; readonly reason: UnreadableReason };

interface Step {
  /** Since the step before, in milliseconds. */
  readonly after: number;
  readonly key: Answer | null;
  readonly trails: { readonly listed: readonly string[]; readonly logging: boolean } | null;
  readonly outcomes: readonly {
    readonly check: string;
    readonly outcome: OutcomeName;
    readonly severity: Severity;
    readonly evidence: number;
  }[];
  readonly registered: boolean;
}

const answer: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      state: fc.constant("seen" as const),
      value: fc.constantFrom(null, 1, 2),
      lost: fc.boolean(),
    }),
  },
  fc.record({
    state: fc.constant("refused" as const),
    reason: fc.constantFrom("access-denied" as const, "timeout" as const),
  }),
);
const step: fc.Arbitrary<Step> = fc.record({
  after: fc.constantFrom(1, minute, 2 * minute, 2 * minute + 1, 3 * minute + 1, 31 * minute, 46 * minute),
  key: fc.option(answer),
  trails: fc.option(fc.record({ listed: fc.subarray(["t1", "t2"]), logging: fc.boolean() })),
  outcomes: fc.uniqueArray(
    fc.record({
      check: fc.constantFrom("aws/1", "aws/2", "aws/3"),
      outcome: fc.constantFrom("pass", "fail", "unknown", "not-applicable", "error"),
      severity: fc.constantFrom("critical", "low"),
      evidence: fc.constantFrom(1, 2),
    }),
    { selector: ({ check }) => check },
  ),
  registered: fc.boolean(),
});

function keyReading({ key }: Step, at: number): readonly Reading[] {
  if (key === null) {
    return [];
  }
  if (key.state === "refused") {
    return [refused("kms:DescribeKey", at, key.reason)];
  }
  const state = key.lost ? unreadable("not-reported", "none") : key.value;
  return [seen("kms:DescribeKey", at, { state, deletion_date: key.value })];
}

function trailReadings({ trails }: Step, at: number): readonly Reading[] {
  if (trails === null) {
    return [];
  }
  const list = seen("cloudtrail:DescribeTrails", at, { trail_list: [...trails.listed] });
  return [
    { ...list, parts: { "cloudtrail:GetTrailStatus": trails.listed } },
    ...trails.listed.map((part) => ({
      ...seen("cloudtrail:GetTrailStatus", at, { trail_status: trails.logging }),
      part,
    })),
  ];
}

async function take(store: Store, given: Step, at: number): Promise<void> {
  await store.write(async (tx) => {
    const live = (await tx.key("a")) !== undefined;
    if (live !== given.registered) {
      await (live ? tx.retireKey("a", at) : tx.registerKey(keyNamed("a"), at));
    }
    await tx.saveReadings(keySubject("a"), keyReading(given, at), intervals);
    await tx.saveReadings(scopeSubject, trailReadings(given, at), intervals);
    if (given.registered) {
      const outcomes = given.outcomes.map(({ check, outcome, severity, evidence }) =>
        outcomeOf(check, outcome, { severity, evidence }),
      );
      await tx.saveOutcomes("a", outcomes, { at, ...conclusion });
    }
  });
}

const all = { filters: { provider: ["aws"] }, limit: 100 } as const;

interface Logged {
  readonly at: number;
  readonly answer: Answer;
}

/** The fact `state` at a moment, from nothing but the list of answers until then. */
function stateFromLog(log: readonly Logged[], at: number) {
  const last = log.at(-1);
  const values = log.flatMap(({ at: since, answer: given }) =>
    given.state === "seen" && !given.lost ? [{ since, value: given.value }] : [],
  );
  const streak = values.findLastIndex(({ value }) => value !== values.at(-1)?.value) + 1;
  const last_known = values[streak] ?? null;
  const observed_at = values.at(-1)?.since ?? null;
  if (last === undefined) {
    return { fact: "not-read-yet", sight: "not-observed", observed_at, last_known };
  }
  const { answer: given } = last;
  const reason = given.state === "refused" ? given.reason : given.lost ? "not-reported" : undefined;
  const quiet = at - last.at;
  return {
    fact: reason ?? (quiet > 3 * intervals.fast ? "stale" : last_known?.value),
    sight: quiet > 2 * intervals.fast ? "not-observed" : (reason ?? "seen"),
    observed_at,
    last_known,
  };
}

function stateOf(snapshot: Snapshot | undefined) {
  const { fact, sight, observed_at, last_known } = snapshot?.facts["state"] ?? expect.fail("no such fact");
  return { fact: fact.state === "known" ? fact.value : fact.reason, sight, observed_at, last_known };
}

/** Between two reads a run may go on later, so there the last good read may turn out to be another one. */
function withoutObservedAt({ facts }: Snapshot): unknown {
  return Object.entries(facts).map(([name, { observed_at: _, ...fact }]) => [name, fact]);
}

interface Said {
  readonly at: number;
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
}

async function say(store: Store, at: number): Promise<Said> {
  const snapshot = (await store.read.currentSnapshot("a", at)) ?? expect.fail("no such key");
  return { at, snapshot, findings: (await store.read.findings(all)).findings };
}

describe("after any sequence of reads, conclusions, retirements and returns", () => {
  test("the past is what was said then, and nothing is broken", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const temporary = await temporaryStore();
        const { store } = temporary;
        await store.write((tx) => tx.registerKey(keyNamed("a"), start));
        const atOnce: Said[] = [];
        const inBetween: Said[] = [];
        const log: Logged[] = [];
        let at = start;
        for (const [index, given] of steps.entries()) {
          at += given.after;
          await take(store, given, at);
          log.push(...(given.key === null ? [] : [{ at, answer: given.key }]));
          atOnce.push(await say(store, at));
          for (const later of [minute / 2, 2.5 * minute, 4 * minute]) {
            if (later < (steps[index + 1]?.after ?? Number.POSITIVE_INFINITY)) {
              inBetween.push(await say(store, at + later));
            }
          }
          for (const { at: then, snapshot } of [...atOnce.slice(-1), ...inBetween.filter((said) => said.at > at)]) {
            expect(stateOf(snapshot)).toEqual(stateFromLog(log, then));
          }
        }
        for (const { at: then, snapshot, findings } of [...atOnce, ...inBetween]) {
          const now = (await store.read.snapshot("a", then)) ?? expect.fail("no such key");
          expect(withoutObservedAt(now)).toEqual(withoutObservedAt(snapshot));
          expect((await store.read.findings({ ...all, as_of: then })).findings).toEqual(findings);
        }
        const reads = new Set(log.map((logged) => logged.at));
        for (const { at: then, snapshot } of atOnce.filter((said) => reads.has(said.at))) {
          expect((await store.read.snapshot("a", then))?.facts["state"]).toEqual(snapshot.facts["state"]);
        }
        expect(faults(temporary.path)).toEqual([]);
        await temporary[Symbol.asyncDispose]();
      }),
      { numRuns: 60 },
    );
  });
});
