/** What is asked of very many keys again and again: whether they are as they were, and what is known of those that are not. */
import { sql } from "kysely";
import type { Db } from "./database.ts";
import { askFollowing } from "./following.ts";
import { conclusionsOf, type FactsQuestion, factsOfKeys, runOf } from "./key-reads.ts";
import { type ChosenKeys, chosenRegistrations, liveKeys } from "./keys.ts";
import { NewestFacts } from "./newest-facts.ts";
import { nothingLost, observedAt, type Run } from "./sights.ts";
import { isStale } from "./snapshot.ts";
import { type Statement, type Statements, statement } from "./statements.ts";
import type { KeyStamp, KeyStamps, StampedKey } from "./store.ts";
import { isCurrent } from "./tables.ts";

type FactsOfCalls = Omit<FactsQuestion, "now">;

/** Asks something of one state of the database. */
type Ask = <T>(question: (db: Db) => Promise<T>) => Promise<T>;

/** How many new values are read before others have their turn. */
const valuesAtOnce = 2_000;

/** What it returns remembers which values there were. */
export function createKeyStamps(ask: Ask, statements: Statements, asked: FactsOfCalls): KeyStamps {
  const told = factsByCall(asked);
  const newest = new NewestFacts(asked.facts);
  const page = stampsAfter(asked);
  const stampsOf = (rows: readonly StampRow[], now: number) =>
    byKey(rows).map((ofKey) => stampOf(ofKey, { told, newest, now }));

  /** With every value known that there is in the state that is asked. */
  const askNewest = <T extends object>(question: (db: Db) => Promise<T>) =>
    askFollowing(() => ask(async (db) => (newest.readOn(statements, valuesAtOnce) ? question(db) : undefined)));

  return {
    after: (name, limit, now) =>
      askNewest(() => Promise.resolve(stampsOf(statements.all(page, { after: name, limit }), now))),
    detailed: (names, now) =>
      askNewest(async (db) => {
        const stamps = stampsOf(await stampRows(db, asked, { names }).execute(), now);
        return detailsOf(db, { ...asked, now }, names, stamps);
      }),
  };
}

/** When any of the facts was read well the last time, by name; null before the first. What they are costs more to tell. */
export async function lastReads(
  db: Db,
  question: FactsQuestion,
  keys: ChosenKeys,
): Promise<readonly Pick<KeyStamp, "key" | "observed_at">[]> {
  const told = factsByCall(question);
  const rows = byKey(await sightRows(db, question, keys).execute());
  return rows.map((ofKey) => ({ key: ofKey[0].name, observed_at: lastRead(ofKey, told, question.now) }));
}

/** One state of the database, so that each version is that of what stands beside it. */
async function detailsOf(
  db: Db,
  question: FactsQuestion,
  names: readonly string[],
  stamps: readonly KeyStamp[],
): Promise<readonly StampedKey[]> {
  const keys = new Map((await liveKeys(db, names)).map((key) => [key.name, key]));
  const facts = Map.groupBy(await factsOfKeys(db, question, names), ({ key }) => key);
  const conclusions = Map.groupBy(await conclusionsOf(db, names), ({ key }) => key);
  return stamps.flatMap(({ key: name, version }) => {
    const key = keys.get(name);
    const told = (facts.get(name) ?? []).map((fact) => [fact.name, fact] as const);
    return key === undefined
      ? []
      : [{ key, version, facts: Object.fromEntries(told), conclusions: conclusions.get(name) ?? [] }];
  });
}

/** A row for each key and each call that tells one of the facts; one row for a key of which nothing was asked yet. */
function sightRows(db: Db, asked: FactsOfCalls, keys: ChosenKeys) {
  return db
    .selectFrom(chosenRegistrations(db, keys).as("r"))
    .innerJoin("subject as s", "s.id", "r.subject_id")
    .leftJoin("sight as g", (join) =>
      join
        .on("g.subject_id", "in", subjectsOf(asked))
        .on("g.call", "in", callsOfProvider(asked))
        .on("g.part", "=", "")
        .on("g.current", "=", isCurrent),
    )
    .select(["r.name", "s.provider"])
    .select(["g.call", "g.state", "g.lost", "g.last_at", "g.interval_ms", "g.seen_before"])
    .orderBy("r.name");
}

