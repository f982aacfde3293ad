/** What the HTTP interface is given to work with. It knows no database, no schedule and no cloud, only these. */
import type { RegistrationFields } from "../config/registration-schema.ts";
import type { CheckCard } from "../model/check-card.ts";
import type { Finding, FindingStatus, OutcomeInterval, SightRun } from "../model/finding.ts";
import type { FindingPage, FindingQuery } from "../model/finding-query.ts";
import type { Json } from "../model/json.ts";
import type { Key, KeyResource, KeysQuery, RegisterResult } from "../model/key.ts";
import type { KeyAccessAt } from "../model/key-access.ts";
import type { ScanLane } from "../model/lane.ts";
import type { OutcomeName, Severity } from "../model/outcome.ts";
import type { Provider } from "../model/resource.ts";
import type { LastScan, Scan, ScanQuery } from "../model/scan.ts";
import type { Score } from "../model/score.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { StoredToken, Token } from "../model/token.ts";

/** As much of the store as the routes read. Times are epoch milliseconds. */
export interface StorePort {
  /** By name, some at a time; others have their turn in between. */
  keysInPortions(query?: KeysQuery): AsyncIterable<readonly Key[]>;
  /** The live key of that name; with `include_retired`, else the one that had the name last. */
  key(name: string, options?: { readonly include_retired?: boolean }): Promise<Key | undefined>;
  snapshot(name: string, at: number): Promise<Snapshot | undefined>;
  currentSnapshot(name: string, now: number): Promise<Snapshot | undefined>;
  sightRuns(name: string, options?: { readonly since?: number }): Promise<readonly SightRun[]>;
  findings(query: FindingQuery): Promise<FindingPage>;
  finding(id: string, options?: { readonly as_of?: number }): Promise<Finding | undefined>;
  findingHistory(id: string): Promise<readonly OutcomeInterval[]>;
  findingCounts(): Promise<readonly FindingCount[]>;
  conclusions(options: { readonly keys: readonly string[] }): Promise<readonly KeyConclusion[]>;
  /** Of the named keys, as it was by then. */
  conclusionsAsOf(at: number, keys: readonly string[]): Promise<readonly KeyConclusion[]>;
  /** By name: the named keys that are live, or the live keys after a name. */
  keyStandings(
    chosen: { readonly names: readonly string[] } | { readonly after: string; readonly limit: number },
  ): Promise<readonly KeyStanding[]>;
  /** What conclusions rest on, by the names that `keyStandings` gives. */
  evidence(names: readonly string[]): Promise<ReadonlyMap<string, Json>>;
  /**
   * Names of keys, retired ones included, about which something else is concluded or registered since that change.
   * Undefined where they are more than `most`, or have more registrations.
   */
  keysChangedSince(change_seq: number, most: number): Promise<readonly string[] | undefined>;
  changeSeq(): Promise<number>;
  scans(query: ScanQuery): Promise<readonly Scan[]>;
  scan(id: string): Promise<Scan | undefined>;
  lastScans(): Promise<readonly LastScan[]>;
}

export interface FindingCount {
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
  readonly count: number;
}

/** The latest conclusion of one check on a key. */
export interface KeyConclusion {
  readonly key: string;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
}

/** What is concluded of a live key. */
export interface KeyStanding {
  readonly key: string;
  readonly scope: string;
  /** How many of each kind there are. */
  readonly conclusions: readonly FindingCount[];
  /** The checks that say `unknown`, and the name of what each says for it. */
  readonly unknown: readonly { readonly check: string; readonly evidence: string }[];
}

/** A key to register. Without a name it gets the default one, made unique; what is not said gets its default. */
export interface KeyRequest {
  readonly name: string | null;
  readonly default_name: string;
  readonly resource: KeyResource;
  readonly fields: RegistrationFields;
}

export type UpdateKeyResult =
  | { readonly state: "updated"; readonly key: Key }
  | { readonly state: "no-such-key" }
  | { readonly state: "key-from-file"; readonly key: Key };

export type RetireKeyResult =
  | { readonly state: "retired"; readonly key: Key }
  | { readonly state: "no-such-key" }
  | { readonly state: "key-from-file"; readonly key: Key };

/** Who may register, change and retire keys: those of the API, never those of the file. */
export interface RegistryPort {
  registerKey(request: KeyRequest): Promise<RegisterResult>;
  /** Only the given fields change, each as a whole; null is "not said", so that the default holds again. */
  updateKey(name: string, fields: RegistrationFields): Promise<UpdateKeyResult>;
  retireKey(name: string): Promise<RetireKeyResult>;
}

