/** Values by their hashes, remembered: a hash always names the same value, and most findings share theirs with many. */
import type { Json } from "../model/json.ts";
import { parseContent } from "./content.ts";
import { portionsOf } from "./portions.ts";
import { type Statements, statement } from "./statements.ts";

const atOnce = 100;
const contentsNamed = statement<{ readonly hashes: readonly string[] }>()((db, value) =>
  db
    .selectFrom("content")
    .selectAll()
    .where(
      "hash",
      "in",
      Array.from({ length: atOnce }, (_, index) => value("hashes", index)),
    ),
);

/**
 * By hash, and perhaps others beside them: those of these that the database has, until the next question. They are the
 * same objects for all who ask.
 */
export type FindContents = (hashes: readonly string[]) => ReadonlyMap<string, Json>;

export interface ContentLimits {
  /** Of their JSON, all together. */
  readonly characters: number;
  readonly values: number;
}

const usualLimits: ContentLimits = { characters: 4_000_000, values: 20_000 };

/** All are forgotten, before the next question is answered, once they are more than a limit. */
export function rememberingContents(statements: Statements, limits = usualLimits): FindContents {
  const remembered = new Map<string, Json>();
  let characters = 0;
  return (hashes) => {
    if (characters > limits.characters || remembered.size > limits.values) {
      remembered.clear();
      characters = 0;
    }
    const missing = new Set(hashes.filter((hash) => !remembered.has(hash)));
    for (const portion of portionsOf([...missing], atOnce)) {
      for (const { hash, value } of statements.all(contentsNamed, { hashes: portion })) {
        remembered.set(hash, parseContent(value));
        characters += value.length;
      }
    }
    return remembered;
  };
}
