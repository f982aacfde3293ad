/**
 * What access policies of a vault permit on keys, in the words of data actions. They count for all keys of the vault,
 * where it has no RBAC. https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-migration
 */
import type { AzureAccessPolicy } from "../../model/azure.ts";
import { azureKeyDataActions } from "./key-actions.ts";

const keys = "Microsoft.KeyVault/vaults/keys";
const rotation = "Microsoft.KeyVault/vaults/keyrotationpolicies";

/** Permissions whose data action is called otherwise. */
const names: Readonly<Record<string, string>> = {
  get: `${keys}/read`,
  delete: `${keys}/delete`,
  wrapkey: `${keys}/wrap/action`,
  unwrapkey: `${keys}/unwrap/action`,
  getrotationpolicy: `${rotation}/read`,
  setrotationpolicy: `${rotation}/write`,
};

/** Data actions; a permission that has none of its own (`list`, or one not known) stands for itself, in lower case. */
export function policyActions({ key_permissions }: AzureAccessPolicy): readonly string[] {
  return [...new Set(key_permissions.flatMap((permission) => actionsOf(permission.toLowerCase())))];
}

function actionsOf(permission: string): readonly string[] {
  if (permission === "all") return [...Object.keys(azureKeyDataActions), "list"];
  const action = names[permission] ?? `${keys}/${permission}/action`;
  return [Object.hasOwn(azureKeyDataActions, action) ? action : permission];
}
