/** Answers of Azure's REST interfaces for one key in one vault, and a reader that gives them. */
import type { AzureReader, AzureTarget } from "../../src/collect/azure/reader.ts";
import type { KeyToRead } from "../../src/collect/collector.ts";
import { type Refusal, Refused } from "../../src/collect/refusal.ts";
import { type AzureRegistration, nothingSaidOfAzure } from "../../src/model/registration.ts";

export const testSubscription = "11111111-1111-4111-8111-111111111111";
export const testTenant = "22222222-2222-4222-8222-222222222222";
export const testHost = "acme-keys.vault.azure.net";
export const testVaultId = `/subscriptions/${testSubscription}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme-keys`;
export const testKeyId = `${testVaultId}/keys/prod`;
export const testHsmHost = "acme-hsm.managedhsm.azure.net";
export const testHsmId = `/subscriptions/${testSubscription}/resourceGroups/keys/providers/Microsoft.KeyVault/managedHSMs/acme-hsm`;
export const testApplication = "8635ae1a-3e5d-44e8-a4ed-e0f614466f87";
/** The service principal of that application. */
export const testPrincipal = "33333333-3333-4333-8333-333333333333";
export const cryptoUser = `/subscriptions/${testSubscription}/providers/Microsoft.Authorization/roleDefinitions/12338af0-0e69-4776-bea7-57ae8d297424`;
export const testVersion = "0123456789abcdef0123456789abcdef";

/** A key, and what its registration says of Azure. */
export function azureKey(registered: Partial<AzureRegistration> = {}, host = testHost, name = "prod"): KeyToRead {
  return {
    provider: "azure",
    kind: "azure.vault-key",
    resource: `https://${host}/keys/${name}`,
    scope: `vaults/${host}`,
    account: host,
    location: null,
    registration: {
      compartments: [],
      organizations: [],
      expected_principals: [],
      in_use_since: null,
      role_arn: null,
      azure: { ...nothingSaidOfAzure, ...registered },
      guidance: null,
      labels: {},
    },
  };
}

