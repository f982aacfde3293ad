/**
 * What can be done with a key: the data actions that Key Vault publishes, and the actions of ARM's by which somebody
 * changes who may do them. https://learn.microsoft.com/en-us/azure/role-based-access-control/permissions/security
 */
import type { AzureRole } from "../../model/azure.ts";
import { permitsAction, permitsDataAction } from "./role-permits.ts";

export type AzureOperationClass =
  /** Takes the key material. */
  | "crypto"
  /** Changes, replaces, copies or destroys the key. */
  | "manage"
  /** Looks at it, which shows its public half. */
  | "view";

const vaults = "Microsoft.KeyVault/vaults";

export const azureKeyDataActions: Readonly<Record<string, AzureOperationClass>> = {
  [`${vaults}/keys/read`]: "view",
  [`${vaults}/keys/encrypt/action`]: "crypto",
  [`${vaults}/keys/decrypt/action`]: "crypto",
  [`${vaults}/keys/wrap/action`]: "crypto",
  [`${vaults}/keys/unwrap/action`]: "crypto",
  [`${vaults}/keys/sign/action`]: "crypto",
  [`${vaults}/keys/verify/action`]: "crypto",
  [`${vaults}/keys/release/action`]: "crypto",
  [`${vaults}/keys/create/action`]: "manage",
  [`${vaults}/keys/import/action`]: "manage",
  [`${vaults}/keys/update/action`]: "manage",
  [`${vaults}/keys/rotate/action`]: "manage",
  [`${vaults}/keys/backup/action`]: "manage",
  [`${vaults}/keys/restore/action`]: "manage",
  [`${vaults}/keys/recover/action`]: "manage",
  [`${vaults}/keys/delete`]: "manage",
  [`${vaults}/keys/purge/action`]: "manage",
  [`${vaults}/keyrotationpolicies/read`]: "view",
  [`${vaults}/keyrotationpolicies/write`]: "manage",
};

/** By which somebody gives access to the key, himself included, or takes it or the key away. */
const administration: readonly string[] = [
  "Microsoft.Authorization/roleAssignments/write",
  "Microsoft.Authorization/roleAssignments/delete",
  "Microsoft.Authorization/roleDefinitions/write",
  "Microsoft.Authorization/elevateAccess/action",
  `${vaults}/write`,
  `${vaults}/delete`,
  `${vaults}/accessPolicies/write`,
  `${vaults}/keys/write`,
  "Microsoft.KeyVault/locations/deletedVaults/purge/action",
  "Microsoft.KeyVault/managedHSMs/write",
  "Microsoft.KeyVault/managedHSMs/delete",
];

/** The published data actions on keys that a role has. */
export function keyActionsOf(role: AzureRole): readonly string[] {
  return Object.keys(azureKeyDataActions).filter((action) => permitsDataAction(role, action));
}

export const azureCryptoActions: readonly string[] = Object.keys(azureKeyDataActions).filter(
  (action) => azureKeyDataActions[action] === "crypto",
);

/** The published data actions with which a role has a key used, as against administered. */
export function cryptoActionsOf(role: AzureRole): readonly string[] {
  return azureCryptoActions.filter((action) => permitsDataAction(role, action));
}

/** The actions by which a role decides about access to the key; they count whether the vault has RBAC or not. */
export function administrationOf(role: AzureRole): readonly string[] {
  return administration.filter((action) => permitsAction(role, action));
}

/** Whether a role is an administrator's, of access or of keys: whoever may delete keys looks after them. */
export function isAdministrators(role: AzureRole): boolean {
  return administrationOf(role).length > 0 || permitsDataAction(role, `${vaults}/keys/delete`);
}
