/** What is made of answers about vaults, assignments, settings and the directory. */
import { describe, expect, it } from "vitest";
import { assignmentsPage, denyAssignmentsPage, schedulesPage } from "../../../src/collect/azure/schema/assignment.ts";
import { diagnosticSettingsPage } from "../../../src/collect/azure/schema/diagnostic-setting.ts";
import {
  appRolesPage,
  directoryRolesPage,
  grantsPage,
  ownersPage,
  servicePrincipalsPage,
} from "../../../src/collect/azure/schema/directory.ts";
import { perimetersPage } from "../../../src/collect/azure/schema/perimeter.ts";
import { roleFact } from "../../../src/collect/azure/schema/role.ts";
import { deletedVaultsPage, vaultFacts, vaultsPage } from "../../../src/collect/azure/schema/vault.ts";
import { Refused } from "../../../src/collect/refusal.ts";
import {
  answers,
  armHsm,
  armVault,
  assignment,
  cryptoUser,
  list,
  roleDefinition,
  servicePrincipal,
  testHost,
  testHsmHost,
  testHsmId,
  testKeyId,
  testPrincipal,
  testTenant,
  testVaultId,
} from "../../support/azure-answers.ts";

const told = (facts: ReturnType<typeof vaultFacts>) =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, fact.state === "known" ? fact.value : `(${fact.reason})`]),
  );
const ofVault = (answer: unknown) => told(vaultFacts(answer, "vault"));

describe("a vault", () => {
  const healthy = {
    vault: { id: testVaultId, kind: "vault", uri: `https://${testHost}/` },
    vault_tenant: testTenant,
    vault_location: "northcentralus",
    vault_rbac: true,
    vault_purge_protection: true,
    vault_soft_delete: true,
    vault_public_access: "Enabled",
    vault_firewall: null,
    vault_access_policies: [],
    private_endpoints: [],
  };

  it("as Azure tells it", () => {
    expect(ofVault(armVault())).toEqual(healthy);
  });

  it.each<readonly [string, unknown, object]>([
    ["nothing said of roles", armVault({ enableRbacAuthorization: undefined }), { vault_rbac: null }],
    ["roles that are null", armVault({ enableRbacAuthorization: null }), { vault_rbac: null }],
    ["access policies", armVault({ enableRbacAuthorization: false }), { vault_rbac: false }],
    ["roles in words", armVault({ enableRbacAuthorization: "true" }), { vault_rbac: "(malformed)" }],
    ["nothing said of purging", armVault({ enablePurgeProtection: undefined }), { vault_purge_protection: null }],
    ["nothing said of public access", armVault({ publicNetworkAccess: undefined }), { vault_public_access: null }],
    ["no tenant", armVault({ tenantId: undefined }), { vault_tenant: "(not-reported)" }],
    ["no address", armVault({ vaultUri: undefined }), { vault: "(not-reported)" }],
    ["no id", armVault({}, { id: undefined }), { vault: "(not-reported)" }],
    ["no location", armVault({}, { location: undefined }), { vault_location: "(not-reported)" }],
    ["no policies told", armVault({ accessPolicies: undefined }), { vault_access_policies: "(not-reported)" }],
    [
      "a policy",
      armVault({
        accessPolicies: [
          { tenantId: "t", objectId: "b", permissions: { keys: ["WrapKey", "Get"], secrets: ["all"] } },
          { tenantId: "t", objectId: "a", applicationId: "c", permissions: {} },
        ],
      }),
      {
        vault_access_policies: [
          { tenant: "t", object_id: "a", application_id: "c", key_permissions: [] },
          { tenant: "t", object_id: "b", application_id: null, key_permissions: ["get", "wrapkey"] },
        ],
      },
    ],
    [
      "a policy for nobody",
      armVault({ accessPolicies: [{ tenantId: "t", permissions: {} }] }),
      { vault_access_policies: "(malformed)" },
    ],
    [
      "a firewall",
      armVault({
        networkAcls: {
          bypass: "AzureServices",
          defaultAction: "Deny",
          ipRules: [{ value: "2.0.0.0/8" }, { value: "1.2.3.4/32" }],
          virtualNetworkRules: [{ id: "/subnets/b" }, { id: "/subnets/a" }],
        },
      }),
      {
        vault_firewall: {
          default_action: "Deny",
          bypass: "AzureServices",
          ip_rules: ["1.2.3.4/32", "2.0.0.0/8"],
          network_rules: ["/subnets/a", "/subnets/b"],
        },
      },
    ],
    [
      "a firewall without rules",
      armVault({ networkAcls: { defaultAction: null } }),
      { vault_firewall: { default_action: null, bypass: null, ip_rules: [], network_rules: [] } },
    ],
    ["a rule in words", armVault({ networkAcls: { ipRules: ["1.2.3.4"] } }), { vault_firewall: "(malformed)" }],
    [
      "private endpoints",
      armVault({
        privateEndpointConnections: [
          { id: "b", properties: { privateLinkServiceConnectionState: { status: "Pending" } } },
          { id: "a", properties: { privateLinkServiceConnectionState: { status: "Approved" } } },
        ],
      }),
      {
        private_endpoints: [
          { id: "a", status: "Approved" },
          { id: "b", status: "Pending" },
        ],
      },
    ],
    [
      "a private endpoint in no state",
      armVault({ privateEndpointConnections: [{ id: "a", properties: {} }] }),
      { private_endpoints: "(malformed)" },
    ],
  ])("with %s", (_, answer, expected) => {
    expect(ofVault(answer)).toEqual({ ...healthy, ...expected });
  });

  it("without properties has no firewall as far as nobody knows", () => {
    expect(ofVault(armVault({}, { properties: undefined }))).toMatchObject({
      vault_rbac: "(not-reported)",
      vault_firewall: "(not-reported)",
      vault_public_access: "(not-reported)",
      private_endpoints: "(not-reported)",
      vault_location: "northcentralus",
    });
  });

  it.each([[null], ["text"], [7], [[]]])("with %j in place of properties leaves nothing out", (properties) => {
    expect(ofVault(armVault({}, { properties }))).toMatchObject({
      vault_rbac: "(malformed)",
      vault_soft_delete: "(malformed)",
      vault_firewall: "(malformed)",
      vault_public_access: "(malformed)",
      private_endpoints: "(malformed)",
      vault_access_policies: "(not-reported)",
    });
  });

  it("that is a managed HSM has another address, and no access policies", () => {
    expect(told(vaultFacts(armHsm(), "managed-hsm"))).toMatchObject({
      vault: { id: testHsmId, kind: "managed-hsm", uri: `https://${testHsmHost}/` },
      vault_rbac: null,
      vault_purge_protection: true,
      vault_access_policies: [],
    });
  });
});

