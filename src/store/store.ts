/** What the rest of the house sees of the database: values of the model go in and come out, SQL stays inside. */
import type { Finding, FindingStatus, OutcomeInterval, SightRun } from "../model/finding.ts";
import type { FindingCursor, FindingPage, FindingQuery } from "../model/finding-query.ts";
import type { Json } from "../model/json.ts";
import type { Key, KeySource, KeysQuery, RegisterResult, Registration } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Outcome, OutcomeName, Severity } from "../model/outcome.ts";
import type { Reading } from "../model/reading.ts";
import type { Provider } from "../model/resource.ts";
import type { LastScan, RefusedCall, Scan, ScanQuery } from "../model/scan.ts";
import type { Snapshot, SnapshotFact } from "../model/snapshot.ts";
import type { StoredToken } from "../model/token.ts";
import type { StoreError, StoreErrorCode } from "./store-error.ts";

export type { FindingCursor, FindingPage, FindingQuery };

/** What readings are about: a key by its resource, or a scope by its name. */
export interface SubjectRef {
  readonly kind: "key" | "scope";
  readonly provider: Provider;
  readonly resource: string;
}

export type KeyToRegister = Omit<Key, "registered_at" | "retired_at">;

/** The state of the store as far as writing goes, for the readiness probe. */
export type StoreHealth =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: StoreErrorCode; readonly reason: string };

/** How often each lane reads a subject, in milliseconds: the effective interval, not the configured one. */
export type LaneIntervals = Readonly<Record<ScanLane, number>>;

export interface ConclusionContext {
  readonly at: number;
  readonly guidance: string;
  readonly catalogue: string;
}

export type ScanToStart = Pick<Scan, "id" | "provider" | "scope" | "lane" | "started_at">;

export interface ScanResult {
  readonly finished_at: number;
  readonly keys: number;
  readonly failed_keys: number;
  readonly changes: number;
  readonly refused: readonly RefusedCall[];
}

/** How many findings there are of each kind; kept as counters, so that asking is cheap. */
export interface FindingCount {
  readonly provider: Provider;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
  readonly count: number;
}

/** One fact of one key, as it is now. */
export interface KeyFact extends Omit<SnapshotFact, "subject" | "call"> {
  readonly key: string;
  readonly provider: Provider;
  readonly name: string;
}

/** The latest conclusion of one check on a key, without its text. */
export interface KeyConclusion {
  readonly finding: string;
  readonly key: string;
  readonly provider: Provider;
  readonly check: string;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
}

/** What is concluded of a live key, in few words. */
export interface KeyStanding {
  readonly key: string;
  readonly scope: string;
  /** How many of each kind there are; retired ones are left out. */
  readonly conclusions: readonly (Pick<KeyConclusion, "severity" | "status" | "outcome"> & {
    readonly count: number;
  })[];
  /** The checks that say `unknown`, by their ids, and the name of what each says for it. */
  readonly unknown: readonly { readonly check: string; readonly evidence: string }[];
}

/** A live key as it is now, without what is known of it. */
export interface KeyStamp {
  readonly key: string;
  readonly provider: Provider;
  readonly scope: string;
  /** Another one whenever anything of it in `StampedKey` is another. */
  readonly version: string;
  /** The last good read of any of the facts; null before the first. */
  readonly observed_at: number | null;
}

/** A live key with some of its facts and all that is concluded of it. */
export interface StampedKey {
  readonly key: Key;
  readonly version: string;
  readonly facts: Readonly<Record<string, Pick<SnapshotFact, "fact" | "last_known">>>;
  readonly conclusions: readonly KeyConclusion[];
}

/** Each method sees one state of the database. */
export interface KeyStamps {
  /** The live keys after that name, in the order of their names. */
  after(name: string, limit: number, now: number): Promise<readonly KeyStamp[]>;
  /** The named keys that are live, by name, with the facts, and with the version that fits them. */
  detailed(names: readonly string[], now: number): Promise<readonly StampedKey[]>;
}

