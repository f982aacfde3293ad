import { describe, expect, it } from "vitest";
import { Budget, type BudgetTarget } from "../../src/collect/budget.ts";
import type { ScanLane } from "../../src/model/lane.ts";
import { testClock } from "../support/test-clock.ts";

const calls = {
  "kms:DescribeKey": { permission: "kms:DescribeKey", lane: "fast", subject: "key", facts: ["state"], quota: 100 },
  "kms:ListGrants": { permission: "kms:ListGrants", lane: "full", subject: "key", facts: ["grants"], quota: 100 },
} as const;
const grants: BudgetTarget = {
  call: "kms:ListGrants",
  scope: "a/r",
  lane: "full",
  deadline: Number.MAX_SAFE_INTEGER,
};

function budgetOf(options: Partial<ConstructorParameters<typeof Budget>[0]> = {}) {
  const clock = testClock();
  return { clock, budget: new Budget({ calls, clock, ratio: 0.25, concurrency: 2, ...options }) };
}

/** How many tokens are given out within so many seconds. */
async function tokensWithin(seconds: number, options?: Partial<ConstructorParameters<typeof Budget>[0]>) {
  const { clock, budget } = budgetOf(options);
  const deadline = clock.steady() + seconds * 1000;
  let tokens = 0;
  while (await budget.take({ ...grants, deadline })) tokens += 1;
  return tokens;
}

describe("Budget", () => {
  it("gives a quarter of the published quota, and a second's worth that was saved up", async () => {
    expect(await tokensWithin(10)).toBe(25 + 10 * 25 + 1);
  });

  it("follows the configured ratio, and a configured rate before both", async () => {
    expect(await tokensWithin(10, { ratio: 0.5 })).toBe(50 + 500 + 1);
    expect(await tokensWithin(10, { rates: { "kms:ListGrants": 2 } })).toBe(2 + 20 + 1);
  });

  it("keeps scopes apart, and calls", async () => {
    const { clock, budget } = budgetOf({ rates: { "kms:ListGrants": 1 } });
    await budget.take(grants);
    await budget.take(grants);
    const deadline = clock.steady();

    expect(await budget.take({ ...grants, deadline })).toBe(false);
    expect(await budget.take({ ...grants, deadline, scope: "b/r" })).toBe(true);
    expect(await budget.take({ ...grants, deadline, call: "kms:DescribeKey" })).toBe(true);
  });

  it("tells at once those whose turn would come too late, and takes nothing from the others", async () => {
    const { clock, budget } = budgetOf({ rates: { "kms:ListGrants": 1 } });
    await budget.take(grants);
    await budget.take(grants);
    const before = clock.steady();

    const answers = await Promise.all(
      [5000, 1500, 1500, 2500].map((within) => budget.take({ ...grants, deadline: before + within })),
    );

    expect(answers).toEqual([true, false, false, true]);
    expect(clock.steady() - before).toBe(2000);
  });

  it("pauses as long as the provider asks for", async () => {
    const { clock, budget } = budgetOf();
    const before = clock.steady();

    budget.throttled(grants, before, 7000);
    await budget.take(grants);

    expect(clock.steady() - before).toBe(7000);
  });

  it("lets those go who would wait longer than they can when the provider asks for a pause", async () => {
    const { clock, budget } = budgetOf({ rates: { "kms:ListGrants": 1 } });
    await budget.take(grants);
    await budget.take(grants);
    const before = clock.steady();
    const waiting = [10_000, 7_200_000].map((within) =>
      budget.take({ ...grants, deadline: before + within }).then((allowed) => [allowed, clock.steady() - before]),
    );

    budget.throttled(grants, before, 3_600_000);

    expect(await Promise.all(waiting)).toEqual([
      [false, 0],
      [true, 3_600_000],
    ]);
  });

  it("goes slower after throttling and recovers, never beyond its share", async () => {
    const { clock, budget } = budgetOf();
    const timeOfTen = async () => {
      await budget.take(grants);
      const before = clock.steady();
      for (let taken = 0; taken < 10; taken += 1) await budget.take(grants);
      return clock.steady() - before;
    };
    budget.throttled(grants, clock.steady(), 0);

    expect(await timeOfTen()).toBeCloseTo(10 * (1000 / (25 * 0.7)), 3);

    for (let answered = 0; answered < 1000; answered += 1) budget.accepted(grants);
    await timeOfTen();
    expect(await timeOfTen()).toBeCloseTo(10 * (1000 / 25), 3);
  });

  it("slows down once for a burst that is refused as a whole", async () => {
    const { clock, budget } = budgetOf();
    const sent = clock.steady();
    clock.advance(20);
    for (let refused = 0; refused < 16; refused += 1) budget.throttled(grants, sent, undefined);
    const before = clock.steady();

    await budget.take(grants);
    await budget.take(grants);

    expect(clock.steady() - before).toBeCloseTo(75 + 1000 / (25 * 0.7), 3);
  });

  it("pays no heed to the time that the machine is set to", async () => {
    const { clock, budget } = budgetOf({ rates: { "kms:ListGrants": 1 } });
    await budget.take(grants);
    await budget.take(grants);
    clock.set(clock.now() - 3_600_000);
    const before = clock.steady();

    expect(await budget.take({ ...grants, deadline: before + 1000 })).toBe(true);
    expect(clock.steady() - before).toBe(1000);
  });

  it("refuses a call that is in no table", async () => {
    const { budget } = budgetOf();

    await expect(budget.take({ ...grants, call: "kms:Encrypt" })).rejects.toThrow("no such call: kms:Encrypt");
  });
});

