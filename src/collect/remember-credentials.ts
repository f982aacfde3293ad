import type { Clock } from "./clock.ts";

/** Credentials are had anew this long before they end: sooner than the SDK asks, which is five minutes. */
const renewBefore = 10 * 60_000;
/** A refusal is the answer to everybody who asks within this time, so that a thousand keys ask once. */
const refusalHolds = 10_000;

interface Ending {
  readonly expiration?: Date;
}

export interface RememberedCredentials<C> {
  /** Makes sure that they are good for a while; the deadline is in epoch milliseconds. Rejects as `assume` does. */
  ensure(deadline: number): Promise<void>;
  /** Waits for nothing, so that a request which is under way never waits for another one. */
  latest(): C;
}

/** Remembers credentials; those who ask while they are being had wait for the same answer. */
export function rememberCredentials<C extends Ending>(
  clock: Pick<Clock, "now">,
  assume: (deadline: number) => Promise<C>,
): RememberedCredentials<C> {
  let latest: C | undefined;
  let answer: Promise<void> | undefined;
  let until = 0;

  async function ask(deadline: number): Promise<void> {
    try {
      latest = await assume(deadline);
      until = (latest.expiration?.getTime() ?? 0) - renewBefore;
    } catch (error) {
      until = clock.now() + refusalHolds;
      throw error;
    }
  }

  return {
    async ensure(deadline) {
      if (answer === undefined || clock.now() >= until) {
        until = Number.POSITIVE_INFINITY;
        answer = ask(deadline);
      }
      await answer;
    },
    latest() {
      if (latest === undefined) throw new TypeError("nobody has asked for these credentials yet");
      return latest;
    },
  };
}
