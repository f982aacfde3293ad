// The types of resource-types.ts once more as data, so that a change that comes over HTTP can be refused by name and place.
import type { ShapeOf } from "../shape.ts";
import type {
  SimulatedAccessPolicyEntry,
  SimulatedAssignmentSchedule,
  SimulatedDeletion,
  SimulatedDenyAssignment,
  SimulatedDiagnosticSetting,
  SimulatedManagedHsm,
  SimulatedNetworkRules,
  SimulatedPerimeterConfiguration,
  SimulatedPermissions,
  SimulatedPrincipal,
  SimulatedPrivateEndpointConnection,
  SimulatedRoleAssignment,
  SimulatedRoleDefinition,
  SimulatedRotationPolicy,
  SimulatedSku,
  SimulatedSubscription,
  SimulatedVault,
  SimulatedVaultKey,
  SimulatedVaultKeyVersion,
} from "./resource-types.ts";

const text = { optional: "string" } as const;
const flag = { optional: "boolean" } as const;
const number = { optional: "number" } as const;
const texts = { optional: { list: "string" } } as const;

const deletionShape = {
  fields: { deletedDate: "string", scheduledPurgeDate: text },
} as const satisfies ShapeOf<SimulatedDeletion>;

const skuShape = { fields: { family: "string", name: "string" } } as const satisfies ShapeOf<SimulatedSku>;

const accessPolicyShape = {
  fields: {
    tenantId: "string",
    objectId: "string",
    applicationId: text,
    permissions: { fields: { keys: texts, secrets: texts, certificates: texts, storage: texts } },
  },
} as const satisfies ShapeOf<SimulatedAccessPolicyEntry>;

const networkRulesShape = {
  fields: {
    bypass: text,
    defaultAction: text,
    ipRules: { optional: { list: { fields: { value: "string" } } } },
    virtualNetworkRules: {
      optional: { list: { fields: { id: "string", ignoreMissingVnetServiceEndpoint: flag } } },
    },
  },
} as const satisfies ShapeOf<SimulatedNetworkRules>;

const endpointShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        privateEndpoint: { optional: { fields: { id: "string" } } },
        privateLinkServiceConnectionState: { fields: { status: "string", description: text } },
        provisioningState: text,
      },
    },
  },
} as const satisfies ShapeOf<SimulatedPrivateEndpointConnection>;

/** What vaults and managed HSMs have in common. */
const holderFields = {
  tenantId: "string",
  enableSoftDelete: flag,
  softDeleteRetentionInDays: number,
  enablePurgeProtection: flag,
  networkAcls: { optional: networkRulesShape },
  privateEndpointConnections: { optional: { list: endpointShape } },
  publicNetworkAccess: text,
  provisioningState: text,
} as const;

export const vaultShape = {
  fields: {
    id: "string",
    location: "string",
    tags: { map: "string" },
    properties: {
      fields: {
        ...holderFields,
        vaultUri: "string",
        sku: skuShape,
        accessPolicies: { optional: { list: accessPolicyShape } },
        enabledForDeployment: flag,
        enabledForDiskEncryption: flag,
        enabledForTemplateDeployment: flag,
        enableRbacAuthorization: flag,
      },
    },
    deleted: { optional: deletionShape },
  },
} as const satisfies ShapeOf<SimulatedVault>;

export const managedHsmShape = {
  fields: {
    id: "string",
    location: "string",
    tags: { map: "string" },
    sku: skuShape,
    properties: { fields: { ...holderFields, hsmUri: "string", initialAdminObjectIds: texts } },
    deleted: { optional: deletionShape },
  },
} as const satisfies ShapeOf<SimulatedManagedHsm>;

const versionShape = {
  fields: {
    kty: "string",
    keySize: number,
    curveName: text,
    keyOps: texts,
    attributes: {
      fields: {
        enabled: "boolean",
        nbf: number,
        exp: number,
        created: number,
        updated: number,
        recoveryLevel: text,
        exportable: flag,
      },
    },
    tags: { map: "string" },
  },
} as const satisfies ShapeOf<SimulatedVaultKeyVersion>;

const rotationPolicyShape = {
  fields: {
    attributes: { optional: { fields: { created: number, updated: number, expiryTime: text } } },
    lifetimeActions: {
      optional: {
        list: {
          fields: {
            trigger: { fields: { timeAfterCreate: text, timeBeforeExpiry: text } },
            action: { fields: { type: "string" } },
          },
        },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedRotationPolicy>;

export const vaultKeyShape = {
  fields: {
    id: "string",
    current: "string",
    versions: { map: versionShape },
    rotationPolicy: { optional: rotationPolicyShape },
    deleted: { optional: deletionShape },
  },
} as const satisfies ShapeOf<SimulatedVaultKey>;

export const perimeterConfigurationShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        provisioningState: text,
        networkSecurityPerimeter: { fields: { id: "string", perimeterGuid: text, location: text } },
        resourceAssociation: { fields: { name: "string", accessMode: "string" } },
        profile: {
          fields: {
            name: "string",
            accessRulesVersion: number,
            accessRules: {
              list: {
                fields: {
                  name: "string",
                  properties: {
                    fields: {
                      direction: "string",
                      addressPrefixes: texts,
                      subscriptions: { optional: { list: { fields: { id: "string" } } } },
                      fullyQualifiedDomainNames: texts,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedPerimeterConfiguration>;

export const roleAssignmentShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        roleDefinitionId: "string",
        principalId: "string",
        principalType: text,
        condition: text,
        conditionVersion: text,
        description: text,
      },
    },
  },
} as const satisfies ShapeOf<SimulatedRoleAssignment>;

const names = { list: "string" } as const;
const permissionsShape = {
  fields: { actions: names, notActions: names, dataActions: names, notDataActions: names },
} as const satisfies ShapeOf<SimulatedPermissions>;

export const roleDefinitionShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        roleName: "string",
        type: "string",
        description: text,
        assignableScopes: names,
        permissions: { list: permissionsShape },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedRoleDefinition>;

const principalShape = { fields: { id: "string", type: text } } as const satisfies ShapeOf<SimulatedPrincipal>;

export const denyAssignmentShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        denyAssignmentName: "string",
        description: text,
        permissions: { list: permissionsShape },
        doNotApplyToChildScopes: "boolean",
        principals: { list: principalShape },
        excludePrincipals: { list: principalShape },
        isSystemProtected: flag,
        condition: text,
      },
    },
  },
} as const satisfies ShapeOf<SimulatedDenyAssignment>;

export const assignmentScheduleShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        roleDefinitionId: "string",
        principalId: "string",
        principalType: text,
        originRoleAssignmentId: text,
        status: text,
        startDateTime: text,
        endDateTime: text,
        assignmentType: "string",
        memberType: text,
      },
    },
  },
} as const satisfies ShapeOf<SimulatedAssignmentSchedule>;

export const diagnosticSettingShape = {
  fields: {
    id: "string",
    properties: {
      fields: {
        workspaceId: text,
        storageAccountId: text,
        eventHubAuthorizationRuleId: text,
        eventHubName: text,
        marketplacePartnerId: text,
        logAnalyticsDestinationType: text,
        logs: { list: { fields: { category: text, categoryGroup: text, enabled: "boolean" } } },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedDiagnosticSetting>;

export const subscriptionShape = {
  fields: { id: "string", displayName: text, management_groups: texts },
} as const satisfies ShapeOf<SimulatedSubscription>;
