import type {
  AzureAccessPolicy,
  AzureAssignedApplication,
  AzureAssignmentSchedule,
  AzureDeletion,
  AzureDenyAssignment,
  AzureDiagnosticSetting,
  AzureDirectoryRight,
  AzureFirewall,
  AzureKeyVersion,
  AzureOwner,
  AzurePerimeter,
  AzurePrivateEndpoint,
  AzureRegisteredKey,
  AzureRoleAssignment,
  AzureServicePrincipal,
  AzureVault,
} from "./azure.ts";
import type {
  AzureDenial,
  AzureLevelAccess,
  AzurePolicyAccess,
  AzurePublishedAccess,
  AzurePublishedPrincipal,
} from "./azure-access.ts";
import type { Registration } from "./registration.ts";

/**
 * What Azure tells of a key in a Key Vault or a managed HSM, of the vault, of assignments and of the directory, and what
 * follows from it. Times are epoch milliseconds; enums keep Azure's own words, so that one which is not invented yet is
 * not lost.
 */
export interface AzureVaultKeyFacts {
  /** Whether ARM has the key under its vault. */
  readonly existence: "present" | "absent";
  /** Null for a key that is there, and for one that is not among the deleted ones either: nothing can be had back. */
  readonly deletion: AzureDeletion | null;
  /** `https://<host>/keys/<name>` of the key that answered, as Azure writes it. */
  readonly read_uri: string;
  readonly current_version: string;
  /** `RSA`, `RSA-HSM`, `EC`, … */
  readonly key_type: string;
  /** In bits; null where the type has none, which is so of curves. */
  readonly key_size: number | null;
  /** `wrapKey`, …; null and empty mean all. */
  readonly key_operations: readonly string[] | null;
  /** Of the key, which is its current version. */
  readonly enabled: boolean;
  readonly not_before: number | null;
  readonly expires: number | null;
  /** Of the current version. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether a rotation policy rotates it; null where none is set. */
  readonly rotation_policy: { readonly rotates: boolean } | null;

  /** All that are listed, oldest first. */
  readonly versions: readonly AzureKeyVersion[];
  /** At and above the key, for everybody. */
  readonly assignments: readonly AzureRoleAssignment[];
  /** At, above and below the key, for the service principal, groups resolved by Azure. */
  readonly principal_assignments: readonly AzureRoleAssignment[];
  readonly deny_assignments: readonly AzureDenyAssignment[];
  /** Ids of the deny assignments that Azure says are about the service principal, groups resolved. */
  readonly principal_deny_assignments: readonly string[];
  /** Null where the directory has no Privileged Identity Management, without which nothing ends. */
  readonly assignment_schedules: readonly AzureAssignmentSchedule[] | null;
  /** Of the applications that are assigned something at or above the key, or that an access policy of the vault names. */
  readonly assigned_applications: readonly AzureAssignedApplication[];

  // Of the vault.
  readonly vault: AzureVault;
  readonly vault_tenant: string;
  readonly vault_location: string;
  /** Null where it is not set, as in managed HSMs. */
  readonly vault_rbac: boolean | null;
  readonly vault_purge_protection: boolean | null;
  readonly vault_soft_delete: boolean | null;
  readonly vault_public_access: string | null;
  readonly vault_firewall: AzureFirewall | null;
  readonly vault_access_policies: readonly AzureAccessPolicy[];
  readonly private_endpoints: readonly AzurePrivateEndpoint[];
  /** Names of all keys of the vault, in lower case. */
  readonly vault_keys: readonly string[];
  readonly perimeters: readonly AzurePerimeter[];
  readonly diagnostic_settings: readonly AzureDiagnosticSetting[];

  /** What may be looked at beyond subscriptions (`reads:` in the configuration). Always known. */
  readonly reads: AzureReads;

  readonly registration: Registration;

  // Derived: see src/access/azure. One for each source; each is unreadable when what it rests on is.
  readonly registered_key: AzureRegisteredKey;
  /** The service principal of the application that the key is for; null where the tenant has none. */
  readonly service_principal: AzureServicePrincipal | null;
  readonly service_principal_owners: readonly AzureOwner[];
  readonly service_principal_roles: readonly AzureDirectoryRight[];
  readonly service_principal_grants: readonly AzureDirectoryRight[];
  readonly service_principal_directory_roles: readonly AzureDirectoryRight[];
  /** Null where the tenant has no such service principal. */
  readonly published_principal: AzurePublishedPrincipal | null;
  /** Null where the tenant has no such service principal. */
  readonly published_access: AzurePublishedAccess | null;
  readonly key_access: AzureLevelAccess;
  readonly vault_access: AzureLevelAccess;
  readonly resource_group_access: AzureLevelAccess;
  readonly subscription_access: AzureLevelAccess;
  /** Of management groups. */
  readonly management_group_access: AzureLevelAccess;
  readonly root_access: AzureLevelAccess;
  readonly policy_access: AzurePolicyAccess;
  readonly denials: readonly AzureDenial[];
}

/** What of `reads:` in the configuration concerns a key in Azure. */
export interface AzureReads {
  readonly azure_directory: boolean;
}
