/** Saving what was concluded: an outcome that is as it was writes nothing. */
import type { Outcome } from "../model/outcome.ts";
import { type Conclusion, conclude } from "./conclusion.ts";
import { type Content, contentOf, saveContents } from "./content.ts";
import type { Db } from "./database.ts";
import { countFindings } from "./finding-counts.ts";
import type { KeyRow } from "./keys.ts";
import { liveKey } from "./register.ts";
import { findingId } from "./stable-id.ts";
import type { ConclusionContext } from "./store.ts";
import { markChanged, type WriteContext } from "./write-context.ts";

export async function saveOutcomes(
  context: WriteContext,
  name: string,
  outcomes: readonly Outcome[],
  { at, guidance, catalogue }: ConclusionContext,
): Promise<{ readonly changed: number }> {
  const key = await liveKey(context, name);
  if (new Set(outcomes.map(({ check }) => check)).size < outcomes.length) {
    throw new TypeError(`a check says two things about ${name}`);
  }
  const findings = new Map((await findingsOf(context.db, key.subject_id)).map((row) => [row.check_id, row]));
  const different = outcomes.flatMap((outcome) => {
    const evidence = contentOf(outcome.evidence);
    const finding = findings.get(outcome.check);
    return finding !== undefined && isSame(finding, outcome, evidence, guidance)
      ? []
      : [{ outcome, evidence, finding }];
  });
  if (different.length === 0) {
    return { changed: 0 };
  }
  const before = await latestConclusions(
    context.db,
    different.flatMap(({ finding }) => (finding === undefined ? [] : [finding.id])),
  );
  const changes = different.map(({ outcome, evidence, finding }): Change => {
    const number = (finding?.number ?? 0) + 1;
    // A clock that was set back makes no interval end before it began.
    const from = Math.max(at, finding?.changed_at ?? at);
    const was = finding && before.get(finding.id);
    const conclusion = conclude(was, outcome.outcome, { number, at: from });
    return { id: findingId(outcome.check, key.resource), outcome, evidence, finding, number, from, conclusion };
  });
  await saveContents(
    context.db,
    changes.map(({ evidence }) => evidence),
  );
  await closeOutcomes(context.db, changes);
  await saveFindings(context.db, key, changes, guidance);
  await openOutcomes(context, changes, { guidance, catalogue });
  await countChanges(context.db, key, changes);
  await markChanged(context, key.subject_id);
  return { changed: changes.length };
}

interface Change {
  readonly id: string;
  readonly outcome: Outcome;
  readonly evidence: Content;
  /** As it was, if it was. */
  readonly finding: FindingRow | undefined;
  readonly number: number;
  readonly from: number;
  readonly conclusion: Conclusion;
}

type FindingRow = Awaited<ReturnType<typeof findingsOf>>[number];

function findingsOf(db: Db, subject_id: string) {
  return db
    .selectFrom("finding")
    .select(["id", "check_id", "number", "outcome", "severity", "status", "evidence", "guidance", "changed_at"])
    .where("subject_id", "=", subject_id)
    .execute();
}

/** The message is for people and may be worded anew; only what it rests on makes another outcome. */
function isSame(finding: FindingRow, outcome: Outcome, evidence: Content, guidance: string): boolean {
  return (
    finding.outcome === outcome.outcome &&
    finding.severity === outcome.severity &&
    finding.evidence === evidence.hash &&
    finding.guidance === guidance &&
    finding.status !== "retired"
  );
}

async function latestConclusions(db: Db, findings: readonly string[]): Promise<ReadonlyMap<string, Conclusion>> {
  if (findings.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom("finding as f")
    .innerJoin("outcome as o", (join) => join.onRef("o.finding_id", "=", "f.id").onRef("o.number", "=", "f.number"))
    .select(["f.id", "o.status", "o.opened_at", "o.resolved_at", "o.decided"])
    .where("f.id", "in", findings)
    .execute();
  return new Map(rows.map(({ id, ...conclusion }) => [id, conclusion]));
}

async function closeOutcomes(db: Db, changes: readonly Change[]): Promise<void> {
  for (const { id, finding, from } of changes) {
    if (finding !== undefined) {
      await db
        .updateTable("outcome")
        .set({ valid_to: from })
        .where("finding_id", "=", id)
        .where("number", "=", finding.number)
        .execute();
    }
  }
}

async function saveFindings(db: Db, key: KeyRow, changes: readonly Change[], guidance: string): Promise<void> {
  await db
    .insertInto("finding")
    .values(
      changes.map(({ id, outcome, evidence, number, from, conclusion }) => ({
        id,
        subject_id: key.subject_id,
        check_id: outcome.check,
        provider: key.provider,
        key_name: key.name,
        number,
        outcome: outcome.outcome,
        severity: outcome.severity,
        status: conclusion.status,
        evidence: evidence.hash,
        guidance,
        changed_at: from,
      })),
    )
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        number: eb.ref("excluded.number"),
        outcome: eb.ref("excluded.outcome"),
        severity: eb.ref("excluded.severity"),
        status: eb.ref("excluded.status"),
        evidence: eb.ref("excluded.evidence"),
        guidance: eb.ref("excluded.guidance"),
        changed_at: eb.ref("excluded.changed_at"),
      })),
    )
    .execute();
}

async function openOutcomes(
  context: WriteContext,
  changes: readonly Change[],
  { guidance, catalogue }: Omit<ConclusionContext, "at">,
): Promise<void> {
  const change_seq = await context.changeSeq();
  await context.db
    .insertInto("outcome")
    .values(
      changes.map(({ id, outcome, evidence, number, from, conclusion }) => ({
        ...conclusion,
        finding_id: id,
        number,
        outcome: outcome.outcome,
        severity: outcome.severity,
        message: outcome.message,
        evidence: evidence.hash,
        guidance,
        catalogue,
        change_seq,
        valid_from: from,
        valid_to: null,
      })),
    )
    .execute();
}

async function countChanges(db: Db, { provider }: KeyRow, changes: readonly Change[]): Promise<void> {
  await countFindings(
    db,
    changes.flatMap(({ finding, outcome: { outcome, severity }, conclusion: { status } }) => [
      ...(finding === undefined ? [] : [{ kind: { ...finding, provider }, by: -1 }]),
      { kind: { provider, severity, status, outcome }, by: 1 },
    ]),
  );
}
