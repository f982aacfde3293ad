import type { AzureVault } from "../../model/azure.ts";
import { type Fact, known } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { absentKeyFacts } from "../absent-key-facts.ts";
import type { Told } from "../attempt.ts";
import { Refused } from "../refusal.ts";
import type { AzureReading, VaultSight } from "./azure-reading.ts";
import { azureCalls } from "./calls.ts";
import type { AzureKeyPlace } from "./key-place.ts";
import { unreadableBy } from "./read-vault.ts";
import type { AzureTarget } from "./reader.ts";
import { deletedKeyFact, keyFacts } from "./schema/key.ts";

/** The key as it is now, or that there is none. */
export function readExistence(
  reading: AzureReading,
  target: AzureTarget,
  place: AzureKeyPlace,
  { address, gone, reading: { answer: vault } }: VaultSight,
): Promise<Reading> {
  const { reader, ask } = reading;
  return ask("keyvault:GetKey", async () => {
    if (gone !== undefined) return absent(gone.detail, gone.deletion);
    if (address instanceof Refused) throw address;
    const answer = await askedTwice(() => reader.getKey(target, address, place.key));
    if (!(answer instanceof Refused)) return { facts: keyFacts(answer.key) };
    // A vault that nobody sees may be what is not there.
    if (vault.state !== "seen") throw answer;
    const elsewhere = whereElse(vault.facts["vault"], place.host);
    if (elsewhere !== undefined) throw notInIts(elsewhere, place.host);
    const deletion = await readDeletion(reading, target, place);
    if (place.kind === "managed-hsm" && (deletion.state === "unreadable" || deletion.value === null)) {
      throw notToldToArm(answer);
    }
    return absent(answer.refusal.detail, deletion);
  });
}

/**
 * A managed HSM may let ARM manage no keys, and what ARM answers then is not documented: it says nothing of the key.
 * https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/authorize-azure-resource-manager
 */
function notToldToArm({ refusal }: Refused): Refused {
  const detail = `${refusal.detail} (a managed HSM tells Azure Resource Manager of its keys only where its setting AllowKeyManagementOperationsThroughARM is on, so the key need not be gone)`;
  return new Refused({ ...refusal, detail, reason: "not-found", again: "no", permission: null });
}

/** That a key is not there is too grave an answer to believe at once. */
async function askedTwice(get: () => Promise<unknown>): Promise<{ readonly key: unknown } | Refused> {
  try {
    return { key: await get() };
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  try {
    return { key: await get() };
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return error;
  }
}

/** Where the key was looked for, where that is not certainly the vault at `host`: the registered id may be another's. */
function whereElse(vault: Fact<Json> | undefined, host: string): string | undefined {
  if (vault?.state !== "known") return "a vault whose address is not known";
  const { uri } = vault.value as unknown as AzureVault;
  return /^https:\/\/([^/:]+)/i.exec(uri)?.[1]?.toLowerCase() === host ? undefined : uri;
}

/** That it is not in another vault says nothing of the key. */
function notInIts(vault: string, host: string): Refused {
  const detail = `the key was looked for in ${vault}, where azure.vault_resource_id leads, and is registered at ${host}`;
  return new Refused({ reason: "not-found", detail, again: "no", permission: null });
}

function absent(detail: string, deletion: Fact<Json>): Told {
  return { facts: { ...absentKeyFacts(azureCalls["keyvault:GetKey"].facts, detail), deletion } };
}

function isAbsence(error: unknown): error is Refused {
  return error instanceof Refused && error.refusal.absent !== undefined;
}

/** What becomes of a key that is certainly not there: the data plane alone knows. */
async function readDeletion(
  { reader }: AzureReading,
  target: AzureTarget,
  { host, key, kind }: AzureKeyPlace,
): Promise<Fact<Json>> {
  try {
    return deletedKeyFact(await reader.getDeletedKey(target, host, key));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Not among the deleted ones either: purged long ago, or never there.
    if (isAbsence(error)) return known(null);
    return unreadableBy(error, "keyvault:GetDeletedKey", kind);
  }
}
