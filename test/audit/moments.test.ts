import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createMoments } from "../../src/audit/moments.ts";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { createWorld } from "../support/running-service.ts";

describe("the moments of a service", () => {
  const step = fc.record({ does: fc.constantFrom("ask", "begin", "end"), later: fc.nat(2) });
  const steps = fc.array(step, { maxLength: 60 });

  it("order what is asked and what is concluded, however many of both there are in a millisecond", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        let clock = 1000;
        const moments = createMoments(() => clock);
        const open: { readonly at: number; readonly end: () => void; readonly ended: Promise<void> }[] = [];
        let settled = 0;
        let ended = 0;
        for (const { does, later } of all) {
          clock += later;
          if (does === "ask") {
            expect(moments.ofQuestion()).toBeGreaterThanOrEqual(clock);
            settled = moments.settled();
            expect(settled).toBeLessThan(Math.min(Number.POSITIVE_INFINITY, ...open.map(({ at }) => at)));
            // In the order in which they began, as one thread concludes.
            expect(settled).toBeGreaterThanOrEqual(ended);
          } else if (does === "begin") {
            const { promise, resolve } = Promise.withResolvers<void>();
            let at = 0;
            const done = moments.concluding((moment) => {
              at = moment;
              return promise;
            });
            expect(at).toBeGreaterThan(Math.max(settled, ...open.map((one) => one.at)));
            open.push({ at, end: resolve, ended: done });
          } else {
            const one = open.shift();
            one?.end();
            await one?.ended;
            ended = one?.at ?? ended;
          }
        }
      }),
    );
  });

  it("follow a clock that is set back", async () => {
    let clock = 10_000_000;
    const moments = createMoments(() => clock);
    moments.ofQuestion();
    await moments.concluding(() => Promise.resolve());
    clock -= 3_600_000;
    expect(await moments.concluding((at) => Promise.resolve(at))).toBe(clock);
    expect(moments.ofQuestion()).toBe(clock);
    expect(moments.settled()).toBe(clock);
  });

  it("are the clock's own where it moves on", async () => {
    let clock = 1000;
    const moments = createMoments(() => clock);
    expect(moments.ofQuestion()).toBe(1000);
    clock += 1;
    expect(await moments.concluding((at) => Promise.resolve(at))).toBe(1001);
    expect(moments.ofQuestion()).toBe(1001);
    expect(moments.settled()).toBe(1001);
  });

  it("settle also where what was to be concluded could not be kept", async () => {
    const moments = createMoments(() => 1000);
    await expect(moments.concluding(() => Promise.reject(new Error("full")))).rejects.toThrow("full");
    expect(moments.settled()).toBeGreaterThanOrEqual(1000);
  });
});

interface Page {
  readonly findings: readonly { readonly id: string }[];
  readonly next_cursor: string | null;
}

it("a list holds what its first page spoke of, also where more is concluded in the same millisecond", async () => {
  const world = await createWorld({ fast: "60s", full: "300s" });
  const server = await world.start();
  const scan = async () => {
    const begun = await server.service.schedule.requestScan(null, "full");
    await Promise.all(begun.map(({ done }) => done));
  };
  const get = async (path: string) => (await (await fetch(`${server.url}${path}`)).json()) as Page;
  const clock = vi.spyOn(Date, "now");
  try {
    await scan();
    clock.mockReturnValue(Date.now());
    const passes = "/findings?outcome=pass&sort=id&limit=10";
    const all = await get("/findings?outcome=pass&sort=id&limit=1000");
    let page = await get(passes);
    const seen = page.findings.map(({ id }) => id);
    world.simulator.control.patch({
      resource: testKeyArn,
      change: { metadata: { KeyState: "Disabled" }, policy: "{}" },
    });
    await scan();
    while (page.next_cursor !== null) {
      page = await get(`/findings?cursor=${page.next_cursor}`);
      seen.push(...page.findings.map(({ id }) => id));
    }
    expect(seen).toEqual(all.findings.map(({ id }) => id));
    const now = await get("/findings?outcome=pass&sort=id&limit=1000");
    expect(now.findings.length).toBeLessThan(all.findings.length);
  } finally {
    clock.mockRestore();
    await server.close();
    await world.close();
  }
});