/** A scan that was asked for: one for each scope of the keys. */
export interface RequestedScan {
  readonly id: string;
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly keys: readonly string[];
  readonly requested_at: number;
}

export interface ScanPort {
  /** `keys: null` is all of them. Resolves when the scans are queued, not when they have ended. */
  requestScan(request: { readonly keys: readonly string[] | null; readonly lane: ScanLane }): Promise<RequestedScan[]>;
  /** A scan that was asked for and is not in the store yet: it waits for another one of the same keys. */
  queuedScan(id: string): RequestedScan | undefined;
}

export interface Correction {
  /** The text of the policy; null where commands alone mend the failure. */
  readonly policy: string | null;
  /** What puts it in place, for a shell. */
  readonly command: string;
}

/** A check as the catalogue tells of it. */
export interface CheckDescription extends CheckCard {
  /** Facts without which there is no verdict, those of its scope included. */
  readonly reads: readonly string[];
  /** Facts that a pass needs and a fail does not. */
  readonly passNeeds: readonly string[];
  readonly mayRead: readonly string[];
  /** The provider's calls that tell these facts or what they are derived from, each with what it needs. */
  readonly calls: readonly CheckCall[];
}

export interface CheckCall {
  readonly call: string;
  readonly permission: string;
  readonly lane: ScanLane;
}

/** A read beyond the keys' own accounts that the configuration leaves off. */
export interface SwitchedOff {
  /** The switch, e.g. `reads.aws_organization`. */
  readonly read: string;
  /** What is not seen without it. */
  readonly description: string;
}

export type Health = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** As much of a logger as the routes need. */
export interface HttpLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface MetricsText {
  readonly contentType: string;
  /** In the coding that was asked for. Can be gone through once. */
  readonly pieces: AsyncIterable<Buffer>;
}

/** The tokens that let somebody ask. Those of the file change only there. */
export interface TokenPort {
  /** One of the database, whatever has become of it. */
  find(id: string): Promise<StoredToken | undefined>;
  /** Those of the file, as it was read last. */
  ofFile(): readonly StoredToken[];
  /** All of both, by name. */
  list(): Promise<readonly Token[]>;
  /** Into the database. Says whether it was: false where a live token has the name. */
  create(token: StoredToken, at: number): Promise<boolean>;
  /** One of the database; false where there is none. One that was revoked before stays as it was. */
  revoke(id: string, at: number): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
}

/** Requests a minute. */
export interface Limits {
  readonly per_token: number;
  /** Of those who send no token that is good. */
  readonly per_address: number;
}

/** What every listener has: probes and metrics. */
export interface ProbePorts {
  /** The address that is listened on, as configured. */
  readonly host: string;
  /** Whether requests can be served: the database is there, migrated and writable. Never a cloud, never a finding. */
  health(): Health;
  metricsText(coding: "identity" | "gzip"): Promise<MetricsText>;
  readonly log: HttpLog;
}

/**
 * What the API has beside that. What a port rejects with is answered by its code if it is an OperatorError, with 503
 * while `health` says why, and else as a fault of the service with 500.
 */
export interface ApiPorts extends ProbePorts, ScanPort {
  readonly store: StorePort;
  readonly registry: RegistryPort;
  /** Null: nobody is asked who they are. */
  readonly tokens: TokenPort | null;
  /** Null: everybody may ask as often as they like. */
  readonly limits: Limits | null;
  readonly catalogue: readonly CheckDescription[];
  readonly switchedOff: readonly SwitchedOff[];
  /** How a key stands by the conclusions on it, or all keys together. */
  scoreOf(conclusions: readonly (Omit<KeyConclusion, "key"> & { readonly count?: number })[]): Score;
  /** Who can do what with a key, by the newest facts or by those of a moment; undefined where there never was such a key. */
  accessOf(name: string, at: number | null): Promise<KeyAccessAt | undefined>;
  /** What would mend a failure, by the newest facts of its key; null where nothing is offered. */
  correctionOf(finding: Finding): Promise<Correction | null>;
  /** The version of the service. */
  readonly version: string;
  /** The newest moment that can be asked about, in epoch milliseconds. */
  now(): number;
  /** The newest moment about which nothing is concluded any more. */
  settled(): number;
}
