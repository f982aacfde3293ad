/** Registering, changing and retiring keys. A registration is an interval, like a fact. */
import type { Key, KeySource, RegisterResult, Registration } from "../model/key.ts";
import { contentOf, saveContents } from "./content.ts";
import { type KeyRow, keyOf, liveKeyRow, liveKeyRowByResource, registrationsOf } from "./keys.ts";
import { reopenFindings, retireFindings } from "./retire.ts";
import { subjectId } from "./stable-id.ts";
import type { KeyToRegister } from "./store.ts";
import { StoreError } from "./store-error.ts";
import { markChanged, type WriteContext } from "./write-context.ts";

export async function registerKey(context: WriteContext, key: KeyToRegister, at: number): Promise<RegisterResult> {
  const { db } = context;
  const named = await liveKeyRow(db, key.name);
  if (named !== undefined) {
    return { state: "name-taken", by: keyOf(named) };
  }
  const registered = await liveKeyRowByResource(db, key.resource);
  if (registered !== undefined) {
    return { state: "resource-taken", by: keyOf(registered) };
  }
  const subject_id = await saveSubjects(context, key);
  const last = (await registrationsOf(db, subject_id)).at(-1);
  const from = Math.max(at, last?.valid_to ?? at);
  await reopenFindings(context, subject_id, from);
  await openRegistration(context, subject_id, {
    ...key,
    number: (last?.number ?? 0) + 1,
    registered_at: from,
    valid_from: from,
  });
  await db
    .updateTable("finding")
    .set({ key_name: key.name })
    .where("subject_id", "=", subject_id)
    .where("key_name", "<>", key.name)
    .execute();
  return { state: "registered", key: keyOf(await liveKey(context, key.name)) };
}

/** Equal content writes nothing. */
export async function updateRegistration(
  context: WriteContext,
  name: string,
  change: { readonly registration: Registration; readonly source: KeySource | undefined },
  at: number,
): Promise<Key> {
  const row = await liveKey(context, name);
  const source = change.source ?? row.source;
  const content = contentOf(change.registration);
  if (content.value === row.registration && source === row.source) {
    return keyOf(row);
  }
  const from = await closeRegistration(context, row, at);
  await openRegistration(context, row.subject_id, {
    name,
    source,
    registration: change.registration,
    number: row.number + 1,
    registered_at: row.registered_at,
    valid_from: from,
  });
  return keyOf(await liveKey(context, name));
}

export async function retireKey(context: WriteContext, name: string, at: number): Promise<Key> {
  const row = await liveKey(context, name);
  const until = await closeRegistration(context, row, at);
  markChanged(context, row.subject_id, until);
  await retireFindings(context, { subject_id: row.subject_id }, until);
  return { ...keyOf(row), retired_at: until };
}

/** Throws `no-such-key`. */
export async function liveKey({ db, keys }: Pick<WriteContext, "db" | "keys">, name: string): Promise<KeyRow> {
  const row = keys.get(name) ?? (await liveKeyRow(db, name));
  if (row === undefined) {
    throw new StoreError("no-such-key", `no key of the name ${name} is registered; it may have been retired meanwhile`);
  }
  return row;
}

async function saveSubjects({ db }: WriteContext, key: KeyToRegister): Promise<string> {
  const { provider, resource, account, location } = key;
  const id = subjectId({ kind: "key", provider, resource });
  const scope_id = subjectId({ kind: "scope", provider, resource: key.scope });
  const nothing = { resource_kind: null, scope_id: null, account: null, location: null, change_seq: 0 };
  await db
    .insertInto("subject")
    .values({ ...nothing, id: scope_id, kind: "scope", provider, resource: key.scope })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const what = { resource_kind: key.kind, scope_id, account, location };
  await db
    .insertInto("subject")
    .values({ ...what, id, kind: "key", provider, resource, change_seq: 0 })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(what))
    .execute();
  return id;
}

type NewRegistration = Pick<KeyToRegister, "name" | "source" | "registration"> &
  Pick<KeyRow, "number" | "registered_at" | "valid_from">;

async function openRegistration(context: WriteContext, subject_id: string, row: NewRegistration): Promise<void> {
  const content = contentOf(row.registration);
  saveContents(context.statements, [content]);
  const { name, source, number, registered_at, valid_from } = row;
  await context.db
    .insertInto("registration")
    .values({ subject_id, number, name, source, content: content.hash, registered_at, valid_from, valid_to: null })
    .execute();
  markChanged(context, subject_id, valid_from);
}

/** Returns when it ended: a clock that was set back makes no interval end before it began. */
async function closeRegistration({ db }: WriteContext, row: KeyRow, at: number): Promise<number> {
  const until = Math.max(at, row.valid_from);
  await db
    .updateTable("registration")
    .set({ valid_to: until })
    .where("subject_id", "=", row.subject_id)
    .where("number", "=", row.number)
    .execute();
  return until;
}
