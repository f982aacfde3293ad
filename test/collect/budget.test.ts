import { describe, expect, it } from "vitest";
import { Budget } from "../../src/collect/budget.ts";
import { testClock } from "../support/test-clock.ts";

const calls = {
  "kms:ListGrants": { permission: "kms:ListGrants", lane: "full", subject: "key", facts: ["grants"], quota: 100 },
} as const;
const far = Number.MAX_SAFE_INTEGER;

function budgetOf(options: Partial<ConstructorParameters<typeof Budget>[0]> = {}) {
  const clock = testClock();
  return { clock, budget: new Budget({ calls, clock, ratio: 0.25, concurrency: 2, ...options }) };
}

/** How many tokens are given out within so many seconds. */
async function tokensWithin(seconds: number, options?: Partial<ConstructorParameters<typeof Budget>[0]>) {
  const { clock, budget } = budgetOf(options);
  const end = clock.now() + seconds * 1000;
  let tokens = 0;
  while (await budget.take("kms:ListGrants", "a/r", end)) tokens += 1;
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

  it("keeps scopes apart", async () => {
    const { clock, budget } = budgetOf({ rates: { "kms:ListGrants": 1 } });
    await budget.take("kms:ListGrants", "a/r", far);
    await budget.take("kms:ListGrants", "a/r", far);

    expect(await budget.take("kms:ListGrants", "a/r", clock.now())).toBe(false);
    expect(await budget.take("kms:ListGrants", "b/r", clock.now())).toBe(true);
  });

  it("pauses as long as the provider asks for", async () => {
    const { clock, budget } = budgetOf();
    const before = clock.now();

    budget.throttled("kms:ListGrants", "a/r", 7000);
    await budget.take("kms:ListGrants", "a/r", far);

    expect(clock.now() - before).toBe(7000);
  });

  it("goes slower after throttling and recovers, never beyond its share", async () => {
    const { clock, budget } = budgetOf();
    budget.throttled("kms:ListGrants", "a/r", 0);
    await budget.take("kms:ListGrants", "a/r", far);
    const before = clock.now();
    for (let taken = 0; taken < 10; taken += 1) await budget.take("kms:ListGrants", "a/r", far);
    const slow = clock.now() - before;

    for (let answered = 0; answered < 1000; answered += 1) budget.accepted("kms:ListGrants", "a/r");
    await budget.take("kms:ListGrants", "a/r", far);
    const after = clock.now();
    for (let taken = 0; taken < 10; taken += 1) await budget.take("kms:ListGrants", "a/r", far);

    expect(slow).toBeCloseTo(10 * (1000 / (25 * 0.7)), 0);
    expect(clock.now() - after).toBeCloseTo(10 * (1000 / 25), 0);
  });

  it("lets no more requests through at once than it is told", async () => {
    const { budget } = budgetOf();
    let running = 0;
    let most = 0;
    const request = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };

    await Promise.all(Array.from({ length: 10 }, () => budget.inFlight(request)));

    expect(most).toBe(2);
  });

  it("refuses a call that is in no table", async () => {
    const { budget } = budgetOf();

    await expect(budget.take("kms:Encrypt", "a/r", far)).rejects.toThrow("no such call: kms:Encrypt");
  });
});
