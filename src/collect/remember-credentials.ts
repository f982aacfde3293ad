import type { Clock } from "./clock.ts";
import type { Turn } from "./turn.ts";

/** Credentials are had anew this long before they end: sooner than the SDK asks, which is five minutes. */
const renewBefore = 10 * 60_000;
/** By a clock that is set wrong they may seem to have ended already; they are used for this long all the same. */
const shortestUse = 60_000;
/** A refusal is the answer to everybody who asks within this time, so that a thousand keys ask once. */
const refusalHolds = 10_000;

interface Ending {
  readonly expiration?: Date;
}

export interface RememberedCredentials<C> {
  /** Makes sure that they are good for a while. Rejects as `assume` does. */
  ensure(turn: Turn): Promise<void>;
  /** Waits for nothing, so that a request which is under way never waits for another one. */
  latest(): C;
  /** Says that these are not accepted any more, whatever they promised: the next to ask has others. */
  expired(credentials: C): void;
}

/** Remembers credentials; those who ask while they are being had wait for the same answer. */
export function rememberCredentials<C extends Ending>(
  clock: Pick<Clock, "now" | "steady">,
  assume: (turn: Turn) => Promise<C>,
): RememberedCredentials<C> {
  let latest: C | undefined;
  let answer: Promise<void> | undefined;
  /** By the steady clock: a lifetime that was promised does not end sooner because the machine's time was set. */
  let until = 0;

  async function ask(turn: Turn): Promise<void> {
    try {
      latest = await assume(turn);
      const left = (latest.expiration?.getTime() ?? 0) - clock.now();
      until = clock.steady() + Math.max(left - renewBefore, shortestUse);
    } catch (error) {
      until = clock.steady() + refusalHolds;
      throw error;
    }
  }

  return {
    async ensure(turn) {
      if (answer === undefined || clock.steady() >= until) {
        until = Number.POSITIVE_INFINITY;
        answer = ask(turn);
      }
      await answer;
    },
    latest() {
      if (latest === undefined) throw new TypeError("nobody has asked for these credentials yet");
      return latest;
    },
    expired(credentials) {
      // While others are being had, or since they were, the news is old.
      if (credentials === latest && until !== Number.POSITIVE_INFINITY) until = Number.NEGATIVE_INFINITY;
    },
  };
}
