/**
 * Built-in roles of Azure that people grant on keys and vaults, by the ids that are the same in every tenant, with what
 * Microsoft documents that each permits, as of 2026-11. What a role permits today is a fact of its own: this is for what
 * has no cloud to ask.
 * https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/security
 */
import type { AzureRole } from "../model/azure.ts";

/** The role that the documentation has people assign on the key. */
export const azureCryptoUserRole = "12338af0-0e69-4776-bea7-57ae8d297424";
/** Narrower than the documented one, and enough. */
export const azureCryptoServiceEncryptionUserRole = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
/** Either of them is what the service principal is to have. */
export const documentedAzureRoles: readonly string[] = [azureCryptoUserRole, azureCryptoServiceEncryptionUserRole];

const keys = "Microsoft.KeyVault/vaults/keys";

/** By which the service principal looks at the key, wraps and unwraps. */
export const azureReadAction = `${keys}/read`;
export const azureWrapAction = `${keys}/wrap/action`;
export const azureUnwrapAction = `${keys}/unwrap/action`;
export const azureNeededActions: readonly string[] = [azureReadAction, azureWrapAction, azureUnwrapAction];

/** Of the documented role, and not of the narrower one: accepted, and more than is needed. */
export const azureNeedlessActions: readonly string[] = [`${keys}/update/action`, `${keys}/backup/action`];

function role(
  name: string,
  { actions = [], not_actions = [], data_actions = [] }: Partial<AzureRole["permissions"][number]>,
): AzureRole {
  return { name, type: "BuiltInRole", permissions: [{ actions, not_actions, data_actions, not_data_actions: [] }] };
}

const vaultReaderActions: readonly string[] = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  "Microsoft.KeyVault/locations/*/read",
  "Microsoft.KeyVault/vaults/*/read",
  "Microsoft.KeyVault/operations/read",
];

/** By the role's id in lower case. */
export const documentedAzureRolePermissions: Readonly<Record<string, AzureRole>> = {
  [azureCryptoUserRole]: role("Key Vault Crypto User", {
    data_actions: [
      azureReadAction,
      ...azureNeedlessActions,
      `${keys}/encrypt/action`,
      `${keys}/decrypt/action`,
      azureWrapAction,
      azureUnwrapAction,
      `${keys}/sign/action`,
      `${keys}/verify/action`,
    ],
  }),
  [azureCryptoServiceEncryptionUserRole]: role("Key Vault Crypto Service Encryption User", {
    actions: [
      "Microsoft.EventGrid/eventSubscriptions/write",
      "Microsoft.EventGrid/eventSubscriptions/read",
      "Microsoft.EventGrid/eventSubscriptions/delete",
    ],
    data_actions: azureNeededActions,
  }),
  "08bbd89e-9f13-488c-ac41-acfcb10c90ab": role("Key Vault Crypto Service Release User", {
    data_actions: [`${keys}/release/action`],
  }),
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": role("Key Vault Crypto Officer", {
    actions: vaultReaderActions,
    data_actions: [`${keys}/*`, "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  }),
  "00482a5a-887f-4fb3-b363-3b7fe8e74483": role("Key Vault Administrator", {
    actions: vaultReaderActions,
    data_actions: ["Microsoft.KeyVault/vaults/*"],
  }),
  "21090545-7ca7-4776-b22c-e363652d74d2": role("Key Vault Reader", {
    actions: vaultReaderActions,
    data_actions: ["Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
  }),
  "f25e0fa2-a7c8-4377-a976-54943a77a395": role("Key Vault Contributor", {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.KeyVault/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Support/*",
    ],
    not_actions: [
      "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      "Microsoft.KeyVault/hsmPools/*",
      "Microsoft.KeyVault/managedHsms/*",
    ],
  }),
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": role("Owner", { actions: ["*"] }),
  "b24988ac-6180-42a0-ab88-20f7382dd24c": role("Contributor", {
    actions: ["*"],
    not_actions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
    ],
  }),
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": role("Reader", { actions: ["*/read"] }),
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": role("User Access Administrator", {
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
};
