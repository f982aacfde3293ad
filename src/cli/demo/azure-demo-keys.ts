import { azureCryptoUserRole } from "../../guidance/azure-roles.ts";
import { markerOfOrganization } from "../../guidance/organization-marker.ts";
import {
  sampleAssignmentSchedule,
  sampleDiagnosticSetting,
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleVault,
  sampleVaultKey,
} from "../../simulator/azure/resources.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { type DemoKey, type DemoState, demoOrganization } from "./demo-state.ts";

/** Names that the simulator alone knows. */
export const demoSubscription = "11112222-3333-4444-8555-666677778888";
const sharedVault = "example-keys";
const group = `/subscriptions/${demoSubscription}/resourceGroups/example-keys`;
const cryptoOfficer = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
const impostor = "0b1ec7ed-0000-4000-8000-0000000000ff";

type VaultChange = NonNullable<Parameters<typeof sampleVault>[0]>;
type Version = NonNullable<ReturnType<typeof sampleVaultKey>["versions"][string]>;

interface AzureDemoState extends DemoState {
  /** In what its current version differs from a documented one. */
  readonly version?: Partial<Version>;
  /** An older version, which data may still be wrapped with. */
  readonly older?: Partial<Version>;
  /** Where what is wrong is the vault's, it has one of its own. */
  readonly vault?: Omit<VaultChange, "id">;
  readonly unlogged?: true;
  /** What the published principal is assigned, and where: on the key, where nothing is said. */
  readonly assigned?: { readonly role?: string; readonly scope?: string; readonly ends?: string } | null;
  readonly lookalike?: true;
  readonly denied?: string;
  readonly deleted?: true;
}

const disabled = { attributes: { ...sampleVersion().attributes, enabled: false } };

/** One key of Azure for each important failure, named after it. */
export const azureDemoStates: Readonly<Record<string, AzureDemoState>> = {
  "azure-as-documented": { shows: null },
  "azure-disabled": { shows: "azure/key-enabled", version: disabled },
  "azure-older-version-disabled": { shows: "azure/earlier-versions-enabled", older: disabled },
  "azure-deleted": { shows: "azure/key-exists", deleted: true },
  "azure-expires": {
    shows: "azure/key-not-expired",
    version: { attributes: { ...sampleVersion().attributes, exp: Date.UTC(2026, 10, 1) / 1000 } },
  },
  "azure-rsa-2048": { shows: "azure/key-rsa-3072", version: { keySize: 2048 } },
  "azure-purgeable": {
    shows: "azure/vault-purge-protected",
    vault: { properties: { enablePurgeProtection: null } },
  },
  "azure-private": {
    shows: "azure/vault-public-network-access",
    vault: { properties: { publicNetworkAccess: "Disabled" } },
  },
  "azure-firewall": {
    shows: "azure/vault-firewall-allows-anthropic",
    vault: { properties: { networkAcls: { defaultAction: "Deny", ipRules: [{ value: "160.79.104.0/23" }] } } },
  },
  "azure-access-policies": {
    shows: "azure/vault-rbac-enabled",
    vault: { properties: { enableRbacAuthorization: false } },
  },
  "azure-europe": { shows: "azure/key-in-supported-location", vault: { location: "westeurope" } },
  "azure-use-not-logged": { shows: "azure/audit-events-routed", vault: {}, unlogged: true },
  "azure-not-assigned": { shows: "azure/service-principal-can-wrap", assigned: null },
  "azure-assigned-on-group": {
    shows: "azure/grant-scoped-to-key",
    vault: {},
    assigned: { scope: `/subscriptions/${demoSubscription}/resourceGroups/azure-assigned-on-group` },
  },
  "azure-principal-creates": {
    shows: "azure/service-principal-least-privilege",
    assigned: { role: cryptoOfficer },
  },
  "azure-grant-ends": { shows: "azure/assignment-stays-in-force", assigned: { ends: "2030-01-01T00:00:00Z" } },
  "azure-lookalike": { shows: "azure/no-lookalike-principal", lookalike: true },
  "azure-not-tagged": { shows: "azure/organization-tag", version: { tags: {} } },
  "azure-grants-unreadable": {
    shows: "azure/grant-scoped-to-key",
    denied: "authorization:ListPrincipalAssignments",
  },
};

