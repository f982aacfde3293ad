/** What findings said before: an outcome that is over is kept as it was, with the moment at which another took over. */
import { sql } from "kysely";
import { type Statements, statement } from "./statements.ts";

/** Taken over as they are. */
const kept = [
  ...(["number", "check_id", "provider", "outcome", "severity", "status", "message", "evidence", "guidance"] as const),
  ...(["catalogue", "change_seq", "opened_at", "resolved_at", "decided"] as const),
] as const;

const endOutcome = statement<{ readonly seq: number; readonly at: number }>()((db, value) =>
  db
    .insertInto("past_outcome")
    .columns([...kept, "finding_seq", "valid_from", "valid_to"])
    .expression((eb) =>
      eb
        .selectFrom("finding")
        .select([...kept, "seq", "changed_at"])
        .select(sql<number>`${value("at")}`.as("valid_to"))
        .where("seq", "=", value("seq")),
    ),
);

/** Puts the latest outcomes of findings with those that are over; what takes their place is still to be saved. */
export function endOutcomes(
  statements: Statements,
  ends: readonly { readonly seq: number; readonly at: number }[],
): void {
  statements.each(endOutcome, ends);
}
