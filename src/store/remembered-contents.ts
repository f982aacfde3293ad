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

/** By hash, and perhaps others beside them: those of these that the database has. */
export type FindContents = (hashes: readonly string[]) => ReadonlyMap<string, Json>;

/** Characters of JSON. */
const usualLimit = 4_000_000;

/** All are forgotten once they have more characters than the limit. */
export function rememberingContents(statements: Statements, limit = usualLimit): FindContents {
  const remembered = new Map<string, Json>();
  let characters = 0;
  return (hashes) => {
    if (characters > limit) {
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
