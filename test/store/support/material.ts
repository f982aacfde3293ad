/** Calls, keys, readings and outcomes to fill a store with. The calls are those of no cloud. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallTable } from "../../../src/model/call.ts";
import { type Fact, known, type UnreadableReason, unreadable } from "../../../src/model/fact.ts";
import type { Json } from "../../../src/model/json.ts";
import type { Registration } from "../../../src/model/key.ts";
import type { Outcome } from "../../../src/model/outcome.ts";
import type { Reading } from "../../../src/model/reading.ts";
import { openStore, type StoreOptions } from "../../../src/store/open-store.ts";
import type { KeyToRegister, Store, SubjectRef } from "../../../src/store/store.ts";

export const callTable: CallTable = {
  "kms:DescribeKey": {
    permission: "kms:DescribeKey",
    lane: "fast",
    subject: "key",
    facts: ["state", "deletion_date"],
    quota: 100,
  },
  "kms:GetKeyPolicy": {
    permission: "kms:GetKeyPolicy",
    lane: "fast",
    subject: "key",
    facts: ["policy_text"],
    quota: 100,
  },
  "kms:ListGrants": { permission: "kms:ListGrants", lane: "full", subject: "key", facts: ["grants"], quota: 100 },
  "kms:GetKeyRotationStatus": {
    permission: "kms:GetKeyRotationStatus",
    lane: "full",
    subject: "key",
    facts: ["rotation"],
    quota: 100,
  },
  "cloudtrail:DescribeTrails": {
    permission: "cloudtrail:DescribeTrails",
    lane: "full",
    subject: "scope",
    facts: ["trail_list"],
    quota: 10,
  },
  "cloudtrail:GetTrailStatus": {
    permission: "cloudtrail:GetTrailStatus",
    lane: "full",
    subject: "scope",
    facts: ["trail_status"],
    each: true,
    quota: 10,
  },
};
export const calls = { aws: callTable, gcp: {}, azure: {} } as const;

export const minute = 60_000;
export const intervals = { fast: minute, full: 15 * minute } as const;
export const start = Date.UTC(2026, 0, 1);
export const scope = "111122223333/us-east-2";
export const scopeSubject: SubjectRef = { kind: "scope", provider: "aws", resource: scope };

export const registration: Registration = {
  compartments: [],
  organizations: [],
  expected_principals: [],
  in_use_since: null,
  role_arn: null,
  azure: null,
  guidance: null,
  labels: {},
};

export function arn(name: string): string {
  return `arn:aws:kms:us-east-2:111122223333:key/${name}`;
}

export function keySubject(name: string): SubjectRef {
  return { kind: "key", provider: "aws", resource: arn(name) };
}

/** A key whose resource is named after it. */
export function keyNamed(name: string, change: Partial<KeyToRegister> = {}): KeyToRegister {
  return {
    name,
    provider: "aws",
    kind: "aws.kms-key",
    resource: arn(name),
    scope,
    account: "111122223333",
    location: "us-east-2",
    source: "api",
    registration,
    ...change,
  };
}

export function seen(call: string, at: number, facts: Readonly<Record<string, Fact<Json> | Json>>): Reading {
  const told = Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, isFact(fact) ? fact : known(fact)]),
  );
  return { call, part: null, at, answer: { state: "seen", facts: told } };
}

function isFact(value: Fact<Json> | Json): value is Fact<Json> {
  return value !== null && typeof value === "object" && "state" in value;
}

export function refused(call: string, at: number, reason: UnreadableReason = "access-denied"): Reading {
  return { call, part: null, at, answer: unreadable(reason, `${reason} at ${at}`) };
}

/** A full read of a key. */
export function keyReadings(at: number, state: Json = "Enabled"): readonly Reading[] {
  return [
    seen("kms:DescribeKey", at, { state, deletion_date: null }),
    seen("kms:GetKeyPolicy", at, { policy_text: '{"Version":"2012-10-17","Statement":[]}' }),
    seen("kms:ListGrants", at, { grants: [] }),
    seen("kms:GetKeyRotationStatus", at, { rotation: { enabled: true, period_days: 365 } }),
  ];
}

export function outcomeOf(check: string, outcome: Outcome["outcome"], change: Partial<Outcome> = {}): Outcome {
  return { check, outcome, severity: "high", message: `${check}: ${outcome}`, evidence: { outcome }, ...change };
}

export const conclusion = { guidance: "2026-09", catalogue: "1" } as const;

export interface TemporaryStore extends AsyncDisposable {
  readonly store: Store;
  readonly path: string;
}

/** A store in a folder of its own; disposing of it closes the one and removes the other. */
export async function temporaryStore(options: Partial<StoreOptions> = {}): Promise<TemporaryStore> {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-store-"));
  const path = join(folder, "keyposture.db");
  const store = await openStore({ path, calls, ...options });
  return {
    store,
    path,
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
