// What control has asked for, kept as rules, and what they say to a call. Knows no cloud and sends nothing.
import type { ReceivedCall, RefusalReason } from "./cloud.ts";
import type { CallPattern } from "./control-requests.ts";
import type { Fault } from "./fault.ts";
import type { Random } from "./random.ts";

interface AccessRule {
  readonly call: CallPattern;
  /** Null for all resources, and for calls that are about none. */
  readonly resource: string | null;
  /** Null where the rule allows. */
  readonly reason: RefusalReason | null;
}

interface Latency {
  readonly ms: number;
  readonly jitter: number;
}

interface FaultRule {
  readonly call: CallPattern;
  readonly resource: string | null;
  readonly fault: Fault;
  left: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Whether a pattern means a call: `*`, `kms:*`, or the call itself. */
export function matches(pattern: CallPattern, call: string): boolean {
  return pattern === "*" || pattern === call || (pattern.endsWith(":*") && call.startsWith(pattern.slice(0, -1)));
}

export class Rules {
  #access: AccessRule[] = [];
  /** All that the caller may do; null while that is not said. */
  #permissions: ReadonlySet<string> | null = null;
  #latencies = new Map<CallPattern, Latency>();
  #limits = new Map<CallPattern, number>();
  #buckets = new Map<string, Bucket>();
  #faults: FaultRule[] = [];

  /** The newest rule that matches decides; older ones that it covers are forgotten. */
  decideAccess(rule: AccessRule): void {
    this.#access = this.#access.filter(
      (old) => !matches(rule.call, old.call) || (rule.resource !== null && rule.resource !== old.resource),
    );
    if (rule.reason !== null || this.#access.length > 0) {
      this.#access.push(rule);
    }
  }

  /** From now on calls that need any other permission are refused; null ends it. */
  setPermissions(permissions: readonly string[] | null): void {
    this.#permissions = permissions && new Set(permissions);
  }

  setLatency(call: CallPattern, latency: Latency): void {
    this.#latencies.set(call, latency);
  }

  /** Requests per second of each quota and scope; null ends the limit. */
  setLimit(call: CallPattern, perSecond: number | null): void {
    this.#buckets.clear();
    if (perSecond === null) {
      this.#limits.delete(call);
    } else {
      this.#limits.set(call, perSecond);
    }
  }

  addFault(call: CallPattern, resource: string | null, times: number, fault: Fault): void {
    this.#faults.push({ call, resource, fault, left: times });
  }

  clear(): void {
    this.#access = [];
    this.#permissions = null;
    this.#latencies.clear();
    this.#limits.clear();
    this.#buckets.clear();
    this.#faults = [];
  }

  /** How many milliseconds an answer is held back. */
  delayOf(call: string, random: Random): number {
    const latency = this.#latencies.get(mostSpecific(this.#latencies, call));
    return latency === undefined ? 0 : latency.ms + latency.jitter * random();
  }

  /** Why a call is refused, or null. */
  refusalOf({ call, resource, permission }: ReceivedCall<unknown>): RefusalReason | null {
    if (this.#permissions !== null && permission !== null && !this.#permissions.has(permission)) {
      return "access-denied";
    }
    const decisive = this.#access.findLast(
      (rule) => matches(rule.call, call) && (rule.resource === null || rule.resource === resource),
    );
    return decisive?.reason ?? null;
  }

  /** Takes a token from the bucket of the call's quota and scope; false where it is empty. */
  takeToken({ call, quota, scope }: ReceivedCall<unknown>, now: number): boolean {
    const limit = mostSpecific(this.#limits, call);
    const perSecond = this.#limits.get(limit);
    if (perSecond === undefined) {
      return true;
    }
    const name = `${limit} ${quota} ${scope}`;
    const size = perSecond === 0 ? 0 : Math.max(1, perSecond);
    const bucket = this.#buckets.get(name) ?? { tokens: size, filledAt: now };
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.filledAt) * perSecond) / 1000);
    bucket.filledAt = now;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  /** The oldest fault that still waits for such a call. */
  faultFor({ call, resource }: ReceivedCall<unknown>): FaultRule | undefined {
    return this.#faults.find(
      (rule) => matches(rule.call, call) && (rule.resource === null || rule.resource === resource),
    );
  }

  /** One fewer of this fault is left. */
  spend(rule: FaultRule): void {
    rule.left -= 1;
    this.#faults = this.#faults.filter((other) => other.left > 0);
  }
}

/** The pattern whose rule decides: one for the call itself goes before one for its service, and that before one for everything. */
function mostSpecific(rules: ReadonlyMap<CallPattern, unknown>, call: string): CallPattern {
  return [call, `${call.split(":", 1)[0]}:*`].find((pattern) => rules.has(pattern)) ?? "*";
}