export const testAzureKey = azureKey();

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys/get */
export function armKey(properties: object = {}, more: object = {}) {
  return {
    id: testKeyId,
    name: "prod",
    type: "Microsoft.KeyVault/vaults/keys",
    location: "northcentralus",
    tags: {},
    properties: {
      attributes: { enabled: true, created: 1_780_000_000, updated: 1_780_000_000, exportable: false },
      kty: "RSA-HSM",
      keyOps: ["wrapKey", "unwrapKey"],
      keySize: 3072,
      keyUri: `https://${testHost}/keys/prod`,
      keyUriWithVersion: `https://${testHost}/keys/prod/${testVersion}`,
      ...properties,
    },
    ...more,
  };
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults/get */
export function armVault(properties: object = {}, more: object = {}) {
  return {
    id: testVaultId,
    name: "acme-keys",
    type: "Microsoft.KeyVault/vaults",
    location: "northcentralus",
    tags: {},
    properties: {
      sku: { family: "A", name: "premium" },
      tenantId: testTenant,
      accessPolicies: [],
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      vaultUri: `https://${testHost}/`,
      provisioningState: "Succeeded",
      publicNetworkAccess: "Enabled",
      ...properties,
    },
    ...more,
  };
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/managedhsm/managed-hsms/get */
export function armHsm(properties: object = {}) {
  return {
    id: testHsmId,
    name: "acme-hsm",
    location: "northcentralus",
    properties: {
      tenantId: testTenant,
      hsmUri: `https://${testHsmHost}/`,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      publicNetworkAccess: "Enabled",
      ...properties,
    },
  };
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-assignments/list-for-scope */
export function assignment(name: string, properties: object = {}) {
  return {
    id: `${testKeyId}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: "Microsoft.Authorization/roleAssignments",
    properties: {
      roleDefinitionId: cryptoUser,
      principalId: testPrincipal,
      principalType: "ServicePrincipal",
      scope: testKeyId,
      condition: null,
      createdOn: "2026-06-01T10:00:00.1234567Z",
      ...properties,
    },
  };
}

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-definitions/get-by-id */
export function roleDefinition(properties: object = {}) {
  return {
    id: cryptoUser,
    type: "Microsoft.Authorization/roleDefinitions",
    name: "12338af0-0e69-4776-bea7-57ae8d297424",
    properties: {
      roleName: "Key Vault Crypto User",
      type: "BuiltInRole",
      assignableScopes: ["/"],
      permissions: [
        {
          actions: [],
          notActions: [],
          dataActions: ["Microsoft.KeyVault/vaults/keys/wrap/action", "Microsoft.KeyVault/vaults/keys/read"],
          notDataActions: [],
        },
      ],
      ...properties,
    },
  };
}

export function servicePrincipal(more: object = {}) {
  return {
    id: testPrincipal,
    appId: testApplication,
    displayName: "anthropic-cmek-client-us",
    accountEnabled: true,
    passwordCredentials: [],
    keyCredentials: [],
    ...more,
  };
}

export function list(...items: readonly unknown[]) {
  return { value: items };
}

export const answers = {
  getKey: armKey(),
  listKeyVersions: list({
    ...armKey(),
    id: `${testKeyId}/versions/${testVersion}`,
    name: testVersion,
    type: "Microsoft.KeyVault/vaults/keys/versions",
  }),
  listKeys: list({ id: testKeyId, name: "Prod", properties: {} }),
  getVault: armVault(),
  listVaults: list(armVault()),
  listDeletedVaults: list(),
  listPerimeterConfigurations: list(),
  listDiagnosticSettings: list({
    id: `${testVaultId}/providers/microsoft.insights/diagnosticSettings/audit`,
    type: "Microsoft.Insights/diagnosticSettings",
    name: "audit",
    properties: {
      workspaceId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w",
      storageAccountId: null,
      eventHubAuthorizationRuleId: null,
      metrics: [],
      logs: [
        { category: null, categoryGroup: "audit", enabled: true, retentionPolicy: { enabled: false, days: 0 } },
        { category: "AzurePolicyEvaluationDetails", categoryGroup: null, enabled: false },
      ],
    },
  }),
  listRoleAssignments: list(assignment("a")),
  listPrincipalAssignments: list(assignment("a")),
  getRoleDefinition: roleDefinition(),
  listDenyAssignments: list(),
  listPrincipalDenyAssignments: list(),
  listAssignmentSchedules: list(),
  getDeletedKey: {
    key: { kid: `https://${testHost}/keys/prod/${testVersion}` },
    recoveryId: `https://${testHost}/deletedkeys/prod`,
    deletedDate: 1_790_000_000,
    scheduledPurgeDate: 1_797_776_000,
  },
  listServicePrincipals: list(servicePrincipal()),
  listServicePrincipalOwners: list(),
  listAppRoleAssignments: list(),
  listPermissionGrants: list(),
  listDirectoryRoles: list(),
  getAssignedApplications: list({
    "@odata.type": "#microsoft.graph.servicePrincipal",
    id: testPrincipal,
    appId: testApplication,
    displayName: "anthropic-cmek-client-us",
  }),
} satisfies Record<keyof AzureReader, object>;

/** What a call answers: always the same, or what it makes of the arguments after the target; a promise may be refused. */
export type Answer = Readonly<Record<string, unknown>> | null | ((...asked: readonly unknown[]) => unknown);

export interface AnsweringReader extends AzureReader {
  /** Calls in the order in which they were made, with what was asked. */
  readonly asked: {
    readonly call: keyof AzureReader;
    readonly of: readonly unknown[];
    readonly target: AzureTarget;
  }[];
  count(call: keyof AzureReader): number;
}

/** A reader that gives these answers, and the ones above for every other call. */
export function answeringReader(own: Partial<Record<keyof AzureReader, Answer>> = {}): AnsweringReader {
  const asked: AnsweringReader["asked"] = [];
  const method =
    (call: keyof AzureReader) =>
    async (target: AzureTarget, ...of: readonly unknown[]): Promise<unknown> => {
      asked.push({ call, of, target });
      const answer: Answer | undefined = call in own ? own[call] : answers[call];
      return typeof answer === "function" ? answer(...of) : answer;
    };
  const methods = Object.fromEntries(Object.keys(answers).map((call) => [call, method(call as keyof AzureReader)]));
  return {
    ...(methods as unknown as AzureReader),
    asked,
    count: (call) => asked.filter((one) => one.call === call).length,
  };
}

export const refusal = (reason: Refusal["reason"], more: Partial<Refusal> = {}) =>
  new Refused({ reason, detail: "no", again: "no", ...more });
export const refuse =
  (reason: Refusal["reason"], more: Partial<Refusal> = {}): Answer =>
  () =>
    Promise.reject(refusal(reason, more));
export const absent = refuse("not-found", { absent: "it", detail: "ResourceNotFound: gone" });
/** One after the other, the last one for good. */
export const inTurn = (...ones: readonly Answer[]): Answer => {
  let asked = 0;
  return (...of) => {
    const one = ones[Math.min(asked, ones.length - 1)];
    asked += 1;
    return typeof one === "function" ? one(...of) : one;
  };
};
