/** What is asked of very many keys again and again: whether they are as they were, and what is known of those that are not. */
import { sql } from "kysely";
import type { Db } from "./database.ts";
import { conclusionsOf, type FactsQuestion, factsOfKeys, runOf } from "./key-reads.ts";
import { type ChosenKeys, chosenRegistrations, liveKeys } from "./keys.ts";
import { observedAt } from "./sights.ts";
import { isStale } from "./snapshot.ts";
import type { KeyStamp, StampedKey } from "./store.ts";
import { isCurrent } from "./tables.ts";

/** By name. */
export async function keyStamps(db: Db, question: FactsQuestion, keys: ChosenKeys): Promise<readonly KeyStamp[]> {
  const told = factsByCall(question);
  const rows = Map.groupBy(await stampRows(db, question, keys), ({ name }) => name);
  return [...rows.values()].map((ofKey) => stampOf(ofKey, told, question.now));
}

/** When any of the facts was read well the last time, by name; null before the first. What they are costs more to tell. */
export async function lastReads(
  db: Db,
  question: FactsQuestion,
  keys: ChosenKeys,
): Promise<readonly Pick<KeyStamp, "key" | "observed_at">[]> {
  const told = factsByCall(question);
  const rows = Map.groupBy(await sightRows(db, question, keys).query.execute(), ({ name }) => name);
  return [...rows].map(([key, ofKey]) => ({ key, observed_at: lastRead(ofKey, told, question.now) }));
}

/** One state of the database, so that each version is that of what stands beside it. */
export async function stampedKeys(
  db: Db,
  question: FactsQuestion,
  names: readonly string[],
): Promise<readonly StampedKey[]> {
  const keys = new Map((await liveKeys(db, names)).map((key) => [key.name, key]));
  const facts = Map.groupBy(await factsOfKeys(db, question, names), ({ key }) => key);
  const conclusions = Map.groupBy(await conclusionsOf(db, names), ({ key }) => key);
  return (await keyStamps(db, question, { names })).flatMap(({ key: name, version }) => {
    const key = keys.get(name);
    const told = (facts.get(name) ?? []).map((fact) => [fact.name, fact] as const);
    return key === undefined
      ? []
      : [{ key, version, facts: Object.fromEntries(told), conclusions: conclusions.get(name) ?? [] }];
  });
}

/** A row for each key and each call that tells one of the facts; one row for a key of which nothing was asked yet. */
function sightRows(db: Db, { calls, providers, facts }: FactsQuestion, keys: ChosenKeys) {
  const sources = providers.flatMap((provider) => facts.flatMap((fact) => calls.ofFact(provider, fact) ?? []));
  const names = [...new Set(sources.map(({ name }) => name))];
  // Looking where nothing can be would take twice the time.
  const subjects = [...new Set(sources.map(({ call }) => call.subject))].map((kind) =>
    kind === "key" ? sql.ref<string>("s.id") : sql.ref<string>("scope.id"),
  );
  const query = db
    .selectFrom(chosenRegistrations(db, keys).as("r"))
    .innerJoin("subject as s", "s.id", "r.subject_id")
    .innerJoin("subject as scope", "scope.id", "s.scope_id")
    .leftJoin("sight as g", (join) =>
      join
        .on("g.subject_id", "in", subjects)
        .on("g.call", "in", names)
        .on("g.part", "=", "")
        .on("g.current", "=", isCurrent),
    )
    .select(["r.name", "s.provider"])
    .select(["g.call", "g.state", "g.lost", "g.last_at", "g.interval_ms", "g.seen_before"])
    .orderBy("r.name");
  return { query, subjects };
}

function stampRows(db: Db, question: FactsQuestion, keys: ChosenKeys) {
  const { query, subjects } = sightRows(db, question, keys);
  return query
    .select(["scope.resource as scope", "s.change_seq"])
    .select(({ selectFrom }) =>
      // Each new value of a fact has the next number, and none is ever taken away. Old ones are counted as well: they
      // lie in the index, and which of them are old does not.
      selectFrom("fact as f")
        .select(({ fn }) => fn.sum<number | null>("f.number").as("values"))
        .where("f.subject_id", "in", subjects)
        .where("f.name", "in", question.facts)
        .as("values"),
    )
    .execute();
}

type SightRow = Awaited<ReturnType<ReturnType<typeof sightRows>["query"]["execute"]>>[number];
type StampRow = Awaited<ReturnType<typeof stampRows>>[number];

/** The facts that each call tells; the names of calls are distinct among providers only together with theirs. */
function factsByCall({ calls, providers, facts }: FactsQuestion): ReadonlyMap<string, readonly string[]> {
  const sources = providers.flatMap((provider) =>
    facts.map((fact) => ({ fact, call: `${provider} ${calls.ofFact(provider, fact)?.name}` })),
  );
  const byCall = Map.groupBy(sources, ({ call }) => call);
  return new Map([...byCall].map(([call, ofCall]) => [call, ofCall.map(({ fact }) => fact)]));
}

function stampOf(rows: readonly StampRow[], told: ReadonlyMap<string, readonly string[]>, now: number): KeyStamp {
  const [{ name, provider, scope, change_seq, values }] = rows as readonly [StampRow];
  let version = `${change_seq} ${values ?? 0}`;
  for (const row of rows) {
    const run = runIn(row);
    // A value that has grown stale is no longer known, though nothing is written when it does.
    if (run !== undefined) version += ` ${row.call} ${run.state} ${run.lost} ${isStale(run, now)}`;
  }
  return { key: name, provider, scope, version, observed_at: lastRead(rows, told, now) };
}

function lastRead(rows: readonly SightRow[], told: ReadonlyMap<string, readonly string[]>, now: number): number | null {
  let last: number | null = null;
  for (const row of rows) {
    const run = runIn(row);
    if (run === undefined) continue;
    for (const fact of told.get(`${row.provider} ${row.call}`) ?? []) {
      const at = observedAt(run, fact, now);
      last = at === null ? last : Math.max(at, last ?? at);
    }
  }
  return last;
}

function runIn(row: SightRow) {
  return runOf({ ...row, detail: null, refused: null });
}
