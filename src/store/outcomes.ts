/** Saving what was concluded: an outcome that is as it was writes nothing. */
import type { Selectable } from "kysely";
import type { Outcome } from "../model/outcome.ts";
import { type Conclusion, conclude, conclusionIn } from "./conclusion.ts";
import { type Content, contentOf, saveContents } from "./content.ts";
import { countFindings } from "./finding-counts.ts";
import type { KeyRow } from "./keys.ts";
import { endOutcomes } from "./past-outcomes.ts";
import { liveKey } from "./register.ts";
import { findingId } from "./stable-id.ts";
import { type Statements, statement } from "./statements.ts";
import type { ConclusionContext } from "./store.ts";
import type { FindingTable } from "./tables.ts";
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
  const findings = new Map(
    context.statements.all(findingsOf, { subject_id: key.subject_id }).map((row) => [row.check_id, row]),
  );
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
  let newest = newestSeq(context.statements);
  const changes = different.map(({ outcome, evidence, finding }): Change => {
    const number = (finding?.number ?? 0) + 1;
    // A clock that was set back makes no interval end before it began.
    const from = Math.max(at, finding?.changed_at ?? at);
    const conclusion = conclude(finding && conclusionIn(finding), outcome.outcome, { number, at: from });
    const seq = finding?.seq ?? (newest += 1);
    return { seq, outcome, evidence, finding, number, from, conclusion };
  });
  saveContents(
    context.statements,
    changes.map(({ evidence }) => evidence),
  );
  endOutcomes(
    context.statements,
    changes.flatMap(({ seq, finding, from }) => (finding === undefined ? [] : [{ seq, at: from }])),
  );
  saveFindings(context, key, changes, { guidance, catalogue });
  countChanges(context.statements, key, changes, guidance);
  markChanged(context, key.subject_id, at);
  // Nothing else of its row is another.
  context.keys.set(name, { ...key, change_seq: context.changeSeq() });
  return { changed: changes.length };
}

interface Change {
  readonly seq: number;
  readonly outcome: Outcome;
  readonly evidence: Content;
  /** As it was, if it was. */
  readonly finding: FindingRow | undefined;
  readonly number: number;
  readonly from: number;
  readonly conclusion: Conclusion;
}

type FindingRow = NonNullable<(typeof findingsOf)["row"]>;

const findingsOf = statement<{ readonly subject_id: string }>()((db, value) =>
  db
    .selectFrom("finding")
    .select(["seq", "check_id", "number", "outcome", "severity", "status", "evidence", "guidance", "changed_at"])
    .select(["opened_at", "resolved_at", "decided"])
    .where("subject_id", "=", value("subject_id")),
);

const lastFinding = statement<object>()((db) =>
  db.selectFrom("finding").select(({ fn }) => fn.max<number | null>("seq").as("seq")),
);

function newestSeq(statements: Statements): number {
  return statements.all(lastFinding, {})[0]?.seq ?? 0;
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

type FindingToSave = Omit<Selectable<FindingTable>, "in_need">;

/** What a finding says, and its life: the columns that another outcome changes. */
function saying(value: <Name extends keyof FindingToSave>(name: Name) => FindingToSave[Name]) {
  return {
    number: value("number"),
    outcome: value("outcome"),
    severity: value("severity"),
    status: value("status"),
    evidence: value("evidence"),
    guidance: value("guidance"),
    changed_at: value("changed_at"),
    message: value("message"),
    catalogue: value("catalogue"),
    change_seq: value("change_seq"),
    opened_at: value("opened_at"),
    resolved_at: value("resolved_at"),
    decided: value("decided"),
  };
}

const insertFinding = statement<FindingToSave>()((db, value) =>
  db.insertInto("finding").values({
    seq: value("seq"),
    id: value("id"),
    subject_id: value("subject_id"),
    check_id: value("check_id"),
    provider: value("provider"),
    key_name: value("key_name"),
    ...saying(value),
  }),
);

const updateFinding = statement<FindingToSave>()((db, value) =>
  db.updateTable("finding").set(saying(value)).where("seq", "=", value("seq")),
);

function saveFindings(
  { statements, changeSeq }: WriteContext,
  key: KeyRow,
  changes: readonly Change[],
  { guidance, catalogue }: Omit<ConclusionContext, "at">,
): void {
  const change_seq = changeSeq();
  const rowOf = ({ seq, outcome, evidence, number, from, conclusion }: Change): FindingToSave => ({
    ...conclusion,
    seq,
    id: findingId(outcome.check, key.resource),
    subject_id: key.subject_id,
    check_id: outcome.check,
    provider: key.provider,
    key_name: key.name,
    number,
    outcome: outcome.outcome,
    severity: outcome.severity,
    evidence: evidence.hash,
    guidance,
    changed_at: from,
    message: outcome.message,
    catalogue,
    change_seq,
  });
  const isNew = ({ finding }: Change) => finding === undefined;
  statements.each(insertFinding, changes.filter(isNew).map(rowOf));
  statements.each(updateFinding, changes.filter((change) => !isNew(change)).map(rowOf));
}

function countChanges(
  statements: Statements,
  { provider }: KeyRow,
  changes: readonly Change[],
  guidance: string,
): void {
  countFindings(
    statements,
    changes.flatMap(({ finding, outcome: { check: check_id, outcome, severity }, conclusion: { status } }) => [
      ...(finding === undefined ? [] : [{ kind: { ...finding, provider }, by: -1 }]),
      { kind: { provider, check_id, severity, status, outcome, guidance }, by: 1 },
    ]),
  );
}
