import { expect, test } from "vitest";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import { operationOf } from "../../src/simulator/azure/azure-operations.ts";
import {
  sampleDenyAssignment,
  sampleManagedHsm,
  sampleRoleAssignment,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import { type RefusalReason, refusalReasons } from "../../src/simulator/cloud.ts";
import {
  all,
  azureRefusal,
  azureWorld,
  groupName,
  keyName,
  principalId,
  principalName,
  raw,
  subscriptionName,
  vaultName,
} from "./azure-clients.ts";

test.each(Object.entries(azureCalls))(
  "%s is simulated, and needs the permissions that the collector names",
  (call, entry) => {
    const { permission, hsm_permission, quota } = operationOf(call);
    const { quota_of, other_permissions } = { quota_of: undefined, other_permissions: undefined, ...entry };
    expect(permission).toBe(entry.permission);
    expect(hsm_permission === undefined ? undefined : [hsm_permission]).toEqual(other_permissions);
    expect(quota).toBe(quota_of);
  },
);

test("list tells the resources of Azure, the built-in roles among them", async () => {
  const { control } = await azureWorld();
  const mine = control.list().resources.filter(({ cloud }) => cloud === "azure");
  const scope = subscriptionName.slice(1);
  expect(mine).toContainEqual({ cloud: "azure", kind: "azure.vault", resource: vaultName, scope });
  expect(mine).toContainEqual({ cloud: "azure", kind: "azure.vault-key", resource: keyName, scope });
  expect(mine).toContainEqual({
    cloud: "azure",
    kind: "azure.service-principal",
    resource: principalName,
    scope: "directory",
  });
  expect(mine).toContainEqual({
    cloud: "azure",
    kind: "azure.role-definition",
    resource: "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    scope: "directory",
  });
  expect(control.list({ resource: keyName }).resources[0]?.state).toEqual(sampleVaultKey());
});

const forbidden =
  "The client '00000000-0000-4000-8000-000000000000' with object id '00000000-0000-4000-8000-000000000000' does not have " +
  `authorization to perform action 'Microsoft.KeyVault/vaults/keys/read' over scope '${keyName}' or the scope is invalid. ` +
  "If access was recently granted, please refresh your credentials.";

const armWords = {
  "access-denied": { status: 403, body: { error: { code: "AuthorizationFailed", message: forbidden } } },
  "not-found": { status: 404, body: { error: { code: "ResourceNotFound" } } },
  throttled: { status: 429, body: { error: { code: "TooManyRequests" } } },
  unavailable: { status: 503, body: { error: { code: "ServiceUnavailable" } } },
  "api-disabled": { status: 409, body: { error: { code: "MissingSubscriptionRegistration" } } },
  unsupported: { status: 400, body: { error: { code: "InvalidApiVersionParameter" } } },
} satisfies Record<RefusalReason, object>;

const vaultWords = {
  "access-denied": { status: 403, body: { error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } } } },
  "not-found": { status: 404, body: { error: { code: "KeyNotFound" } } },
  throttled: { status: 429, body: { error: { code: "Throttled" } } },
  unavailable: { status: 503, body: { error: { code: "ServiceUnavailable" } } },
  "api-disabled": { status: 409, body: { error: { code: "MissingSubscriptionRegistration" } } },
  unsupported: { status: 400, body: { error: { code: "BadParameter" } } },
} satisfies Record<RefusalReason, object>;

