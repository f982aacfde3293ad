/** More keys than are taken over in one go, and what happens in the meantime. */
import { setImmediate as otherWork } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { phaseOf } from "../../src/schedule/phase.ts";
import { Plan } from "../../src/schedule/plan.ts";
import type { ScheduledKey } from "../../src/schedule/take-over.ts";
import { scope, start } from "../store/support/material.ts";
import { hour, intervals, scheduled, scheduleOfTest } from "./schedule-of-test.ts";

const count = 2_000;
const manyOf = (last: number | null, place = (_number: number) => scope) =>
  Array.from({ length: count }, (_, number) => scheduled(`key-${number}`, last, place(number)));
const idle = () => "none" as const;
const named = (plan: Plan, now: number, lane: string) =>
  plan.due(now, idle).flatMap((due) => (due.lane === lane ? due.keys.map(({ name }) => name) : []));

/** Does something in every turn that others have while work is done, and tells how many there were. */
async function meanwhile(work: Promise<unknown>, each: (turn: number) => void = () => undefined): Promise<number> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  let turns = 0;
  for (;;) {
    await otherWork();
    if (ended) break;
    turns += 1;
    each(turns);
  }
  await watched;
  return turns;
}

describe("taking over very many keys", () => {
  it.each<[string, (number: number) => string]>([
    ["of one scope", () => scope],
    ["of as many scopes", (number) => `vaults/${number}`],
  ])("%s gives others their turn, and goes on with those before until it is done", async (_, place) => {
    const plan = new Plan(() => intervals);
    const keys = manyOf(null, place);
    const known: number[] = [];

    const turns = await meanwhile(plan.refresh(keys, start), () => {
      known.push(named(plan, start, "full").length);
    });

    expect(turns).toBeGreaterThanOrEqual(4);
    expect(new Set(known)).toEqual(new Set([0]));
    expect(named(plan, start, "full")).toHaveLength(count);

    const later = await meanwhile(plan.refresh(keys.slice(1), start));
    expect(later).toBeGreaterThanOrEqual(4);
    expect(named(plan, start, "full")).toHaveLength(count - 1);
  });

  it.each([1, 2, 5, 8])("keeps what is noted about them in turn %i of it", async (at) => {
    const plan = new Plan(() => intervals);
    await plan.refresh(manyOf(null), start);
    const [run] = plan.due(start, idle);
    if (run === undefined) throw new Error("nothing is due");
    expect(run.readScope).toBe(true);

    await meanwhile(plan.refresh([...manyOf(null), scheduled("new")], start), (turn) => {
      if (turn !== at) return;
      plan.scopeBegun(scope, start);
      plan.begun(run, start);
      for (const { name } of run.keys.slice(0, -1)) plan.ended(run, name, start);
    });

    const [left, ...others] = plan.due(start, idle);
    expect(left?.keys.map(({ name }) => name)).toEqual(["key-1999", "new"]);
    expect(left?.readScope).toBe(false);
    expect(others).toEqual([]);
  });

  it("follows a clock that is set back meanwhile", async () => {
    const plan = new Plan(() => intervals);
    await plan.refresh([scheduled("old", start)], start);
    const back = start - 24 * hour;

    await meanwhile(plan.refresh([scheduled("old", start), ...manyOf(start)], start), (turn) => {
      if (turn === 1) plan.due(back, idle);
    });
    plan.due(back, idle);

    const due = plan.due(back + intervals.fast, idle);
    expect(due.reduce((sum, { keys }) => sum + keys.length, 0)).toBe(count + 1);
  });
});

