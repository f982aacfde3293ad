/** What Azure tells of a key in a vault, of the vault, and of who is assigned what, in parts: see azure-vault-key.ts. */

/** A managed HSM is a vault of its own kind: its keys are read like a vault's, its local roles are not. */
export type AzureVaultKind = "vault" | "managed-hsm";

/** The key as it is registered: `https://<host>/keys/<name>`. */
export interface AzureRegisteredKey {
  readonly host: string;
  readonly kind: AzureVaultKind;
  /** The first part of the host. */
  readonly vault: string;
  readonly key: string;
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults/get */
export interface AzureVault {
  /** `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>`, as Azure writes it. */
  readonly id: string;
  readonly kind: AzureVaultKind;
  /** `https://<host>/`, as Azure writes it. */
  readonly uri: string;
}

/** When a deleted key, or a deleted vault, is gone for good; null where Azure does not say. */
export interface AzureDeletion {
  readonly of: "key" | "vault";
  readonly deleted: number | null;
  readonly purged: number | null;
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys/list-versions */
export interface AzureKeyVersion {
  readonly version: string;
  readonly enabled: boolean;
  readonly not_before: number | null;
  readonly expires: number | null;
  readonly created: number | null;
}

export interface AzureFirewall {
  /** `Allow` or `Deny`; null where Azure left it out, which is Allow. */
  readonly default_action: string | null;
  readonly bypass: string | null;
  /** Addresses and ranges. */
  readonly ip_rules: readonly string[];
  /** Ids of subnets. */
  readonly network_rules: readonly string[];
}

/** https://learn.microsoft.com/en-us/azure/key-vault/general/assign-access-policy */
export interface AzureAccessPolicy {
  readonly tenant: string;
  readonly object_id: string;
  /** Where the policy is for an application on behalf of the object. */
  readonly application_id: string | null;
  /** `get`, `wrapKey`, …; `all`. In lower case. */
  readonly key_permissions: readonly string[];
}

export interface AzurePrivateEndpoint {
  readonly id: string;
  /** `Approved`, `Pending`, `Rejected`, `Disconnected`. */
  readonly status: string;
}

/** https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-concepts */
export interface AzurePerimeter {
  readonly name: string;
  /** `Enforced`, `Learning`, `Audit`. */
  readonly access_mode: string;
  readonly rules: readonly AzurePerimeterRule[];
}

export interface AzurePerimeterRule {
  readonly name: string;
  /** `Inbound` or `Outbound`. */
  readonly direction: string;
  readonly address_prefixes: readonly string[];
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-assignments/list-for-scope */
export interface AzureRoleAssignment {
  readonly id: string;
  /** Where it is made, as Azure writes it. */
  readonly scope: string;
  /** The id of the role's definition, as Azure writes it. */
  readonly role_definition_id: string;
  readonly principal_id: string;
  /** `User`, `Group`, `ServicePrincipal`, `ForeignGroup`, `Device`; null where Azure does not say. */
  readonly principal_type: string | null;
  readonly condition: string | null;
}

/** https://learn.microsoft.com/en-us/azure/role-based-access-control/role-definitions */
export interface AzureRole {
  readonly name: string;
  /** `BuiltInRole` or `CustomRole`. */
  readonly type: string;
  readonly permissions: readonly AzurePermissions[];
}

/** What `not…` lists take away they take from the lists beside them only. */
export interface AzurePermissions {
  readonly actions: readonly string[];
  readonly not_actions: readonly string[];
  readonly data_actions: readonly string[];
  readonly not_data_actions: readonly string[];
}

/** https://learn.microsoft.com/en-us/azure/role-based-access-control/deny-assignments */
export interface AzureDenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly applies_to_child_scopes: boolean;
  readonly permissions: readonly AzureDeniedPermissions[];
  readonly principals: readonly AzureDeniedPrincipal[];
  readonly excluded: readonly AzureDeniedPrincipal[];
  /** Of the whole. */
  readonly condition: string | null;
}

/** https://learn.microsoft.com/en-us/javascript/api/@azure/arm-authorization/denyassignmentpermission */
export interface AzureDeniedPermissions extends AzurePermissions {
  /** Of this set alone, beside that of the whole; left out where it has none. */
  readonly condition?: string;
}

export interface AzureDeniedPrincipal {
  /** All zeros: everybody. */
  readonly id: string;
  /** `SystemDefined`, `User`, `Group`, `ServicePrincipal`. */
  readonly type: string | null;
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-assignment-schedule-instances/list-for-scope */
export interface AzureAssignmentSchedule {
  /** The id of the assignment that it is about; null where Azure does not say. */
  readonly assignment_id: string | null;
  readonly scope: string;
  readonly principal_id: string;
  readonly role_definition_id: string;
  /** Null where it does not end. */
  readonly ends: number | null;
  /** `Assigned` or `Activated`. */
  readonly type: string;
}

/** https://learn.microsoft.com/en-us/rest/api/monitor/diagnostic-settings/list */
export interface AzureDiagnosticSetting {
  readonly name: string;
  readonly workspace_id: string | null;
  readonly storage_account_id: string | null;
  readonly event_hub_rule_id: string | null;
  readonly partner_id: string | null;
  readonly logs: readonly AzureDiagnosticLog[];
}

/** One of the two names it. */
export interface AzureDiagnosticLog {
  readonly category: string | null;
  readonly category_group: string | null;
  readonly enabled: boolean;
}

/** `application:<application id>`; https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal */
export interface AzureServicePrincipal {
  readonly object_id: string;
  readonly application_id: string;
  readonly display_name: string;
  readonly enabled: boolean;
  readonly credentials: readonly AzureCredential[];
}

export interface AzureCredential {
  readonly kind: "password" | "certificate";
  readonly id: string;
  readonly name: string | null;
  readonly ends: number | null;
}

/** What an application may do in the directory, or on somebody's behalf; of `application_roles:<application id>` and its kin. */
export interface AzureDirectoryRight {
  readonly kind: "application-role" | "delegated-grant" | "directory-role";
  /** The role's id or name, or the scopes that were granted. */
  readonly name: string;
  /** On what: the resource's display name or id; null for the directory itself. */
  readonly on: string | null;
}

/** Who is assigned something and is an application: what the directory calls it. */
export interface AzureAssignedApplication {
  readonly object_id: string;
  readonly application_id: string;
  readonly display_name: string;
}

/** Who may add credentials to an application's service principal. */
export interface AzureOwner {
  readonly object_id: string;
  readonly display_name: string | null;
}
