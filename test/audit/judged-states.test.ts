import { expect, it, onTestFinished } from "vitest";
import { createConclusions } from "../../src/audit/conclude.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { Reading } from "../../src/model/reading.ts";
import {
  calls,
  intervals,
  keyNamed,
  keyReadings,
  minute,
  refused,
  registration,
  scope,
  seen,
  start,
  temporaryStore,
} from "../store/support/material.ts";
import { card, enabled, hasTrail, reads, settings } from "../support/audit-of-test.ts";

/** A key that is judged by a check which counts, and by one of its own facts and of its scope's. */
async function judgedKey({ by = "facts" }: { readonly by?: "facts" | "time" } = {}) {
  const temporary = await temporaryStore();
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  const { store } = temporary;
  const key = keyNamed("a");
  await store.write((tx) => tx.registerKey(key, start));
  const registered = await store.read.key("a");
  if (registered === undefined) throw new Error("it was not registered");
  const counted = { judged: 0 };
  const counting = defineCheck({
    ...card,
    id: "aws/counting",
    title: "It counts",
    reads: [],
    evaluate(_facts, context) {
      counted.judged += 1;
      const late = by === "time" && context.at >= start + 2 * minute;
      return { outcome: late ? "fail" : "pass", message: "", evidence: null };
    },
  });
  const clock = { now: start };
  const rules = {
    catalogue: [counting, enabled, hasTrail],
    version: "1",
    guidance: "2026-09",
    settings,
    reads,
  } as const;
  const conclusions = createConclusions({ store, calls, rules, now: () => clock.now });
  return {
    store,
    counted,
    clock,
    scope: (readings: readonly Reading[]) =>
      store.write((tx) => tx.saveReadings({ kind: "scope", provider: "aws", resource: scope }, readings, intervals)),
    async read(after: number, readings = keyReadings(start + after)) {
      clock.now = start + after;
      const { provider, resource } = registered;
      const changed = await conclusions.conclude({ provider, resource, readings, intervals, at: clock.now });
      return { changed, judged: counted.judged };
    },
    async outcomes() {
      const latest = await store.read.conclusions({ keys: ["a"] });
      return Object.fromEntries(latest.map(({ check, outcome }) => [check, outcome]));
    },
  };
}

it("is not judged again while nothing about it changes", async () => {
  const key = await judgedKey();
  expect(await key.read(0)).toEqual({ changed: 3, judged: 1 });
  expect(await key.read(minute)).toEqual({ changed: 0, judged: 1 });
  const snapshot = await key.store.read.currentSnapshot("a", key.clock.now);
  expect(snapshot?.facts["state"]?.observed_at).toBe(start + minute);
});

it("is judged again each time where a check has asked for the time", async () => {
  const key = await judgedKey({ by: "time" });
  expect(await key.read(0)).toEqual({ changed: 3, judged: 1 });
  expect(await key.read(minute)).toEqual({ changed: 0, judged: 2 });
  expect(await key.read(2 * minute)).toEqual({ changed: 1, judged: 3 });
});

it("is judged again when one of its facts is another", async () => {
  const key = await judgedKey();
  await key.read(0);
  expect(await key.read(minute, keyReadings(start + minute, "Disabled"))).toEqual({ changed: 1, judged: 2 });
  expect(await key.read(2 * minute, keyReadings(start + 2 * minute, "Disabled"))).toEqual({ changed: 0, judged: 2 });
  expect(await key.read(3 * minute)).toEqual({ changed: 1, judged: 3 });
});

it("is judged again when sight of it is lost, and when it is back", async () => {
  const key = await judgedKey();
  await key.read(0);
  const lost = refused("kms:DescribeKey", start + minute, "access-denied");
  expect(await key.read(minute, [lost])).toMatchObject({ changed: 1, judged: 2 });
  expect(await key.outcomes()).toMatchObject({ "aws/enabled": "unknown" });
  expect(await key.read(2 * minute)).toMatchObject({ changed: 1, judged: 3 });
});

it("is judged again when a fact of its scope is another, or too old to be known", async () => {
  const key = await judgedKey();
  await key.read(0);
  await key.scope([seen("cloudtrail:DescribeTrails", start + 1, { trail_list: [{ arn: "t" }] })]);
  expect(await key.read(minute)).toMatchObject({ changed: 1, judged: 2 });
  expect(await key.read(2 * minute)).toMatchObject({ changed: 0, judged: 2 });
  const stale = 3 * intervals.full + 2 * minute;
  expect(await key.read(stale)).toMatchObject({ judged: 3 });
  expect(await key.outcomes()).toMatchObject({ "aws/has-trail": "unknown" });
});

it("is judged again when it is expected otherwise, and when somebody else concluded something about it", async () => {
  const key = await judgedKey();
  await key.read(0);
  const other = { ...registration, compartments: ["f8a7b6c5-1d2e-4f3a-8b4c-000000000001"] };
  await key.store.write((tx) => tx.updateRegistration("a", other, start + 1));
  expect(await key.read(minute)).toMatchObject({ judged: 2 });
  const otherwise = { check: "aws/enabled", outcome: "fail", severity: "high", message: "", evidence: null } as const;
  const context = { at: start + minute, guidance: "2026-09", catalogue: "2" };
  await key.store.write((tx) => tx.saveOutcomes("a", [otherwise], context));
  expect(await key.read(2 * minute)).toEqual({ changed: 1, judged: 3 });
  expect(await key.outcomes()).toMatchObject({ "aws/enabled": "pass" });
});

it("is judged again after what was concluded could not be kept", async () => {
  const key = await judgedKey();
  const broken = [...keyReadings(start), ...keyReadings(start)];
  await expect(key.read(0, broken)).rejects.toThrow(TypeError);
  expect(await key.read(minute)).toEqual({ changed: 3, judged: 1 });
});
