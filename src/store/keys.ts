/** Keys as rows: who they are, and what is expected of them. */
import type { Key, KeysQuery, Registration } from "../model/key.ts";
import type { ResourceKind } from "../model/resource.ts";
import type { Db } from "./database.ts";
import { statement } from "./statements.ts";

/** The newest registration of each subject, or of each name, that fits. */
function selectKeys(db: Db) {
  return db
    .selectFrom("registration as r")
    .innerJoin("subject as s", "s.id", "r.subject_id")
    .innerJoin("subject as scope", "scope.id", "s.scope_id")
    .innerJoin("content as c", "c.hash", "r.content")
    .select([
      "r.subject_id",
      "r.number",
      "r.name",
      "r.source",
      "r.registered_at",
      "r.valid_from",
      "r.valid_to",
      "s.provider",
      "s.resource",
      "s.resource_kind",
      "s.account",
      "s.location",
      "s.scope_id",
      "s.change_seq",
      "scope.resource as scope",
      "c.value as registration",
    ]);
}

export type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>["executeTakeFirstOrThrow"]>>;

export function keyOf(row: KeyRow): Key {
  return {
    name: row.name,
    provider: row.provider,
    kind: present(row.resource_kind) satisfies ResourceKind,
    resource: row.resource,
    scope: row.scope,
    account: present(row.account),
    location: row.location,
    source: row.source,
    registration: JSON.parse(row.registration) as Registration,
    registered_at: row.registered_at,
    retired_at: row.valid_to,
  };
}

/** Null in columns that only a scope leaves empty. */
function present<T>(value: T | null): T {
  if (value === null) {
    throw new TypeError("a key's row lacks a column that every key has");
  }
  return value;
}

/** Those of some names, or some after a name in their order. */
export type ChosenKeys = { readonly names: readonly string[] } | { readonly after: string; readonly limit: number };

/** The registrations of live keys. */
export function chosenRegistrations(db: Db, chosen: ChosenKeys) {
  const live = db.selectFrom("registration").select(["name", "subject_id"]).where("valid_to", "is", null);
  return "names" in chosen
    ? live.where("name", "in", chosen.names)
    : live.where("name", ">", chosen.after).orderBy("name").limit(chosen.limit);
}

export async function liveKeys(db: Db, names: readonly string[]): Promise<readonly Key[]> {
  const rows = await selectKeys(db).where("r.name", "in", names).where("r.valid_to", "is", null).execute();
  return rows.map(keyOf);
}

export async function liveKeyRow(db: Db, name: string): Promise<KeyRow | undefined> {
  return selectKeys(db).where("r.name", "=", name).where("r.valid_to", "is", null).executeTakeFirst();
}

export async function liveKeyRowByResource(db: Db, resource: string): Promise<KeyRow | undefined> {
  return selectKeys(db)
    .where("s.kind", "=", "key")
    .where("s.resource", "=", resource)
    .where("r.valid_to", "is", null)
    .executeTakeFirst();
}

/** As `liveKeyRowByResource`, for the key of every scan. */
export const liveKeyOfResource = statement<{ readonly resource: string }>()((db, value) =>
  selectKeys(db)
    .where("s.kind", "=", "key")
    .where("s.resource", "=", value("resource"))
    .where("r.valid_to", "is", null),
);

/** The live key of that name, else the one that had it last. */
export async function newestKeyRow(db: Db, name: string): Promise<KeyRow | undefined> {
  return (
    (await liveKeyRow(db, name)) ??
    (await selectKeys(db)
      .where("r.name", "=", name)
      .orderBy("r.valid_from", "desc")
      .orderBy("r.number", "desc")
      .executeTakeFirst())
  );
}

/** The key that had the name at a moment, else the one that got it next, else the one that had it last before. */
export async function keyRowAround(db: Db, name: string, at: number): Promise<KeyRow | undefined> {
  const rows = await selectKeys(db)
    .where("r.name", "=", name)
    .orderBy("r.valid_from", "asc")
    .orderBy("r.number", "asc")
    .execute();
  return rows.findLast((row) => holdsAt(row, at)) ?? rows.find((row) => row.valid_from > at) ?? rows.at(-1);
}

/** Oldest first. */
export async function registrationsOf(db: Db, subject_id: string): Promise<readonly KeyRow[]> {
  return selectKeys(db).where("r.subject_id", "=", subject_id).orderBy("r.number", "asc").execute();
}

/** Whether an interval holds a moment: its begin is in it, its end is not. */
export function holdsAt(row: { readonly valid_from: number; readonly valid_to: number | null }, at: number): boolean {
  return row.valid_from <= at && (row.valid_to === null || row.valid_to > at);
}

/** By name, and keys that had the same name one after the other by resource; with `limit`, those that follow a key. */
export async function findKeys(
  db: Db,
  {
    at,
    include_retired = false,
    after,
    limit,
  }: KeysQuery & { readonly after?: Key | undefined; readonly limit?: number } = {},
): Promise<readonly Key[]> {
  let query = selectKeys(db).orderBy("r.name").orderBy("s.resource");
  if (at !== undefined || include_retired) {
    query = query.where(({ eb, selectFrom }) => {
      const registrations = selectFrom("registration as n").whereRef("n.subject_id", "=", "r.subject_id");
      const told = at === undefined ? registrations : registrations.where("n.valid_from", "<=", at);
      return eb(
        "r.number",
        "=",
        told.select(({ fn }) => fn.max("n.number").as("newest")),
      );
    });
  }
  if (!include_retired) {
    query =
      at === undefined
        ? query.where("r.valid_to", "is", null)
        : query.where(({ eb, or }) => or([eb("r.valid_to", "is", null), eb("r.valid_to", ">", at)]));
  }
  if (after !== undefined) {
    query = query
      .where("r.name", ">=", after.name)
      .where(({ eb, or }) => or([eb("r.name", ">", after.name), eb("s.resource", ">", after.resource)]));
  }
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map((row) => {
    const key = keyOf(row);
    // One that still held then was not retired yet.
    return at !== undefined && holdsAt(row, at) ? { ...key, retired_at: null } : key;
  });
}
