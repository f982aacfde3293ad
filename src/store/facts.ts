/** Facts as rows: known values only, each from the read that first told it until another value was told. */
import type { Content } from "./content.ts";
import { saveContents } from "./content.ts";
import type { Db } from "./database.ts";
import { statement } from "./statements.ts";
import { isCurrent } from "./tables.ts";
import type { Writing } from "./write-context.ts";

export interface KnownFact {
  readonly name: string;
  readonly at: number;
  readonly content: Content;
}

/** A fact's newest value by some moment, whether it still held then or not. */
export interface FactRow {
  readonly subject_id: string;
  readonly name: string;
  readonly value: string;
  readonly valid_from: number;
}

const currentFacts = statement<{ readonly subject_id: string }>()((db, value) =>
  db
    .selectFrom("fact")
    .select(["name", "number", "content", "valid_from", "valid_to"])
    .where("subject_id", "=", value("subject_id"))
    .where("current", "=", isCurrent),
);

const insertFact = statement<FactToInsert>()((db, value) =>
  db.insertInto("fact").values({
    subject_id: value("subject_id"),
    name: value("name"),
    number: value("number"),
    content: value("content"),
    valid_from: value("valid_from"),
    valid_to: null,
    current: 1,
  }),
);
interface FactToInsert {
  readonly subject_id: string;
  readonly name: string;
  readonly number: number;
  readonly content: string;
  readonly valid_from: number;
}

export async function saveFacts(
  { db, statements }: Writing,
  subject_id: string,
  facts: readonly KnownFact[],
): Promise<void> {
  if (facts.length === 0) {
    return;
  }
  const rows = statements.all(currentFacts, { subject_id });
  const current = new Map(rows.map((row) => [row.name, row]));
  const changed = facts.flatMap(({ name, at, content }) => {
    const before = current.get(name);
    if (before?.valid_to === null && before.content === content.hash) {
      return [];
    }
    // A clock that was set back makes no interval end before it began.
    const from = Math.max(at, before?.valid_to ?? before?.valid_from ?? at);
    return [{ name, from, content, before }];
  });
  if (changed.length === 0) {
    return;
  }
  for (const { name, from, before } of changed) {
    if (before !== undefined) {
      await db
        .updateTable("fact")
        .set({ current: 0, valid_to: before.valid_to ?? from })
        .where("subject_id", "=", subject_id)
        .where("name", "=", name)
        .where("current", "=", isCurrent)
        .execute();
    }
  }
  saveContents(
    statements,
    changed.map(({ content }) => content),
  );
  statements.each(
    insertFact,
    changed.map(({ name, from, content, before }) => ({
      subject_id,
      name,
      number: (before?.number ?? 0) + 1,
      content: content.hash,
      valid_from: from,
    })),
  );
}

/** Facts of what is gone hold no longer; they stay the last known ones. */
export async function endFacts(
  db: Db,
  subject_id: string,
  facts: readonly { readonly name: string; readonly at: number }[],
): Promise<void> {
  for (const { name, at } of facts) {
    await db
      .updateTable("fact")
      .set((eb) => ({
        valid_to: eb.case().when("valid_from", ">", at).then(eb.ref("valid_from")).else(at).end(),
      }))
      .where("subject_id", "=", subject_id)
      .where("name", "=", name)
      .where("current", "=", isCurrent)
      .where("valid_to", "is", null)
      .execute();
  }
}

export const newestFacts = statement<{ readonly key: string; readonly scope: string }>()((db, value) =>
  db
    .selectFrom("fact as f")
    .innerJoin("content as c", "c.hash", "f.content")
    .select(["f.subject_id", "f.name", "c.value", "f.valid_from"])
    .where("f.subject_id", "in", [value("key"), value("scope")])
    .where("f.current", "=", isCurrent),
);

export async function factsAsOf(db: Db, subject_ids: readonly string[], at: number): Promise<readonly FactRow[]> {
  return db
    .selectFrom("fact as n")
    .innerJoin("fact as f", (join) =>
      join
        .onRef("f.subject_id", "=", "n.subject_id")
        .onRef("f.name", "=", "n.name")
        .on(({ eb, selectFrom }) =>
          eb(
            "f.number",
            "=",
            selectFrom("fact as t")
              .select("t.number")
              .whereRef("t.subject_id", "=", "n.subject_id")
              .whereRef("t.name", "=", "n.name")
              .where("t.valid_from", "<=", at)
              .orderBy("t.valid_from", "desc")
              .orderBy("t.number", "desc")
              .limit(1),
          ),
        ),
    )
    .innerJoin("content as c", "c.hash", "f.content")
    .select(["f.subject_id", "f.name", "c.value", "f.valid_from"])
    .where("n.subject_id", "in", subject_ids)
    .where("n.current", "=", isCurrent)
    .execute();
}
