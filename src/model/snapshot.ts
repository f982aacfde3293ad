import type { Fact, UnreadableReason } from "./fact.ts";
import type { Json } from "./json.ts";

/** How the service saw something at a moment. `not-observed`: it did not look then (before the first read, or while it was down). */
export type Sight = "seen" | "not-observed" | UnreadableReason;

/** One fact at one moment, with how it was seen. */
export interface SnapshotFact {
  /** As a check may use it: stale and never-read ones are unreadable. */
  readonly fact: Fact<Json>;
  readonly sight: Sight;
  /** Whether it is the key's own or its scope's: a subject's resource name. */
  readonly subject: string;
  /** The call that tells it; null for what is registered. */
  readonly call: string | null;
  /** Time of the last good read, or null. */
  readonly observed_at: number | null;
  /** The last value that was read, whatever the sight is now; null where there never was one. */
  readonly last_known: { readonly value: Json; readonly since: number } | null;
}

/** All facts of a key and of its scopes at one moment. */
export interface Snapshot {
  readonly key: string;
  readonly resource: string;
  readonly at: number;
  readonly facts: Readonly<Record<string, SnapshotFact>>;
}

/** The facts as a check may use them. */
export function factsIn({ facts }: Snapshot): Readonly<Record<string, Fact<Json>>> {
  return Object.fromEntries(Object.entries(facts).map(([name, { fact }]) => [name, fact]));
}
