import { describe, expect, it } from "vitest";
import { Budget } from "../../src/collect/budget.ts";
import type { CallReport } from "../../src/collect/call-report.ts";
import { type Refusal, Refused } from "../../src/collect/refusal.ts";
import { createRequest } from "../../src/collect/request.ts";
import { testClock } from "../support/test-clock.ts";

const calls = {
  "kms:DescribeKey": { permission: "kms:DescribeKey", lane: "fast", subject: "key", facts: ["state"], quota: 2000 },
} as const;

/** A request whose answers are given one after the other: a refusal, a bug, or text. */
function requestOf(answers: readonly (Refusal | Error | string)[], deadline = 60_000) {
  const clock = testClock();
  const reports: CallReport[] = [];
  const budget = new Budget({ calls, clock, ratio: 1, concurrency: 1 });
  const request = createRequest({
    provider: "aws",
    budget,
    clock,
    onCall: (report) => reports.push(report),
    classify: (error) => (error instanceof Refused ? error.refusal : undefined),
  });
  const left = [...answers];
  const target = {
    call: "kms:DescribeKey",
    scope: "a/r",
    lane: "fast",
    deadline: clock.steady() + deadline,
  } as const;
  const answer = request(target, async () => {
    const next = left.shift();
    if (next === undefined) throw new Error("asked too often");
    if (typeof next === "string") return next;
    throw next instanceof Error ? next : new Refused(next);
  });
  return { answer, clock, reports };
}

const throttled: Refusal = { reason: "throttled", detail: "slow down", again: "when-allowed" };
const broken: Refusal = { reason: "unavailable", detail: "HTTP 500", again: "soon" };
const denied: Refusal = { reason: "access-denied", detail: "no", again: "no" };

describe("request", () => {
  it("asks again after throttling, as long as the deadline allows", async () => {
    const { answer, reports } = requestOf([...Array.from({ length: 20 }, () => throttled), "told"], 600_000);

    expect(await answer).toBe("told");
    expect(reports.filter(({ refusal }) => refusal === "throttled")).toHaveLength(20);
  });

  it("gives up throttled at the deadline, with the provider's own words", async () => {
    const { answer, clock } = requestOf(
      Array.from({ length: 500 }, () => throttled),
      20_000,
    );
    const start = clock.now();

    await expect(answer).rejects.toMatchObject({ refusal: { reason: "throttled", detail: "slow down" } });
    expect(clock.now() - start).toBeLessThanOrEqual(20_000);
  });

  it("waits as long as the provider asks for", async () => {
    const { answer, clock } = requestOf([{ ...throttled, retry_after: 9000 }, "told"]);
    const start = clock.now();

    await answer;

    expect(clock.now() - start).toBe(9000);
  });

  it("tries a fault that passes three times, and no more", async () => {
    const twice = requestOf([broken, broken, "told"]);
    const thrice = requestOf([broken, broken, broken, "never asked"]);

    expect(await twice.answer).toBe("told");
    await expect(thrice.answer).rejects.toMatchObject({ refusal: { reason: "unavailable" } });
    expect(thrice.reports).toHaveLength(3);
  });

  it("does not repeat what will not change", async () => {
    const { answer, reports } = requestOf([denied, "never asked"]);

    await expect(answer).rejects.toBeInstanceOf(Refused);
    expect(reports.map(({ refusal }) => refusal)).toEqual(["access-denied"]);
  });

  it("throws a bug on as it is, and counts no call for it", async () => {
    const { answer, reports } = requestOf([new TypeError("ours")]);

    await expect(answer).rejects.toThrow(TypeError);
    expect(reports).toEqual([]);
  });
});
