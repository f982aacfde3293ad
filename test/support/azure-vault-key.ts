import { deriveAzureVaultKeyFacts } from "../../src/access/azure/derive.ts";
import { azureCryptoUserRole, documentedAzureRolePermissions } from "../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../src/guidance/identifiers.ts";
import type {
  AzureAccessPolicy,
  AzureDenyAssignment,
  AzureFirewall,
  AzureKeyVersion,
  AzurePerimeter,
  AzurePermissions,
  AzureRole,
  AzureRoleAssignment,
  AzureServicePrincipal,
} from "../../src/model/azure.ts";
import { type FactsByName, type Known, known } from "../../src/model/fact.ts";
import type { KeyResource } from "../../src/model/key.ts";
import { type AzureRegistration, nothingSaidOfAzure, type Registration } from "../../src/model/registration.ts";
import type { Facts } from "../../src/model/resource.ts";
import type { TestResource } from "./check-tester.ts";
import { testAnthropicOrganization } from "./gcp-kms-key.ts";

export const testAzureTenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
export const testAzureSubscription = "5b6c7d8e-9f01-4a2b-8c3d-4e5f60718293";
export const testAzureSubscriptionScope = `/subscriptions/${testAzureSubscription}`;
export const testAzureResourceGroup = `${testAzureSubscriptionScope}/resourceGroups/customer-keys`;
export const testAzureVaultName = "customer-cmek";
export const testAzureHost = `${testAzureVaultName}.vault.azure.net`;
/** The vault's ARM id, as Azure writes it. */
export const testAzureVault = `${testAzureResourceGroup}/providers/Microsoft.KeyVault/vaults/${testAzureVaultName}`;
/** The scope of assignments on the key. */
export const testAzureKeyScope = `${testAzureVault}/keys/anthropic`;
export const testAzureVersion = "0123456789abcdef0123456789abcdef";
export const testAzureKeyUri = `https://${testAzureHost}/keys/anthropic`;
export const testAzureManagementGroup = "/providers/Microsoft.Management/managementGroups/customer";
/** Of Anthropic's application in the customer's tenant. */
export const testAzurePrincipal = "a1b2c3d4-0001-4000-8000-00000000a001";
/** Administers the subscription. */
export const testAzureOwner = "a1b2c3d4-0002-4000-8000-00000000a002";
/** Somebody else's, or one that nobody registered. */
export const testAzureStranger = "a1b2c3d4-0003-4000-8000-00000000a003";
export const testAzureGroup = "a1b2c3d4-0004-4000-8000-00000000a004";

export const testAzureKey: KeyResource = {
  provider: "azure",
  kind: "azure.vault-key",
  resource: testAzureKeyUri,
  scope: `vaults/${testAzureHost}`,
  account: testAzureHost,
  location: null,
};

/** A key of the same names in a managed HSM. */
export const testAzureHsmHost = `${testAzureVaultName}.managedhsm.azure.net`;
export const testAzureHsm = `${testAzureResourceGroup}/providers/Microsoft.KeyVault/managedHSMs/${testAzureVaultName}`;
export const testAzureHsmKey: KeyResource = {
  ...testAzureKey,
  resource: `https://${testAzureHsmHost}/keys/anthropic`,
  scope: `vaults/${testAzureHsmHost}`,
  account: testAzureHsmHost,
};

/** `azure` are changes of what is said of Azure. */
export function azureRegistration(
  changes: Partial<Registration> = {},
  azure: Partial<AzureRegistration> = {},
): Registration {
  return {
    compartments: [],
    organizations: [testAnthropicOrganization],
    expected_principals: [],
    in_use_since: null,
    role_arn: null,
    azure: { ...nothingSaidOfAzure, tenant_id: testAzureTenant, ...azure },
    guidance: null,
    labels: {},
    ...changes,
  };
}
export const testAzureRegistration: Registration = azureRegistration();

