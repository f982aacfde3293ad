/** Findings that are retired, and those that come back with their key: they keep their history and their id, and while retired count as nothing. */
import type { Selectable } from "kysely";
import type { FindingStatus } from "../model/finding.ts";
import { type Conclusion, conclusionIn, reopen } from "./conclusion.ts";
import { countFindings } from "./finding-counts.ts";
import { endOutcomes } from "./past-outcomes.ts";
import type { FindingTable } from "./tables.ts";
import { markChanged, type WriteContext } from "./write-context.ts";

/**
 * Retires the findings of one subject, or of one check, that are not retired yet; returns how many there were. The
 * last outcome ends, and one that says the same with the status `retired` takes its place.
 */
export async function retireFindings(
  context: WriteContext,
  whose: { readonly subject_id: string } | { readonly check_id: string },
  at: number,
): Promise<number> {
  const query = context.db.selectFrom("finding").selectAll().where("status", "<>", "retired");
  const findings = await ("subject_id" in whose
    ? query.where("subject_id", "=", whose.subject_id)
    : query.where("check_id", "=", whose.check_id)
  ).execute();
  for (const finding of findings) {
    await concludeAnew(context, finding, at, (was) => ({ ...was, status: "retired" }));
  }
  countFindings(
    context.statements,
    findings.flatMap((finding) => [
      { kind: finding, by: -1 },
      { kind: { ...finding, status: "retired" as const }, by: 1 },
    ]),
  );
  for (const subject_id of new Set(findings.map((finding) => finding.subject_id))) {
    markChanged(context, subject_id, at);
  }
  return findings.length;
}

/**
 * Brings back the findings that were retired together with their key, as they were before. To be called before anything
 * else changes the key: those whose check had left earlier are told by the transaction that retired them.
 */
export async function reopenFindings(context: WriteContext, subject_id: string, at: number): Promise<void> {
  const findings = await context.db
    .selectFrom("finding as f")
    .innerJoin("subject as s", "s.id", "f.subject_id")
    .selectAll("f")
    .where("f.subject_id", "=", subject_id)
    .where("f.status", "=", "retired")
    .whereRef("f.change_seq", "=", "s.change_seq")
    .execute();
  for (const finding of findings) {
    const status = await concludeAnew(context, finding, at, reopen);
    countFindings(context.statements, [
      { kind: finding, by: -1 },
      { kind: { ...finding, status }, by: 1 },
    ]);
  }
}

/** Ends the last outcome; one that says the same with another conclusion takes its place. Returns the new status. */
async function concludeAnew(
  context: WriteContext,
  finding: Selectable<FindingTable>,
  at: number,
  conclusionAfter: (was: Conclusion, at: number) => Conclusion,
): Promise<FindingStatus> {
  // A clock that was set back makes no interval end before it began.
  const from = Math.max(at, finding.changed_at);
  const conclusion = conclusionAfter(conclusionIn(finding), from);
  endOutcomes(context.statements, [{ seq: finding.seq, at: from }]);
  await context.db
    .updateTable("finding")
    .set({ ...conclusion, number: finding.number + 1, changed_at: from, change_seq: context.changeSeq() })
    .where("seq", "=", finding.seq)
    .execute();
  return conclusion.status;
}

/** A check that left the catalogue asks no more; what it said last would otherwise stay open for ever. */
export async function retireChecks(context: WriteContext, catalogue: readonly string[], at: number): Promise<number> {
  const checks = await context.db
    .selectFrom("finding_count")
    .select("check_id")
    .distinct()
    .where("status", "<>", "retired")
    .where("count", ">", 0)
    .execute();
  const present = new Set(catalogue);
  let retired = 0;
  for (const { check_id } of checks) {
    if (!present.has(check_id)) {
      retired += await retireFindings(context, { check_id }, at);
    }
  }
  return retired;
}
