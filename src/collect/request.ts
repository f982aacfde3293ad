/** The one retry loop: every request of every provider goes through here, and the SDKs' own retries are off. */
import type { UnreadableReason } from "../model/fact.ts";
import type { Provider } from "../model/resource.ts";
import type { Budget, BudgetTarget } from "./budget.ts";
import type { CallReport } from "./call-report.ts";
import type { Clock } from "./clock.ts";
import { type Refusal, Refused } from "./refusal.ts";

export interface RequestOptions {
  readonly provider: Provider;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly onCall: (report: CallReport) => void;
  /** What the SDK threw, read as a refusal; undefined where it is none, but a bug. */
  readonly classify: (error: unknown) => Refusal | undefined;
}

/** Sends one request, again where that may help. Throws `Refused` for every expected failure, and bugs as they are. */
export type Request = <T>(target: BudgetTarget, send: () => Promise<T>) => Promise<T>;

/** A fault that passes is given this many attempts in all; throttling has only the deadline. */
const attempts = 3;

export function createRequest(options: RequestOptions): Request {
  const { budget, clock, onCall, classify, provider } = options;

  async function attempt<T>(target: BudgetTarget, send: () => Promise<T>): Promise<T | Refused> {
    const { call, scope } = target;
    const sent = clock.steady();
    const report = (refusal: UnreadableReason | null) =>
      onCall({ provider, scope, call, seconds: (clock.steady() - sent) / 1000, refusal });
    try {
      const answer = await send();
      report(null);
      budget.accepted(target);
      return answer;
    } catch (cause) {
      const refusal = classify(cause);
      if (refusal === undefined) throw cause;
      report(refusal.reason);
      if (refusal.again === "when-allowed") budget.throttled(target, sent, refusal.retry_after);
      return new Refused({ call, ...refusal }, cause);
    }
  }

  return async function request<T>(target: BudgetTarget, send: () => Promise<T>): Promise<T> {
    let last: Refused | undefined;
    for (let faults = 0; ; ) {
      const allowed = await budget.take(target);
      if (!allowed) throw last ?? new Refused(outOfBudget(target.call));
      const result = await budget.inFlight(target, async () => {
        // While it waited for its place, its time may have come to an end.
        if (clock.steady() > target.deadline) throw last ?? new Refused(outOfTime(target.call));
        return attempt(target, send);
      });
      if (!(result instanceof Refused)) return result;
      const { again, retry_after } = result.refusal;
      if (again === "no") throw result;
      last = result;
      if (again === "when-allowed") continue;
      faults += 1;
      const pause = retry_after ?? 100 * 2 ** faults * clock.random();
      if (faults >= attempts || clock.steady() + pause > target.deadline) throw result;
      await clock.sleep(pause);
    }
  };
}

function outOfBudget(call: string): Refusal {
  return {
    reason: "throttled",
    detail: `the request budget of ${call} has no room before the deadline`,
    again: "no",
    call,
  };
}

function outOfTime(call: string): Refusal {
  return { reason: "timeout", detail: `no request of ${call} could be sent before the deadline`, again: "no", call };
}