/** The id of a role's definition as assignments in the test's subscription have it; `role` is the role's own id. */
export function azureRoleId(role: string): string {
  return `${testAzureSubscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}

export const azureOwnerRole = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
export const azureContributorRole = "b24988ac-6180-42a0-ab88-20f7382dd24c";
export const azureReaderRole = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
export const azureUserAccessAdministratorRole = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
export const azureKeyVaultAdministratorRole = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
export const azureCryptoOfficerRole = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
export const azureKeyVaultReaderRole = "21090545-7ca7-4776-b22c-e363652d74d2";
export const azureKeyVaultContributorRole = "f25e0fa2-a7c8-4377-a976-54943a77a395";
/** A role of the customer's own, whose definition a test has to give: see `azureRoleFact`. */
export const testAzureCustomRole = "c0ffee00-0005-4000-8000-00000000a005";

/** An assignment on the key, of the documented role, to the service principal; a test names what differs. */
export function azureAssignment(
  changes: Partial<AzureRoleAssignment> & { readonly role?: string } = {},
): AzureRoleAssignment {
  const { role = azureCryptoUserRole, ...others } = changes;
  const assignment = {
    scope: testAzureKeyScope,
    role_definition_id: azureRoleId(role),
    principal_id: testAzurePrincipal,
    principal_type: "ServicePrincipal",
    condition: null,
    ...others,
  };
  const name = `${assignment.principal_id.slice(-4)}${role.slice(0, 4)}-0006-4000-8000-00000000a006`;
  return { id: `${assignment.scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, ...assignment };
}

/** What a role permits, in one set of permissions. */
export function azureRole(permissions: Partial<AzurePermissions>, changes: Partial<AzureRole> = {}): AzureRole {
  return { name: "Custom", type: "CustomRole", permissions: [azurePermissions(permissions)], ...changes };
}

export function azurePermissions(permissions: Partial<AzurePermissions>): AzurePermissions {
  return { actions: [], not_actions: [], data_actions: [], not_data_actions: [], ...permissions };
}

/** The name of the fact that is the definition of a role; `role` is the role's own id. */
export function azureRoleFact(role: string): string {
  return `role_definition:${azureRoleId(role).toLowerCase()}`;
}

/** The documented assignment and that of the subscription's owner, and these beside them: a fact `assignments`. */
export function azureAssignmentsWith(
  ...assignments: readonly AzureRoleAssignment[]
): Known<readonly AzureRoleAssignment[]> {
  return known([...documentedAzureAssignments, ...assignments]);
}

/** A deny assignment on the vault that takes everybody's data actions away, and is handed down. */
export function azureDenyAssignment(changes: Partial<AzureDenyAssignment> = {}): AzureDenyAssignment {
  return {
    id: `${testAzureVault}/providers/Microsoft.Authorization/denyAssignments/d0000000-0007-4000-8000-00000000a007`,
    name: "Protect the keys",
    scope: testAzureVault,
    applies_to_child_scopes: true,
    permissions: [azurePermissions({ data_actions: ["Microsoft.KeyVault/vaults/keys/*"] })],
    principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
    excluded: [],
    condition: null,
    ...changes,
  };
}

/** For the service principal: key permissions as they are documented for vaults without RBAC. */
export function azureAccessPolicy(changes: Partial<AzureAccessPolicy> = {}): AzureAccessPolicy {
  return {
    tenant: testAzureTenant,
    object_id: testAzurePrincipal,
    application_id: null,
    key_permissions: ["get", "wrapkey", "unwrapkey"],
    ...changes,
  };
}

export function azureVersion(changes: Partial<AzureKeyVersion> = {}): AzureKeyVersion {
  return {
    version: testAzureVersion,
    enabled: true,
    not_before: null,
    expires: null,
    created: Date.UTC(2026, 5, 1),
    ...changes,
  };
}

/** Lets nobody in but what the changes say. */
export function azureFirewall(changes: Partial<AzureFirewall> = {}): AzureFirewall {
  return { default_action: "Deny", bypass: "AzureServices", ip_rules: [], network_rules: [], ...changes };
}

/** In enforced mode, with one inbound rule of these address prefixes; with none, no rule at all. */
export function azurePerimeter(
  prefixes: readonly string[] = [],
  changes: Partial<AzurePerimeter> = {},
): AzurePerimeter {
  const rules = [{ name: "anthropic", direction: "Inbound", address_prefixes: prefixes }];
  return { name: "keys", access_mode: "Enforced", rules: prefixes.length === 0 ? [] : rules, ...changes };
}

export function azureServicePrincipal(changes: Partial<AzureServicePrincipal> = {}): AzureServicePrincipal {
  return {
    object_id: testAzurePrincipal,
    application_id: anthropicAzureApplication,
    display_name: anthropicAzureApplicationName,
    enabled: true,
    credentials: [],
    ...changes,
  };
}

