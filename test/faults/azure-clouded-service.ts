/** Azure: two vaults and a managed HSM in one subscription, watched by the real service. */
import { azureCryptoUserRole } from "../../src/guidance/azure-roles.ts";
import { markerOfOrganization } from "../../src/guidance/organization-marker.ts";
import {
  sampleDiagnosticSetting,
  sampleManagedHsm,
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { testAnthropicOrganization } from "../support/gcp-kms-key.ts";
import { type Scanned as ScannedOf, type ServiceOfCloud, serviceOf } from "./service-of-cloud.ts";

export const subscription = "11112222-3333-4444-8555-666677778888";
const group = `/subscriptions/${subscription}/resourceGroups/example-keys`;
const keyVault = `${group}/providers/Microsoft.KeyVault`;
export const vaults = {
  own: `${keyVault}/vaults/customer-keys`,
  other: `${keyVault}/vaults/other-keys`,
  hsm: `${keyVault}/managedHSMs/customer-hsm`,
} as const;
export const hosts = {
  own: "customer-keys.vault.azure.net",
  other: "other-keys.vault.azure.net",
  hsm: "customer-hsm.managedhsm.azure.net",
} as const;
/** `open` fails two checks from the start, so that there is something that could be resolved by mistake. */
export const keys = {
  healthy: `https://${hosts.own}/keys/healthy`,
  open: `https://${hosts.own}/keys/open`,
  other: `https://${hosts.other}/keys/other`,
  hsm: `https://${hosts.hsm}/keys/hsm`,
} as const;
export type KeyName = keyof typeof keys;
export type Scanned = ScannedOf<KeyName>;
export type CloudedService = ServiceOfCloud<KeyName>;

const holders = { healthy: "own", open: "own", other: "other", hsm: "hsm" } as const;
export const scopeOf = (name: KeyName) => `vaults/${hosts[holders[name]]}`;
/** The ARM id of a key. */
export const idOf = (name: KeyName) => `${vaults[holders[name]]}/keys/${name}`;
/** Its name in the simulator. */
export const tenant = "directory/tenant";

const owner = "0b1ec7ed-0000-4000-8000-000000000003";
const ownerRole = roleId("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
const userRole = roleId(azureCryptoUserRole);

export interface CloudedOptions {
  readonly request_timeout?: number;
  /** By default the one that everything is in. */
  readonly subscriptions?: readonly string[];
}

export async function cloudedService(options: CloudedOptions = {}): Promise<CloudedService> {
  const { subscriptions = [subscription], ...local } = options;
  const simulator = await startSimulator({ seed: 1 });
  const { azure } = simulator;
  azure.addServicePrincipal(sampleServicePrincipal());
  azure.addVault(sampleVault({ id: vaults.own }));
  azure.addVault(sampleVault({ id: vaults.other }));
  azure.addManagedHsm(sampleManagedHsm({ id: vaults.hsm }));
  const owned = { principalId: owner, principalType: "User", roleDefinitionId: ownerRole };
  azure.addRoleAssignment(
    sampleRoleAssignment({ id: assignmentId(`/subscriptions/${subscription}`), properties: owned }),
  );
  for (const name of Object.keys(keys) as KeyName[]) {
    azure.addKey(sampleVaultKey({ id: idOf(name), ...versionOf(name) }));
    azure.addRoleAssignment(
      sampleRoleAssignment({ id: assignmentId(idOf(name)), properties: { roleDefinitionId: userRole } }),
    );
  }
  for (const id of Object.values(vaults)) {
    azure.addDiagnosticSetting(
      sampleDiagnosticSetting({ id: `${id}/providers/Microsoft.Insights/diagnosticSettings/audit` }),
    );
  }
  return serviceOf({
    simulator,
    local: { azure: { ...simulator.azureEndpoints, ...local } },
    keys,
    config: {
      organizations: [testAnthropicOrganization],
      azure: { subscriptions },
      // The budgets have tests of their own.
      budgets: { ratio: 1, "arm:read": 1000, "graph:read": 1000 },
    },
  });
}

/** Of the one assignment that a scope has. */
export function assignmentId(scope: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/0b1ec7ed-0000-4000-8000-00000000000b`;
}

function roleId(role: string): string {
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}

function versionOf(name: KeyName) {
  const { name: tag, value } = markerOfOrganization(testAnthropicOrganization);
  const { current } = sampleVaultKey();
  return { versions: { [current]: name === "open" ? { keySize: 2048 } : { tags: { [tag]: value } } } };
}