/** Reading. Each method sees one state of the database, whatever is written meanwhile. */
export interface StoreReader {
  /** By name. */
  keys(query?: KeysQuery): Promise<readonly Key[]>;
  /** The same, for very many: some at a time, each portion from a state of its own. Others have their turn in between. */
  keysInPortions(query?: KeysQuery): AsyncIterable<readonly Key[]>;
  /** The live key of that name; with `include_retired`, else the one that had the name last. */
  key(name: string, options?: { readonly include_retired?: boolean }): Promise<Key | undefined>;
  keyByResource(resource: string): Promise<Key | undefined>;
  /**
   * All facts of the key and of its scope as the service knew them at `at` (epoch milliseconds). Undefined where no key
   * ever had that name. For the present moment use `currentSnapshot`, which does not depend on the clock running evenly.
   */
  snapshot(name: string, at: number): Promise<Snapshot | undefined>;
  currentSnapshot(name: string, now: number): Promise<Snapshot | undefined>;
  sightRuns(name: string, options?: { readonly since?: number }): Promise<readonly SightRun[]>;

  findings(query: FindingQuery): Promise<FindingPage>;
  finding(id: string, options?: { readonly as_of?: number }): Promise<Finding | undefined>;
  /** Oldest first; empty where there is no such finding. */
  findingHistory(id: string): Promise<readonly OutcomeInterval[]>;
  findingCounts(): Promise<readonly FindingCount[]>;
  /** The latest conclusions of the named keys, or of all keys that are not retired. */
  conclusions(options?: { readonly keys?: readonly string[] }): Promise<readonly KeyConclusion[]>;
  /** What was concluded of the named keys by then; retired ones are left out. */
  conclusionsAsOf(at: number, keys: readonly string[]): Promise<readonly KeyConclusion[]>;
  /** By name: the named keys that are live, or the live keys after a name. */
  keyStandings(
    chosen: { readonly names: readonly string[] } | { readonly after: string; readonly limit: number },
  ): Promise<readonly KeyStanding[]>;
  /** What conclusions rest on, by the names that `keyStandings` gives. */
  evidence(names: readonly string[]): Promise<ReadonlyMap<string, Json>>;
  /** Those that are not plainly fine: open, accepted, unknown or error. */
  conclusionsInNeed(): Promise<readonly KeyConclusion[]>;
  /**
   * Names of keys, retired ones included, about which something else is concluded or registered since that change.
   * Undefined where they are more than `most`, or have more registrations.
   */
  keysChangedSince(change_seq: number, most: number): Promise<readonly string[] | undefined>;
  /** The newest change of any conclusion or registration; 0 in an empty database. */
  changeSeq(): Promise<number>;

  /** Live keys as far as these facts tell them apart. To be asked for once: what is returned remembers what it has read. */
  keyStamps(facts: readonly string[]): KeyStamps;
  /** When any of these facts was read well the last time: as in `keyStamps`. */
  lastReads(
    facts: readonly string[],
    now: number,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly Pick<KeyStamp, "key" | "observed_at">[]>;

  /** Newest first. */
  scans(query: ScanQuery): Promise<readonly Scan[]>;
  scan(id: string): Promise<Scan | undefined>;
  lastScans(): Promise<readonly LastScan[]>;
  /** Of scans in which no key broke on a fault of ours, the newest of each lane over each scope. */
  lastSuccesses(): Promise<readonly LastScan[]>;
}

/** Writing, inside one transaction. It works only until the transaction's body has ended. */
export interface StoreWriter {
  key(name: string): Promise<Key | undefined>;
  keyByResource(resource: string): Promise<Key | undefined>;
  keys(): Promise<readonly Key[]>;

