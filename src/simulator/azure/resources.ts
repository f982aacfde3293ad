// Resources with safe defaults, for tests and the demo.
import { type Change, mergePatch } from "../merge-patch.ts";
import { assertShape, type Shape, type ShapeOf } from "../shape.ts";
import { groupShape, servicePrincipalShape, tenantShape, userShape } from "./directory-shapes.ts";
import type { SimulatedGroup, SimulatedServicePrincipal, SimulatedTenant, SimulatedUser } from "./directory-types.ts";
import { type SimulatedWorkspace, workspaceShape } from "./log-workspace.ts";
import * as shapes from "./resource-shapes.ts";
import type {
  SimulatedAssignmentSchedule,
  SimulatedDenyAssignment,
  SimulatedDiagnosticSetting,
  SimulatedManagedHsm,
  SimulatedPerimeterConfiguration,
  SimulatedRoleAssignment,
  SimulatedRoleDefinition,
  SimulatedSubscription,
  SimulatedVault,
  SimulatedVaultKey,
} from "./resource-types.ts";

const tenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const subscriptionId = "/subscriptions/11112222-3333-4444-8555-666677778888";
const providers = `${subscriptionId}/resourceGroups/example-keys/providers`;
const vaultId = `${providers}/Microsoft.KeyVault/vaults/example-vault`;
const keyId = `${vaultId}/keys/anthropic`;
const roleDefinitions = "providers/Microsoft.Authorization/roleDefinitions";
const cryptoUser = `${subscriptionId}/${roleDefinitions}/12338af0-0e69-4776-bea7-57ae8d297424`;
const principalId = "0b1ec7ed-0000-4000-8000-000000000001";
/** 2026-07-01T00:00:00Z. */
const sampleSeconds = 1_782_864_000;

/** A vault that uses role assignments, keeps what is deleted and lets everybody knock, with the changes merged in. */
export function sampleVault(change: Change<SimulatedVault> = {}): SimulatedVault {
  const id = change.id ?? vaultId;
  const base: SimulatedVault = {
    id,
    location: "eastus2",
    tags: {},
    properties: {
      tenantId,
      vaultUri: `https://${lastPart(id).toLowerCase()}.vault.azure.net/`,
      sku: { family: "A", name: "premium" },
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: "Enabled",
      provisioningState: "Succeeded",
    },
  };
  return made(base, change, shapes.vaultShape, "vault");
}

/** A managed HSM that keeps what is deleted and lets everybody knock, with the changes merged in. */
export function sampleManagedHsm(change: Change<SimulatedManagedHsm> = {}): SimulatedManagedHsm {
  const id = change.id ?? `${providers}/Microsoft.KeyVault/managedHSMs/example-hsm`;
  const base: SimulatedManagedHsm = {
    id,
    location: "eastus2",
    tags: {},
    sku: { family: "B", name: "Standard_B1" },
    properties: {
      tenantId,
      hsmUri: `https://${lastPart(id).toLowerCase()}.managedhsm.azure.net/`,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: "Enabled",
      provisioningState: "Succeeded",
    },
  };
  return made(base, change, shapes.managedHsmShape, "hsm");
}

/** An enabled RSA key of 3072 bits in an HSM that can only wrap, with one version and rotated yearly, with the changes merged in. */
export function sampleVaultKey(change: Change<SimulatedVaultKey> = {}): SimulatedVaultKey {
  const current = "00000000000000000000000000000001";
  const base: SimulatedVaultKey = {
    id: keyId,
    current,
    versions: {
      [current]: {
        kty: "RSA-HSM",
        keySize: 3072,
        keyOps: ["wrapKey", "unwrapKey"],
        attributes: {
          enabled: true,
          created: sampleSeconds,
          updated: sampleSeconds,
          recoveryLevel: "Recoverable",
          exportable: false,
        },
        tags: {},
      },
    },
    rotationPolicy: {
      attributes: { created: sampleSeconds, updated: sampleSeconds },
      lifetimeActions: [{ trigger: { timeAfterCreate: "P1Y" }, action: { type: "Rotate" } }],
    },
  };
  return made(base, change, shapes.vaultKeyShape, "key");
}

/** An enforced perimeter around the sample vault that lets Anthropic's addresses in, with the changes merged in. */
export function samplePerimeterConfiguration(
  change: Change<SimulatedPerimeterConfiguration> = {},
): SimulatedPerimeterConfiguration {
  const guid = "0b1ec7ed-0000-4000-8000-00000000000a";
  const base: SimulatedPerimeterConfiguration = {
    id: `${vaultId}/networkSecurityPerimeterConfigurations/${guid}.example-association`,
    properties: {
      provisioningState: "Succeeded",
      networkSecurityPerimeter: {
        id: `${providers}/Microsoft.Network/networkSecurityPerimeters/example-perimeter`,
        perimeterGuid: guid,
        location: "eastus2",
      },
      resourceAssociation: { name: "example-association", accessMode: "Enforced" },
      profile: {
        name: "example-profile",
        accessRulesVersion: 1,
        accessRules: [
          { name: "anthropic", properties: { direction: "Inbound", addressPrefixes: ["160.79.104.0/21"] } },
        ],
      },
    },
  };
  return made(base, change, shapes.perimeterConfigurationShape, "perimeter");
}

/** The sample service principal as Key Vault Crypto User of the sample key, with the changes merged in. */
export function sampleRoleAssignment(change: Change<SimulatedRoleAssignment> = {}): SimulatedRoleAssignment {
  const base: SimulatedRoleAssignment = {
    id: `${keyId}/providers/Microsoft.Authorization/roleAssignments/0b1ec7ed-0000-4000-8000-00000000000b`,
    properties: { roleDefinitionId: cryptoUser, principalId, principalType: "ServicePrincipal" },
  };
  return made(base, change, shapes.roleAssignmentShape, "assignment");
}

