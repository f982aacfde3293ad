/** What is asked about many keys at once: by the metrics, and by lists. */
import type { Provider } from "../model/resource.ts";
import type { CallIndex, CallOfFact } from "./call-index.ts";
import type { Db } from "./database.ts";
import type { Run } from "./sights.ts";
import { seenFact } from "./snapshot.ts";
import type { KeyConclusion, KeyFact } from "./store.ts";
import { isCurrent, isInNeed } from "./tables.ts";

/** Of the named keys, or of all that are not retired. */
export async function conclusionsOf(db: Db, keys?: readonly string[]): Promise<readonly KeyConclusion[]> {
  const query = selectConclusions(db).where("status", "<>", "retired").orderBy("key_name").orderBy("check_id");
  return keys === undefined ? query.execute() : query.where("key_name", "in", keys).execute();
}

/** Of the named keys, as they were concluded by a moment; a key that was retired then has none. */
export async function conclusionsAsOf(db: Db, keys: readonly string[], at: number): Promise<readonly KeyConclusion[]> {
  const named = db.selectFrom("finding as f").where("f.key_name", "in", keys);
  return named
    .select(["f.id as finding", "f.key_name as key", "f.provider", "f.check_id as check"])
    .select(["f.severity", "f.status", "f.outcome"])
    .where("f.status", "<>", "retired")
    .where("f.changed_at", "<=", at)
    .unionAll(
      named
        .innerJoin("past_outcome as o", "o.finding_seq", "f.seq")
        .select(["f.id as finding", "f.key_name as key", "f.provider", "f.check_id as check"])
        .select(["o.severity", "o.status", "o.outcome"])
        .where("o.status", "<>", "retired")
        .where("o.valid_from", "<=", at)
        .where("o.valid_to", ">", at),
    )
    .orderBy("key")
    .orderBy("check")
    .execute();
}

export async function conclusionsInNeed(db: Db): Promise<readonly KeyConclusion[]> {
  return selectConclusions(db).where("in_need", "=", isInNeed).execute();
}

function selectConclusions(db: Db) {
  return db
    .selectFrom("finding")
    .select(["id as finding", "key_name as key", "provider", "check_id as check", "severity", "status", "outcome"])
    .where("key_name", "<>", "");
}

/** Undefined where they have more registrations than that. */
export async function keysChangedSince(
  db: Db,
  change_seq: number,
  most: number,
): Promise<readonly string[] | undefined> {
  const rows = await db
    .selectFrom("subject as s")
    .innerJoin("registration as r", "r.subject_id", "s.id")
    .select("r.name")
    .where("s.change_seq", ">", change_seq)
    .limit(most + 1)
    .execute();
  // Asked for distinct names, SQLite would read every registration in the order of the names.
  return rows.length > most ? undefined : [...new Set(rows.map(({ name }) => name))];
}

/** Some facts of live keys. */
export interface FactsQuestion {
  readonly calls: CallIndex;
  readonly providers: readonly Provider[];
  readonly facts: readonly string[];
  readonly now: number;
}

/** Facts of calls that are made once, of the named keys that are live, without reading the rest of their snapshots. */
export async function factsOfKeys(
  db: Db,
  { calls, providers, facts, now }: FactsQuestion,
  names: readonly string[],
): Promise<readonly KeyFact[]> {
  const found: KeyFact[] = [];
  for (const provider of providers) {
    for (const fact of facts) {
      const source = calls.ofFact(provider, fact);
      if (source !== undefined) {
        found.push(...(await factOfKeys(db, { provider, fact, source, now, names })));
      }
    }
  }
  return found;
}

interface FactQuestion {
  readonly provider: Provider;
  readonly fact: string;
  readonly source: CallOfFact;
  readonly now: number;
  readonly names: readonly string[];
}

async function factOfKeys(db: Db, { provider, fact, source, now, names }: FactQuestion): Promise<readonly KeyFact[]> {
  const subject = source.call.subject === "key" ? "s.id" : "s.scope_id";
  const rows = await db
    .selectFrom("registration as r")
    .innerJoin("subject as s", "s.id", "r.subject_id")
    .leftJoin("sight as g", (join) =>
      join
        .onRef("g.subject_id", "=", subject)
        .on("g.call", "=", source.name)
        .on("g.part", "=", "")
        .on("g.current", "=", isCurrent),
    )
    .leftJoin("fact as f", (join) =>
      join.onRef("f.subject_id", "=", subject).on("f.name", "=", fact).on("f.current", "=", isCurrent),
    )
    .leftJoin("content as c", "c.hash", "f.content")
    .select(["r.name", "c.value", "f.valid_from"])
    .select(["g.state", "g.detail", "g.refused", "g.lost", "g.last_at", "g.interval_ms", "g.seen_before"])
    .where("r.valid_to", "is", null)
    .where("s.provider", "=", provider)
    .where("r.name", "in", names)
    .execute();
  return rows.map((row): KeyFact => {
    const value =
      row.value !== null && row.valid_from !== null ? { value: row.value, valid_from: row.valid_from } : undefined;
    return { key: row.name, provider, name: fact, ...seenFact({ fact, source, run: runOf(row), value, at: now }) };
  });
}

/** The columns of a left join are all there or all null. */
export function runOf(row: { readonly [C in keyof Run]: Run[C] | null }): Run | undefined {
  const { state, detail, refused, lost, last_at, interval_ms, seen_before } = row;
  return state === null || lost === null || last_at === null || interval_ms === null
    ? undefined
    : { state, detail, refused, lost, last_at, interval_ms, seen_before };
}