describe("a schedule that takes over keys", () => {
  function slowly(names: readonly ScheduledKey[]) {
    const tested = scheduleOfTest(names);
    const answers: { tell: () => void; fail: (error: Error) => void }[] = [];
    tested.keys.read = () => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly ScheduledKey[]>();
      answers.push({ tell: () => resolve(tested.keys.registered), fail: reject });
      return promise;
    };
    return { ...tested, answers };
  }

  it("does it once more for all who ask while it is at it", async () => {
    const { schedule, keys, answers, settle } = slowly([]);
    const ticked = schedule.tick();
    await settle();
    keys.registered = [scheduled("a", start), scheduled("b", start)];
    const asked = [schedule.requestScan(["a"], "fast"), schedule.requestScan(["b"], "fast")];
    answers[0]?.tell();
    await ticked;
    await settle();
    answers[1]?.tell();

    const scans = await Promise.all(asked);

    expect(scans.flat().map((scan) => scan.keys)).toEqual([["a"], ["b"]]);
    expect(answers).toHaveLength(2);
  });

  it("tells all who share it when the keys cannot be read", async () => {
    const { schedule, answers, settle } = slowly([scheduled("a", start)]);
    const ticked = schedule.tick();
    await settle();
    const asked = [schedule.requestScan(["a"], "fast"), schedule.requestScan(["a"], "fast")];
    answers[0]?.tell();
    await ticked;
    await settle();
    answers[1]?.fail(new Error("the database is busy"));

    const ended = await Promise.allSettled(asked);

    expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(answers).toHaveLength(2);
  });

  it("does it again at the next tick where a registration changes meanwhile", async () => {
    const { schedule, keys, began, settle } = scheduleOfTest(manyOf(start));
    await meanwhile(schedule.tick(), (turn) => {
      if (turn !== 2) return;
      keys.registered = [scheduled("new"), ...manyOf(start).slice(1)];
      schedule.keysChanged();
    });
    expect(began).toEqual([]);

    await meanwhile(schedule.tick());
    await settle();

    expect(began).toEqual(["full new +"]);
    expect((await schedule.requestScan(["key-0"], "fast")).map((scan) => scan.keys)).toEqual([]);
  });

  it("has ended with it when it is stopped, and begins nothing of it", async () => {
    const { schedule, answers, settle, began, cleared } = slowly([scheduled("a")]);
    const ticked = schedule.tick();
    await settle();
    let stopped = false;
    const stopping = schedule.stop().finally(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);

    answers[0]?.tell();
    await stopping;
    await ticked;
    await settle();

    expect(began).toEqual([]);
    expect(cleared).toEqual([]);
    expect(schedule.intervalsOf(scope)).toBeUndefined();
  });

  it.each([1, 5, 9])("begins nothing of very many when it is stopped in turn %i of it", async (at) => {
    const { schedule, began, settle } = scheduleOfTest(manyOf(null));
    let stopping: Promise<void> | undefined;
    await meanwhile(schedule.tick(), (turn) => {
      if (turn === at) stopping = schedule.stop();
    });
    expect(stopping).toBeDefined();
    await stopping;
    await settle();
    expect(began).toEqual([]);
  });
});

describe("the phase of a key", () => {
  /** When a key that was read at the start is due again, to a tenth of a second. */
  const dueAfter = (plan: Plan, name: string, interval: number) => {
    plan.ended({ scope, lane: "fast" }, name, start);
    const moments = Array.from({ length: interval / 100 + 1 }, (_, step) => start + step * 100);
    return moments.find((at) => named(plan, at, "fast").includes(name));
  };
  const place = (at: number | undefined, interval: number) => Math.floor(((at ?? 0) % interval) / 1000);

  it.each([
    ["there are more keys", 1, count, intervals.fast],
    ["there are fewer keys", count, 1, intervals.fast],
    ["the intervals are others", count, count, 2 * intervals.fast],
    ["nothing else changes", count, count, intervals.fast],
  ])("follows where %s", async (_, before, after, fast) => {
    let current = intervals;
    const plan = new Plan(() => current);
    // Alone in its scope it has another phase than among many, and another one still in a longer interval.
    const name = "key-7";
    const some = (length: number) =>
      manyOf(start).filter(({ key }, number) => key.name === name || number >= count - length + 1);
    await plan.refresh(some(before), start);
    current = { ...intervals, fast };
    await plan.refresh(some(after), start);

    const due = dueAfter(plan, name, fast);

    const phase = phaseOf(name, scope, after, fast);
    expect(place(due, fast)).toBe(place(Math.ceil(phase / 100) * 100, fast));
  });
});
