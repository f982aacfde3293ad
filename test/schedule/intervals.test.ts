import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call, CallTable } from "../../src/model/call.ts";
import { effectiveIntervals, type QuotaUse } from "../../src/schedule/intervals.ts";
import { slotsOf } from "../../src/schedule/phase.ts";

function call(lane: "fast" | "full", subject: "key" | "scope", quota: number, each?: true): Call {
  return { permission: "p", lane, subject, facts: [], quota, ...(each === undefined ? {} : { each }) };
}

const describeKey = { describe: call("fast", "key", 2000), policy: call("fast", "key", 1000) };
const grants = { ...describeKey, grants: call("full", "key", 100) };
const trails = { ...describeKey, list: call("full", "scope", 10), status: call("full", "scope", 10, true) };

/** Two calls of one quota of 4 requests a second, one of which serves all keys that are read together. */
const ofOne = { quota_of: "kms:read" } as const;
const sharing = {
  list: { ...call("fast", "key", 4), ...ofOne, shared: true },
  policy: { ...call("fast", "key", 4), ...ofOne },
} satisfies CallTable;
const sharingMore = {
  ...sharing,
  versions: { ...call("full", "key", 4), ...ofOne },
  ring: { ...call("full", "scope", 4, true), ...ofOne },
  roles: call("full", "scope", 4, true),
} satisfies CallTable;

/** A quarter of the quota, as it is without configuration. */
function intervals(
  calls: CallTable,
  keys: number,
  fast: number,
  full: number,
  more: Partial<QuotaUse> = {},
): [number, number] {
  const configured = { fast: fast * 1000, full: full * 1000 };
  const rateOf = (name: string) => (calls[name]?.quota ?? 0) / 4;
  const use = { keys, scopes: 1, lists: slotsOf(keys), ...more };
  const effective = effectiveIntervals({ calls, rateOf, use, configured });
  return [effective.fast / 1000, effective.full / 1000];
}

describe("effective intervals, in seconds", () => {
  it.each<[string, CallTable, number, [number, number], [number, number]]>([
    ["one key: as configured", describeKey, 1, [60, 900], [60, 900]],
    ["one key as often as can be: a whole second", describeKey, 1, [0, 0], [1, 1]],
    ["as many keys as just fit", describeKey, 9000, [60, 900], [60, 900]],
    ["one more than fit", describeKey, 9001, [60, 900], [61, 900]],
    // 15,000 keys / (250 requests a second, of which the fast lane may plan with 60 %)
    ["15,000 keys", describeKey, 15_000, [60, 900], [100, 900]],
    // and the full one with 30 % of them
    ["15,000 keys, both lanes every minute", describeKey, 15_000, [60, 60], [100, 200]],
    ["more than is needed is kept", describeKey, 15_000, [3600, 86_400], [3600, 86_400]],
    // What only the full lane calls it need not share: 15,000 / 25.
    ["a call of the full lane alone", grants, 15_000, [60, 60], [100, 600]],
    ["what is read once for a scope does not grow with its keys", trails, 2, [0, 0], [1, 2]],
    // (600 policies + 20 lists, as the keys are read in 20 parts) / (1 request a second × 60 %), or × 30 %.
    ["calls that share a quota count together, a list once for all", sharing, 600, [60, 60], [1034, 2067]],
    ["few keys are read together", sharing, 16, [0, 0], [29, 57]],
    // What the full lane adds of the same quota is in its share too: (20 + 600 + 600 + 5) / 0.3.
    ["of the same quota, what the full lane adds", sharingMore, 600, [60, 60], [1034, 4084]],
    ["no keys at all", describeKey, 0, [60, 900], [60, 900]],
    ["no calls at all", {}, 15_000, [60, 900], [60, 900]],
  ])("%s", (_, calls, keys, [fast, full], expected) => {
    expect(intervals(calls, keys, fast, full)).toEqual(expected);
  });

  it("grow with the lists and the scopes that share a quota", () => {
    // (100 lists + 100 policies) / 0.6, and with 100 versions and 500 rings / 0.3.
    expect(intervals(sharingMore, 100, 60, 60, { lists: 100, scopes: 100 })).toEqual([334, 2667]);
  });

  it("leave room in the budget for both lanes, and are never shorter than configured", () => {
    const anyKeys = fc.integer({ min: 1, max: 50_000 });
    const anyInterval = fc.integer({ min: 1, max: 3600 });
    fc.assert(
      fc.property(anyKeys, anyInterval, anyInterval, (keys, wantedFast, wantedFull) => {
        const [fast, full] = intervals(grants, keys, wantedFast, wantedFull);
        expect(fast).toBeGreaterThanOrEqual(wantedFast);
        expect(full).toBeGreaterThanOrEqual(wantedFull);
        for (const [name, { lane, quota }] of Object.entries(grants)) {
          const perSecond = (lane === "fast" ? keys / fast : 0) + keys / full;
          expect(perSecond, name).toBeLessThanOrEqual(quota / 4);
        }
      }),
    );
  });
});
