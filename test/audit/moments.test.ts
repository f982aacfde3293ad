import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createMoments } from "../../src/cli/moments.ts";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { createWorld } from "../support/running-service.ts";

describe("the moments of a service", () => {
  const steps = fc.array(fc.record({ asks: fc.boolean(), later: fc.nat(2) }), { maxLength: 50 });

  it("order what is asked and what is concluded, however many of both there are in a millisecond", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let clock = 1000;
        const moments = createMoments(() => clock);
        let asked = 0;
        let concluded = 0;
        for (const { asks, later } of all) {
          clock += later;
          if (asks) {
            asked = moments.ofQuestion();
            expect(asked).toBeGreaterThanOrEqual(Math.max(clock, concluded));
          } else {
            concluded = moments.ofConclusion();
            expect(concluded).toBeGreaterThanOrEqual(clock);
            expect(concluded).toBeGreaterThan(asked);
          }
        }
      }),
    );
  });

  it("follow a clock that is set back", () => {
    let clock = 10_000_000;
    const moments = createMoments(() => clock);
    moments.ofQuestion();
    moments.ofConclusion();
    clock -= 3_600_000;
    expect(moments.ofConclusion()).toBe(clock);
    expect(moments.ofQuestion()).toBe(clock);
  });

  it("are the clock's own where it moves on", () => {
    let clock = 1000;
    const moments = createMoments(() => clock);
    expect(moments.ofQuestion()).toBe(1000);
    clock += 1;
    expect(moments.ofConclusion()).toBe(1001);
    expect(moments.ofQuestion()).toBe(1001);
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
