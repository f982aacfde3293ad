/** Azure's keys of the golden report: documented ones, and one for each way in which a key is seen to go wrong. */
import type { SnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { type AzureCall, azureCalls } from "../../src/collect/azure/calls.ts";
import { azureCryptoUserRole } from "../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../src/guidance/identifiers.ts";
import type { Call } from "../../src/model/call.ts";
import { type FactsByName, known, type UnreadableReason, unreadable } from "../../src/model/fact.ts";
import { type GuidanceRevision, guidanceRevisions, newestGuidance } from "../../src/model/guidance-revision.ts";
import type { KeyResource } from "../../src/model/key.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureCryptoOfficerRole,
  azureDenyAssignment,
  azureFirewall,
  azureHsmKey,
  azureKeyVaultAdministratorRole,
  azurePerimeter,
  azureRegistration,
  azureRoleFact,
  azureServicePrincipal,
  azureVaultKey,
  azureVersion,
  documentedAzureAssignments,
  testAzureCustomRole,
  testAzureHsmKey,
  testAzureKey,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureVault,
} from "../../test/support/azure-vault-key.ts";
import { testTime } from "../../test/support/check-tester.ts";

type Facts = FactsByName;

interface Change {
  readonly facts?: Facts;
  /** In a managed HSM. */
  readonly hsm?: true;
  /** Whether the directory is looked at; it is, unless this says no. */
  readonly directory?: false;
  readonly registration?: Parameters<typeof azureRegistration>;
  readonly guidance?: GuidanceRevision;
}

/** All else is derived from these. */
const told = new Set<string>(["registration", ...Object.values(azureCalls).flatMap(({ facts }) => facts)]);

function snapshot(name: string, { facts = {}, hsm, directory, registration = [], guidance = newestGuidance }: Change) {
  const all = (hsm === true ? azureHsmKey(facts) : azureVaultKey(facts)).facts;
  const raw = Object.entries(all).filter(([fact]) => {
    const source = fact.split(":")[0] ?? "";
    return told.has(source) && !(directory === false && ofDirectory.has(source));
  });
  const place: KeyResource = hsm === true ? testAzureHsmKey : testAzureKey;
  return {
    key: { ...place, name: `azure-${name}` },
    registration: azureRegistration(...registration),
    at: testTime,
    guidance,
    reads: { azure_directory: directory !== false },
    facts: { ...Object.fromEntries(raw), registration: known(azureRegistration(...registration)) },
  };
}

const day = 86_400_000;
const ofDirectory = new Set<string>(Object.values(azureCalls).flatMap((call) => ("switch" in call ? call.facts : [])));

/** Facts that a call did not tell; of each part of it, where `parts` says which. */
function refused(call: AzureCall, reason: UnreadableReason, parts?: readonly string[], hsm = false): Facts {
  const { permission, other_permissions = [], facts }: Call = azureCalls[call];
  const needed = (hsm ? other_permissions[0] : undefined) ?? permission;
  const why = unreadable(reason, reason, { call, ...(reason === "access-denied" ? { permission: needed } : {}) });
  const names = parts === undefined ? facts : facts.flatMap((fact) => parts.map((part) => `${fact}:${part}`));
  return Object.fromEntries(names.map((fact) => [fact, why]));
}

/** What these calls tell, of whatever they are made for: everything, unless `which` says less. */
function allRefused(reason: UnreadableReason, which = "", hsm = false): Facts {
  const calls = (Object.keys(azureCalls) as AzureCall[]).filter((call) => call.startsWith(which));
  return Object.fromEntries(calls.flatMap((call) => Object.entries(refused(call, reason, partsOf(call), hsm))));
}

const applications = [anthropicAzureApplication];
const roles = [azureRoleFact(azureCryptoUserRole).replace("role_definition:", "")];

function partsOf(call: AzureCall): readonly string[] | undefined {
  if (call === "authorization:GetRoleDefinition") return roles;
  return "each" in azureCalls[call] ? applications : undefined;
}

