/** What findings are about, remembered: a row is what its id is the hash of, and never another. */
import { type Statements, statement } from "./statements.ts";

const atOnce = 100;
const subjectsNamed = statement<{ readonly ids: readonly string[] }>()((db, value) =>
  db
    .selectFrom("subject")
    .select(["id", "kind", "resource", "resource_kind"])
    .where(
      "id",
      "in",
      Array.from({ length: atOnce }, (_, index) => value("ids", index)),
    ),
);
export type Subject = NonNullable<(typeof subjectsNamed)["row"]>;

/** Those of these ids that the database has, by id. */
export type FindSubjects = (ids: readonly string[]) => ReadonlyMap<string, Subject>;

/** Some 200 bytes each. */
const usualLimit = 50_000;

/** Of more subjects than the limit at once all are told, too. */
export function rememberingSubjects(statements: Statements, limit = usualLimit): FindSubjects {
  const remembered = new Map<string, Subject>();
  return (ids) => {
    if (remembered.size + ids.length > limit) remembered.clear();
    const missing = new Set(ids.filter((id) => !remembered.has(id)));
    for (const subject of read(statements, [...missing])) remembered.set(subject.id, subject);
    return remembered;
  };
}

function read(statements: Statements, ids: readonly string[]): readonly Subject[] {
  const portions = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, portion) =>
    ids.slice(portion * atOnce, (portion + 1) * atOnce),
  );
  return portions.flatMap((portion) => statements.all(subjectsNamed, { ids: portion }));
}
