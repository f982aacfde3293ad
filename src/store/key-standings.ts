/** How very many keys stand, in as few rows as tell it: conclusions of a kind are counted, and evidence is only named. */
import type { Json } from "../model/json.ts";
import { parseContent } from "./content.ts";
import type { Db } from "./database.ts";
import { type ChosenKeys, chosenRegistrations } from "./keys.ts";
import type { KeyStanding } from "./store.ts";

/** By name. */
export async function keyStandings(db: Db, keys: ChosenKeys): Promise<readonly KeyStanding[]> {
  const counted = Map.groupBy(await countConclusions(db, keys), ({ key }) => key);
  const blind = [...counted].filter(([, rows]) => rows.some(({ outcome }) => outcome === "unknown"));
  const unknown = Map.groupBy(
    await unknownOf(
      db,
      blind.map(([key]) => key),
    ),
    ({ key }) => key,
  );
  return [...counted].flatMap(([key, rows]) =>
    rows.slice(0, 1).map(({ scope }) => {
      const saying = unknown.get(key) ?? [];
      return {
        key,
        scope,
        conclusions: rows.flatMap(conclusionIn),
        unknown: saying.map(({ check, evidence }) => ({ check, evidence })),
      };
    }),
  );
}

/** A row for each kind of conclusion of a key; one row for a key of which nothing is concluded. */
function countConclusions(db: Db, keys: ChosenKeys) {
  return db
    .selectFrom(chosenRegistrations(db, keys).as("r"))
    .innerJoin("subject as s", "s.id", "r.subject_id")
    .innerJoin("subject as scope", "scope.id", "s.scope_id")
    .leftJoin("finding as f", (join) => join.onRef("f.key_name", "=", "r.name").on("f.status", "<>", "retired"))
    .select(["r.name as key", "scope.resource as scope", "f.severity", "f.status", "f.outcome"])
    .select(({ fn }) => fn.count<number>("f.seq").as("count"))
    .groupBy(["r.name", "f.severity", "f.status", "f.outcome"])
    .orderBy("r.name")
    .execute();
}

/** The columns of a left join are all there or all null. */
function conclusionIn({ severity, status, outcome, count }: Awaited<ReturnType<typeof countConclusions>>[number]) {
  return severity === null || status === null || outcome === null ? [] : [{ severity, status, outcome, count }];
}

async function unknownOf(db: Db, names: readonly string[]) {
  if (names.length === 0) return [];
  return db
    .selectFrom("finding")
    .select(["key_name as key", "check_id as check", "evidence"])
    .where("key_name", "in", names)
    .where("outcome", "=", "unknown")
    .where("status", "<>", "retired")
    .orderBy("key_name")
    .orderBy("check_id")
    .execute();
}

/** By its name, which is its hash. What is equal is kept once. */
export async function evidenceNamed(db: Db, hashes: readonly string[]): Promise<ReadonlyMap<string, Json>> {
  if (hashes.length === 0) return new Map();
  const rows = await db.selectFrom("content").selectAll().where("hash", "in", hashes).execute();
  return new Map(rows.map(({ hash, value }) => [hash, parseContent(value)]));
}
