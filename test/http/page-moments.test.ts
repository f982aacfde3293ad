/** The moment of a page, where something is concluded while it is asked for. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createConclusions } from "../../src/audit/conclude.ts";
import { createMoments } from "../../src/audit/moments.ts";
import { notBefore } from "../../src/model/moment.ts";
import { calls, intervals, keyNamed, keyReadings, start } from "../store/support/material.ts";
import { enabled, hasPolicy, hasTrail, reads, settings } from "../support/audit-of-test.ts";
import { startApi } from "./support/api.ts";

interface Page {
  readonly as_of: string;
  readonly findings: readonly { readonly id: string; readonly outcome: string; readonly status: string }[];
  readonly next_cursor: string | null;
}

const question = "outcome=pass,fail,unknown&sort=id";

/** A service with two keys whose clock stands still, and what it concludes about them. */
async function serviceOfTest() {
  const clock = { now: start };
  const moments = createMoments(() => clock.now);
  const api = await startApi({ now: moments.ofQuestion, settled: moments.settled }, { patience: 20 });
  const { store } = api;
  await store.write((tx) => tx.registerKey(keyNamed("a"), start));
  await store.write((tx) => tx.registerKey(keyNamed("b"), start));
  const rules = {
    catalogue: [enabled, hasPolicy, hasTrail],
    version: "1",
    guidance: "2026-09",
    settings,
    reads,
  } as const;
  const conclusions = createConclusions({ store, calls, rules, now: () => clock.now });
  async function page(parameters: string): Promise<Page> {
    return (await api.get(`/findings?${parameters}`)).body as unknown as Page;
  }
  const service = {
    store,
    clock,
    moments,
    page,
    conclude(name: string, state = "Enabled", begun = Promise.resolve()) {
      const { provider, resource } = keyNamed(name);
      return moments.concluding(async (at) => {
        await begun;
        return conclusions.conclude({ provider, resource, readings: keyReadings(at, state), intervals, at });
      });
    },
    /** What is in a page and in all that follow it. */
    async all(first: Page): Promise<string[]> {
      const seen = text(first);
      for (let cursor = first.next_cursor; cursor !== null; ) {
        const next = await page(`cursor=${cursor}`);
        expect(next.as_of).toBe(first.as_of);
        seen.push(...text(next));
        cursor = next.next_cursor;
      }
      return seen;
    },
  };
  await service.conclude("a");
  await service.conclude("b");
  clock.now += 10;
  return service;
}

const text = ({ findings }: Page) => findings.map(({ id, outcome, status }) => `${id} ${outcome} ${status}`);

it("a page is of a moment before what is concluded already and not kept yet", async () => {
  const { store, conclude, page, all } = await serviceOfTest();
  const before = text(await page(question));

  let first: Page | undefined;
  const concluded = conclude("a", "Disabled");
  // In the same transaction of the database: after what is concluded, and before it is committed.
  const asked = store.write(async () => {
    first = await page(`${question}&limit=1`);
  });
  await Promise.all([concluded, asked]);

  if (first === undefined) throw new Error("it was not asked");
  expect(await all(first)).toEqual(before);
  expect(text(await page(question))).not.toEqual(before);
  expect(text(await page(`${question}&as_of=${first.as_of}`))).toEqual(before);
});

it.each([5, 5000])(
  "a page has what was kept before it, and no later one what was concluded %i ms before and is kept after it",
  async (ms) => {
    const { store, clock, moments, conclude, page, all } = await serviceOfTest();
    const { promise, resolve } = Promise.withResolvers<void>();
    const open = conclude("b", "Disabled", promise);
    clock.now += ms;
    await moments.concluding((at) => store.write((tx) => tx.retireKey("a", at)));
    const retired = text(await page(question));
    expect(retired.filter((line) => line.endsWith("retired"))).toHaveLength(3);

    const first = await page(`${question}&limit=1`);
    resolve();
    expect(await open).toBe(1);

    expect(await all(first)).toEqual(retired);
    expect(text(await page(question))).not.toEqual(retired);
  },
);

it("a list is of its first page's moment, whatever is concluded and registered meanwhile, and how long it takes", async () => {
  const step = fc.record({
    does: fc.constantFrom("ask", "ask", "begin", "begin", "end", "retire", "register"),
    key: fc.constantFrom("a", "b"),
    state: fc.constantFrom("Enabled", "Disabled"),
    later: fc.constantFrom(0, 0, 1, 700, 3000),
  });
  const service = await serviceOfTest();
  const { store, clock, moments, conclude, page, all } = service;
  const registered = (name: string) => async (at: number) =>
    store.write(async (tx) => {
      if ((await tx.key(name)) === undefined)
        await tx.registerKey(keyNamed(name), notBefore((await tx.changedAt()) + 1, at, clock.now));
    });
  const retired = (name: string) => async (at: number) =>
    store.write(async (tx) => {
      if ((await tx.key(name)) !== undefined)
        await tx.retireKey(name, notBefore((await tx.changedAt()) + 1, at, clock.now));
    });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const open: { readonly end: () => void; readonly ended: Promise<unknown> }[] = [];
      const asked: { readonly first: Page; readonly whole: readonly string[] }[] = [];
      for (const { does, key, state, later } of steps) {
        clock.now += later;
        if (does === "ask") asked.push({ whole: text(await page(question)), first: await page(`${question}&limit=1`) });
        else if (does === "retire") await moments.concluding(retired(key));
        else if (does === "register") await moments.concluding(registered(key));
        else if (does === "begin") {
          const { promise, resolve } = Promise.withResolvers<void>();
          open.push({ end: resolve, ended: conclude(key, state, promise) });
        } else {
          const one = open.shift();
          one?.end();
          await one?.ended;
        }
      }
      for (const { end } of open) end();
      await Promise.all(open.map(({ ended }) => ended));
      for (const { first, whole } of asked) expect(await all(first)).toEqual(whole);
    }),
    { numRuns: 25 },
  );
});