describe("calls that share a quota", () => {
  const published = { permission: "p", subject: "key", facts: [], quota: 8, quota_of: "kms:read" } as const;
  const sharing = {
    "kms:List": { ...published, lane: "fast" },
    "kms:Policy": { ...published, lane: "full" },
    "kms:Other": { ...published, lane: "full", quota_of: "kms:other" },
  } as const;
  const of = (call: keyof typeof sharing, deadline = Number.MAX_SAFE_INTEGER): BudgetTarget => ({
    ...grants,
    call,
    deadline,
  });

  it("take from one budget, and leave others theirs", async () => {
    const { clock, budget } = budgetOf({ calls: sharing });
    const until = clock.steady();
    const taken: string[] = [];
    for (const call of ["kms:List", "kms:Policy", "kms:List", "kms:Policy", "kms:Other"] as const) {
      if (await budget.take(of(call, until))) taken.push(call);
    }

    // Two that were saved up in a second, and the one that is due.
    expect(taken).toEqual(["kms:List", "kms:Policy", "kms:List", "kms:Other"]);
  });

  it("are held up together, and each call speeds all up again", async () => {
    const { clock, budget } = budgetOf({ calls: sharing });
    const before = clock.steady();
    budget.throttled(of("kms:List"), before, 7000);

    await budget.take(of("kms:Policy"));
    expect(clock.steady() - before).toBe(7000);
    expect(await budget.take(of("kms:Other", clock.steady()))).toBe(true);

    for (let answered = 0; answered < 1000; answered += 1) budget.accepted(of("kms:Policy"));
    await budget.take(of("kms:List"));
    const full = clock.steady();
    await budget.take(of("kms:List"));
    expect(clock.steady() - full).toBeCloseTo(500, 3);
  });

  it("have the rate that is configured by the quota's name, and none by their own", () => {
    const { budget } = budgetOf({ calls: sharing, rates: { "kms:read": 5, "kms:List": 1 } });
    expect(["kms:List", "kms:Policy", "kms:Other"].map((call) => budget.rateOf(call))).toEqual([5, 5, 2]);
  });
});

/** Takes tokens one after the other, several at a time, and notes how long each was waited for. */
async function takeAll(
  { clock, budget }: ReturnType<typeof budgetOf>,
  lane: ScanLane,
  { times, atOnce }: { readonly times: number; readonly atOnce: number },
) {
  const waits: number[] = [];
  let left = times;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const before = clock.steady();
      await budget.take({ ...grants, call: "kms:DescribeKey", lane });
      waits.push(clock.steady() - before);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { longest: Math.max(...waits), ended: clock.steady() };
}

describe("lanes on one budget", () => {
  const second = 1000;

  it("a full run over 10,000 keys hardly holds up the fast lane of the same scope", async () => {
    const tested = budgetOf();
    const start = tested.clock.steady();
    const full = takeAll(tested, "full", { times: 10_000, atOnce: 320 });
    const fast = await takeAll(tested, "fast", { times: 1000, atOnce: 32 });

    // Two of three tokens are its own: 32 wait in its line at 25 × 2/3 a second, whatever waits in the other one.
    expect(fast.longest).toBeLessThan((32 / (25 * (2 / 3))) * second + 200);
    expect(fast.ended - start).toBeLessThan((1000 / (25 * (2 / 3)) + 1) * second);
    // Nothing was wasted on the way.
    expect((await full).ended - start).toBeCloseTo((11_000 / 25 - 1) * second, -3);
  });

  it("a fast lane that never ends leaves the full lane its third", async () => {
    const tested = budgetOf();
    const start = tested.clock.steady();
    const fast = takeAll(tested, "fast", { times: 10_000, atOnce: 320 });
    const full = await takeAll(tested, "full", { times: 1000, atOnce: 32 });

    expect(full.longest).toBeLessThan((32 / (25 / 3)) * second + 200);
    expect(full.ended - start).toBeLessThan((1000 / (25 / 3) + 1) * second);
    await fast;
  });

  it("a lane that comes after a long silence has no turns saved up", async () => {
    const tested = budgetOf();
    await takeAll(tested, "full", { times: 1000, atOnce: 32 });
    const start = tested.clock.steady();
    const full = takeAll(tested, "full", { times: 100, atOnce: 32 });
    await takeAll(tested, "fast", { times: 200, atOnce: 32 });

    expect((await full).ended - start).toBeLessThanOrEqual((300 / 25 + 1) * second);
  });
});
