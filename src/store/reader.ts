/** The reading half: each question is answered from one state of the database. */
import { setImmediate as otherWork } from "node:timers/promises";
import type { FindingQuery } from "../model/finding-query.ts";
import type { Key } from "../model/key.ts";
import type { Provider } from "../model/resource.ts";
import type { CallIndex } from "./call-index.ts";
import { type Connection, type Db, storeErrorOf } from "./database.ts";
import { findFindings, findFindingsOfKeys } from "./find-findings.ts";
import { findingCounts } from "./finding-counts.ts";
import { readFinding, readHistory } from "./finding-rows.ts";
import { FollowedFindings } from "./followed-findings.ts";
import { askFollowing } from "./following.ts";
import { conclusionsAsOf, conclusionsInNeed, conclusionsOf, keysChangedSince } from "./key-reads.ts";
import { createKeyStamps, lastReads } from "./key-stamps.ts";
import { evidenceNamed, keyStandings } from "./key-standings.ts";
import { findKeys, type KeyRow, keyOf, liveKeyRow, liveKeyRowByResource, newestKeyRow } from "./keys.ts";
import { lastChange } from "./last-change.ts";
import { findScan, findScans, lastScans, lastSuccesses } from "./scans.ts";
import { sightRuns } from "./sight-runs.ts";
import { currentSnapshot, snapshotAsOf } from "./snapshot.ts";
import type { StoreReader } from "./store.ts";

export interface ReaderParts {
  readonly connection: Connection;
  readonly path: string;
  readonly calls: CallIndex;
  readonly providers: readonly Provider[];
  /** Told of what a question was refused with. */
  readonly onRefusal: (error: unknown) => void;
}

export function createReader(parts: ReaderParts): StoreReader {
  const { connection, path, calls, providers, onRefusal } = parts;
  const { statements, sqlite } = connection;
  async function noting<T>(answer: () => T | Promise<T>): Promise<T> {
    try {
      return await answer();
    } catch (thrown) {
      const error = storeErrorOf(thrown, path);
      onRefusal(error);
      throw error;
    }
  }
  const ask = <T>(question: (db: Db) => Promise<T>) => noting(() => readConsistently(connection, path, question));
  /** What waits for nothing needs no turn, unless another has one that is not over. One statement sees one state. */
  const askStatement = <T>(statement: () => T, alone = statement): Promise<T> =>
    sqlite.inTransaction ? ask(() => Promise.try(statement)) : noting(alone);
  const inOneState = sqlite.transaction(<T>(question: () => T): T => question());
  const askAtOnce = <T>(question: () => T) => askStatement(question, () => inOneState(question) as T);
  const followed = new FollowedFindings();
  const listOf = (query: FindingQuery) =>
    followed.readOn(statements, rowsAtOnce) ? findFindings(connection, followed.columns, query) : undefined;
  return {
    keys: (query) => ask((db) => findKeys(db, query)),
    keysInPortions: (query) => inPortions((after) => ask((db) => findKeys(db, { ...query, after, limit: portion }))),
    key: (name, options) =>
      ask(async (db) => optionalKey(await (options?.include_retired ? newestKeyRow : liveKeyRow)(db, name))),
    keyByResource: (resource) => ask(async (db) => optionalKey(await liveKeyRowByResource(db, resource))),
    snapshot: (name, at) => ask((db) => snapshotAsOf(db, calls, name, at)),
    currentSnapshot: (name, now) => ask((db) => currentSnapshot({ db, statements }, calls, name, now)),
    sightRuns: (name, options) => ask((db) => sightRuns(db, name, options?.since)),
    findings: (query) =>
      isOfKeys(query)
        ? ask((db) => findFindingsOfKeys({ ...connection, db }, query))
        : askFollowing(() => askAtOnce(() => listOf(query))),
    finding: (id, options) => ask((db) => readFinding({ ...connection, db }, id, options?.as_of)),
    findingHistory: (id) => ask((db) => readHistory({ ...connection, db }, id)),
    findingCounts: () => ask(findingCounts),
    conclusions: (options) => ask((db) => conclusionsOf(db, options?.keys)),
    conclusionsAsOf: (at, keys) => ask((db) => conclusionsAsOf(db, keys, at)),
    keyStandings: (chosen) => ask((db) => keyStandings(db, chosen)),
    evidence: (names) => ask((db) => evidenceNamed(db, names)),
    conclusionsInNeed: () => ask(conclusionsInNeed),
    keysChangedSince: (seq, most) => ask((db) => keysChangedSince(db, seq, most)),
    changeSeq: () => askStatement(() => lastChange(statements).change_seq),
    keyStamps: (facts) => createKeyStamps(ask, statements, { calls, providers, facts }),
    lastReads: (facts, now, page) => ask((db) => lastReads(db, { calls, providers, facts, now }, page)),
    scans: (query) => ask((db) => findScans(db, query)),
    scan: (id) => ask((db) => findScan(db, id)),
    lastScans: () => ask(lastScans),
    lastSuccesses: () => ask(lastSuccesses),
  };
}

/** How much is read of what has changed before others have their turn. */
const rowsAtOnce = 2_000;

function isOfKeys({ filters }: FindingQuery): boolean {
  return filters?.key !== undefined && filters.key.length > 0;
}

/** How many keys are read before others have their turn. */
const portion = 100;

async function* inPortions(
  read: (after: Key | undefined) => Promise<readonly Key[]>,
): AsyncGenerator<readonly Key[], void, undefined> {
  let after: Key | undefined;
  for (;;) {
    const keys = await read(after);
    if (keys.length > 0) yield keys;
    if (keys.length < portion) return;
    after = keys.at(-1);
    await otherWork();
  }
}

export function optionalKey(row: KeyRow | undefined) {
  return row && keyOf(row);
}

/** One transaction around the statements of an answer: between two of them another process may have written. */
export async function readConsistently<T>(
  { db, sqlite }: Connection,
  path: string,
  question: (db: Db) => Promise<T>,
): Promise<T> {
  try {
    return await db.connection().execute(async (connection) => {
      sqlite.exec("begin");
      try {
        return await question(connection);
      } finally {
        if (sqlite.inTransaction) {
          sqlite.exec("rollback");
        }
      }
    });
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}
