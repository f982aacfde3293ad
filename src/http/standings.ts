/**
 * How every key stands, for answers about all of them. What has been read is kept, and only keys about which something
 * else is concluded or registered since are read again: a million conclusions are too many for each request.
 */
import { setImmediate as otherWork } from "node:timers/promises";
import { isDecided } from "../model/outcome.ts";
import type { Score } from "../model/score.ts";
import type { UnknownCheck } from "./missing.ts";
import type { ApiPorts, KeyStanding, StorePort } from "./ports.ts";

export interface Standing {
  readonly scope: string;
  readonly score: Score;
  /** Whether any check could decide anything. */
  readonly judged: boolean;
  /** The checks that say `unknown`. Keys of which the same is unknown share one list. */
  readonly unknown: readonly UnknownCheck[];
}

export interface StandingKeys {
  /** The newest change that is in it; there may be parts of newer ones. */
  readonly changeSeq: number;
  /** The live keys by name. It follows later changes: what is put together from it is put together at once. */
  readonly keys: ReadonlyMap<string, Standing>;
}

export interface Standings {
  /** With all that was concluded and registered before this was asked. */
  newest(): Promise<StandingKeys>;
}

/** How many keys are read before others have their turn. */
const portion = 100;
/** If more have changed, all are read anew: to find out which they are would take long by itself. */
const mostChanged = 2_000;

export interface StandingsParts extends Pick<ApiPorts, "scoreOf"> {
  readonly store: Pick<StorePort, "changeSeq" | "keysChangedSince" | "keyStandings">;
}

export function createStandings({ store, scoreOf }: StandingsParts): Standings {
  const lists = new SharedLists();
  let held = { changeSeq: -1, keys: new Map<string, Standing>() };

  async function read(): Promise<StandingKeys> {
    // Asked before the keys: what changes meanwhile is read once more, and never missed.
    const changeSeq = await store.changeSeq();
    if (changeSeq === held.changeSeq) return held;
    const changed = held.changeSeq < 0 ? undefined : await store.keysChangedSince(held.changeSeq, mostChanged);
    const keys = changed === undefined ? await readAll() : await readAgain(changed);
    held = { changeSeq, keys };
    lists.forgetAllBut(keys.values());
    await otherWork();
    return held;
  }

  async function readAll(): Promise<Map<string, Standing>> {
    const keys = new Map<string, Standing>();
    let after: string | undefined = "";
    while (after !== undefined) {
      const rows: readonly KeyStanding[] = await store.keyStandings({ after, limit: portion });
      for (const row of rows) keys.set(row.key, standingOf(row));
      after = rows.at(-1)?.key;
      await otherWork();
    }
    return keys;
  }

  async function readAgain(names: readonly string[]): Promise<Map<string, Standing>> {
    const { keys } = held;
    for (let first = 0; first < names.length; first += portion) {
      const some = names.slice(first, first + portion);
      const rows = await store.keyStandings({ names: some });
      for (const name of some) keys.delete(name);
      for (const row of rows) keys.set(row.key, standingOf(row));
      await otherWork();
    }
    return keys;
  }

  function standingOf({ scope, conclusions, unknown }: KeyStanding): Standing {
    const judged = conclusions.some(({ outcome }) => isDecided(outcome));
    return { scope, score: scoreOf(conclusions), judged, unknown: lists.shared(unknown) };
  }

  return { newest: oneAtATime(read) };
}

/** Who asks while others are answered may know of something newer: they share the next reading. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= reading
      // Whoever waited for it is told; the next reading may have more luck.
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        const begun = read();
        reading = begun;
        return begun;
      });
    return next;
  };
}

/** One list for all that are equal: a call that is refused is missing for thousands of keys in the same way. */
class SharedLists {
  readonly #byText = new Map<string, readonly UnknownCheck[]>();

  shared(list: readonly UnknownCheck[]): readonly UnknownCheck[] {
    const text = JSON.stringify(list);
    const first = this.#byText.get(text) ?? list;
    this.#byText.set(text, first);
    return first;
  }

  forgetAllBut(standings: Iterable<Standing>): void {
    const held = new Set<readonly UnknownCheck[]>();
    for (const { unknown } of standings) held.add(unknown);
    for (const [text, list] of this.#byText) if (!held.has(list)) this.#byText.delete(text);
  }
}
