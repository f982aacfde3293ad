// Everything that the simulated Azure holds, by resource name.
import type { CloudResources } from "../cloud.ts";
import { ControlError } from "../control-error.ts";
import { assertShape, type Shape, type ShapeOf } from "../shape.ts";
import { AzureTable } from "./azure-table.ts";
import { builtInRoles } from "./built-in-roles.ts";
import { groupShape, servicePrincipalShape, tenantShape, userShape } from "./directory-shapes.ts";
import type { SimulatedGroup, SimulatedServicePrincipal, SimulatedTenant, SimulatedUser } from "./directory-types.ts";
import { type SimulatedWorkspace, workspaceShape } from "./log-workspace.ts";
import {
  checkDeletion,
  checkManagedHsm,
  checkSchedule,
  checkTenant,
  checkVault,
  checkVaultKey,
  checkWorkspace,
} from "./resource-checks.ts";
import * as shapes from "./resource-shapes.ts";
import type {
  SimulatedAssignmentSchedule,
  SimulatedDeletion,
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
import * as samples from "./resources.ts";
import { subscriptionIn } from "./scopes.ts";

export interface AzureState {
  readonly vaults: AzureTable<SimulatedVault>;
  readonly managedHsms: AzureTable<SimulatedManagedHsm>;
  readonly keys: AzureTable<SimulatedVaultKey>;
  readonly perimeters: AzureTable<SimulatedPerimeterConfiguration>;
  readonly assignments: AzureTable<SimulatedRoleAssignment>;
  readonly roles: AzureTable<SimulatedRoleDefinition>;
  readonly denials: AzureTable<SimulatedDenyAssignment>;
  readonly schedules: AzureTable<SimulatedAssignmentSchedule>;
  readonly diagnostics: AzureTable<SimulatedDiagnosticSetting>;
  readonly workspaces: AzureTable<SimulatedWorkspace>;
  readonly subscriptions: AzureTable<SimulatedSubscription>;
  readonly servicePrincipals: AzureTable<SimulatedServicePrincipal>;
  readonly groups: AzureTable<SimulatedGroup>;
  readonly users: AzureTable<SimulatedUser>;
  readonly tenants: AzureTable<SimulatedTenant>;
  /** The one tenant. */
  readonly tenant: () => SimulatedTenant;
}

const subscription = "/subscriptions/[0-9a-f-]{36}";
const holder = `${subscription}/resourceGroups/[^/]+/providers/Microsoft\\.KeyVault`;
const vault = `${holder}/vaults/[a-z0-9-]{3,24}`;
const managedHsm = `${holder}/managedHSMs/[a-z0-9-]{3,24}`;
const anyScope = "(|/subscriptions/.+|/providers/Microsoft\\.Management/managementGroups/[^/]+)";
const authorization = "providers/Microsoft\\.Authorization";
const objectId = "[0-9a-f-]{36}";
const tenantName = "directory/tenant";

/** The built-in roles and the tenant are there from the start. */
export function createAzureState(): AzureState {
  const tenants = new AzureTable<SimulatedTenant>({
    kind: "azure.tenant",
    recognizes: (name) => name === tenantName,
    nameOf: () => tenantName,
    scopeOf: () => "directory",
    check: (value, where) => {
      assertShape<SimulatedTenant>(value, tenantShape, where);
      checkTenant(value, where);
    },
    blank: () => samples.sampleTenant(),
  });
  tenants.seed(samples.sampleTenant());
  const roles = armTable({
    kind: "azure.role-definition",
    name: `(${subscription})?/${authorization}/roleDefinitions/[^/]+`,
    shape: shapes.roleDefinitionShape,
    blank: samples.sampleRoleDefinition,
  });
  for (const role of builtInRoles) {
    roles.seed(role);
  }
  return {
    ...keyVaultTables(),
    ...authorizationTables(),
    ...directoryTables(),
    roles,
    tenants,
    // Patched away, the defaults hold.
    tenant: () => tenants.get(tenantName) ?? samples.sampleTenant(),
  };
}

function keyVaultTables() {
  return {
    vaults: armTable({
      kind: "azure.vault",
      name: vault,
      shape: shapes.vaultShape,
      check: checkVault,
      blank: samples.sampleVault,
    }),
    managedHsms: armTable({
      kind: "azure.managed-hsm",
      name: managedHsm,
      shape: shapes.managedHsmShape,
      check: checkManagedHsm,
      blank: samples.sampleManagedHsm,
    }),
    keys: armTable({
      kind: "azure.vault-key",
      name: `(${vault}|${managedHsm})/keys/[A-Za-z0-9-]{1,127}`,
      shape: shapes.vaultKeyShape,
      check: checkVaultKey,
      blank: samples.sampleVaultKey,
    }),
    perimeters: armTable({
      kind: "azure.perimeter-configuration",
      name: `(${vault}|${managedHsm})/networkSecurityPerimeterConfigurations/[^/]+`,
      shape: shapes.perimeterConfigurationShape,
      blank: samples.samplePerimeterConfiguration,
    }),
    diagnostics: armTable({
      kind: "azure.diagnostic-setting",
      name: "/subscriptions/.+/providers/Microsoft\\.Insights/diagnosticSettings/[^/]+",
      shape: shapes.diagnosticSettingShape,
      blank: samples.sampleDiagnosticSetting,
    }),
    workspaces: armTable({
      kind: "azure.log-workspace",
      name: `${subscription}/resourceGroups/[^/]+/providers/Microsoft\\.OperationalInsights/workspaces/[^/]+`,
      shape: workspaceShape,
      check: checkWorkspace,
      blank: samples.sampleWorkspace,
    }),
    subscriptions: armTable({
      kind: "azure.subscription",
      name: subscription,
      shape: shapes.subscriptionShape,
      blank: samples.sampleSubscription,
    }),
  };
}

function authorizationTables() {
  return {
    assignments: armTable({
      kind: "azure.role-assignment",
      name: `${anyScope}/${authorization}/roleAssignments/[^/]+`,
      shape: shapes.roleAssignmentShape,
      blank: samples.sampleRoleAssignment,
    }),
    denials: armTable({
      kind: "azure.deny-assignment",
      name: `${anyScope}/${authorization}/denyAssignments/[^/]+`,
      shape: shapes.denyAssignmentShape,
      blank: samples.sampleDenyAssignment,
    }),
    schedules: armTable({
      kind: "azure.assignment-schedule",
      name: `${anyScope}/${authorization}/roleAssignmentScheduleInstances/[^/]+`,
      shape: shapes.assignmentScheduleShape,
      check: checkSchedule,
      blank: samples.sampleAssignmentSchedule,
    }),
  };
}

function directoryTables() {
  return {
    servicePrincipals: directoryTable({
      kind: "azure.service-principal",
      collection: "servicePrincipals",
      shape: servicePrincipalShape,
      blank: samples.sampleServicePrincipal,
    }),
    groups: directoryTable({
      kind: "azure.group",
      collection: "groups",
      shape: groupShape,
      blank: samples.sampleGroup,
    }),
    users: directoryTable({ kind: "azure.user", collection: "users", shape: userShape, blank: samples.sampleUser }),
  };
}

/** The tables, for control. */
export function tablesOf({ tenant: _, ...tables }: AzureState): readonly CloudResources[] {
  return Object.values(tables);
}

interface TableOptions<State> {
  readonly kind: string;
  readonly shape: ShapeOf<State> & Shape;
  readonly check?: (state: State, where: string) => void;
  readonly blank: (change: { id: string }) => State;
}

/** What ARM names by its id. */
function armTable<State extends { readonly id: string; readonly deleted?: SimulatedDeletion }>(
  options: TableOptions<State> & { readonly name: string },
): AzureTable<State> {
  const { kind, name, shape, check, blank } = options;
  const pattern = new RegExp(`^${name}$`, "i");
  return new AzureTable<State>({
    kind,
    recognizes: (id) => pattern.test(id),
    nameOf: ({ id }) => id,
    scopeOf: ({ id }) => quotaScopeOf(id),
    check: (value, where) => {
      assertShape<State>(value, shape, where);
      if (!pattern.test(value.id)) {
        throw new ControlError("wrong-value", `${where}.id`, `${value.id} is not the id of an ${kind}`);
      }
      check?.(value, where);
      checkDeletion(value, where);
    },
    blank: (id) => blank({ id }),
  });
}

/** What the directory names by its object id. */
function directoryTable<State extends { readonly id: string }>(
  options: TableOptions<State> & { readonly collection: string },
): AzureTable<State> {
  const { kind, collection, shape, blank } = options;
  const prefix = `directory/${collection}/`;
  const pattern = new RegExp(`^${prefix}${objectId}$`);
  return new AzureTable<State>({
    kind,
    recognizes: (name) => pattern.test(name),
    nameOf: ({ id }) => `${prefix}${id}`,
    scopeOf: () => "directory",
    check: (value, where) => {
      assertShape<State>(value, shape, where);
      if (!new RegExp(`^${objectId}$`).test(value.id)) {
        throw new ControlError("wrong-value", `${where}.id`, `${value.id} is no object id in lower case`);
      }
    },
    blank: (name) => blank({ id: name.slice(prefix.length) }),
  });
}

/** What shares a quota: a subscription, in the case that its id was given; else the tenant. */
export function quotaScopeOf(id: string): string {
  return subscriptionIn(id)?.slice(1).toLowerCase() ?? "directory";
}
