import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import { answers, azureKey, list, testVaultId } from "../support/azure-answers.ts";
import { azureReaderAt, localAzureCollector } from "../support/azure-collector.ts";
import { type AzureServer, AzureServerAnswer, azureError, startAzureServer } from "../support/azure-server.ts";
import { told } from "../support/told.ts";
import { externalSuite } from "./external-suite.ts";
import { type AzureRecording, azureRecordings } from "./recorded-azure-answers.ts";

/** How many answers there are of each call of ours. */
const recorded = {
  "authorization:GetRoleDefinition": 7,
  "authorization:ListRoleAssignments": 2,
  "insights:ListDiagnosticSettings": 4,
  "keyvault:GetVault": 4,
  "keyvault:ListVaults": 30,
};

/** Recorded calls that are none of ours, and why. */
const notAsked: Readonly<Record<string, readonly string[]>> = {
  "it changes something, and nothing is ever changed": ["keyvault:UpdateAccessPolicy", "keyvault:UpdateKey"],
  "keys are read through ARM, and not on the budget of those who use them": [
    "keyvault:GetKeyBundle",
    "keyvault:GetRotationPolicy",
    "keyvault:ListKeyItems",
  ],
  "roles are read one by one": ["authorization:ListRoleDefinitions"],
  "it is of something else than keys": [
    "compute:ListVirtualMachines",
    "network:ListAddresses",
    "network:ListLoadBalancers",
  ],
  "its service has ended": ["graph:GetObjectsOfOldGraph"],
};

