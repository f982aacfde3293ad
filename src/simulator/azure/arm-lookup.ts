// Which vault, managed HSM or key a request to ARM means, and the refusals where there is none.
import { AzureError } from "./azure-error.ts";
import { type AzureRequest, groupOf, nameIn } from "./azure-operation.ts";
import type { AzureState } from "./azure-state.ts";
import type { SimulatedManagedHsm, SimulatedVault, SimulatedVaultKey } from "./resource-types.ts";
import { subscriptionIn } from "./scopes.ts";

/** What holds keys. */
export type Holder = SimulatedVault | SimulatedManagedHsm;

/** Whether a path or an id is about a managed HSM. */
export function isOfManagedHsm(id: string): boolean {
  return /\/(managedHSMs|deletedManagedHSMs)(\/|$)/i.test(id);
}

/** `https://<host>/`. */
export function uriOf({ properties }: Holder): string {
  return "vaultUri" in properties ? properties.vaultUri : properties.hsmUri;
}

/** All vaults and managed HSMs, soft-deleted ones among them. */
export function allHolders({ vaults, managedHsms }: AzureState): readonly Holder[] {
  return [...vaults.all(), ...managedHsms.all()];
}

/** A vault or managed HSM that is not deleted. */
export function findHolder({ vaults, managedHsms }: AzureState, id: string): Holder | undefined {
  const found = vaults.find(id) ?? managedHsms.find(id);
  return found?.deleted === undefined ? found : undefined;
}

/** The vault or managed HSM in the group `vault`, asked for itself. */
export function requestedHolder(request: AzureRequest): Holder {
  const id = groupOf(request, "vault");
  const holder = findHolder(request.state, id);
  if (holder === undefined) {
    refuseUnknownGroup(request, id);
    throw resourceNotFound(id);
  }
  return holder;
}

/** The vault or managed HSM in the group `vault`, asked for what is in it. */
export function requestedParent(request: AzureRequest): Holder {
  const id = groupOf(request, "vault");
  const holder = findHolder(request.state, id);
  if (holder === undefined) {
    refuseUnknownGroup(request, id);
    const message = `Can not perform requested operation on nested resource. Parent resource '${nameIn(id)}' not found.`;
    throw new AzureError(404, "ParentResourceNotFound", message);
  }
  return holder;
}

/** The key in the groups `vault` and `key`, with what holds it. */
export function requestedKey(request: AzureRequest): { readonly holder: Holder; readonly key: SimulatedVaultKey } {
  const holder = requestedParent(request);
  const id = `${holder.id}/keys/${groupOf(request, "key")}`;
  const key = request.state.keys.find(id);
  if (key === undefined || key.deleted !== undefined) {
    throw resourceNotFound(id);
  }
  return { holder, key };
}

/** A subscription that was added, or that something is in. */
export function refuseUnknownSubscription({ state, path }: AzureRequest): void {
  const id = subscriptionIn(path);
  if (id !== undefined && !isKnown(state, id)) {
    throw new AzureError(404, "SubscriptionNotFound", `The subscription '${nameIn(id)}' could not be found.`);
  }
}

/** https://learn.microsoft.com/en-us/azure/azure-resource-manager/troubleshooting/error-not-found */
export function resourceNotFound(id: string): AzureError {
  const [, group = "", resource = id] = /\/resourceGroups\/([^/]+)\/providers\/(.+)$/i.exec(id) ?? [];
  const message =
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to ` +
    "https://aka.ms/ARMResourceNotFoundFix";
  return new AzureError(404, "ResourceNotFound", message);
}

function refuseUnknownGroup(request: AzureRequest, id: string): void {
  refuseUnknownSubscription(request);
  const [, prefix = "", group = ""] = /^(.*\/resourceGroups\/([^/]+))\//i.exec(id) ?? [];
  if (!isKnown(request.state, prefix)) {
    throw new AzureError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
  }
}

/** Whether something was added there, or is below it. */
function isKnown({ subscriptions, vaults, managedHsms, keys, assignments }: AzureState, id: string): boolean {
  const prefix = `${id.toLowerCase()}/`;
  const tables: readonly { all(): readonly { readonly id: string }[] }[] = [vaults, managedHsms, keys, assignments];
  return (
    subscriptions.find(id) !== undefined ||
    tables.some((table) => table.all().some((one) => one.id.toLowerCase().startsWith(prefix)))
  );
}
