/** The list of all keys as JSON. Thousands of them are read and written some at a time: others have their turn in between. */
import { setImmediate as otherWork } from "node:timers/promises";
import { z } from "zod";
import type { Key, KeysQuery } from "../model/key.ts";
import type { Score } from "../model/score.ts";
import type { ApiPorts } from "./ports.ts";
import { keyBody, keysSchema } from "./schemas/key.ts";
import type { Standings } from "./standings.ts";

export interface KeysTextParts extends Pick<ApiPorts, "store" | "scoreOf"> {
  readonly standings: Standings;
}

/** How a key stood, or stands; a key that is retired by then has no score. */
type ScoreOfKey = (key: Key) => Score;

/** How many keys are written before others have their turn. What was concluded by a moment has to be looked up. */
const portion = 50;

/** Pieces of a JSON array in UTF-8. */
export async function keysText(parts: KeysTextParts, query: KeysQuery): Promise<readonly Buffer[]> {
  const scoresOf = await scoring(parts, query.at);
  const past = query.at !== undefined;
  const pieces: Buffer[] = [];
  for await (const keys of parts.store.keysInPortions(query)) {
    for (let first = 0; first < keys.length; first += portion) {
      const some = keys.slice(first, first + portion);
      const scoreOf = await scoresOf(some);
      const bodies = z.encode(
        keysSchema.shape.keys,
        some.map((key) => keyBody(key, scoreOf(key), { past })),
      );
      const between = pieces.length === 0 ? "" : ",";
      pieces.push(Buffer.from(between + JSON.stringify(bodies).slice(1, -1)));
      await otherWork();
    }
  }
  return [Buffer.from("["), ...pieces, Buffer.from("]")];
}

async function scoring(
  { store, scoreOf, standings }: KeysTextParts,
  at: number | undefined,
): Promise<(keys: readonly Key[]) => Promise<ScoreOfKey> | ScoreOfKey> {
  const none = scoreOf([]);
  if (at === undefined) {
    const { keys } = await standings.newest();
    return () => (key) => (key.retired_at === null ? (keys.get(key.name)?.score ?? none) : none);
  }
  return async (keys) => {
    const live = keys.filter(({ retired_at }) => retired_at === null).map(({ name }) => name);
    const conclusions = Map.groupBy(await store.conclusionsAsOf(at, live), ({ key }) => key);
    return (key) => (key.retired_at === null ? scoreOf(conclusions.get(key.name) ?? []) : none);
  };
}
