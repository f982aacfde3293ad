// Vaults, managed HSMs and their network security perimeters in ARM. https://learn.microsoft.com/en-us/rest/api/keyvault/
import type { JsonObject } from "../shape.ts";
import { findHolder, type Holder, refuseUnknownSubscription, requestedHolder, requestedParent } from "./arm-lookup.ts";
import {
  type AzureOperation,
  type AzureRequest,
  groupOf,
  nameIn,
  nextLinkOf,
  present,
  requestedPage,
} from "./azure-operation.ts";
import { subscriptionIn } from "./scopes.ts";

const quota = "arm:read";

function getVault(request: AzureRequest): JsonObject {
  return holderMessage(requestedHolder(request));
}

function listVaults(request: AzureRequest): JsonObject {
  const holders = ofSubscription(request, "vaults").filter(({ deleted }) => deleted === undefined);
  const top = Number(request.query.get("$top") ?? Number.POSITIVE_INFINITY);
  const { items, next } = requestedPage(request, holders, top >= 1 ? top : Number.POSITIVE_INFINITY);
  return present({ value: items.map(holderMessage), nextLink: nextLinkOf(request, next) });
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults/list-deleted */
function listDeletedVaults(request: AzureRequest): JsonObject {
  const { items, next } = requestedPage(request, ofSubscription(request, "deletedVaults"));
  const value = items.flatMap((holder) => deletedMessage(holder) ?? []);
  return present({ value, nextLink: nextLinkOf(request, next) });
}

/** https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-concepts */
function listPerimeters(request: AzureRequest): JsonObject {
  const holder = requestedParent(request);
  const prefix = `${holder.id}/networkSecurityPerimeterConfigurations/`.toLowerCase();
  const all = request.state.perimeters.all().filter(({ id }) => id.toLowerCase().startsWith(prefix));
  const { items, next } = requestedPage(request, all);
  const type = `${typeOf(holder)}/networkSecurityPerimeterConfigurations`;
  const value = items.map(({ id, properties }) => ({ id, name: nameIn(id), type, properties }));
  return present({ value, nextLink: nextLinkOf(request, next) });
}

function ofSubscription(request: AzureRequest, vaultType: "vaults" | "deletedVaults"): readonly Holder[] {
  refuseUnknownSubscription(request);
  const { vaults, managedHsms } = request.state;
  const isVault = groupOf(request, "type").toLowerCase() === vaultType.toLowerCase();
  const subscription = subscriptionIn(request.path)?.toLowerCase();
  const ofType: readonly Holder[] = isVault ? vaults.all() : managedHsms.all();
  const here = ofType.filter(({ id }) => subscriptionIn(id)?.toLowerCase() === subscription);
  return vaultType === "vaults" ? here : here.filter(({ deleted }) => deleted !== undefined);
}

function typeOf(holder: Holder): "Microsoft.KeyVault/vaults" | "Microsoft.KeyVault/managedHSMs" {
  return "vaultUri" in holder.properties ? "Microsoft.KeyVault/vaults" : "Microsoft.KeyVault/managedHSMs";
}

function holderMessage(holder: Holder): JsonObject {
  const { id, location, tags, properties } = holder;
  const sku = "sku" in holder ? holder.sku : undefined;
  return present({ id, name: nameIn(id), type: typeOf(holder), location, tags, sku, properties });
}

function deletedMessage(holder: Holder): JsonObject | undefined {
  const { id, location, tags, properties, deleted } = holder;
  const isVault = "vaultUri" in properties;
  const type = isVault ? "deletedVaults" : "deletedManagedHSMs";
  const name = nameIn(id);
  const prefix = `${subscriptionIn(id) ?? ""}/providers/Microsoft.KeyVault/locations/${location}`;
  return (
    deleted && {
      id: `${prefix}/${type}/${name}`,
      name,
      type: `Microsoft.KeyVault/${type}`,
      properties: present({
        [isVault ? "vaultId" : "mhsmId"]: id,
        location,
        tags,
        deletionDate: deleted.deletedDate,
        scheduledPurgeDate: deleted.scheduledPurgeDate,
        purgeProtectionEnabled: properties.enablePurgeProtection,
      }),
    }
  );
}

/** The vault or managed HSM of a request, as it is listed. */
export function holderTarget(request: AzureRequest): string {
  const id = groupOf(request, "vault");
  return findHolder(request.state, id)?.id ?? id;
}

function subscriptionTarget({ state, path }: AzureRequest): string | null {
  const id = subscriptionIn(path);
  return id === undefined ? null : state.subscriptions.spelling(id);
}

export const vaultOperations = {
  "keyvault:GetVault": {
    permission: "Microsoft.KeyVault/vaults/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/read",
    quota,
    target: holderTarget,
    answer: getVault,
  },
  "keyvault:ListVaults": {
    permission: "Microsoft.KeyVault/vaults/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/read",
    quota,
    target: subscriptionTarget,
    answer: listVaults,
  },
  "keyvault:ListDeletedVaults": {
    permission: "Microsoft.KeyVault/deletedVaults/read",
    hsm_permission: "Microsoft.KeyVault/deletedManagedHsms/read",
    quota,
    target: subscriptionTarget,
    answer: listDeletedVaults,
  },
  "keyvault:ListPerimeterConfigurations": {
    permission: "Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations/read",
    quota,
    target: holderTarget,
    answer: listPerimeters,
  },
} as const satisfies Record<string, AzureOperation>;
