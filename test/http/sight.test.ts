import { describe, expect, it } from "vitest";
import type { CheckCall } from "../../src/http/ports.ts";
import { gapsOf, sightOf } from "../../src/http/sight.ts";
import { known } from "../../src/model/fact.ts";
import type { SightRun } from "../../src/model/finding.ts";
import type { Sight, Snapshot } from "../../src/model/snapshot.ts";

const fast: CheckCall = { call: "get", permission: "get", lane: "fast" };
const full: CheckCall = { call: "list", permission: "list", lane: "full" };

function run(from: number, last: number, change: Partial<SightRun> = {}): SightRun {
  return {
    subject: "key",
    call: "get",
    part: null,
    state: "seen",
    detail: null,
    from,
    last,
    interval_ms: 10,
    ...change,
  };
}

describe("gapsOf", () => {
  const gone = { state: "access-denied" } as const;
  const slow = { call: "get", interval_ms: 100 } as const;
  it.each<[string, SightRun[], number, [number, number | null][]]>([
    ["no gap in one run", [run(0, 50)], 60, []],
    ["no gap where another result follows at once", [run(0, 50), run(60, 90, gone)], 95, []],
    ["no gap of exactly two intervals", [run(0, 50), run(70, 90)], 110, []],
    ["a gap of more than two", [run(0, 50), run(71, 90)], 95, [[50, 71]]],
    ["a gap until another result", [run(0, 50), run(80, 90, gone)], 95, [[50, 80]]],
    ["a gap between two runs of one refusal", [run(0, 50, gone), run(65, 90, gone)], 95, [[50, 65]]],
    ["no gap where facts of an answer got lost", [run(0, 50), run(60, 90)], 95, []],
    ["an open gap while nobody looks", [run(0, 50)], 71, [[50, null]]],
    ["no open gap of what is one of several", [run(0, 50, { part: "trail" })], 1000, []],
    ["a gap of what is one of several", [run(0, 50, { part: "a" }), run(90, 95, { part: "a" })], 95, [[50, 90]]],
    ["nothing of several things as one", [run(0, 50, { part: "a" }), run(90, 95, { part: "b" })], 95, []],
    ["nothing of several subjects as one", [run(0, 50), run(90, 95, { subject: "scope" })], 60, []],
    ["a slow lane by its own interval", [run(0, 50, slow), run(240, 250, slow)], 300, []],
    ["a run by the interval of its time", [run(0, 50, { interval_ms: 100 }), run(240, 250)], 260, []],
    ["no older gap where the interval grew since", [run(0, 50), run(80, 90, slow)], 200, [[50, 80]]],
    ["runs in any order", [run(80, 90), run(0, 50)], 95, [[50, 80]]],
    ["nothing of nothing", [], 1000, []],
  ])("sees %s", (_, runs, now, expected) => {
    const gaps = gapsOf(runs, now);
    expect(gaps.map(({ from, until }) => [from, until])).toEqual(expected);
  });
});

describe("sightOf", () => {
  function snapshot(sights: readonly (readonly [string | null, Sight])[]): Snapshot {
    const facts = sights.map(([call, sight], index) => [
      `fact_${index}`,
      { fact: known(1), sight, subject: "key", call, observed_at: 0, last_known: null },
    ]);
    return { key: "one", resource: "key", at: 0, facts: Object.fromEntries(facts) };
  }

  it.each<[string, (readonly [string | null, Sight])[], Sight]>([
    [
      "all seen",
      [
        ["get", "seen"],
        ["list", "seen"],
      ],
      "seen",
    ],
    [
      "one refused",
      [
        ["get", "seen"],
        ["list", "access-denied"],
      ],
      "access-denied",
    ],
    [
      "one not looked at",
      [
        ["get", "access-denied"],
        ["list", "not-observed"],
      ],
      "not-observed",
    ],
    [
      "others refused",
      [
        ["get", "seen"],
        ["other", "access-denied"],
      ],
      "seen",
    ],
    [
      "what is registered",
      [
        ["get", "seen"],
        [null, "not-observed"],
      ],
      "seen",
    ],
    ["nothing of its own", [["other", "seen"]], "not-observed"],
  ])("%s", (_, sights, expected) => {
    expect(sightOf(snapshot(sights), [fast, full])).toBe(expected);
  });

  it("nobody looks at a key that never was", () => {
    expect(sightOf(undefined, [fast])).toBe("not-observed");
  });
});
