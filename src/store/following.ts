/** Questions to what is kept in memory of the database, and follows it. */
import { setImmediate as otherWork } from "node:timers/promises";
import type { Db } from "./database.ts";

/** Asks something of one state of the database. */
export type Ask = <T>(question: (db: Db) => Promise<T>) => Promise<T>;

/**
 * Asks of the first state of which all is known. `readOn` reads some of what is not known yet, and tells whether that was
 * all; others have their turn in between.
 */
export async function askFollowing<T>(ask: Ask, readOn: () => boolean, question: (db: Db) => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask(async (db) => (readOn() ? { told: await question(db) } : undefined));
    if (answer !== undefined) return answer.told;
    await otherWork();
  }
}
