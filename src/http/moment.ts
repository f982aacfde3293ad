import { OperatorError } from "../errors/operator-error.ts";
import { time } from "./schemas/time.ts";

/** Throws `as-of-in-future` for a moment about which nothing can have been concluded. */
export function refuseFuture(asOf: number | undefined, now: number): void {
  if (asOf === undefined || asOf <= now) return;
  throw new OperatorError("as-of-in-future", `${time(asOf)} is later than ${time(now)}, the service's clock.`, {
    errors: [{ parameter: "as_of", detail: `expected a moment up to ${time(now)}` }],
  });
}
