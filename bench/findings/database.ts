/**
 * A database of a million findings, made once for each form of the tables and kept in the folder for temporary files.
 * Keys are registered by the store itself; the outcomes are written by bare statements, as a store that looks up what
 * was there before would take an hour.
 */
import { hash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { catalogue as wholeCatalogue } from "../../checks/index.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { FindingStatus } from "../../src/model/finding.ts";
import type { OutcomeName, Severity } from "../../src/model/outcome.ts";
import { seededRandom } from "../../src/simulator/random.ts";
import { type Conclusion, conclude } from "../../src/store/conclusion.ts";
import { contentOf } from "../../src/store/content.ts";
import { openStore } from "../../src/store/open-store.ts";
import { findingId, subjectId } from "../../src/store/stable-id.ts";
import type { KeyToRegister } from "../../src/store/store.ts";

export const keyCount = 28_000;
/** The checks of the keys that it holds. */
export const catalogue = wholeCatalogue.filter(({ resource }) => resource === "aws.kms-key");
/** The keys of the first scope have the names that the simulated cloud of bench/scan gives its own. */
const keysOfScope = 7_000;
const day = 86_400_000;
/** All that the database holds lies in this time. */
export const firstMoment = Date.UTC(2026, 0, 1);
export const lastMoment = Date.UTC(2026, 5, 1);

/** The finished file; made where it is missing, which takes a few minutes. */
export async function findingsDatabase(): Promise<string> {
  const schema = readFileSync(join(import.meta.dirname, "../../migrations/schema.sql"));
  const form = hash("sha256", Buffer.concat([schema, readFileSync(import.meta.filename)]), "hex").slice(0, 12);
  const path = join(tmpdir(), `keyposture-bench-findings-${form}.db`);
  if (!existsSync(path)) {
    const unfinished = `${path}.unfinished`;
    for (const end of ["", "-wal", "-shm"]) rmSync(unfinished + end, { force: true });
    await registerKeys(unfinished);
    writeOutcomes(unfinished);
    renameSync(unfinished, path);
    for (const end of ["-wal", "-shm"]) rmSync(unfinished + end, { force: true });
  }
  return path;
}

export function keyNumbered(index: number): KeyToRegister {
  const account = String(111_122_223_333 + Math.floor(index / keysOfScope));
  const uuid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  return {
    name: `team-${index % 97}-key-${index}`,
    provider: "aws",
    kind: "aws.kms-key",
    resource: `arn:aws:kms:us-east-2:${account}:key/${uuid}`,
    scope: `${account}/us-east-2`,
    account,
    location: "us-east-2",
    source: "api",
    registration: {
      compartments: [],
      organizations: [],
      expected_principals: [],
      in_use_since: null,
      role_arn: null,
      azure: null,
      guidance: null,
      labels: {},
    },
  };
}

async function registerKeys(path: string): Promise<void> {
  const store = await openStore({ path, calls: callTables });
  await store.write(async (tx) => {
    for (let index = 0; index < keyCount; index += 1) await tx.registerKey(keyNumbered(index), firstMoment);
  });
  await store.close();
}

interface Outcome {
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly guidance: string;
  readonly from: number;
  readonly evidence: { readonly hash: string; readonly value: string };
  readonly conclusion: Conclusion;
}

function writeOutcomes(path: string): void {
  const database = new SqliteDatabase(path);
  database.pragma("foreign_keys = OFF");
  database.pragma("synchronous = OFF");
  database.pragma("cache_size = -1000000");
  const random = seededRandom(1);
  database.transaction(() => {
    const indexes = database
      .prepare<[], { name: string; sql: string }>(
        "select name, sql from sqlite_schema where type = 'index' and tbl_name in ('finding', 'past_outcome') and sql is not null",
      )
      .all();
    for (const { name } of indexes) database.exec(`drop index ${name}`);
    const statements = prepareStatements(database);
    const counts = new Map<string, number>();
    for (let index = 0; index < keyCount; index += 1) {
      const retired = random() < 0.01;
      for (const [place, check] of catalogue.entries()) {
        const seq = index * catalogue.length + place + 1;
        writeFinding(statements, counts, { index, seq, check, retired, random });
      }
    }
    for (const [kind, count] of counts) statements.count.run(...kind.split(" "), count);
    for (const { sql } of indexes) database.exec(sql);
  })();
  database.pragma("wal_checkpoint(truncate)");
  database.close();
}

function prepareStatements(database: SqliteDatabase.Database) {
  return {
    finding: database.prepare(
      "insert into finding (seq, id, subject_id, check_id, provider, key_name, number, outcome, severity, status, message, evidence, guidance, catalogue, change_seq, changed_at, opened_at, resolved_at, decided) values (?, ?, ?, ?, 'aws', ?, ?, ?, ?, ?, ?, ?, ?, '1.0.0', 0, ?, ?, ?, ?)",
    ),
    past: database.prepare(
      "insert into past_outcome (finding_seq, number, check_id, provider, outcome, severity, status, message, evidence, guidance, catalogue, change_seq, valid_from, valid_to, opened_at, resolved_at, decided) values (?, ?, ?, 'aws', ?, ?, ?, ?, ?, ?, '1.0.0', 0, ?, ?, ?, ?, ?)",
    ),
    content: database.prepare("insert into content (hash, value) values (?, ?) on conflict do nothing"),
    count: database.prepare(
      "insert into finding_count (provider, check_id, severity, status, outcome, guidance, count) values ('aws', ?, ?, ?, ?, ?, ?)",
    ),
  };
}

interface Question {
  readonly index: number;
  readonly seq: number;
  readonly check: (typeof catalogue)[number];
  readonly retired: boolean;
  readonly random: () => number;
}

function writeFinding(
  statements: ReturnType<typeof prepareStatements>,
  counts: Map<string, number>,
  asked: Question,
): void {
  const { index, seq, check } = asked;
  const { name, resource, provider } = keyNumbered(index);
  const id = findingId(check.id, resource);
  const history = historyOf(asked);
  for (const { evidence } of history) statements.content.run(evidence.hash, evidence.value);
  const latest = history.at(-1);
  if (latest === undefined) throw new Error("a finding without an outcome");
  const subject = subjectId({ kind: "key", provider, resource });
  const saidOf = ({ outcome, severity, conclusion: { status }, evidence, guidance }: Outcome) => {
    const message = `${check.title}: this is ${outcome} for the key as it was seen in its policy and its grants.`;
    return [outcome, severity, status, message, evidence.hash, guidance];
  };
  const lifeOf = ({ conclusion: { opened_at, resolved_at, decided } }: Outcome) => [opened_at, resolved_at, decided];
  const question = [seq, id, subject, check.id, name];
  statements.finding.run(...question, history.length, ...saidOf(latest), latest.from, ...lifeOf(latest));
  const kind = [check.id, latest.severity, latest.conclusion.status, latest.outcome, latest.guidance].join(" ");
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [place, one] of history.slice(0, -1).entries()) {
    const until = history[place + 1]?.from;
    statements.past.run(seq, place + 1, check.id, ...saidOf(one), one.from, until, ...lifeOf(one));
  }
}

