/** Questions to what is kept in memory of the database, and follows it. */
import { setImmediate as otherWork } from "node:timers/promises";

/**
 * The answer from the first state of which all is known. `ask` is asked of one state of the database: it reads some of what
 * is not known yet, and answers undefined unless that was all. Others have their turn in between.
 */
export async function askFollowing<T extends object>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await otherWork();
  }
}