describe("a list of vaults", () => {
  it("tells where each is, in lower case", () => {
    const vault = armVault({ vaultUri: "https://ACME.vault.azure.net" });

    expect(vaultsPage(list(vault), "vault").items).toEqual([{ id: testVaultId, host: "acme.vault.azure.net" }]);
    expect(vaultsPage(list(armHsm()), "managed-hsm").items).toEqual([{ id: testHsmId, host: testHsmHost }]);
  });

  it.each([
    ["without its address", armVault({ vaultUri: undefined })],
    ["with an address that is none", armVault({ vaultUri: "acme" })],
    ["without its id", armVault({}, { id: undefined })],
  ])("is not known with one %s", (_, vault) => {
    expect(() => vaultsPage(list(vault), "vault")).toThrow(Refused);
  });

  it("of deleted ones tells until when they can be had back", () => {
    const properties = { deletionDate: "2026-10-01T00:00:00Z", scheduledPurgeDate: "2026-10-08T00:00:00.5Z" };

    expect(deletedVaultsPage(list({ name: "A", properties }, { name: "b", properties: {} })).items).toEqual([
      {
        name: "a",
        deletion: { of: "vault", deleted: Date.UTC(2026, 9, 1), purged: Date.UTC(2026, 9, 8, 0, 0, 0, 500) },
      },
      { name: "b", deletion: { of: "vault", deleted: null, purged: null } },
    ]);
    expect(() => deletedVaultsPage(list({ name: "a", properties: { deletionDate: "yesterday" } }))).toThrow(Refused);
  });
});

