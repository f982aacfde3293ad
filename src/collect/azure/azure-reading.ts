import type { AzureVaultKind } from "../../model/azure.ts";
import type { AzureReads } from "../../model/azure-vault-key.ts";
import type { Call } from "../../model/call.ts";
import type { Fact } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { attempt, type Told } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import { Refused } from "../refusal.ts";
import { Shared } from "../shared.ts";
import { type AzureCall, azureCalls } from "./calls.ts";
import type { AzureReader } from "./reader.ts";
import type { ListedVault } from "./schema/vault.ts";
import type { VaultAddress } from "./vault-address.ts";

/** What is found out once and holds for long: it is looked for again when it turns out to be wrong. */
export interface AzureMemory {
  /** Where vaults are, by host. */
  readonly vaults: Map<string, VaultAddress>;
  /** The vaults of a subscription, by kind and subscription. */
  readonly lists: Shared<readonly ListedVault[]>;
  /** Service principals by application id; null where the tenant has none. */
  readonly principals: Map<string, string | null>;
}

/** What is known of the vault of a key when the rest is to be read. */
export interface VaultSight {
  readonly reading: Reading;
  /** Where the vault is, or why nothing in it can be read. */
  readonly address: VaultAddress | Refused;
  /** Why the vault, and so the key, is not there any more, and until when it can be had back. */
  readonly gone?: { readonly detail: string; readonly deletion: Fact<Json> };
}

/** What it takes to make readings of a vault and its keys, and what those who read of it at the same time share. */
export interface AzureReading {
  readonly reader: AzureReader;
  readonly reads: AzureReads;
  readonly subscriptions: readonly string[];
  readonly memory: AzureMemory;
  /** By the registered id. */
  readonly vaults: Shared<VaultSight>;
  /** The reading of one call, for one of several things where `part` says so. */
  ask(call: AzureCall, read: () => Promise<Told>, part?: string): Promise<Reading>;
  /** As `ask`, once for all who read at the same time. */
  askOnce(call: AzureCall, read: () => Promise<Told>, part?: string): Promise<Reading>;
}

export interface AzureReadingOptions {
  readonly reader: AzureReader;
  readonly clock: Clock;
  readonly kind: AzureVaultKind;
  readonly reads: AzureReads;
  readonly subscriptions: readonly string[];
  readonly memory: AzureMemory;
}

/** Vaults come and go seldom; one that is missed is looked for anew at once, in milliseconds. */
const listHolds = 60_000;
/** As long as a run of many keys may take, in milliseconds; what is shared ends with it. */
const sharedHolds = 5 * 60_000;
/** A vault may have changed since it was read that long ago. */
const vaultHolds = 10_000;

export function createAzureMemory(clock: Clock): AzureMemory {
  return { vaults: new Map(), lists: new Shared(clock, listHolds), principals: new Map() };
}

export function createAzureReading({ clock, kind, ...rest }: AzureReadingOptions): AzureReading {
  const shared = new Shared<Reading>(clock, sharedHolds);
  const ask = (call: AzureCall, read: () => Promise<Told>, part?: string) =>
    attempt(azureCalls, clock, part === undefined ? { call } : { call, part }, () =>
      kind === "vault" ? read() : read().catch((error: unknown) => nameHsmPermission(call, error)),
    );
  return {
    ...rest,
    vaults: new Shared(clock, vaultHolds),
    ask,
    askOnce: (call, read, part) => shared.get(`${call} ${part ?? ""}`, () => ask(call, read, part)),
  };
}

/** The same call needs another permission of a managed HSM than of a vault. */
function nameHsmPermission(call: AzureCall, error: unknown): never {
  if (!(error instanceof Refused) || error.refusal.permission !== undefined) throw error;
  const calls: Readonly<Record<string, Call>> = azureCalls;
  const permission = calls[error.refusal.call ?? call]?.other_permissions?.[0];
  throw permission === undefined ? error : new Refused({ ...error.refusal, permission }, error);
}
