/** Whatever was concluded, a list has what a plain look at all outcomes would find, however it was found. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findingStatuses } from "../../src/model/finding.ts";
import {
  type FindingFilters,
  type FindingPage,
  type FindingQuery,
  findingSorts,
} from "../../src/model/finding-query.ts";
import { outcomes, severities } from "../../src/model/outcome.ts";
import { faults } from "./support/database-file.ts";
import { findingLists, type Lists } from "./support/finding-lists.ts";
import { FindingModel, type Said, type Step } from "./support/finding-model.ts";
import { keyNamed, start, type TemporaryStore, temporaryStore } from "./support/material.ts";

const keys = ["a", "b", "c", "d"] as const;
const checks = ["aws/1", "aws/2", "aws/3"] as const;
const guidances = ["2026-07", "2026-09"] as const;
const farthest = 60;

const said: fc.Arbitrary<Said> = fc.record({
  check: fc.constantFrom(...checks),
  outcome: fc.constantFrom(...outcomes),
  severity: fc.constantFrom(...severities),
});
const step: fc.Arbitrary<Step> = fc.record({
  key: fc.constantFrom(...keys),
  after: fc.nat(3),
  guidance: fc.constantFrom(...guidances),
  says: fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(said, { minLength: 1, selector: ({ check }) => check }) },
    { weight: 1, arbitrary: fc.constant("retire" as const) },
  ),
});
const steps = fc.array(step, { minLength: 10, maxLength: 30 });

function someOf<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.subarray([...values], { minLength: 1 });
}
const changed_since = fc.nat(farthest).map((after) => start + after);
const filter: fc.Arbitrary<FindingFilters> = fc.oneof(
  fc.constant({ provider: ["aws" as const] }),
  fc.record({ key: someOf(keys) }),
  fc.record({ check: someOf(checks) }),
  fc.record({ severity: someOf(severities) }),
  fc.record({ outcome: someOf(outcomes) }),
  fc.record({ status: someOf(findingStatuses) }),
  fc.record({ guidance: someOf(guidances) }),
  fc.record({ changed_since }),
);
/** Two at most: more would let hardly anything through. */
const filters: fc.Arbitrary<FindingFilters> = fc
  .array(filter, { maxLength: 2 })
  .map((some) => Object.assign({}, ...some) as FindingFilters);
const direction = fc.constantFrom("asc" as const, "desc" as const);
const moment = fc.nat(farthest).map((after) => start + after);
const limit = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 13 }));
const query: fc.Arbitrary<FindingQuery> = fc.record(
  { filters, as_of: moment, sort: fc.record({ by: fc.constantFrom(...findingSorts), direction }), limit },
  { requiredKeys: ["filters", "limit"] },
);

interface Place {
  readonly model: FindingModel;
  readonly temporary: TemporaryStore;
  readonly lists: Lists;
  at: number;
}

/** A store with four keys, and the model beside it. */
async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const temporary = await temporaryStore();
  const lists = findingLists(temporary.path);
  try {
    for (const key of keys) await temporary.store.write((tx) => tx.registerKey(keyNamed(key), start));
    await work({ model: new FindingModel(), temporary, lists, at: start });
    expect(faults(temporary.path)).toEqual([]);
  } finally {
    await lists.close();
    await temporary[Symbol.asyncDispose]();
  }
}

async function take(place: Place, given: Step): Promise<void> {
  place.at += given.after;
  await place.model.take(place.temporary.store, given, place.at);
}

/** All pages. */
async function pagesOf(asked: FindingQuery, turn: (page: FindingQuery, number: number) => Promise<FindingPage>) {
  const ids: string[] = [];
  let page: FindingPage | undefined;
  for (let number = 0; page === undefined || page.next !== null; number += 1) {
    page = await turn({ ...asked, ...(page?.next ? { after: page.next } : {}) }, number);
    ids.push(...page.findings.map(({ id }) => id));
  }
  return ids;
}

describe("lists of findings", { timeout: 120_000 }, () => {
  test("are those of a plain look at all outcomes, however they came about", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(query, { minLength: 30, maxLength: 30 }), async (given, queries) => {
        await inPlace(async (place) => {
          for (const [turn, one] of given.entries()) {
            await take(place, one);
            // What is in memory follows one step or several.
            if (turn % 3 === 0) await place.lists.find({ limit: 1 });
          }
          for (const asked of queries) {
            const expected = place.model.list({ ...asked, limit: 1_000 }).ids;
            const first = await place.lists.find(asked);
            expect({ ids: first.findings.map(({ id }) => id), next: first.next }).toEqual(place.model.list(asked));
            expect(await pagesOf(asked, (page) => place.lists.find(page))).toEqual(expected);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  test("have each finding of the first page's moment once, whatever is concluded between the pages", async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, query, async (before, between, asked) => {
        await inPlace(async (place) => {
          for (const one of before) await take(place, one);
          const { as_of: _, ...present } = asked;
          const as_of = place.at;
          const expected = place.model.list({ ...present, limit: 1_000 }).ids;
          const later = between.values();
          const found = await pagesOf({ ...present, limit: 2 }, async (page, number) => {
            if (number === 0) return place.lists.find(page);
            const { value: next } = later.next();
            if (next !== undefined) await take(place, { ...next, after: next.after + 1 });
            return place.lists.find({ ...page, as_of });
          });
          expect(found).toEqual(expected);
        });
      }),
      { numRuns: 40 },
    );
  });
});
