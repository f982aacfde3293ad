/** Writes into the store of a test what the service would have concluded. */
import type { Outcome } from "../../../src/model/outcome.ts";
import type { Reading } from "../../../src/model/reading.ts";
import { conclusion, intervals, keyNamed, keyReadings, keySubject } from "../../store/support/material.ts";
import type { Api, Reply } from "./api.ts";

export async function register(api: Api, name: string, change: Parameters<typeof keyNamed>[1] = {}): Promise<void> {
  const result = await api.store.write((tx) => tx.registerKey(keyNamed(name, change), api.now));
  if (result.state !== "registered") throw new Error(`${name} is not registered: ${result.state}`);
}

/** What was read of a key, and concluded from it, at the test's clock. */
export async function conclude(
  api: Api,
  name: string,
  outcomes: readonly Outcome[],
  readings: readonly Reading[] = keyReadings(api.now),
): Promise<void> {
  await api.store.write(async (tx) => {
    await tx.saveReadings(keySubject(name), readings, intervals);
    await tx.saveOutcomes(name, outcomes, { ...conclusion, at: api.now });
  });
}

/** The evidence of an outcome that a refused call keeps from being one. */
export function lacking(fact: string, call: string) {
  return { missing: [{ fact, reason: "access-denied", call, permission: call }] };
}

interface FindingInList {
  readonly id: string;
  readonly key: string;
  readonly check: string;
}

export function findingsIn(reply: Reply): readonly FindingInList[] {
  return reply.body["findings"] as readonly FindingInList[];
}

/** The findings of a list as `key check`. */
export function namesIn(reply: Reply): string[] {
  return findingsIn(reply).map(({ key, check }) => `${key} ${check}`);
}
