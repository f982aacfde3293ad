import { type Fact, known, type Unreadable, unreadable } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages } from "../all-pages.ts";
import { type Refusal, Refused } from "../refusal.ts";
import type { AzureReading, VaultSight } from "./azure-reading.ts";
import { type AzureCall, azureCalls } from "./calls.ts";
import type { AzureKeyPlace } from "./key-place.ts";
import type { AzureTarget } from "./reader.ts";
import { deletedVaultsPage, type ListedVault, vaultFacts, vaultsPage } from "./schema/vault.ts";
import { type VaultAddress, vaultAddressOf } from "./vault-address.ts";

/** Finds the vault of a key and reads it, once for all who read at the same time. */
export function readVault(reading: AzureReading, target: AzureTarget, place: AzureKeyPlace): Promise<VaultSight> {
  const { vault_resource_id } = place.registration;
  return reading.vaults.get(vault_resource_id ?? "", () => lookAtVault(reading, target, place));
}

async function lookAtVault(reading: AzureReading, target: AzureTarget, place: AzureKeyPlace): Promise<VaultSight> {
  const { vaults } = reading.memory;
  const { vault_resource_id: registered } = place.registration;
  const expected = registered === null ? vaults.get(place.host) : registeredAddress(registered);
  if (expected instanceof Refused) return lookAt(reading, target, place, expected);
  if (expected !== undefined) {
    const sight = await lookAt(reading, target, place, expected);
    if (sight.gone === undefined) return sight;
    // It may have been moved to another group or subscription.
    const elsewhere = await found(() => findVault(reading, target, place, expected));
    if (elsewhere === undefined || isAmongDeleted(sight.gone.deletion)) return sight;
    // A list that is refused may have it elsewhere: then nobody knows that it is gone.
    if (elsewhere instanceof Refused) return { reading: sight.reading, address: elsewhere };
    vaults.set(place.host, elsewhere);
    return lookAt(reading, target, place, elsewhere);
  }
  const address = await found(() => findVault(reading, target, place));
  if (address === undefined) return lookAmongDeleted(reading, target, place);
  if (!(address instanceof Refused)) vaults.set(place.host, address);
  return lookAt(reading, target, place, address);
}

function isAmongDeleted(deletion: Fact<Json>): boolean {
  return deletion.state === "known" && deletion.value !== null;
}

function registeredAddress(id: string): VaultAddress | Refused {
  const detail = `the registered azure.vault_resource_id, ${id}, is no id of a vault or a managed HSM`;
  return vaultAddressOf(id) ?? refusedWith({ reason: "not-found", detail });
}

/** Reads the vault where it should be. That it is not there is too grave an answer to believe at once: it is asked for twice. */
async function lookAt(
  reading: AzureReading,
  target: AzureTarget,
  place: AzureKeyPlace,
  address: VaultAddress | Refused,
): Promise<VaultSight> {
  let absent: string | undefined;
  const read = async () => {
    if (address instanceof Refused) throw address;
    absent = undefined;
    try {
      return { facts: vaultFacts(await reading.reader.getVault(target, address), place.kind) };
    } catch (error) {
      if (error instanceof Refused && error.refusal.absent !== undefined) absent = error.refusal.detail;
      throw error;
    }
  };
  const first = await reading.ask("keyvault:GetVault", read);
  const sure = absent === undefined ? first : await reading.ask("keyvault:GetVault", read);
  if (absent === undefined || address instanceof Refused) return { reading: sure, address };
  const detail = `${address.id} is not there: ${absent}`;
  const deletion = await readDeletion(reading, target, place, address.subscription);
  return { reading: sure, address: refusedWith({ reason: "not-found", detail }), gone: { detail, deletion } };
}

/**
 * The vault among those of the configured subscriptions; undefined where the complete lists do not have it. A list that has
 * it at an address where it is not counts as one without it: it is older than the move.
 */
async function findVault(
  reading: AzureReading,
  target: AzureTarget,
  { host, kind }: AzureKeyPlace,
  notAt?: VaultAddress,
): Promise<VaultAddress | undefined> {
  const lists = reading.subscriptions.map((subscription) => listVaults(reading, target, kind, subscription));
  const held = await idAmong(lists, host, notAt);
  if (typeof held === "string") return vaultAddressOf(held) ?? misnamed(held);
  // One list serves all vaults that are looked for: what is not in it may be newer than the list.
  const anew = lists.map((list, index) => listVaults(reading, target, kind, reading.subscriptions[index] ?? "", list));
  const id = await idAmong(anew, host, notAt);
  if (id instanceof Refused) throw id;
  return id === undefined ? undefined : (vaultAddressOf(id) ?? misnamed(id));
}

type VaultList = Promise<readonly ListedVault[]>;

