/** The one retry loop: every request of every provider goes through here, and the SDKs' own retries are off. */
import type { UnreadableReason } from "../model/fact.ts";
import type { Provider } from "../model/resource.ts";
import type { Budget } from "./budget.ts";
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

export interface RequestTarget {
  readonly call: string;
  readonly scope: string;
  /** Epoch milliseconds after which no further attempt begins. */
  readonly deadline: number;
}

/** Sends one request, again where that may help. Throws `Refused` for every expected failure, and bugs as they are. */
export type Request = <T>(target: RequestTarget, send: () => Promise<T>) => Promise<T>;

/** A fault that passes is given this many attempts in all; throttling has only the deadline. */
const attempts = 3;

export function createRequest(options: RequestOptions): Request {
  const { budget, clock, onCall, classify, provider } = options;

  async function attempt<T>(target: RequestTarget, send: () => Promise<T>): Promise<T | Refused> {
    const { call, scope } = target;
    const started = clock.now();
    const report = (refusal: UnreadableReason | null) =>
      onCall({ provider, scope, call, seconds: (clock.now() - started) / 1000, refusal });
    try {
      const answer = await send();
      report(null);
      return answer;
    } catch (cause) {
      const refusal = classify(cause);
      if (refusal === undefined) throw cause;
      report(refusal.reason);
      return new Refused({ ...refusal, call }, cause);
    }
  }

  return async function request<T>(target: RequestTarget, send: () => Promise<T>): Promise<T> {
    const { call, scope, deadline } = target;
    let last: Refused | undefined;
    for (let faults = 0; ; ) {
      const allowed = await budget.take(call, scope, deadline);
      if (!allowed) throw last ?? new Refused(outOfBudget(call));
      const result = await budget.inFlight(() => attempt(target, send));
      if (!(result instanceof Refused)) {
        budget.accepted(call, scope);
        return result;
      }
      const { again, retry_after } = result.refusal;
      last = result;
      if (again === "no") throw result;
      if (again === "when-allowed") budget.throttled(call, scope, retry_after);
      else {
        faults += 1;
        const pause = retry_after ?? 100 * 2 ** faults * clock.random();
        if (faults >= attempts || clock.now() + pause > deadline) throw result;
        await clock.sleep(pause);
      }
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