/** Looking where nothing can be would take as long as looking where something is. */
function subjectsOf({ calls, providers, facts }: FactsOfCalls) {
  const sources = providers.flatMap((provider) => facts.flatMap((fact) => calls.ofFact(provider, fact) ?? []));
  return [...new Set(sources.map(({ call }) => call.subject))].map((kind) =>
    kind === "key" ? sql.ref<string>("s.id") : sql.ref<string>("s.scope_id"),
  );
}

/** As many as one provider has at most: the first of the key's provider, the second, and so on; null where it has fewer. */
function callsOfProvider({ calls, providers, facts }: FactsOfCalls) {
  const byProvider = providers.map((provider) => ({
    provider,
    names: [...new Set(facts.flatMap((fact) => calls.ofFact(provider, fact)?.name ?? []))],
  }));
  const most = Math.max(1, ...byProvider.map(({ names }) => names.length));
  return Array.from({ length: most }, (_, place) => {
    const whens = byProvider.map(({ provider, names }) => sql`when ${provider} then ${names[place] ?? null}`);
    return sql<string | null>`case s.provider ${sql.join(whens, sql` `)} end`;
  });
}

function stampRows(db: Db, asked: FactsOfCalls, keys: ChosenKeys) {
  return sightRows(db, asked, keys)
    .innerJoin("subject as scope", "scope.id", "s.scope_id")
    .select(["s.id", "scope.id as scope_id", "scope.resource as scope", "s.change_seq"]);
}

type SightRow = Awaited<ReturnType<ReturnType<typeof sightRows>["execute"]>>[number];
type StampRow = Awaited<ReturnType<ReturnType<typeof stampRows>["execute"]>>[number];
type Rows<Row> = readonly [Row, ...Row[]];

/** Which calls there are is known once, so that the statement is built once. */
function stampsAfter(asked: FactsOfCalls): Statement<{ readonly after: string; readonly limit: number }, StampRow> {
  return statement<{ readonly after: string; readonly limit: number }>()((db, value) =>
    stampRows(db, asked, { after: value("after"), limit: value("limit") }),
  );
}

/** The facts that each call tells; the names of calls are distinct among providers only together with theirs. */
function factsByCall({ calls, providers, facts }: FactsOfCalls): ReadonlyMap<string, readonly string[]> {
  const sources = providers.flatMap((provider) =>
    facts.map((fact) => ({ fact, call: `${provider} ${calls.ofFact(provider, fact)?.name}` })),
  );
  const byCall = Map.groupBy(sources, ({ call }) => call);
  return new Map([...byCall].map(([call, ofCall]) => [call, ofCall.map(({ fact }) => fact)]));
}

/** The rows come by name. */
function byKey<Row extends SightRow>(rows: readonly Row[]): readonly Rows<Row>[] {
  const keys: [Row, ...Row[]][] = [];
  for (const row of rows) {
    const last = keys.at(-1);
    if (last?.[0].name === row.name) last.push(row);
    else keys.push([row]);
  }
  return keys;
}

interface Stamping {
  readonly told: ReadonlyMap<string, readonly string[]>;
  readonly newest: NewestFacts;
  readonly now: number;
}

function stampOf(rows: Rows<StampRow>, { told, newest, now }: Stamping): KeyStamp {
  const [{ name, provider, id, scope_id, scope, change_seq }] = rows;
  let version = `${change_seq} ${Math.max(newest.of(id), newest.of(scope_id))}`;
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
    for (const at of readsOf(run, told.get(`${row.provider} ${row.call}`) ?? [], now)) {
      last = at === null ? last : Math.max(at, last ?? at);
    }
  }
  return last;
}

/** One for all facts, where the call has told all of them. */
function readsOf(run: Run, [first, ...others]: readonly string[], now: number): readonly (number | null)[] {
  if (first === undefined) return [];
  return (run.lost === nothingLost ? [first] : [first, ...others]).map((fact) => observedAt(run, fact, now));
}

function runIn(row: SightRow) {
  return runOf({ ...row, detail: null, refused: null });
}
