import type { Reading } from "../../model/reading.ts";
import { attempt, type Told } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import type { Refused } from "../refusal.ts";
import { Shared } from "../shared.ts";
import { type GcpCall, gcpCalls } from "./calls.ts";
import type { GcpReader } from "./reader.ts";

/** The keys of a ring by their ids, or why they are not known. */
export interface KeyList {
  /** The clock at the end of the read. */
  readonly at: number;
  readonly keys: ReadonlyMap<string, unknown> | Refused;
}

/** What it takes to make readings of Google Cloud's answers, and what those who read a scope at the same time share. */
export interface GcpReading {
  readonly reader: GcpReader;
  readonly clock: Clock;
  /** By ring. */
  readonly keyLists: Shared<KeyList>;
  /** Readings of ring policies and roles, by name. */
  readonly shared: Shared<Reading>;
  /** The reading of one call, for one of several things where `part` says so. */
  ask(call: GcpCall, read: () => Promise<Told>, part?: string): Promise<Reading>;
}

/** A key's state may have changed since a list was read that long ago, in milliseconds. */
const keyListHolds = 10_000;
/** As long as a run of many keys may take; what is shared ends with it. */
const sharedHolds = 5 * 60_000;

export function createGcpReading(reader: GcpReader, clock: Clock): GcpReading {
  return {
    reader,
    clock,
    keyLists: new Shared(clock, keyListHolds),
    shared: new Shared(clock, sharedHolds),
    ask: (call, read, part) => attempt(gcpCalls, clock, part === undefined ? { call } : { call, part }, read),
  };
}
