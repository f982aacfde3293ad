import type { CallIndex } from "./call-index.ts";
import type { Db } from "./database.ts";

/** What the writing functions share for the length of one transaction. */
export interface WriteContext {
  readonly db: Db;
  readonly calls: CallIndex;
  /** The number of this transaction among those that change a conclusion or a registration; taken at the first use. */
  changeSeq(): Promise<number>;
}

export function writeContext(db: Db, calls: CallIndex): WriteContext {
  let taken: Promise<number> | undefined;
  return {
    db,
    calls,
    changeSeq() {
      taken ??= takeChangeSeq(db);
      return taken;
    },
  };
}

async function takeChangeSeq(db: Db): Promise<number> {
  const row = await db
    .updateTable("meta")
    .set((eb) => ({ change_seq: eb("change_seq", "+", 1) }))
    .returning("change_seq")
    .executeTakeFirstOrThrow();
  return row.change_seq;
}

/** Marks a subject as one about which something else is concluded or registered now. */
export async function markChanged(context: WriteContext, subject_id: string): Promise<void> {
  const change_seq = await context.changeSeq();
  await context.db.updateTable("subject").set({ change_seq }).where("id", "=", subject_id).execute();
}