const graphWords = {
  "access-denied": {
    status: 403,
    body: {
      error: { code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." },
    },
  },
  "not-found": { status: 404, body: { error: { code: "Request_ResourceNotFound" } } },
  throttled: { status: 429, body: { error: { code: "TooManyRequests" } } },
  unavailable: { status: 503, body: { error: { code: "serviceNotAvailable" } } },
  "api-disabled": { status: 409, body: { error: { code: "MissingSubscriptionRegistration" } } },
  unsupported: { status: 400, body: { error: { code: "Request_UnsupportedQuery" } } },
} satisfies Record<RefusalReason, object>;

const keyUrl = `https://management.azure.com${keyName}?api-version=2026-02-01`;
const bundleUrl = "https://example-vault.vault.azure.net/keys/anthropic?api-version=7.6";
const ownersUrl = `https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/owners`;

test.each(refusalReasons)("deny refuses a call for %s in the words of each API", async (reason) => {
  const { control, origin } = await azureWorld();
  const planes = [
    ["keyvault:GetKey", keyUrl, armWords],
    ["keyvault:GetKeyBundle", bundleUrl, vaultWords],
    ["graph:ListServicePrincipalOwners", ownersUrl, graphWords],
  ] as const;
  for (const [call, url, words] of planes) {
    control.deny({ call, reason });
    const answer = await raw(origin, url);
    expect(answer).toMatchObject(words[reason]);
    expect(answer.headers.get("retry-after")).toBe(reason === "throttled" ? "1" : null);
  }
  control.allow();
  for (const [, url] of planes) expect((await raw(origin, url)).status).toBe(200);
});

test.each([
  ["keyvault:GetVault", vaultName, vaultName],
  ["keyvault:ListKeys", `${vaultName}/keys`, vaultName],
  ["keyvault:ListKeyVersions", `${keyName}/versions`, keyName],
  [
    "keyvault:ListVaults",
    `${subscriptionName}/providers/Microsoft.KeyVault/vaults`,
    `${subscriptionName}/providers/Microsoft.KeyVault`,
  ],
  [
    "authorization:ListRoleAssignments",
    `${keyName}/providers/Microsoft.Authorization/roleAssignments`,
    `${keyName}/providers/Microsoft.Authorization`,
  ],
  [
    "authorization:ListRoleAssignments",
    "/providers/Microsoft.Authorization/roleAssignments",
    "/providers/Microsoft.Authorization",
  ],
])("%s of %s is refused over the scope %s", async (call, path, scope) => {
  const { control, origin } = await azureWorld();
  control.deny({ call });
  const { body } = await raw(origin, `https://management.azure.com${path}?api-version=1`);
  const { permission } = operationOf(call);
  expect(body).toMatchObject({
    error: { message: expect.stringContaining(`action '${permission}' over scope '${scope}' or`) },
  });
});

test("a refusal about a managed HSM names its own permission", async () => {
  const { azure, control, vaults } = await azureWorld();
  azure.addManagedHsm(sampleManagedHsm());
  control.deny({ call: "keyvault:*", resource: sampleManagedHsm().id });
  const refused = await azureRefusal(vaults.managedHsms.get(groupName, "example-hsm"));
  expect(refused.body).toMatchObject({
    error: { message: expect.stringContaining("action 'Microsoft.KeyVault/managedHSMs/read' over scope") },
  });
  expect((await vaults.vaults.get(groupName, "example-vault")).id).toBe(vaultName);
});

test("deny of one resource refuses what is asked of it alone", async () => {
  const { control, authorization, vaults } = await azureWorld();
  control.deny({ call: "authorization:*", resource: keyName });
  const list = (scope: string) => all(authorization.roleAssignments.listForScope(scope, { filter: "atScope()" }));
  expect((await azureRefusal(list(keyName))).code).toBe("AuthorizationFailed");
  expect((await azureRefusal(list(keyName.toUpperCase()))).status).toBe(403);
  expect(await list(vaultName)).toEqual([]);
  await vaults.keys.get(groupName, "example-vault", "anthropic");
});

test.each([
  [keyName, { current: "2" }, "body.change.current"],
  [keyName, { versions: { "2": sampleVaultKey().versions[sampleVaultKey().current] } }, "body.change.versions.2"],
  [
    keyName,
    { versions: { [sampleVaultKey().current]: { attributes: { exp: "soon" } } } },
    `body.change.versions.${sampleVaultKey().current}.attributes.exp`,
  ],
  [
    keyName,
    { versions: { [sampleVaultKey().current]: { attributes: { exp: 1.5 } } } },
    `body.change.versions.${sampleVaultKey().current}.attributes.exp`,
  ],
  [keyName, { deleted: { deletedDate: "yesterday" } }, "body.change.deleted.deletedDate"],
  [keyName, { keyOps: [] }, "body.change.keyOps"],
  [vaultName, { id: `${vaultName}2` }, "body.change"],
  [vaultName, { id: "vault" }, "body.change.id"],
  [vaultName, { properties: { vaultUri: "example-vault" } }, "body.change.properties.vaultUri"],
  [vaultName, { properties: { enableRbacAuthorisation: true } }, "body.change.properties.enableRbacAuthorisation"],
  [
    vaultName,
    { properties: { networkAcls: { ipRules: [{ value: "160.79.104.0/33" }] } } },
    "body.change.properties.networkAcls.ipRules[0].value",
  ],
  ["directory/tenant", { page_size: 0 }, "body.change.page_size"],
  [principalName, { owners: { x: {} } }, "body.change.owners.x.type"],
  [sampleRoleAssignment().id, { properties: { principalId: null } }, "body.change.properties.principalId"],
])("a change of %s to %o is refused at %s and changes nothing", async (resource, change, where) => {
  const { simulator, control } = await azureWorld();
  const before = control.list({ resource }).resources;
  const body = JSON.stringify({ resource, change });
  const response = await fetch(`${simulator.controlUrl}/patch`, { method: "POST", body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ where });
  expect(control.list({ resource }).resources).toEqual(before);
});

test("a resource has one spelling, and names of no kind are refused", async () => {
  const { control } = await azureWorld();
  expect(() => control.patch({ resource: vaultName.toUpperCase(), change: {}, create: true })).toThrow(
    /in another case/,
  );
  expect(() => control.patch({ resource: "/subscriptions/x", change: {}, create: true })).toThrow(
    /no kind of resource/,
  );
  expect(() => control.patch({ resource: `${vaultName}2`, change: {} })).toThrow(/does not exist/);
});

test("everything can be made by a patch, and is gone after a reset", async () => {
  const { control, origin, vaults } = await azureWorld();
  const made = [
    `${vaultName}-2`,
    `${vaultName}-2/keys/k`,
    sampleManagedHsm().id,
    `${sampleManagedHsm().id}/keys/k`,
    `${vaultName}/networkSecurityPerimeterConfigurations/p`,
    `${vaultName}/providers/Microsoft.Insights/diagnosticSettings/d`,
    "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/roleAssignments/a",
    "/providers/Microsoft.Authorization/roleAssignments/a",
    "/providers/Microsoft.Authorization/roleDefinitions/r",
    sampleDenyAssignment().id,
    `${keyName}/providers/Microsoft.Authorization/roleAssignmentScheduleInstances/s`,
    subscriptionName,
    "directory/servicePrincipals/0b1ec7ed-0000-4000-8000-0000000000cc",
    "directory/groups/0b1ec7ed-0000-4000-8000-0000000000cc",
    "directory/users/0b1ec7ed-0000-4000-8000-0000000000cc",
  ];
  for (const resource of made) {
    control.patch({ resource, change: {}, create: true });
    expect(control.list({ resource }).resources[0]?.state).toBeDefined();
  }
  expect((await vaults.keys.get(groupName, "example-vault-2", "k")).keyUri).toBe(
    "https://example-vault-2.vault.azure.net/keys/k",
  );
  control.patch({ resource: vaultName, change: null });
  control.patch({ resource: "directory/tenant", change: null });
  control.reset();
  const names = control.list().resources.map(({ resource }) => resource);
  for (const resource of made) expect(names).not.toContain(resource);
  expect(names).toContain("directory/tenant");
  expect(
    (await raw(origin, keyUrl.toUpperCase().replace("HTTPS://MANAGEMENT.AZURE.COM", "https://management.azure.com")))
      .status,
  ).toBe(200);
  expect(control.list({ resource: vaultName }).resources[0]?.state).toEqual(sampleVault());
});
