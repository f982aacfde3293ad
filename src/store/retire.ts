/** Findings that are retired: they keep their history and their id, and no longer count as anything. */
import type { Selectable } from "kysely";
import { countFindings } from "./finding-counts.ts";
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
    await retireFinding(context, finding, at);
  }
  await countFindings(
    context.db,
    findings.flatMap((finding) => [
      { kind: finding, by: -1 },
      { kind: { ...finding, status: "retired" as const }, by: 1 },
    ]),
  );
  for (const subject_id of new Set(findings.map((finding) => finding.subject_id))) {
    await markChanged(context, subject_id);
  }
  return findings.length;
}

async function retireFinding(context: WriteContext, finding: Selectable<FindingTable>, at: number): Promise<void> {
  const { db } = context;
  // A clock that was set back makes no interval end before it began.
  const from = Math.max(at, finding.changed_at);
  const number = finding.number + 1;
  const { severity_rank, in_need, ...last } = await db
    .updateTable("outcome")
    .set({ valid_to: from })
    .where("finding_id", "=", finding.id)
    .where("number", "=", finding.number)
    .returningAll()
    .executeTakeFirstOrThrow();
  const change_seq = await context.changeSeq();
  await db
    .insertInto("outcome")
    .values({ ...last, number, status: "retired", change_seq, valid_from: from, valid_to: null })
    .execute();
  await db
    .updateTable("finding")
    .set({ number, status: "retired", changed_at: from })
    .where("id", "=", finding.id)
    .execute();
}

/** A check that left the catalogue asks no more; what it said last would otherwise stay open for ever. */
export async function retireChecks(context: WriteContext, catalogue: readonly string[], at: number): Promise<number> {
  const checks = await context.db
    .selectFrom("finding")
    .select("check_id")
    .distinct()
    .where("status", "<>", "retired")
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
