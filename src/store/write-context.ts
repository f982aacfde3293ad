import type { CallIndex } from "./call-index.ts";
import type { Connection, Db } from "./database.ts";
import type { KeyRow } from "./keys.ts";
import { type Statements, statement } from "./statements.ts";

/** What the writing functions share for the length of one transaction. */
export interface WriteContext {
  readonly db: Db;
  readonly statements: Statements;
  /** Rows of live keys by name that this transaction has read, as far as it changed nothing about them. */
  readonly keys: Map<string, KeyRow>;
  readonly calls: CallIndex;
  /** The number of this transaction among those that change a conclusion or a registration; taken at the first use. */
  changeSeq(): number;
}

export type Writing = Pick<Connection, "db" | "statements">;

export function writeContext({ db, statements }: Writing, calls: CallIndex): WriteContext {
  let taken: number | undefined;
  return {
    db,
    statements,
    keys: new Map(),
    calls,
    changeSeq() {
      taken ??= takeChangeSeq(statements);
      return taken;
    },
  };
}

const nextChangeSeq = statement<object>()((db) =>
  db
    .updateTable("meta")
    .set((eb) => ({ change_seq: eb("change_seq", "+", 1) }))
    .returning("change_seq"),
);

function takeChangeSeq(statements: Statements): number {
  const [row] = statements.all(nextChangeSeq, {});
  if (row === undefined) throw new TypeError("the database has lost its counter of changes");
  return row.change_seq;
}

const setChangeSeq = statement<{ readonly id: string; readonly change_seq: number }>()((db, value) =>
  db
    .updateTable("subject")
    .set({ change_seq: value("change_seq") })
    .where("id", "=", value("id")),
);

const setChangedAt = statement<{ readonly at: number }>()((db, value) =>
  db.updateTable("meta").set({ changed_at: value("at") }),
);

/** Marks a subject as one about which something else is concluded or registered, as of that moment. */
export function markChanged({ statements, keys, changeSeq }: WriteContext, subject_id: string, at: number): void {
  keys.clear();
  statements.each(setChangeSeq, [{ id: subject_id, change_seq: changeSeq() }]);
  statements.each(setChangedAt, [{ at }]);
}
