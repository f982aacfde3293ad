// What the simulated Microsoft Entra ID holds. What Graph lists is a map by id here, so that a patch can reach one entry.

/** The one tenant, and what is set for all of it. */
export interface SimulatedTenant {
  readonly id: string;
  /** Without it, schedules of role assignments are refused. */
  readonly privileged_identity_management: boolean;
  /** How many entries a page of a list has, where the request asks for no fewer. */
  readonly page_size: number;
}

/** https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal */
export interface SimulatedServicePrincipal {
  /** The object id. */
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  readonly servicePrincipalType?: string;
  readonly appOwnerOrganizationId?: string;
  /** By key id. */
  readonly passwordCredentials: Readonly<Record<string, SimulatedCredential>>;
  /** By key id. */
  readonly keyCredentials: Readonly<Record<string, SimulatedKeyCredential>>;
  /** By object id. */
  readonly owners: Readonly<Record<string, SimulatedOwner>>;
  /** By the id of the assignment. */
  readonly appRoleAssignments: Readonly<Record<string, SimulatedAppRoleAssignment>>;
  /** By the id of the grant. */
  readonly oauth2PermissionGrants: Readonly<Record<string, SimulatedPermissionGrant>>;
  /** By object id. */
  readonly directoryRoles: Readonly<Record<string, SimulatedDirectoryRole>>;
}

export interface SimulatedCredential {
  readonly displayName?: string;
  readonly startDateTime?: string;
  readonly endDateTime?: string;
  readonly hint?: string;
}

export interface SimulatedKeyCredential {
  readonly displayName?: string;
  readonly startDateTime?: string;
  readonly endDateTime?: string;
  readonly type: string;
  readonly usage: string;
}

export interface SimulatedOwner {
  /** `#microsoft.graph.user`, … */
  readonly type: string;
  readonly displayName?: string;
}

export interface SimulatedAppRoleAssignment {
  readonly appRoleId: string;
  readonly resourceId: string;
  readonly resourceDisplayName?: string;
}

export interface SimulatedPermissionGrant {
  readonly consentType: string;
  readonly principalId?: string;
  readonly resourceId: string;
  readonly scope: string;
}

export interface SimulatedDirectoryRole {
  readonly displayName: string;
  readonly roleTemplateId?: string;
}

/** Members and what else it gives them; groups may hold groups. */
export interface SimulatedGroup {
  /** The object id. */
  readonly id: string;
  readonly displayName: string;
  /** Object ids. */
  readonly members: readonly string[];
  /** By object id. */
  readonly directoryRoles: Readonly<Record<string, SimulatedDirectoryRole>>;
}

export interface SimulatedUser {
  /** The object id. */
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName?: string;
}
