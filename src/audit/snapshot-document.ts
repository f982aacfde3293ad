/** A key's facts at one moment as a file: what `collect` writes and `evaluate` judges. */
import { parseJson } from "../access/parse-json.ts";
import { resourceAccess } from "../access/registry.ts";
import { isObject } from "../access/value-form.ts";
import { parseKeyResource } from "../config/key-resource.ts";
import { registrationSchema, toRegistration } from "../config/registration-schema.ts";
import { type Fact, type FactsByName, known, unreadable, unreadableReasons } from "../model/fact.ts";
import { type GuidanceRevision, guidanceRevisions } from "../model/guidance-revision.ts";
import type { KeyResource } from "../model/key.ts";
import type { Registration } from "../model/registration.ts";

/** The name of the format, and its version: another one wherever an old file would mean something else. */
export const snapshotFormat = "keyposture-snapshot/1";

export interface SnapshotDocument {
  readonly key: KeyResource & { readonly name: string };
  readonly registration: Registration;
  /** When it was taken, in epoch milliseconds. */
  readonly at: number;
  /** The revision of the rules that the key is judged by. */
  readonly guidance: GuidanceRevision;
  /** What may be looked at beyond the key's own account. */
  readonly reads: Readonly<Record<string, boolean>>;
  /** All raw facts, each known or unreadable, the registration among them. */
  readonly facts: FactsByName;
}

/** The text of a snapshot file: equal snapshots are equal texts, and a difference is a difference of few lines. */
export function writeSnapshotDocument({ key, registration, at, guidance, reads, facts }: SnapshotDocument): string {
  const { name, provider, kind, resource, scope, account, location } = key;
  const { registration: _registered, ...rawFacts } = facts;
  const document = {
    format: snapshotFormat,
    key: { name, provider, kind, resource, scope, account, location },
    registration,
    at: new Date(at).toISOString(),
    guidance,
    facts: inOrder({ ...rawFacts, reads: known(reads) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
}

export type ParsedSnapshot =
  | { readonly ok: true; readonly snapshot: SnapshotDocument }
  | { readonly ok: false; readonly error: string };

/** Whether a text means to be a snapshot, be it a broken one or one of another version. */
export function looksLikeSnapshot(text: string): boolean {
  return /"format"\s*:\s*"keyposture-snapshot\//.test(text);
}

/** Thrown inside this file, and turned into a value at its entrance. */
class NotASnapshot extends Error {}

/** Reads what `writeSnapshotDocument` wrote, or somebody by hand: nothing in it is believed without looking. */
export function parseSnapshotDocument(text: string): ParsedSnapshot {
  const json = parseJson(text);
  if (!json.ok) {
    const { message, line, column } = json.error;
    return { ok: false, error: `${message} (line ${line}, column ${column})` };
  }
  try {
    return { ok: true, snapshot: read(JSON.parse(text)) };
  } catch (failure) {
    if (!(failure instanceof NotASnapshot)) throw failure;
    return { ok: false, error: failure.message };
  }
}

function read(document: unknown): SnapshotDocument {
  if (!isObject(document)) throw new NotASnapshot("a snapshot is an object");
  if (document["format"] !== snapshotFormat) {
    throw new NotASnapshot(`format is ${JSON.stringify(document["format"])}; this version reads "${snapshotFormat}"`);
  }
  const key = readKey(document["key"]);
  const registration = readRegistration(document["registration"]);
  const at = Date.parse(String(document["at"]));
  if (Number.isNaN(at)) throw new NotASnapshot("at: expected a time such as 2026-11-22T12:00:00.000Z");
  const guidance = guidanceRevisions.find((revision) => revision === document["guidance"]);
  if (guidance === undefined) throw new NotASnapshot(`guidance: expected one of ${guidanceRevisions.join(", ")}`);
  const facts = { ...readFacts(document["facts"], key), registration: known(registration) };
  return { key, registration, at, guidance, reads: readsOf(facts), facts };
}

/** All but the name follows from the resource; where a file says otherwise, one of the two is a mistake. */
function readKey(value: unknown): SnapshotDocument["key"] {
  const { name, resource } = isObject(value) ? value : {};
  if (!isObject(value) || typeof name !== "string" || typeof resource !== "string") {
    throw new NotASnapshot("key: expected a name and a resource");
  }
  const parsed = parseKeyResource(resource);
  if (!parsed.ok) throw new NotASnapshot(`key.resource: ${parsed.detail}`);
  const wrong = Object.entries(parsed.resource).find(([field, right]) => value[field] !== right);
  if (wrong !== undefined) throw new NotASnapshot(`key.${wrong[0]}: by its resource it is ${JSON.stringify(wrong[1])}`);
  return { ...parsed.resource, name };
}

function readRegistration(value: unknown): Registration {
  const parsed = registrationSchema.safeParse(value);
  if (parsed.success) return toRegistration(parsed.data, []);
  const [issue] = parsed.error.issues;
  throw new NotASnapshot(
    `${["registration", ...(issue?.path ?? [])].join(".")}: expected ${issue?.message ?? "another value"}`,
  );
}

function readFacts(value: unknown, { kind }: KeyResource): FactsByName {
  if (!isObject(value)) throw new NotASnapshot("facts: expected an object");
  const facts = Object.entries(value).map(([name, written]): [string, Fact<unknown>] => {
    const fact = readFact(name, written);
    if (fact.state === "known" && !resourceAccess[kind].isFactValue(name, fact.value)) {
      throw new NotASnapshot(`facts.${name}: the value is not of this fact's type`);
    }
    return [name, fact];
  });
  return Object.fromEntries(facts);
}

/** What is switched off is a decision, and a snapshot that does not tell it could mean either. */
function readsOf({ reads }: FactsByName): Readonly<Record<string, boolean>> {
  const value = reads?.state === "known" ? reads.value : undefined;
  if (!isObject(value)) throw new NotASnapshot("facts.reads: expected a known value");
  return Object.fromEntries(Object.entries(value).map(([name, on]) => [name, on === true]));
}

function readFact(name: string, written: unknown): Fact<unknown> {
  if (isObject(written) && written["state"] === "known" && Object.hasOwn(written, "value")) {
    return known(written["value"]);
  }
  const { state, reason, detail, call, permission } = isObject(written) ? written : {};
  const why = unreadableReasons.find((one) => one === reason);
  if (state !== "unreadable" || why === undefined || typeof detail !== "string") {
    throw new NotASnapshot(`facts.${name}: expected a known value, or why it is unreadable`);
  }
  return unreadable(why, detail, {
    ...(typeof call === "string" ? { call } : {}),
    ...(typeof permission === "string" ? { permission } : {}),
  });
}
