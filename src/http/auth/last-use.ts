import type { Token } from "../../model/token.ts";
import type { HttpLog, TokenPort } from "../ports.ts";

const minute = 60_000;

/**
 * Writes down that tokens are used, each at most once a minute. Nobody waits for it, so that an answer neither takes
 * longer for it nor fails with it.
 */
export function createLastUse(tokens: Pick<TokenPort, "used">, log: HttpLog): (token: Token, at: number) => void {
  /** Also those whose writing failed: a full disk must not be asked for each request. */
  const written = new Map<string, number>();
  return ({ id, last_used_at }, at) => {
    const last = written.get(id) ?? last_used_at;
    // Either way round: the clock may have been set back.
    if (last !== null && Math.abs(at - last) < minute) return;
    written.set(id, at);
    tokens.used(id, at).catch((error: unknown) => {
      log.error({ err: error, token_id: id }, "the last use of a token could not be recorded");
    });
  };
}
