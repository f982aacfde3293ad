import { findingStatuses } from "../model/finding.ts";
import type { FindingCursor } from "../model/finding-query.ts";
import type { Score } from "../model/score.ts";
import type { ApiPorts, KeyConclusion } from "./ports.ts";
import { rememberedByChange } from "./remembered-by-change.ts";

/** The scores of keys by their names. A key that is watched no more has none. */
export interface Scores {
  /** Of every key, as it is or as it was concluded by `at`. */
  all(at?: number): Promise<(name: string) => Score>;
  one(name: string): Promise<Score>;
}

const pageSize = 1000;

export function createScores({ store, scoreOf }: Pick<ApiPorts, "store" | "scoreOf">): Scores {
  const newest = rememberedByChange(store, async () => scoresBy(await store.conclusions()));

  function scoresBy(conclusions: readonly KeyConclusion[]): (name: string) => Score {
    const groups = Map.groupBy(conclusions, ({ key }) => key);
    const scores = new Map([...groups].map(([key, ofKey]) => [key, scoreOf(ofKey)]));
    return (name) => scores.get(name) ?? scoreOf([]);
  }

  async function conclusionsAsOf(as_of: number): Promise<readonly KeyConclusion[]> {
    const found: KeyConclusion[] = [];
    let after: FindingCursor | undefined;
    do {
      const page = await store.findings({
        filters: { status: findingStatuses.filter((status) => status !== "retired") },
        as_of,
        sort: { by: "id", direction: "asc" },
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, status, latest } of page.findings) {
        if (key !== null) found.push({ key, status, outcome: latest.outcome, severity: latest.severity });
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    return found;
  }

  return {
    all: async (at) => (at === undefined ? newest() : scoresBy(await conclusionsAsOf(at))),
    one: async (name) => scoreOf(await store.conclusions({ keys: [name] })),
  };
}