/** Most findings have always passed; a sixth has a history of up to six outcomes. */
function historyOf({ index, check, retired, random }: Question): Outcome[] {
  const length = random() < 0.84 ? 1 : 2 + Math.floor(random() * 5);
  const first = firstMoment + Math.floor(index / 1_000) * 3_600_000 + (index % 1_000) * 300;
  const times = Array.from({ length: length - 1 }, () => first + Math.floor(random() * (lastMoment - first - day)));
  const history: Outcome[] = [];
  for (const [place, from] of [first, ...times.toSorted((a, b) => a - b)].entries()) {
    const outcome = nextOutcome(history.at(-1)?.outcome, random);
    const conclusion = conclude(history.at(-1)?.conclusion, outcome, { number: place + 1, at: from });
    const guidance = random() < 0.03 ? "2026-07" : "2026-09";
    history.push({
      outcome,
      severity: check.severity,
      guidance,
      from,
      evidence: evidenceOf(outcome, index),
      conclusion: {
        ...conclusion,
        status: place === length - 1 ? lastStatus(conclusion.status, random) : conclusion.status,
      },
    });
  }
  const latest = history.at(-1);
  if (retired && latest !== undefined) {
    history.push({ ...latest, from: lastMoment - day, conclusion: { ...latest.conclusion, status: "retired" } });
  }
  return history;
}

function lastStatus(status: FindingStatus, random: () => number): FindingStatus {
  return status === "open" && random() < 0.1 ? "accepted" : status;
}

function nextOutcome(before: OutcomeName | undefined, random: () => number): OutcomeName {
  const chance = random();
  if (before === undefined) {
    return chance < 0.89 ? "pass" : chance < 0.96 ? "not-applicable" : chance < 0.985 ? "fail" : "unknown";
  }
  if (before === "pass") return chance < 0.7 ? "fail" : chance < 0.97 ? "unknown" : "error";
  return chance < 0.85 ? "pass" : before === "fail" ? "unknown" : "fail";
}

/** What passes often rests on the same; what fails differs from key to key. */
function evidenceOf(outcome: OutcomeName, index: number) {
  if (outcome === "pass" || outcome === "not-applicable") return contentOf({ state: "Enabled", group: index % 500 });
  const missing = [{ fact: "grants", reason: "access-denied", call: "kms:ListGrants", permission: "kms:ListGrants" }];
  if (outcome === "unknown" || outcome === "error") return contentOf({ missing });
  const principal = `arn:aws:iam::444455556666:role/role-${index}`;
  const statement = { Sid: "Added", Effect: "Allow", Principal: { AWS: principal }, Action: ["kms:*"], Resource: "*" };
  return contentOf({ principals: [{ principal, operations: ["Decrypt", "Encrypt", "ReEncryptFrom"] }], statement });
}
