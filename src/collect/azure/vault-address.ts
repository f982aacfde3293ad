import type { AzureVaultKind } from "../../model/azure.ts";

/** What the ARM id of a vault or a managed HSM is made of. */
export interface VaultAddress {
  readonly id: string;
  readonly kind: AzureVaultKind;
  readonly subscription: string;
  readonly group: string;
  readonly name: string;
}

const form =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.KeyVault\/(vaults|managedHSMs)\/([^/]+)\/?$/i;

/** Undefined for the id of anything else. */
export function vaultAddressOf(id: string): VaultAddress | undefined {
  const [, subscription, group, collection, name] = form.exec(id) ?? [];
  if (subscription === undefined || group === undefined || collection === undefined || name === undefined) {
    return undefined;
  }
  const kind = collection.toLowerCase() === "vaults" ? "vault" : "managed-hsm";
  return { id: id.replace(/\/$/, ""), kind, subscription, group, name };
}
