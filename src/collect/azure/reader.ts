import type { AzureVaultKind } from "../../model/azure.ts";
import type { Turn } from "../turn.ts";
import type { VaultAddress } from "./vault-address.ts";

/** For which lane a request is made, and until when it is worth making. */
export type AzureTarget = Turn;

/**
 * Exactly the calls that are made of Azure. Answers are the bodies of the REST interface, parsed and not touched, and unknown
 * until a schema has spoken. Lists come in pages: `next` is the link that the page before gave, undefined for the first.
 * Scopes of assignments are ARM ids. Throws `Refused` for every expected failure.
 */
export interface AzureReader {
  // ARM: https://learn.microsoft.com/en-us/rest/api/keyvault/
  getKey(target: AzureTarget, vault: VaultAddress, key: string): Promise<unknown>;
  listKeyVersions(target: AzureTarget, vault: VaultAddress, key: string, next: string | undefined): Promise<unknown>;
  listKeys(target: AzureTarget, vault: VaultAddress, next: string | undefined): Promise<unknown>;
  getVault(target: AzureTarget, vault: VaultAddress): Promise<unknown>;
  listVaults(
    target: AzureTarget,
    kind: AzureVaultKind,
    subscription: string,
    next: string | undefined,
  ): Promise<unknown>;
  listDeletedVaults(
    target: AzureTarget,
    kind: AzureVaultKind,
    subscription: string,
    next: string | undefined,
  ): Promise<unknown>;
  listPerimeterConfigurations(target: AzureTarget, vault: VaultAddress, next: string | undefined): Promise<unknown>;
  listDiagnosticSettings(target: AzureTarget, vault: VaultAddress, next: string | undefined): Promise<unknown>;

  // ARM: https://learn.microsoft.com/en-us/rest/api/authorization/
  /** At and above a scope, for everybody. */
  listRoleAssignments(target: AzureTarget, scope: string, next: string | undefined): Promise<unknown>;
  /** At, above and below a scope, for one principal and the groups that it is in. */
  listPrincipalAssignments(
    target: AzureTarget,
    scope: string,
    principal: string,
    next: string | undefined,
  ): Promise<unknown>;
  getRoleDefinition(target: AzureTarget, id: string): Promise<unknown>;
  listDenyAssignments(target: AzureTarget, scope: string, next: string | undefined): Promise<unknown>;
  listPrincipalDenyAssignments(
    target: AzureTarget,
    scope: string,
    principal: string,
    next: string | undefined,
  ): Promise<unknown>;
  /** `{ value: null }` where the directory has no Privileged Identity Management. */
  listAssignmentSchedules(target: AzureTarget, scope: string, next: string | undefined): Promise<unknown>;

  // The data plane: https://learn.microsoft.com/en-us/rest/api/keyvault/keys/
  getDeletedKey(target: AzureTarget, host: string, key: string): Promise<unknown>;

  // Graph: https://learn.microsoft.com/en-us/graph/api/overview
  listServicePrincipals(target: AzureTarget, applicationId: string, next: string | undefined): Promise<unknown>;
  listServicePrincipalOwners(target: AzureTarget, objectId: string, next: string | undefined): Promise<unknown>;
  listAppRoleAssignments(target: AzureTarget, objectId: string, next: string | undefined): Promise<unknown>;
  listPermissionGrants(target: AzureTarget, objectId: string, next: string | undefined): Promise<unknown>;
  /** Everything that it is a member of, directory roles among it. */
  listDirectoryRoles(target: AzureTarget, objectId: string, next: string | undefined): Promise<unknown>;
  /** Those of the objects that are service principals; at most 1000 ids. */
  getAssignedApplications(target: AzureTarget, objectIds: readonly string[]): Promise<unknown>;
}
