import { expect } from "vitest";
import { type Refusal, Refused } from "../../src/collect/refusal.ts";

/** Why something was refused; what was read after all fails the test, and a bug goes on being one. */
export function refusalOf(read: Promise<unknown>): Promise<Refusal> {
  return read.then(
    () => expect.fail("was answered"),
    (error: unknown) => {
      if (error instanceof Refused) return error.refusal;
      throw error;
    },
  );
}
