import type { UnreadableReason } from "../model/fact.ts";

/**
 * The reasons that a provider's refusal can have at any call. Their series begin at 0: where a series begins with its
 * first event, `increase()` does not see that event.
 * https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
 */
export const refusalReasons = [
  "access-denied",
  "not-found",
  "throttled",
  "timeout",
  "unavailable",
] as const satisfies readonly UnreadableReason[];
