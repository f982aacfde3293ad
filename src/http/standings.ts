/**
 * How every key stands, for answers about all of them. What has been read is kept, and only keys about which something
 * else is concluded or registered since are read again: a million conclusions are too many for each request.
 */
import { setImmediate as otherWork } from "node:timers/promises";
import { isDecided } from "../model/outcome.ts";
import type { Score } from "../model/score.ts";
import type { UnknownCheck } from "./missing.ts";
import type { ApiPorts, KeyStanding } from "./ports.ts";

export interface Standing {
  readonly scope: string;
  readonly score: Score;
  /** Whether any check could decide anything. */
  readonly judged: boolean;
  /** The checks that say `unknown`. Keys of which the same is unknown share one list. */
  readonly unknown: readonly UnknownCheck[];
}

export interface Standings {
  /** The live keys by name, as they are or a little newer. */
  newest(): Promise<ReadonlyMap<string, Standing>>;
}

/** How many keys are read before others have their turn. */
const portion = 200;

export function createStandings({ store, scoreOf }: Pick<ApiPorts, "store" | "scoreOf">): Standings {
  const keys = new Map<string, Standing>();
  const lists = new SharedLists();
  let seq = -1;
  let reading: Promise<unknown> = Promise.resolve();
  let next: Promise<ReadonlyMap<string, Standing>> | undefined;

  async function read(): Promise<ReadonlyMap<string, Standing>> {
    // Asked before the keys: what changes meanwhile is read once more, and never missed.
    const now = await store.changeSeq();
    if (now === seq) return keys;
    const changed = await store.keysChangedSince(seq);
    for (let first = 0; first < changed.length; first += portion) {
      await otherWork();
      await readKeys(changed.slice(first, first + portion));
    }
    lists.forgetAllBut([...keys.values()].map(({ unknown }) => unknown));
    seq = now;
    return keys;
  }

  async function readKeys(names: readonly string[]): Promise<void> {
    const rows = await store.keyStandings(names);
    for (const name of names) keys.delete(name);
    for (const row of rows) keys.set(row.key, standingOf(row));
  }

  function standingOf({ scope, conclusions, unknown }: KeyStanding): Standing {
    const judged = conclusions.some(({ outcome }) => isDecided(outcome));
    return { scope, score: scoreOf(conclusions), judged, unknown: lists.shared(unknown) };
  }

  return {
    /** Who asks while others are answered may know of something newer: they share the next reading. */
    newest() {
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
    },
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

  forgetAllBut(lists: Iterable<readonly UnknownCheck[]>): void {
    const held = new Set(lists);
    for (const [text, list] of this.#byText) if (!held.has(list)) this.#byText.delete(text);
  }
}
