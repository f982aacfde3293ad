// Roles that Azure defines, as far as a key can meet them.
// https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/security (Key Vault),
// https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/privileged and …/general (the others).
import type { SimulatedPermissions, SimulatedRoleDefinition } from "./resource-types.ts";

/** What the roles of vaults' data also permit around them. */
const aroundVaults = [
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
const keys = "Microsoft.KeyVault/vaults/keys";

export const builtInRoles: readonly SimulatedRoleDefinition[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", { actions: ["*"] }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", { actions: ["*/read"] }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", {
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
  role("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", {
    actions: aroundVaults,
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  }),
  role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", {
    actions: aroundVaults,
    dataActions: [`${keys}/*`, "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  }),
  role("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", {
    dataActions: [
      `${keys}/read`,
      ...["update", "backup", "encrypt", "decrypt", "wrap", "unwrap", "sign", "verify"].map(
        (verb) => `${keys}/${verb}/action`,
      ),
    ],
  }),
  role("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", {
    actions: ["write", "read", "delete"].map((verb) => `Microsoft.EventGrid/eventSubscriptions/${verb}`),
    dataActions: [`${keys}/read`, `${keys}/wrap/action`, `${keys}/unwrap/action`],
  }),
  role("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", {
    actions: aroundVaults,
    dataActions: ["Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
  }),
  role("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.KeyVault/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Support/*",
    ],
    notActions: [
      "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      "Microsoft.KeyVault/hsmPools/*",
      "Microsoft.KeyVault/managedHsms/*",
    ],
  }),
];

function role(name: string, roleName: string, permissions: Partial<SimulatedPermissions>): SimulatedRoleDefinition {
  return {
    id: `/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    properties: {
      roleName,
      type: "BuiltInRole",
      assignableScopes: ["/"],
      permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permissions }],
    },
  };
}
