/** Facts and sights put together: what was known of a key at a moment, and how it was seen. */
import { type Fact, known, unreadable } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import { partFactName } from "../model/reading.ts";
import type { Sight, Snapshot, SnapshotFact } from "../model/snapshot.ts";
import type { CallIndex, CallOfFact } from "./call-index.ts";
import { parseContent } from "./content.ts";
import type { Db } from "./database.ts";
import { type FactRow, factsAsOf, newestFacts } from "./facts.ts";
import { holdsAt, type KeyRow, keyRowAround, newestKeyRow, registrationsOf } from "./keys.ts";
import {
  isGap,
  type LostFact,
  lostOf,
  newestSights,
  observedAt,
  type Run,
  refusedOf,
  type SightRow,
  sightsAsOf,
} from "./sights.ts";
import type { Statements } from "./statements.ts";
import type { Writing } from "./write-context.ts";

/** After that many intervals without a good read a value is no longer good enough to judge by. */
const intervalsUntilStale = 3;

/** What is known now; `now` only decides what is stale, so that a clock that was set back changes no verdict. */
export async function currentSnapshot(
  { db, statements }: Writing,
  calls: CallIndex,
  name: string,
  now: number,
): Promise<Snapshot | undefined> {
  const key = await newestKeyRow(db, name);
  return key && snapshotOf(statements, calls, key, now);
}

/** As `currentSnapshot`, of a key whose newest row is known. */
export function snapshotOf(statements: Statements, calls: CallIndex, key: KeyRow, now: number): Snapshot {
  const subjects = { key: key.subject_id, scope: key.scope_id ?? "" };
  const facts = statements.all(newestFacts, subjects);
  const sights = statements.all(newestSights, subjects);
  return assemble({ calls, key, at: now, facts, sights, registrations: [key] });
}

/** What the service knew at a moment. */
export async function snapshotAsOf(db: Db, calls: CallIndex, name: string, at: number): Promise<Snapshot | undefined> {
  const key = await keyRowAround(db, name, at);
  if (key === undefined) {
    return undefined;
  }
  const subjects = subjectsOf(key);
  const facts = await factsAsOf(db, subjects, at);
  const sights = await sightsAsOf(db, subjects, at);
  const registrations = (await registrationsOf(db, key.subject_id)).filter((row) => row.valid_from <= at);
  return assemble({ calls, key, at, facts, sights, registrations });
}

function subjectsOf(key: KeyRow): readonly string[] {
  return key.scope_id === null ? [key.subject_id] : [key.subject_id, key.scope_id];
}

interface Pieces {
  readonly calls: CallIndex;
  readonly key: KeyRow;
  readonly at: number;
  readonly facts: readonly FactRow[];
  readonly sights: readonly SightRow[];
  /** Oldest first. */
  readonly registrations: readonly KeyRow[];
}

function assemble({ calls, key, at, facts, sights, registrations }: Pieces): Snapshot {
  const values = new Map(facts.map((row) => [`${row.subject_id} ${row.name}`, row]));
  const runs = new Map<string, SightRow[]>();
  for (const sight of sights) {
    const place = `${sight.subject_id} ${sight.call}`;
    runs.set(place, [...(runs.get(place) ?? []), sight]);
  }
  const told: Record<string, SnapshotFact> = {};
  for (const source of calls.calls(key.provider)) {
    const ofKey = source.call.subject === "key";
    const subject_id = ofKey ? key.subject_id : (key.scope_id ?? "");
    const subject = ofKey ? key.resource : key.scope;
    const parts = runs.get(`${subject_id} ${source.name}`) ?? [];
    const made = source.call.each || parts.length > 0 ? parts : [undefined];
    for (const run of made) {
      for (const fact of source.call.facts) {
        const name = partFactName(fact, run === undefined || run.part === "" ? null : run.part);
        const value = values.get(`${subject_id} ${name}`);
        told[name] = { subject, call: source.name, ...seenFact({ fact, source, run, value, at }) };
      }
    }
  }
  told["registration"] = { subject: key.resource, call: null, ...registeredFact(registrations, at) };
  return { key: key.name, resource: key.resource, at, facts: told };
}

export type SeenFact = Pick<SnapshotFact, "fact" | "sight" | "observed_at" | "last_known">;

export interface FactPieces {
  readonly fact: string;
  readonly source: CallOfFact;
  readonly run: Run | undefined;
  readonly value: Pick<FactRow, "value" | "valid_from"> | undefined;
  readonly at: number;
}

/** One fact, from the run of sight it was last looked at in and the newest value that was told. */
export function seenFact({ fact, source, run, value, at }: FactPieces): SeenFact {
  const last_known = value === undefined ? null : { value: parseContent(value.value), since: value.valid_from };
  if (run === undefined) {
    const never = unreadable("not-read-yet", `${source.name} has not been asked`, { call: source.name });
    return { fact: never, sight: "not-observed", observed_at: null, last_known };
  }
  const loss: LostFact | undefined =
    run.state === "seen" ? lostOf(run)[fact] : { reason: run.state, detail: run.detail ?? "" };
  const sight: Sight = isGap(run, at) ? "not-observed" : (loss?.reason ?? "seen");
  const observed_at = observedAt(run, fact, at);
  const judged: Fact<Json> =
    loss === undefined
      ? freshFact(source, run, last_known, at)
      : unreadable(loss.reason, loss.detail, loss.refused ?? refusedOf(run) ?? sourceOf(source, loss.reason));
  return { fact: judged, sight, observed_at, last_known };
}

/** Whether what the run told last is too old by then to be known. */
export function isStale(run: Pick<Run, "last_at" | "interval_ms">, at: number): boolean {
  return at - run.last_at > intervalsUntilStale * run.interval_ms;
}

function freshFact(source: CallOfFact, run: Run, last_known: SnapshotFact["last_known"], at: number): Fact<Json> {
  if (isStale(run, at)) {
    const last = new Date(run.last_at).toISOString();
    return unreadable("stale", `last read at ${last}`, { call: source.name });
  }
  if (last_known === null) {
    return unreadable("not-read-yet", `${source.name} has told no value by then`, { call: source.name });
  }
  return known(last_known.value);
}

function sourceOf({ name, call }: CallOfFact, reason: string): { readonly call: string; readonly permission?: string } {
  return reason === "access-denied" ? { call: name, permission: call.permission } : { call: name };
}

/** What is expected of the key is not read from a cloud: it is known from the day it was registered on. */
function registeredFact(registrations: readonly KeyRow[], at: number): SeenFact {
  const newest = registrations.at(-1);
  if (newest === undefined) {
    const never = unreadable("not-read-yet", "the key was not registered yet");
    return { fact: never, sight: "not-observed", observed_at: null, last_known: null };
  }
  const value = parseContent(newest.registration);
  const last_known = { value, since: newest.valid_from };
  if (newest.valid_to !== null && !holdsAt(newest, at)) {
    const retired = new Date(newest.valid_to).toISOString();
    return {
      fact: unreadable("stale", `the key was retired at ${retired}`),
      sight: "not-observed",
      observed_at: newest.valid_to,
      last_known,
    };
  }
  return { fact: known(value), sight: "seen", observed_at: at, last_known };
}