describe("assignments", () => {
  it("are told with what Azure leaves out as null", () => {
    const { principalType: _, ...bare } = assignment("a").properties;
    const answer = list({ ...assignment("a"), properties: { ...bare, condition: "" } });

    expect(assignmentsPage(answer).items).toEqual([
      {
        id: assignment("a").id,
        scope: testKeyId,
        role_definition_id: cryptoUser,
        principal_id: testPrincipal,
        principal_type: null,
        condition: null,
      },
    ]);
  });

  it.each(["scope", "roleDefinitionId", "principalId"])("without %s make the list unknown", (name) => {
    expect(() => assignmentsPage(list(assignment("a", { [name]: undefined })))).toThrow(Refused);
  });

  it("that deny are told with everybody whom they name or spare, and their conditions", () => {
    const properties = {
      denyAssignmentName: "lock",
      scope: testVaultId,
      doNotApplyToChildScopes: true,
      permissions: [
        { actions: ["b", "a"], notActions: ["c"], dataActions: ["d"], notDataActions: [], condition: "@x" },
        { actions: [], notActions: [], dataActions: ["e"], notDataActions: [], condition: null },
      ],
      principals: [{ id: "2", type: "User" }, { id: "1" }],
      excludePrincipals: [{ id: "3", type: "Group" }],
    };
    const [own, plain] = denyAssignmentsPage(
      list(
        { id: "d", properties },
        {
          id: "e",
          properties: { denyAssignmentName: "n", scope: "/", permissions: [], principals: [], condition: "@y" },
        },
      ),
    ).items;

    expect(own).toEqual({
      id: "d",
      name: "lock",
      scope: testVaultId,
      applies_to_child_scopes: false,
      permissions: [
        { actions: ["a", "b"], not_actions: ["c"], data_actions: ["d"], not_data_actions: [], condition: "@x" },
        { actions: [], not_actions: [], data_actions: ["e"], not_data_actions: [] },
      ],
      principals: [
        { id: "1", type: null },
        { id: "2", type: "User" },
      ],
      excluded: [{ id: "3", type: "Group" }],
      condition: null,
    });
    expect(plain).toMatchObject({ applies_to_child_scopes: true, principals: [], excluded: [], condition: "@y" });
  });

  it.each(["denyAssignmentName", "scope", "permissions", "principals"])(
    "that deny without %s make the list unknown",
    (name) => {
      const properties = { denyAssignmentName: "n", scope: "/", permissions: [], principals: [], [name]: undefined };
      expect(() => denyAssignmentsPage(list({ id: "d", properties }))).toThrow(Refused);
    },
  );

  it("end, or do not", () => {
    const schedule = {
      properties: {
        originRoleAssignmentId: "/a",
        scope: "/",
        principalId: "p",
        roleDefinitionId: "r",
        endDateTime: "2026-12-01T00:00:00Z",
        assignmentType: "Activated",
      },
    };
    const endless = { properties: { ...schedule.properties, endDateTime: null, originRoleAssignmentId: undefined } };

    expect(schedulesPage(list(schedule, endless), undefined)?.items).toMatchObject([
      { assignment_id: "/a", ends: Date.UTC(2026, 11, 1), type: "Activated" },
      { assignment_id: null, ends: null },
    ]);
    expect(schedulesPage({ value: null }, undefined)).toBeNull();
    expect(() => schedulesPage({}, undefined)).toThrow(Refused);
  });
});

describe("a role", () => {
  it("permits what it lists, in an order of ours", () => {
    expect(roleFact(roleDefinition())).toEqual({
      state: "known",
      value: {
        name: "Key Vault Crypto User",
        type: "BuiltInRole",
        permissions: [
          {
            actions: [],
            not_actions: [],
            data_actions: ["Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/wrap/action"],
            not_data_actions: [],
          },
        ],
      },
    });
  });

  it.each([
    ["permissions", undefined],
    ["permissions", [{ actions: "x", notActions: [], dataActions: [], notDataActions: [] }]],
    ["permissions", [{ actions: [], notActions: [], notDataActions: [] }]],
    ["roleName", undefined],
    ["type", undefined],
  ])("with %s %j is not known", (name, value) => {
    expect(roleFact(roleDefinition({ [name]: value }))).toMatchObject({ state: "unreadable", reason: "malformed" });
  });
});