/** What ARM gives in every list, as far as it is compared. */
interface Resource {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

externalSuite("recorded-azure", { needs: ["KEYPOSTURE_RECORDED"] }, () => {
  let server: AzureServer;
  beforeAll(async () => {
    server = await startAzureServer();
  });
  afterAll(() => server.close());

  const recordingsOf = (call: string) => azureRecordings().filter((one) => one.call === call);
  const itemsOf = ({ body }: AzureRecording) => body["value"] as readonly Resource[];

  /** What a key of this vault tells where one part of a request is answered so, and others as usual. */
  async function replay(part: string, body: object, vaultId = testVaultId): Promise<Record<string, unknown>> {
    const usual: readonly (readonly [string, object])[] = [
      [part, body],
      ["roleAssignmentScheduleInstances", list()],
      ["roleAssignments?", answers.listRoleAssignments],
      ["denyAssignments?", list()],
      ["diagnosticSettings", list()],
      ["networkSecurityPerimeterConfigurations", list()],
      ["/versions?", list()],
      ["/keys/prod?", answers.getKey],
      ["/keys?", list()],
      ["/vaults/", answers.getVault],
    ];
    server.answer(({ name }) => usual.find(([one]) => name.includes(one))?.[1] ?? azureError(404, "NotFound"));
    const key = azureKey({ vault_resource_id: vaultId, service_principal_object_id: "p" });
    const collector = localAzureCollector(server.local, { azure_directory: false });
    return told(await collector.readKey(key, "full", 20_000));
  }

  it("leaves out no recorded call without a reason", () => {
    const calls = new Set(azureRecordings().map(({ call }) => call));
    expect([...calls].toSorted()).toEqual([...Object.keys(recorded), ...Object.values(notAsked).flat()].toSorted());
    expect(Object.keys(azureCalls)).toEqual(expect.arrayContaining(Object.keys(recorded)));
  });

  it.each(Object.entries(recorded))("holds everything that was recorded of %s", (call, count) => {
    expect(recordingsOf(call)).toHaveLength(count);
  });

  it("tells of every vault what was recorded, whether it was listed or asked for", async () => {
    const listed = recordingsOf("keyvault:ListVaults").flatMap(itemsOf);
    const asked = recordingsOf("keyvault:GetVault").map(({ body }) => body as unknown as Resource);
    expect([listed.length, asked.length]).toEqual([19, 4]);

    for (const vault of [...listed, ...asked]) {
      const { properties } = vault;
      const facts = await replay("/vaults/", vault, vault.id);
      const policies = properties["accessPolicies"] as readonly unknown[];
      const acls = properties["networkAcls"] as { readonly ipRules: readonly unknown[] } | undefined;
      expect(facts).toMatchObject({
        vault: { id: vault.id, kind: "vault", uri: properties["vaultUri"] },
        vault_tenant: properties["tenantId"],
        vault_location: vault.location,
        vault_rbac: properties["enableRbacAuthorization"] ?? null,
        vault_purge_protection: properties["enablePurgeProtection"] ?? null,
        vault_soft_delete: properties["enableSoftDelete"] ?? null,
        vault_public_access: properties["publicNetworkAccess"] ?? null,
        private_endpoints: [],
      });
      expect(facts["vault_access_policies"]).toHaveLength(policies.length);
      if (acls === undefined) expect(facts["vault_firewall"]).toBeNull();
      else expect(facts["vault_firewall"]).toMatchObject({ ip_rules: { length: acls.ipRules.length } });
    }
  });

  it("finds every listed vault by its address, on whatever page it is", async () => {
    const pages = recordingsOf("keyvault:ListVaults");
    for (const { id, properties } of pages.flatMap(itemsOf)) {
      const body = pages.find((page) => itemsOf(page).some((vault) => vault.id === id))?.body;
      server.answer(({ name }) => {
        if (name.includes("/vaults/")) return answers.getVault;
        return name.includes("skiptoken") ? list() : (body ?? list());
      });
      const key = azureKey({ service_principal_object_id: "p" }, new URL(String(properties["vaultUri"])).host);
      await localAzureCollector(server.local, { azure_directory: false }).readKey(key, "fast", 20_000);

      const asked = server.requests.map(({ name }) => name).find((name) => /\/vaults\/[\w-]+\?/.test(name));
      expect(asked?.toLowerCase()).toContain(id.toLowerCase());
    }
  });

  it("tells every role assignment that was recorded", async () => {
    for (const recording of recordingsOf("authorization:ListRoleAssignments")) {
      const items = itemsOf(recording);
      const { assignments } = await replay("roleAssignments?", recording.body);

      expect(assignments).toHaveLength(items.length);
      for (const { id, properties } of items) {
        expect(assignments).toContainEqual({
          id,
          scope: properties["scope"],
          role_definition_id: properties["roleDefinitionId"],
          principal_id: properties["principalId"],
          principal_type: properties["principalType"],
          condition: null,
        });
      }
    }
  });

  it("tells of every role what it permits", async () => {
    const asked = recordingsOf("authorization:GetRoleDefinition").map(({ body }) => body as unknown as Resource);
    const listed = recordingsOf("authorization:ListRoleDefinitions").flatMap(itemsOf);
    expect(listed.length).toBeGreaterThan(50);

    for (const { properties, ...more } of [...asked, ...listed]) {
      const facts = await replay("roleDefinitions/", { properties, ...more });

      const role = Object.entries(facts).find(([name]) => name.startsWith("role_definition:"))?.[1];
      const permissions = properties["permissions"] as readonly Readonly<Record<string, readonly string[]>>[];
      const sorted = (items: readonly string[] = []) => items.toSorted();
      expect(role).toMatchObject({ name: properties["roleName"], type: properties["type"] });
      expect(role).toHaveProperty(
        "permissions",
        expect.arrayContaining(
          permissions.map((one) => ({
            actions: sorted(one["actions"]),
            not_actions: sorted(one["notActions"]),
            data_actions: sorted(one["dataActions"]),
            not_data_actions: sorted(one["notDataActions"]),
          })),
        ),
      );
    }
  });

  it("tells every diagnostic setting that was recorded, with its categories", async () => {
    for (const recording of recordingsOf("insights:ListDiagnosticSettings")) {
      const { diagnostic_settings: settings } = await replay("diagnosticSettings", recording.body);

      expect(settings).toHaveLength(itemsOf(recording).length);
      for (const { name, properties } of itemsOf(recording)) {
        const logs = properties["logs"] as readonly Readonly<Record<string, unknown>>[];
        expect(settings).toContainEqual({
          name,
          workspace_id: properties["workspaceId"] ?? null,
          storage_account_id: properties["storageAccountId"] ?? null,
          event_hub_rule_id: properties["eventHubAuthorizationRuleId"] ?? null,
          partner_id: null,
          logs: expect.arrayContaining(
            logs.map(({ category, enabled }) => ({ category, category_group: null, enabled })),
          ),
        });
      }
    }
  });

  it("answers every challenge of Key Vault that was recorded", async () => {
    const challenges = recordingsOf("keyvault:ListKeyItems").filter(({ status }) => status === 401);
    expect(challenges.length).toBeGreaterThan(4);

    for (const { body, headers, url } of challenges) {
      const challenge = { "www-authenticate": headers["www-authenticate"]?.[0] ?? "" };
      server.answer((request) =>
        request.headers.authorization === undefined ? new AzureServerAnswer(401, body, challenge) : { deletedDate: 1 },
      );
      const deadline = performance.now() + 20_000;
      const reader = azureReaderAt(server.local);

      expect(await reader.getDeletedKey({ lane: "full", deadline }, url.host, "prod")).toEqual({ deletedDate: 1 });
      expect(server.requests).toHaveLength(2);
    }
  });

  describe("what is said where a token is missing", () => {
    it("is no matter of a permission", async () => {
      const { body = {} } = recordingsOf("keyvault:ListKeyItems").find(({ status }) => status === 401) ?? {};
      server.answer(() => new AzureServerAnswer(401, body));
      const deadline = performance.now() + 20_000;

      await expect(
        azureReaderAt(server.local).getDeletedKey({ lane: "full", deadline }, "x.vault.azure.net", "prod"),
      ).rejects.toMatchObject({
        refusal: { credentials: "invalid", detail: expect.stringContaining("AKV10000: Request is missing a Bearer") },
      });
    });
  });
});