/** The vaults of a subscription; with `after`, as they were asked for after that list came. */
function listVaults(
  { reader, memory }: AzureReading,
  target: AzureTarget,
  kind: AzureKeyPlace["kind"],
  subscription: string,
  after?: VaultList,
): VaultList {
  const read = () =>
    allPages(async (next) => vaultsPage(await reader.listVaults(target, kind, subscription, next), kind));
  return memory.lists.get(`${kind} ${subscription}`, read, after);
}

/** The id of the vault at that host; where it is in no list, a list that was refused may have it. */
async function idAmong(
  lists: readonly VaultList[],
  host: string,
  notAt: VaultAddress | undefined,
): Promise<string | undefined | Refused> {
  const answers = await Promise.all(lists.map((list) => found(() => list)));
  const vaults = answers.flatMap((answer) => (answer instanceof Refused ? [] : answer));
  const isThere = ({ id }: ListedVault) => id.toLowerCase() !== notAt?.id.toLowerCase();
  return (
    vaults.find((vault) => vault.host === host && isThere(vault))?.id ??
    answers.find((answer) => answer instanceof Refused)
  );
}

function misnamed(id: string): never {
  throw new Refused({ reason: "malformed", detail: `the list of vaults has one with the id ${id}`, again: "no" });
}

/** The vault is in no list. Only where it is among the deleted ones is it known to be gone. */
async function lookAmongDeleted(reading: AzureReading, target: AzureTarget, place: AzureKeyPlace): Promise<VaultSight> {
  const { host } = place;
  const deletion = await found(() => findDeletion(reading, target, place, reading.subscriptions));
  const detail = notFound(host, reading.subscriptions);
  if (deletion === undefined || deletion instanceof Refused) {
    const refused =
      deletion === undefined ? refusedWith({ reason: "not-found", detail }) : alsoNotAmong(deletion, detail);
    return { reading: await unread(reading, refused), address: refused };
  }
  const gone = { detail: `${host} is among the deleted vaults`, deletion: known(deletion) };
  const address = refusedWith({ reason: "not-found", detail: gone.detail });
  return { reading: await unread(reading, address), address, gone };
}

function notFound(host: string, subscriptions: readonly string[]): string {
  const advice = "add its subscription to azure.subscriptions, or register its id as azure.vault_resource_id";
  return subscriptions.length === 0
    ? `nothing tells where ${host} is: no subscription is configured; ${advice}`
    : `${host} is in none of the configured subscriptions (${subscriptions.join(", ")}), as far as they can be read; ${advice}`;
}

/** Where the deleted ones cannot be read, that is second to the vault's not being found. */
function alsoNotAmong({ refusal }: Refused, detail: string): Refused {
  const also = `${detail}; nor could the deleted ones be read: ${refusal.detail}`;
  return new Refused({ ...refusal, reason: "not-found", detail: also, again: "no" });
}

function unread(reading: AzureReading, refused: Refused): Promise<Reading> {
  return reading.ask("keyvault:GetVault", () => Promise.reject(refused));
}

/** What becomes of a vault that is certainly not there; null where it is not among the deleted ones either. */
async function readDeletion(
  reading: AzureReading,
  target: AzureTarget,
  place: AzureKeyPlace,
  subscription: string,
): Promise<Fact<Json>> {
  const deletion = await found(() => findDeletion(reading, target, place, [subscription]));
  if (deletion instanceof Refused) return unreadableBy(deletion, "keyvault:ListDeletedVaults", place.kind);
  return known(deletion ?? null);
}

async function findDeletion(
  { reader }: AzureReading,
  target: AzureTarget,
  { kind, vault }: AzureKeyPlace,
  subscriptions: readonly string[],
) {
  const lists = await Promise.all(
    subscriptions.map((subscription) =>
      allPages(async (next) => deletedVaultsPage(await reader.listDeletedVaults(target, kind, subscription, next))),
    ),
  );
  return lists.flat().find(({ name }) => name === vault)?.deletion;
}

/** A refusal as a fact of its own, where the other facts of the same answer are known. */
export function unreadableBy({ refusal }: Refused, asked: AzureCall, kind: AzureKeyPlace["kind"]): Unreadable {
  const { reason, detail, call = asked } = refusal;
  const own: (typeof azureCalls)[AzureCall] | undefined = azureCalls[asked];
  const [ofHsm = own.permission] = "other_permissions" in own ? own.other_permissions : [];
  const { permission = kind === "vault" ? own.permission : ofHsm } = refusal;
  return unreadable(reason, detail, permission === null ? { call } : { call, permission });
}

function refusedWith(refusal: Omit<Refusal, "again">): Refused {
  return new Refused({ permission: null, ...refusal, again: "no" });
}

/** A refusal as a value; bugs are thrown on. */
async function found<T>(read: () => Promise<T>): Promise<T | Refused> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
