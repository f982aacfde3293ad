/** The key `a`, as one call tells its state. */
import type { Reading } from "../../../src/model/reading.ts";
import type { SnapshotFact } from "../../../src/model/snapshot.ts";
import type { Store } from "../../../src/store/store.ts";
import { intervals, keySubject, seen } from "./material.ts";

export const describeKey = "kms:DescribeKey";

export function state(value: string, at: number): Reading {
  return seen(describeKey, at, { state: value, deletion_date: null });
}

export async function save(store: Store, ...readings: readonly Reading[]): Promise<void> {
  await store.write((tx) => tx.saveReadings(keySubject("a"), readings, intervals));
}

export async function factAt(store: Store, name: string, at: number): Promise<SnapshotFact | undefined> {
  return (await store.read.snapshot("a", at))?.facts[name];
}