describe("settings around a vault", () => {
  it("diagnostic settings", () => {
    expect(diagnosticSettingsPage(answers.listDiagnosticSettings).items).toEqual([
      {
        name: "audit",
        workspace_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w",
        storage_account_id: null,
        event_hub_rule_id: null,
        partner_id: null,
        logs: [
          { category: "AzurePolicyEvaluationDetails", category_group: null, enabled: false },
          { category: null, category_group: "audit", enabled: true },
        ],
      },
    ]);
    expect(() => diagnosticSettingsPage(list({ name: "x", properties: { logs: [{ category: "a" }] } }))).toThrow(
      Refused,
    );
  });

  it("perimeters", () => {
    const rule = (name: string, more: object) => ({ name, properties: { direction: "Inbound", ...more } });
    const perimeter = {
      name: "p",
      properties: {
        resourceAssociation: { name: "a", accessMode: "Enforced" },
        profile: { accessRules: [rule("y", { addressPrefixes: ["2.0.0.0/8", "1.0.0.0/8"] }), rule("x", {})] },
      },
    };

    expect(perimetersPage(list(perimeter)).items).toEqual([
      {
        name: "p",
        access_mode: "Enforced",
        rules: [
          { name: "x", direction: "Inbound", address_prefixes: [] },
          { name: "y", direction: "Inbound", address_prefixes: ["1.0.0.0/8", "2.0.0.0/8"] },
        ],
      },
    ]);
    expect(() => perimetersPage(list({ name: "p", properties: {} }))).toThrow(Refused);
  });
});

describe("what the directory tells", () => {
  it("a service principal with its credentials", () => {
    const credential = { keyId: "k2", displayName: null, endDateTime: "2027-01-01T00:00:00Z" };
    const own = servicePrincipal({
      passwordCredentials: [credential],
      keyCredentials: [{ keyId: "k1", displayName: "cert", type: "AsymmetricX509Cert" }],
    });

    expect(servicePrincipalsPage(list(own)).items).toEqual([
      {
        object_id: testPrincipal,
        application_id: own.appId,
        display_name: "anthropic-cmek-client-us",
        enabled: true,
        credentials: [
          { kind: "certificate", id: "k1", name: "cert", ends: null },
          { kind: "password", id: "k2", name: null, ends: Date.UTC(2027, 0, 1) },
        ],
      },
    ]);
    expect(() => servicePrincipalsPage(list(servicePrincipal({ passwordCredentials: undefined })))).toThrow(Refused);
  });

  it("owners, roles and grants", () => {
    expect(ownersPage(list({ id: "o", displayName: "Olga" }, { id: "p" })).items).toEqual([
      { object_id: "o", display_name: "Olga" },
      { object_id: "p", display_name: null },
    ]);
    expect(appRolesPage(list({ appRoleId: "r", resourceDisplayName: "Microsoft Graph" })).items).toEqual([
      { kind: "application-role", name: "r", on: "Microsoft Graph" },
    ]);
    expect(grantsPage(list({ scope: " User.Read Mail.Read ", resourceId: "g" })).items).toEqual([
      { kind: "delegated-grant", name: "Mail.Read User.Read", on: "g" },
    ]);
  });

  it("directory roles, and memberships that nobody knows the meaning of", () => {
    const member = (type: string, id: string, displayName?: string) => ({
      "@odata.type": `#microsoft.graph.${type}`,
      id,
      displayName,
    });
    const answer = list(
      member("group", "g"),
      member("administrativeUnit", "a"),
      member("directoryRole", "d", "Global Reader"),
      member("novelty", "n"),
    );

    expect(directoryRolesPage(answer).items).toEqual([
      { kind: "directory-role", name: "Global Reader", on: null },
      { kind: "directory-role", name: "n", on: null },
    ]);
    expect(() => directoryRolesPage(list({ id: "x" }))).toThrow(Refused);
  });
});
