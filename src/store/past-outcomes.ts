/** What findings said before: an outcome that is over is kept as it was, with the moment at which another took over. */
import { sql } from "kysely";
import { type Statements, statement } from "./statements.ts";

const said = ["outcome", "severity", "status", "message", "evidence", "guidance", "catalogue", "change_seq"] as const;
const life = ["opened_at", "resolved_at", "decided"] as const;

const endOutcome = statement<{ readonly seq: number; readonly at: number }>()((db, value) =>
  db
    .insertInto("past_outcome")
    .columns(["finding_seq", "number", "check_id", "provider", ...said, ...life, "valid_from", "valid_to"])
    .expression((eb) =>
      eb
        .selectFrom("finding")
        .select(["seq", "number", "check_id", "provider", ...said, ...life, "changed_at"])
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
