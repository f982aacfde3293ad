/** The last change of a conclusion or a registration: its number among all of them, and its moment. */
import { type Statements, statement } from "./statements.ts";

export interface LastChange {
  readonly change_seq: number;
  /** Epoch milliseconds; 0 in an empty database. */
  readonly changed_at: number;
}

const meta = statement<object>()((db) => db.selectFrom("meta").select(["change_seq", "changed_at"]));

/** As the open transaction sees it, be it of that transaction. */
export function lastChange(statements: Statements): LastChange {
  const [row] = statements.all(meta, {});
  if (row === undefined) throw new TypeError("the database has lost its counter of changes");
  return row;
}
