/** A key that the real rules judge, read in full from facts that a test names. */
import { createConclusions } from "../../../src/audit/conclude.ts";
import { describeCheck } from "../../../src/cli/describe-check.ts";
import { callTables } from "../../../src/collect/call-tables.ts";
import { type Fact, type FactsByName, unreadable } from "../../../src/model/fact.ts";
import type { Json } from "../../../src/model/json.ts";
import type { Reading } from "../../../src/model/reading.ts";
import { intervals } from "../../store/support/material.ts";
import { awsKmsKey, testKey, testRegistration } from "../../support/aws-kms-key.ts";
import { type Api, rules, startApi } from "./api.ts";

export interface WatchedKey {
  readonly api: Api;
  /** Reads the key again as healthy but for these facts, and judges it. */
  read(changes?: Readonly<Record<string, Fact<Json>>>): Promise<void>;
}

/** The whole catalogue, as the API has it. */
export const wholeCatalogue = rules.catalogue.map(describeCheck);

/** An API over the real call tables and the whole catalogue, with one registered key, `prod`, that was not read yet. */
export async function watchedKey(registration = testRegistration, catalogue = wholeCatalogue): Promise<WatchedKey> {
  const api = await startApi({ catalogue }, { calls: callTables });
  const request = { ...testKey, name: "prod", source: "api", registration } as const;
  const registered = await api.store.write((tx) => tx.registerKey(request, api.now - 1));
  if (registered.state !== "registered") throw new Error(registered.state);
  return {
    api,
    async read(changes = {}) {
      const { facts } = awsKmsKey(changes);
      const { provider, resource } = registered.key;
      const read = { provider, resource, readings: readings(facts, api.now), intervals, at: api.now };
      const now = () => api.now;
      await createConclusions({ store: api.store, calls: callTables, rules, now }).conclude(read);
    },
  };
}

/** The answer of every call about a key; one whose only fact is unreadable was refused. */
function readings(facts: FactsByName, at: number): readonly Reading[] {
  return Object.entries(callTables.aws)
    .filter(([, { subject }]) => subject === "key")
    .map(([call, { facts: names }]) => {
      const told = names.map((name) => [name, facts[name] ?? unreadable("not-reported", name)] as const);
      const [only] = told.map(([, fact]) => fact);
      const isRefused = told.length === 1 && only?.state === "unreadable";
      const seen = { state: "seen", facts: Object.fromEntries(told) as Readonly<Record<string, Fact<Json>>> } as const;
      return { call, part: null, at, answer: isRefused ? only : seen };
    });
}