function sampleVersion(): Version {
  const { current, versions } = sampleVaultKey();
  const version = versions[current];
  if (version === undefined) throw new TypeError("the sample key has no current version");
  return version;
}

/** Fills the simulated Azure, and returns the keys as they are to be registered; one of them is deleted. */
export function addAzureDemoKeys({ azure, control }: Simulator): readonly DemoKey[] {
  azure.addServicePrincipal(sampleServicePrincipal());
  azure.addServicePrincipal(
    sampleServicePrincipal({
      id: impostor,
      appId: "0b1ec7ed-0000-4000-8000-0000000000fe",
      displayName: "anthropic-cmek-cIient-us",
    }),
  );
  const add = (resource: string, change: object) => control.patch({ resource, change, create: true });

  function addVault(name: string, state: AzureDemoState): string {
    // A resource group of its own, too: what is assigned there reaches no other vault.
    const id = `${name === sharedVault ? group : `/subscriptions/${demoSubscription}/resourceGroups/${name}`}/providers/Microsoft.KeyVault/vaults/${name}`;
    azure.addVault(sampleVault({ id, ...state.vault }));
    const { id: setting, ...rest } = sampleDiagnosticSetting();
    if (state.unlogged !== true)
      add(`${id}/providers/Microsoft.Insights/diagnosticSettings/${lastPart(setting)}`, rest);
    return id;
  }

  function assign(index: number, key: string, { assigned, lookalike }: AzureDemoState): void {
    const assignment = (number: number, scope: string) =>
      `${scope}/providers/Microsoft.Authorization/roleAssignments/0b1ec7ed-0000-4000-8000-${String(number).padStart(12, "0")}`;
    const role = (id: string) =>
      `/subscriptions/${demoSubscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    if (assigned !== null) {
      const id = assignment(1000 + index, assigned?.scope ?? key);
      const properties = { roleDefinitionId: role(assigned?.role ?? azureCryptoUserRole) };
      azure.addRoleAssignment(sampleRoleAssignment({ id, properties }));
      if (assigned?.ends !== undefined) {
        const { id: _sample, ...schedule } = sampleAssignmentSchedule({
          properties: { originRoleAssignmentId: id, endDateTime: assigned.ends },
        });
        add(id.replace("roleAssignments", "roleAssignmentScheduleInstances"), schedule);
      }
    }
    if (lookalike === true) {
      const properties = { roleDefinitionId: role(azureCryptoUserRole), principalId: impostor };
      azure.addRoleAssignment(sampleRoleAssignment({ id: assignment(2000 + index, key), properties }));
    }
  }

  const shared = addVault(sharedVault, { shows: null });
  return Object.entries(azureDemoStates).map(([name, state], index) => {
    const vault = state.vault === undefined ? shared : addVault(name, state);
    const id = `${vault}/keys/${name}`;
    const resource = `https://${lastPart(vault)}.vault.azure.net/keys/${name}`;
    azure.addKey(keyOf(id, state));
    assign(index, id, state);
    if (state.denied !== undefined) control.deny({ call: state.denied, resource: id });
    return { name, resource };
  });
}

function keyOf(id: string, { version, older, deleted }: AzureDemoState) {
  const tag = markerOfOrganization(demoOrganization);
  const documented = { ...sampleVersion(), tags: { [tag.name]: tag.value } };
  const { current } = sampleVaultKey();
  const before = older === undefined ? {} : { "00000000000000000000000000000000": { ...documented, ...older } };
  const gone = { deletedDate: "2026-11-20T08:00:00Z", scheduledPurgeDate: "2027-02-18T08:00:00Z" };
  return sampleVaultKey({
    id,
    versions: { ...before, [current]: { ...documented, ...version } },
    ...(deleted === true ? { deleted: gone } : {}),
  });
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
