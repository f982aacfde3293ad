/** What findings are about, remembered until another key is registered: else their rows do not change. */
import { sql } from "kysely";
import { portionsOf } from "./portions.ts";
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

/** By id, and perhaps others beside them: those of these ids that the database has. */
export type FindSubjects = (ids: readonly string[]) => ReadonlyMap<string, Subject>;

/** None is ever taken away, so that each has a larger number than the last: https://www.sqlite.org/autoinc.html */
const lastRegistration = statement<object>()((db) =>
  db.selectFrom("registration").select(sql<number | null>`max(registration.rowid)`.as("row")),
);

/** Some 200 bytes each. */
const usualLimit = 50_000;

/** Of more subjects than the limit at once all are told, too. */
export function rememberingSubjects(statements: Statements, limit = usualLimit): FindSubjects {
  const remembered = new Map<string, Subject>();
  let registered: number | null | undefined;
  return (ids) => {
    const row = statements.all(lastRegistration, {})[0]?.row;
    if (row !== registered || remembered.size + ids.length > limit) remembered.clear();
    registered = row;
    const missing = new Set(ids.filter((id) => !remembered.has(id)));
    for (const subject of read(statements, [...missing])) remembered.set(subject.id, subject);
    return remembered;
  };
}

function read(statements: Statements, ids: readonly string[]): readonly Subject[] {
  return portionsOf(ids, atOnce).flatMap((portion) => statements.all(subjectsNamed, { ids: portion }));
}