const ownerAssignment = azureAssignment({
  role: azureOwnerRole,
  scope: testAzureSubscriptionScope,
  principal_id: testAzureOwner,
  principal_type: "User",
});

/** The documented one, and that of the subscription's owner. */
export const documentedAzureAssignments: readonly AzureRoleAssignment[] = [azureAssignment(), ownerAssignment];

/** The built-in roles that are documented; by the names of their facts. */
export const testAzureRoles: Readonly<Record<string, Known<AzureRole>>> = Object.fromEntries(
  Object.entries(documentedAzureRolePermissions).map(([role, permissions]) => [
    azureRoleFact(role),
    known(permissions),
  ]),
);

/** As the documentation sets a key in a vault up. */
function documentedAzureFacts(): FactsByName {
  return {
    existence: known("present"),
    deletion: known(null),
    read_uri: known(testAzureKeyUri),
    current_version: known(testAzureVersion),
    key_type: known("RSA-HSM"),
    key_size: known(3072),
    key_operations: known(["wrapKey", "unwrapKey"]),
    enabled: known(true),
    not_before: known(null),
    expires: known(null),
    tags: known({ [`anthropic-org-${testAnthropicOrganization}`]: "true" }),
    rotation_policy: known({ rotates: true }),
    versions: known([azureVersion()]),
    assignments: azureAssignmentsWith(),
    principal_assignments: known([azureAssignment()]),
    deny_assignments: known([]),
    principal_deny_assignments: known([]),
    assignment_schedules: known(null),
    assigned_applications: known([
      {
        object_id: testAzurePrincipal,
        application_id: anthropicAzureApplication,
        display_name: anthropicAzureApplicationName,
      },
    ]),
    vault: known({ id: testAzureVault, kind: "vault", uri: `https://${testAzureHost}/` }),
    vault_tenant: known(testAzureTenant),
    vault_location: known("northcentralus"),
    vault_rbac: known(true),
    vault_purge_protection: known(true),
    vault_soft_delete: known(true),
    vault_public_access: known("Enabled"),
    vault_firewall: known(null),
    vault_access_policies: known([]),
    private_endpoints: known([]),
    vault_keys: known(["anthropic"]),
    perimeters: known([]),
    diagnostic_settings: known([
      {
        name: "audit",
        workspace_id: `${testAzureResourceGroup}/providers/Microsoft.OperationalInsights/workspaces/audit`,
        storage_account_id: null,
        event_hub_rule_id: null,
        partner_id: null,
        logs: [{ category: "AuditEvent", category_group: null, enabled: true }],
      },
    ]),
    [`application:${anthropicAzureApplication}`]: known(azureServicePrincipal()),
    [`application_owners:${anthropicAzureApplication}`]: known([]),
    [`application_roles:${anthropicAzureApplication}`]: known([]),
    [`application_grants:${anthropicAzureApplication}`]: known([]),
    [`application_directory_roles:${anthropicAzureApplication}`]: known([]),
    ...testAzureRoles,
    reads: known({ azure_directory: true }),
    registration: known(testAzureRegistration),
  };
}

type Changes = Partial<Facts<"azure.vault-key">> & FactsByName;

/**
 * A healthy key; a test names only what differs. Derived facts follow from the raw ones unless they are given. Raw facts
 * of parts go by their whole names: `application:<id>`, `application_owners:<id>`, `azureRoleFact(role)`.
 */
export function azureVaultKey(changes: Changes = {}): TestResource<"azure.vault-key"> {
  const raw = { ...documentedAzureFacts(), ...changes };
  return { kind: "azure.vault-key", facts: { ...raw, ...deriveAzureVaultKeyFacts(raw, testAzureKey), ...changes } };
}

/** The same of a key in a managed HSM, which has neither RBAC of ARM's for keys nor access policies. */
export function azureHsmKey(changes: Changes = {}): TestResource<"azure.vault-key"> {
  const raw = {
    ...documentedAzureFacts(),
    read_uri: known(testAzureHsmKey.resource),
    vault: known({ id: testAzureHsm, kind: "managed-hsm", uri: `https://${testAzureHsmHost}/` }),
    vault_rbac: known(null),
    assignments: known([ownerAssignment]),
    principal_assignments: known([]),
    ...changes,
  };
  return { kind: "azure.vault-key", facts: { ...raw, ...deriveAzureVaultKeyFacts(raw, testAzureHsmKey), ...changes } };
}