  /** A resource that was registered before comes back with its history and the ids of its findings. */
  registerKey(key: KeyToRegister, at: number): Promise<RegisterResult>;
  /** Throws `no-such-key`. An equal registration writes nothing. */
  updateRegistration(name: string, registration: Registration, at: number, source?: KeySource): Promise<Key>;
  /** Its findings become `retired`: an entry of its own in their history. Throws `no-such-key`. */
  retireKey(name: string, at: number): Promise<Key>;

  /** Throws a TypeError where a reading does not fit the call table: that is a fault of the collector. */
  saveReadings(subject: SubjectRef, readings: readonly Reading[], intervals: LaneIntervals): Promise<void>;
  /** The facts as they are now, with what this transaction has saved; `now` only decides what is stale. */
  snapshot(name: string, now: number): Promise<Snapshot | undefined>;
  /**
   * A text that stays the same while everything does that is judged of a key: its registration, its facts and its
   * scope's with the sight of each, and the latest change of its conclusions. Throws `no-such-key`.
   */
  stateOfKey(name: string, now: number): Promise<string>;
  /** The moment of the last change of a conclusion or registration, in epoch milliseconds; 0 in an empty database. */
  changedAt(): Promise<number>;
  /** Throws `no-such-key` where the key was retired meanwhile. `changed`: outcomes that became different ones. */
  saveOutcomes(
    name: string,
    outcomes: readonly Outcome[],
    context: ConclusionContext,
  ): Promise<{ readonly changed: number }>;
  /** Retires the findings of checks that are not in the catalogue (any more): nobody would ever resolve them. */
  retireChecks(catalogue: readonly string[], at: number): Promise<{ readonly retired: number }>;

  startScan(scan: ScanToStart): Promise<void>;
  /** Throws `no-such-scan`. */
  finishScan(id: string, result: ScanResult): Promise<void>;
  /** Running scans whose scope, under that very name, nobody holds a lease on; returns how many there were. */
  interruptRunningScans(at: number): Promise<number>;
  /** Removes scans that started before that moment. */
  pruneScans(started_before: number): Promise<number>;
}

/** Keeps processes on the same database from reading the same scope at the same time. Times in milliseconds. */
export interface Leases {
  /**
   * True if the lease was free, expired or the holder's own; it then lasts until `at + ttl`. Scans of that scope which an
   * earlier holder left running are interrupted.
   */
  acquire(scope: string, holder: string, at: number, ttl: number): Promise<boolean>;
  /** False if it was lost to someone else or released. */
  renew(scope: string, holder: string, at: number, ttl: number): Promise<boolean>;
  release(scope: string, holder: string): Promise<void>;
}

/** Who may ask, apart from everything else: nothing about keys follows from it. */
export interface Tokens {
  /** Whatever has become of it. */
  find(id: string): Promise<StoredToken | undefined>;
  /** By name. */
  list(): Promise<readonly StoredToken[]>;
  /** Says whether it was: false where a token has the name that is neither revoked nor expired at that moment. */
  create(token: StoredToken, at: number): Promise<boolean>;
  /** False where there is none. One that was revoked before stays as it was. */
  revoke(id: string, at: number): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
}

export interface Store {
  readonly read: StoreReader;
  readonly leases: Leases;
  readonly tokens: Tokens;
  /**
   * One transaction, all or nothing; transactions wait for one another. The body may await statements of its writer and
   * nothing else, and must not call `write` itself. It may be run twice, where one that shares its commit throws: what it
   * did before is taken back, so it has to begin anew. Rejects with a StoreError where the database refuses, else with
   * what the body threw. One that is patient may wait a moment for others to be committed with.
   */
  write<T>(body: (tx: StoreWriter) => Promise<T>, options?: { readonly patient?: boolean }): Promise<T>;
  /** By the last transaction, be it one of another thread. */
  health(): StoreHealth;
  /** What came of a transaction that another thread has made on the same database: undefined where it was committed. */
  noteTransaction(refusal: StoreError | undefined): void;
  close(): Promise<void>;
}
