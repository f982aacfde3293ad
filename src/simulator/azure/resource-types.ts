// What the simulated Azure holds. Fields of Azure's own answers keep the names and forms of its REST APIs. Names are ARM
// ids, or `directory/…` for what is in Microsoft Entra ID; Azure compares them without regard to case.

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults/get */
export interface SimulatedVault {
  /** `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>`. */
  readonly id: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: SimulatedVaultProperties;
  /** Set: soft-deleted, so that only the list of deleted vaults has it. Without the resource it is purged. */
  readonly deleted?: SimulatedDeletion;
}

export interface SimulatedVaultProperties {
  readonly tenantId: string;
  /** `https://<host>/`. */
  readonly vaultUri: string;
  readonly sku: SimulatedSku;
  readonly accessPolicies?: readonly SimulatedAccessPolicyEntry[];
  readonly enabledForDeployment?: boolean;
  readonly enabledForDiskEncryption?: boolean;
  readonly enabledForTemplateDeployment?: boolean;
  readonly enableSoftDelete?: boolean;
  readonly softDeleteRetentionInDays?: number;
  readonly enableRbacAuthorization?: boolean;
  readonly enablePurgeProtection?: boolean;
  readonly networkAcls?: SimulatedNetworkRules;
  readonly privateEndpointConnections?: readonly SimulatedPrivateEndpointConnection[];
  readonly publicNetworkAccess?: string;
  readonly provisioningState?: string;
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/managedhsm/managed-hsms/get */
export interface SimulatedManagedHsm {
  /** `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/managedHSMs/<name>`. */
  readonly id: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: SimulatedSku;
  readonly properties: SimulatedManagedHsmProperties;
  readonly deleted?: SimulatedDeletion;
}

export interface SimulatedManagedHsmProperties {
  readonly tenantId: string;
  /** `https://<host>/`. */
  readonly hsmUri: string;
  readonly initialAdminObjectIds?: readonly string[];
  readonly enableSoftDelete?: boolean;
  readonly softDeleteRetentionInDays?: number;
  readonly enablePurgeProtection?: boolean;
  readonly networkAcls?: SimulatedNetworkRules;
  readonly privateEndpointConnections?: readonly SimulatedPrivateEndpointConnection[];
  readonly publicNetworkAccess?: string;
  readonly provisioningState?: string;
}

export interface SimulatedSku {
  readonly family: string;
  readonly name: string;
}

/** Times are RFC 3339. */
export interface SimulatedDeletion {
  readonly deletedDate: string;
  readonly scheduledPurgeDate?: string;
}

export interface SimulatedAccessPolicyEntry {
  readonly tenantId: string;
  readonly objectId: string;
  readonly applicationId?: string;
  readonly permissions: {
    readonly keys?: readonly string[];
    readonly secrets?: readonly string[];
    readonly certificates?: readonly string[];
    readonly storage?: readonly string[];
  };
}

export interface SimulatedNetworkRules {
  readonly bypass?: string;
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly value: string }[];
  readonly virtualNetworkRules?: readonly {
    readonly id: string;
    readonly ignoreMissingVnetServiceEndpoint?: boolean;
  }[];
}

export interface SimulatedPrivateEndpointConnection {
  readonly id: string;
  readonly properties: {
    readonly privateEndpoint?: { readonly id: string };
    readonly privateLinkServiceConnectionState: { readonly status: string; readonly description?: string };
    readonly provisioningState?: string;
  };
}

/** A key with its versions. https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys/get */
export interface SimulatedVaultKey {
  /** `<id of the vault or managed HSM>/keys/<name>`. */
  readonly id: string;
  /** The version that is used where none is named. */
  readonly current: string;
  /** By their ids of 32 hexadecimal digits. */
  readonly versions: Readonly<Record<string, SimulatedVaultKeyVersion>>;
  readonly rotationPolicy?: SimulatedRotationPolicy;
  /** Set: soft-deleted, so that only the vault itself still tells of it. */
  readonly deleted?: SimulatedDeletion;
}

export interface SimulatedVaultKeyVersion {
  readonly kty: string;
  readonly keySize?: number;
  readonly curveName?: string;
  readonly keyOps?: readonly string[];
  readonly attributes: SimulatedKeyAttributes;
  readonly tags: Readonly<Record<string, string>>;
}

/** Times are epoch seconds. */
export interface SimulatedKeyAttributes {
  readonly enabled: boolean;
  readonly nbf?: number;
  readonly exp?: number;
  readonly created?: number;
  readonly updated?: number;
  readonly recoveryLevel?: string;
  readonly exportable?: boolean;
}

