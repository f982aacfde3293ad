import type { ScanLane } from "./lane.ts";

/** One call of a provider's API: what it costs, what it needs, what it tells. Everything about a call follows from here. */
export interface Call {
  /** The permission that the call needs, in the provider's spelling. */
  readonly permission: string;
  /** Needed in its place where the same call is made of another kind of thing. */
  readonly other_permissions?: readonly string[];
  readonly lane: ScanLane;
  /** Whether it is made for each key or once for each scope. */
  readonly subject: "key" | "scope";
  /** Of a scope, where it asks about what holds keys, such as a ring or a vault, which may be gone with them. */
  readonly of_holder?: true;
  /** The facts that it tells. */
  readonly facts: readonly string[];
  /** Facts that another call tells, and that cannot be had without this one. */
  readonly leads_to?: readonly string[];
  /** Of a key, where one answer serves all keys that are read together, as a list does. */
  readonly shared?: true;
  /** The switch under `reads:` without which the call is never made. */
  readonly switch?: string;
  /** Made once for each of several things (trails, versions): its facts are named `<fact>:<thing>`. */
  readonly each?: true;
  /** Published default quota in requests per second of one scope. */
  readonly quota: number;
  /** The quota's own name, where several calls of an API share it: they take from one budget. */
  readonly quota_of?: string;
}

/** Under which name a call's quota is known: its own, or that which it shares. */
export function quotaName(name: string, call: Call): string {
  return call.quota_of ?? name;
}

export type CallTable = Readonly<Record<string, Call>>;