/** A custom role that may look at vaults, with the changes merged in. */
export function sampleRoleDefinition(change: Change<SimulatedRoleDefinition> = {}): SimulatedRoleDefinition {
  const base: SimulatedRoleDefinition = {
    id: `${subscriptionId}/${roleDefinitions}/0b1ec7ed-0000-4000-8000-00000000000c`,
    properties: {
      roleName: "Key watcher",
      type: "CustomRole",
      assignableScopes: [subscriptionId],
      permissions: [
        { actions: ["Microsoft.KeyVault/vaults/read"], notActions: [], dataActions: [], notDataActions: [] },
      ],
    },
  };
  return made(base, change, shapes.roleDefinitionShape, "role");
}

/** A deny assignment that takes key operations from everybody at the sample vault, with the changes merged in. */
export function sampleDenyAssignment(change: Change<SimulatedDenyAssignment> = {}): SimulatedDenyAssignment {
  const dataActions = ["Microsoft.KeyVault/vaults/keys/*"];
  const base: SimulatedDenyAssignment = {
    id: `${vaultId}/providers/Microsoft.Authorization/denyAssignments/0b1ec7ed-0000-4000-8000-00000000000d`,
    properties: {
      denyAssignmentName: "No use of keys",
      permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
      doNotApplyToChildScopes: false,
      principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
      excludePrincipals: [],
      isSystemProtected: true,
    },
  };
  return made(base, change, shapes.denyAssignmentShape, "denial");
}

/** The schedule of the sample assignment, without an end, with the changes merged in. */
export function sampleAssignmentSchedule(
  change: Change<SimulatedAssignmentSchedule> = {},
): SimulatedAssignmentSchedule {
  const assignment = sampleRoleAssignment();
  const base: SimulatedAssignmentSchedule = {
    id: assignment.id.replace("roleAssignments", "roleAssignmentScheduleInstances"),
    properties: {
      roleDefinitionId: cryptoUser,
      principalId,
      principalType: "ServicePrincipal",
      originRoleAssignmentId: assignment.id,
      status: "Provisioned",
      startDateTime: "2026-07-01T00:00:00Z",
      assignmentType: "Assigned",
      memberType: "Direct",
    },
  };
  return made(base, change, shapes.assignmentScheduleShape, "schedule");
}

/** A setting that sends the sample vault's audit events to a Log Analytics workspace, with the changes merged in. */
export function sampleDiagnosticSetting(change: Change<SimulatedDiagnosticSetting> = {}): SimulatedDiagnosticSetting {
  const base: SimulatedDiagnosticSetting = {
    id: `${vaultId}/providers/Microsoft.Insights/diagnosticSettings/audit`,
    properties: {
      workspaceId: `${providers}/Microsoft.OperationalInsights/workspaces/example-workspace`,
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ categoryGroup: "audit", enabled: true }],
    },
  };
  return made(base, change, shapes.diagnosticSettingShape, "setting");
}

/** The workspace of the sample setting, without rows, with the changes merged in. */
export function sampleWorkspace(change: Change<SimulatedWorkspace> = {}): SimulatedWorkspace {
  const base: SimulatedWorkspace = {
    id: `${providers}/Microsoft.OperationalInsights/workspaces/example-workspace`,
    customerId: "0b1ec7ed-0000-4000-8000-00000000000e",
    audit_logs: [],
  };
  return made(base, change, workspaceShape, "workspace");
}

export function sampleSubscription(change: Change<SimulatedSubscription> = {}): SimulatedSubscription {
  const base: SimulatedSubscription = { id: subscriptionId, displayName: "example" };
  return made(base, change, shapes.subscriptionShape, "subscription");
}

/** Anthropic's published application in the sample tenant, without anything added to it, with the changes merged in. */
export function sampleServicePrincipal(change: Change<SimulatedServicePrincipal> = {}): SimulatedServicePrincipal {
  const base: SimulatedServicePrincipal = {
    id: principalId,
    appId: "8635ae1a-3e5d-44e8-a4ed-e0f614466f87",
    displayName: "anthropic-cmek-client-us",
    accountEnabled: true,
    servicePrincipalType: "Application",
    passwordCredentials: {},
    keyCredentials: {},
    owners: {},
    appRoleAssignments: {},
    oauth2PermissionGrants: {},
    directoryRoles: {},
  };
  return made(base, change, servicePrincipalShape, "principal");
}

/** An empty group, with the changes merged in. */
export function sampleGroup(change: Change<SimulatedGroup> = {}): SimulatedGroup {
  const id = "0b1ec7ed-0000-4000-8000-000000000002";
  const base: SimulatedGroup = { id, displayName: "key users", members: [], directoryRoles: {} };
  return made(base, change, groupShape, "group");
}

export function sampleUser(change: Change<SimulatedUser> = {}): SimulatedUser {
  const id = "0b1ec7ed-0000-4000-8000-000000000003";
  const base: SimulatedUser = { id, displayName: "Key Owner", userPrincipalName: "owner@example.com" };
  return made(base, change, userShape, "user");
}

/** The tenant of the samples, with Privileged Identity Management, with the changes merged in. */
export function sampleTenant(change: Change<SimulatedTenant> = {}): SimulatedTenant {
  const base = { id: tenantId, privileged_identity_management: true, page_size: 100 };
  return made(base, change, tenantShape, "tenant");
}

function made<T>(base: T, change: Change<NoInfer<T>>, shape: ShapeOf<NoInfer<T>> & Shape, where: string): T {
  const value = mergePatch(base, change);
  assertShape<T>(value, shape, where);
  return value;
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