export interface SimulatedRotationPolicy {
  readonly attributes?: { readonly created?: number; readonly updated?: number; readonly expiryTime?: string };
  readonly lifetimeActions?: readonly {
    readonly trigger: { readonly timeAfterCreate?: string; readonly timeBeforeExpiry?: string };
    readonly action: { readonly type: string };
  }[];
}

/** https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-concepts */
export interface SimulatedPerimeterConfiguration {
  /** `<id of the vault>/networkSecurityPerimeterConfigurations/<name>`. */
  readonly id: string;
  readonly properties: {
    readonly provisioningState?: string;
    readonly networkSecurityPerimeter: {
      readonly id: string;
      readonly perimeterGuid?: string;
      readonly location?: string;
    };
    readonly resourceAssociation: { readonly name: string; readonly accessMode: string };
    readonly profile: {
      readonly name: string;
      readonly accessRulesVersion?: number;
      readonly accessRules: readonly SimulatedPerimeterRule[];
    };
  };
}

export interface SimulatedPerimeterRule {
  readonly name: string;
  readonly properties: {
    readonly direction: string;
    readonly addressPrefixes?: readonly string[];
    readonly subscriptions?: readonly { readonly id: string }[];
    readonly fullyQualifiedDomainNames?: readonly string[];
  };
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-assignments/list-for-scope; its scope is in its id. */
export interface SimulatedRoleAssignment {
  /** `<scope>/providers/Microsoft.Authorization/roleAssignments/<name>`; no scope at all is the root. */
  readonly id: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType?: string;
    readonly condition?: string;
    readonly conditionVersion?: string;
    readonly description?: string;
  };
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-definitions/get-by-id; the built-in ones are there without being added. */
export interface SimulatedRoleDefinition {
  /** `/providers/Microsoft.Authorization/roleDefinitions/<name>`, with the subscription in front or without. */
  readonly id: string;
  readonly properties: {
    readonly roleName: string;
    readonly type: string;
    readonly description?: string;
    readonly assignableScopes: readonly string[];
    readonly permissions: readonly SimulatedPermissions[];
  };
}

export interface SimulatedPermissions {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** https://learn.microsoft.com/en-us/azure/role-based-access-control/deny-assignments */
export interface SimulatedDenyAssignment {
  /** `<scope>/providers/Microsoft.Authorization/denyAssignments/<name>`. */
  readonly id: string;
  readonly properties: {
    readonly denyAssignmentName: string;
    readonly description?: string;
    readonly permissions: readonly SimulatedPermissions[];
    readonly doNotApplyToChildScopes: boolean;
    readonly principals: readonly SimulatedPrincipal[];
    readonly excludePrincipals: readonly SimulatedPrincipal[];
    readonly isSystemProtected?: boolean;
    readonly condition?: string;
  };
}

export interface SimulatedPrincipal {
  readonly id: string;
  readonly type?: string;
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-assignment-schedule-instances/list-for-scope */
export interface SimulatedAssignmentSchedule {
  /** `<scope>/providers/Microsoft.Authorization/roleAssignmentScheduleInstances/<name>`. */
  readonly id: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType?: string;
    readonly originRoleAssignmentId?: string;
    readonly status?: string;
    readonly startDateTime?: string;
    /** Without it the assignment does not end. */
    readonly endDateTime?: string;
    readonly assignmentType: string;
    readonly memberType?: string;
  };
}

/** https://learn.microsoft.com/en-us/rest/api/monitor/diagnostic-settings/list */
export interface SimulatedDiagnosticSetting {
  /** `<id of a resource>/providers/Microsoft.Insights/diagnosticSettings/<name>`. */
  readonly id: string;
  readonly properties: {
    readonly workspaceId?: string;
    readonly storageAccountId?: string;
    readonly eventHubAuthorizationRuleId?: string;
    readonly eventHubName?: string;
    readonly marketplacePartnerId?: string;
    readonly logAnalyticsDestinationType?: string;
    readonly logs: readonly {
      readonly category?: string;
      readonly categoryGroup?: string;
      readonly enabled: boolean;
    }[];
  };
}

/** A subscription that holds a vault exists without being added, too. */
export interface SimulatedSubscription {
  /** `/subscriptions/<id>`. */
  readonly id: string;
  readonly displayName?: string;
  /** Names of those above it. Without the field every management group that something is assigned at is above it. */
  readonly management_groups?: readonly string[];
}