/** What the service principal alone is assigned, and everybody with it. */
function assigned(...assignments: readonly ReturnType<typeof azureAssignment>[]): Facts {
  const others = documentedAzureAssignments.filter(({ principal_id }) => principal_id !== testAzurePrincipal);
  return { assignments: known([...others, ...assignments]), principal_assignments: known(assignments) };
}

const absent = refused("keyvault:GetKey", "not-found");
const deletion = { deleted: testTime - 5 * day, purged: testTime + 85 * day };
const stranger = azureAssignment({ principal_id: testAzureStranger, role: azureCryptoOfficerRole });
const policies = { vault_rbac: known(false), ...assigned() };
const disabled = azureVersion({ enabled: false });
const impostor = {
  object_id: testAzureStranger,
  application_id: testAzureStranger,
  display_name: "anthropic-cmek-cIient-us",
};
const documented = azureAssignment();

const changes: Readonly<Record<string, Change>> = {
  disabled: { facts: { enabled: known(false), versions: known([disabled]) } },
  "earlier-version-disabled": {
    facts: { versions: known([azureVersion({ version: "0".repeat(32), enabled: false }), azureVersion()]) },
  },
  "not-valid-yet": { facts: { not_before: known(testTime + day) } },
  expires: { facts: { expires: known(testTime + 10 * day) } },
  expired: { facts: { expires: known(testTime - day) } },
  deleted: { facts: { ...absent, existence: known("absent"), deletion: known({ of: "key", ...deletion }) } },
  purged: { facts: { ...absent, existence: known("absent"), deletion: known(null) } },
  "vault-deleted": {
    facts: {
      ...allRefused("not-found"),
      existence: known("absent"),
      deletion: known({ of: "vault", ...deletion }),
    },
  },
  "vault-nowhere": { facts: allRefused("not-found") },
  "rsa-2048": { facts: { key_size: known(2048) } },
  "elliptic-curve": { facts: { key_type: known("EC-HSM"), key_size: known(null), key_operations: known(["sign"]) } },
  "cannot-wrap": { facts: { key_operations: known(["encrypt", "decrypt"]) } },
  "every-operation": { facts: { key_operations: known(null) } },
  "not-tagged": { facts: { tags: known({}) } },
  "not-rotated": { facts: { rotation_policy: known(null) } },
  europe: { facts: { vault_location: known("westeurope") } },
  "vault-can-be-purged": { facts: { vault_purge_protection: known(null) } },
  "vault-without-soft-delete": { facts: { vault_soft_delete: known(false), vault_purge_protection: known(null) } },
  "vault-private": { facts: { vault_public_access: known("Disabled") } },
  "firewall-old": { facts: { vault_firewall: known(azureFirewall({ ip_rules: ["160.79.104.0/23"] })) } },
  "perimeter-closed": { facts: { perimeters: known([azurePerimeter()]) } },
  "use-not-logged": { facts: { diagnostic_settings: known([]) } },
  "access-policies": { facts: { ...policies, vault_access_policies: known([azureAccessPolicy()]) } },
  "access-policies-for-nobody": { facts: policies },
  "access-policies-for-everything": {
    facts: { ...policies, vault_access_policies: known([azureAccessPolicy({ key_permissions: ["all"] })]) },
  },
  "access-policies-for-a-stranger": {
    facts: {
      ...policies,
      vault_access_policies: known([azureAccessPolicy(), azureAccessPolicy({ object_id: testAzureStranger })]),
    },
  },
  "not-assigned": { facts: assigned() },
  "assigned-on-the-vault": {
    facts: { ...assigned(azureAssignment({ scope: testAzureVault })), vault_keys: known(["anthropic", "payments"]) },
  },
  "assigned-on-a-dedicated-vault": {
    facts: assigned(azureAssignment({ scope: testAzureVault })),
    registration: [{}, { dedicated_vault: true }],
  },
  "assigned-on-the-resource-group": { facts: assigned(azureAssignment({ scope: testAzureResourceGroup })) },
  "principal-administers": { facts: assigned(documented, azureAssignment({ role: azureKeyVaultAdministratorRole })) },
  "condition-undecidable": {
    facts: assigned(
      azureAssignment({ condition: "@Resource[Microsoft.KeyVault/vaults/keys:name] StringEquals 'anthropic'" }),
    ),
  },
  "role-refused": {
    facts: {
      ...assigned(azureAssignment({ role: testAzureCustomRole })),
      [azureRoleFact(testAzureCustomRole)]: unreadable("access-denied", "access-denied", {
        call: "authorization:GetRoleDefinition",
        permission: azureCalls["authorization:GetRoleDefinition"].permission,
      }),
    },
  },
  "assignment-ends": {
    facts: {
      assignment_schedules: known([
        {
          assignment_id: documented.id,
          scope: documented.scope,
          principal_id: documented.principal_id,
          role_definition_id: documented.role_definition_id,
          ends: testTime + 10 * day,
          type: "Assigned",
        },
      ]),
    },
  },
  denied: {
    facts: {
      deny_assignments: known([azureDenyAssignment()]),
      principal_deny_assignments: known([azureDenyAssignment().id]),
    },
  },
  "stranger-on-the-key": { facts: { assignments: azureAssignmentsWith(stranger) } },
  lookalike: {
    facts: {
      assignments: azureAssignmentsWith(azureAssignment({ principal_id: testAzureStranger })),
      assigned_applications: known([impostor]),
    },
  },
  "principal-missing": {
    facts: {
      ...assigned(),
      [`application:${anthropicAzureApplication}`]: known(null),
      assigned_applications: known([]),
    },
  },
  "principal-disabled": {
    facts: { [`application:${anthropicAzureApplication}`]: known(azureServicePrincipal({ enabled: false })) },
  },
  "principal-with-a-secret": {
    facts: {
      [`application:${anthropicAzureApplication}`]: known(
        azureServicePrincipal({
          credentials: [{ kind: "password", id: testAzureStranger, name: null, ends: testTime + 300 * day }],
        }),
      ),
      [`application_owners:${anthropicAzureApplication}`]: known([
        { object_id: testAzureStranger, display_name: "Key Owner" },
      ]),
    },
  },
  "client-registered-otherwise": {
    facts: Object.fromEntries(
      [
        "application",
        "application_owners",
        "application_roles",
        "application_grants",
        "application_directory_roles",
      ].map((fact) => [`${fact}:${testAzureStranger}`, known(fact === "application" ? null : [])]),
    ),
    registration: [{}, { client_id: testAzureStranger }],
  },
  "tenant-registered-otherwise": { registration: [{}, { tenant_id: testAzureStranger }] },
  "managed-hsm": { hsm: true },
  "managed-hsm-disabled": { hsm: true, facts: { enabled: known(false) } },
  "managed-hsm-nothing-may-be-read": { hsm: true, facts: allRefused("access-denied", "", true) },
  "directory-not-looked-at": { directory: false },
  "directory-refused": {
    facts: allRefused("access-denied", "graph:"),
  },
  "key-refused": { facts: refused("keyvault:GetKey", "access-denied") },
  "vault-refused": { facts: refused("keyvault:GetVault", "access-denied") },
  "assignments-refused": {
    facts: {
      ...refused("authorization:ListRoleAssignments", "access-denied"),
      ...refused("graph:GetAssignedApplications", "access-denied"),
    },
  },
  "principal-assignments-refused": { facts: refused("authorization:ListPrincipalAssignments", "access-denied") },
  "denials-refused": { facts: refused("authorization:ListDenyAssignments", "access-denied") },
  "nothing-may-be-read": { facts: allRefused("access-denied") },
};

/** Each with a name that says what is the matter with it. */
export const azureGoldenSnapshots: readonly SnapshotDocument[] = [
  ...guidanceRevisions.map((guidance) => snapshot(`documented-${guidance}`, { guidance })),
  ...Object.entries(changes).map(([name, change]) => snapshot(name, change)),
];
