import { expect, test } from "vitest";
import type { SimulatedVaultKey } from "../../src/simulator/azure/resource-types.ts";
import {
  sampleManagedHsm,
  samplePerimeterConfiguration,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import type { Change } from "../../src/simulator/merge-patch.ts";
import { all, azureRefusal, azureWorld, groupName, keyName, raw, subscriptionId, vaultName } from "./azure-clients.ts";

const madeAt = 1_782_864_000;
const secondVersion = "00000000000000000000000000000002";

test("a vault is told with its properties", async () => {
  const { vaults } = await azureWorld();
  expect(await vaults.vaults.get(groupName, "example-vault")).toMatchObject({
    id: vaultName,
    name: "example-vault",
    type: "Microsoft.KeyVault/vaults",
    location: "eastus2",
    properties: {
      tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
      vaultUri: "https://example-vault.vault.azure.net/",
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      enableSoftDelete: true,
      publicNetworkAccess: "Enabled",
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
    },
  });
});

test("names are compared without regard to case, and answered as they were given", async () => {
  const { vaults, control } = await azureWorld();
  const vault = await vaults.vaults.get(groupName.toUpperCase(), "EXAMPLE-vault");
  expect(vault.id).toBe(vaultName);
  expect((await vaults.keys.get(groupName, "Example-Vault", "ANTHROPIC")).id).toBe(keyName);
  expect(control.calls().by_resource[keyName]).toMatchObject({ "keyvault:GetKey": { received: 1 } });
  control.deny({ call: "keyvault:GetKey", resource: keyName });
  expect((await azureRefusal(vaults.keys.get(groupName, "example-vault", "Anthropic"))).code).toBe(
    "AuthorizationFailed",
  );
});

test("a managed HSM is told with its properties, and its keys like those of a vault", async () => {
  const { azure, vaults } = await azureWorld();
  const { id } = sampleManagedHsm();
  azure.addManagedHsm(sampleManagedHsm());
  azure.addKey(sampleVaultKey({ id: `${id}/keys/k` }));
  expect(await vaults.managedHsms.get(groupName, "example-hsm")).toMatchObject({
    id,
    type: "Microsoft.KeyVault/managedHSMs",
    sku: { family: "B", name: "Standard_B1" },
    properties: { hsmUri: "https://example-hsm.managedhsm.azure.net/", enablePurgeProtection: true },
  });
  expect(await vaults.managedHsmKeys.get(groupName, "example-hsm", "k")).toMatchObject({
    type: "Microsoft.KeyVault/managedHSMs/keys",
    kty: "RSA-HSM",
    keyUri: "https://example-hsm.managedhsm.azure.net/keys/k",
  });
  expect(await all(vaults.managedHsmKeys.list(groupName, "example-hsm"))).toHaveLength(1);
  expect(await all(vaults.managedHsmKeys.listVersions(groupName, "example-hsm", "k"))).toHaveLength(1);
  expect((await all(vaults.managedHsms.listBySubscription())).map(({ name }) => name)).toEqual(["example-hsm"]);
  expect((await all(vaults.vaults.listBySubscription())).map(({ name }) => name)).toEqual(["example-vault"]);
});

test("a key is told as its current version", async () => {
  const { vaults } = await azureWorld();
  expect(await vaults.keys.get(groupName, "example-vault", "anthropic")).toMatchObject({
    id: keyName,
    name: "anthropic",
    type: "Microsoft.KeyVault/vaults/keys",
    location: "eastus2",
    tags: {},
    kty: "RSA-HSM",
    keySize: 3072,
    keyOps: ["wrapKey", "unwrapKey"],
    attributes: { enabled: true, created: madeAt, recoveryLevel: "Recoverable", exportable: false },
    keyUri: "https://example-vault.vault.azure.net/keys/anthropic",
    keyUriWithVersion: "https://example-vault.vault.azure.net/keys/anthropic/00000000000000000000000000000001",
    rotationPolicy: { lifetimeActions: [{ trigger: { timeAfterCreate: "P1Y" }, action: { type: "Rotate" } }] },
  });
});

test.each<[string, Change<SimulatedVaultKey>, object]>([
  [
    "a disabled version",
    { versions: { [sampleVaultKey().current]: { attributes: { enabled: false } } } },
    { attributes: { enabled: false } },
  ],
  [
    "an expiry",
    { versions: { [sampleVaultKey().current]: { attributes: { exp: madeAt } } } },
    { attributes: { expires: madeAt } },
  ],
  ["a tag", { versions: { [sampleVaultKey().current]: { tags: { org: "o" } } } }, { tags: { org: "o" } }],
  [
    "a curve",
    { versions: { [sampleVaultKey().current]: { kty: "EC", keySize: null, curveName: "P-256" } } },
    { kty: "EC", keySize: undefined, curveName: "P-256" },
  ],
  ["no list of operations", { versions: { [sampleVaultKey().current]: { keyOps: null } } }, { keyOps: undefined }],
  ["no rotation", { rotationPolicy: null }, { rotationPolicy: undefined }],
])("a key is told with %s", async (_what, change, expected) => {
  const { control, vaults } = await azureWorld();
  control.patch({ resource: keyName, change });
  expect(await vaults.keys.get(groupName, "example-vault", "anthropic")).toMatchObject(expected);
});

test("a rotation is a second version, and both are listed", async () => {
  const { control, vaults } = await azureWorld();
  const { versions, current } = sampleVaultKey();
  control.patch({
    resource: keyName,
    change: { current: secondVersion, versions: { [secondVersion]: { ...versions[current], tags: { n: "2" } } } },
  });
  expect(await vaults.keys.get(groupName, "example-vault", "anthropic")).toMatchObject({ tags: { n: "2" } });
  const listed = await all(vaults.keys.listVersions(groupName, "example-vault", "anthropic"));
  expect(listed.map(({ name, kty, attributes }) => [name, kty, attributes?.enabled])).toEqual([
    [current, undefined, true],
    [secondVersion, undefined, true],
  ]);
  expect(await vaults.keys.getVersion(groupName, "example-vault", "anthropic", current)).toMatchObject({
    id: `${keyName}/versions/${current}`,
    kty: "RSA-HSM",
    tags: {},
  });
  expect((await azureRefusal(vaults.keys.getVersion(groupName, "example-vault", "anthropic", "none"))).status).toBe(
    404,
  );
});

test("lists come a page at a time, by links to the real host", async () => {
  const { azure, control, origin, vaults } = await azureWorld();
  control.patch({ resource: "directory/tenant", change: { page_size: 2 } });
  for (const name of ["a", "b", "c", "d"]) azure.addKey(sampleVaultKey({ id: `${vaultName}/keys/${name}` }));
  azure.addKey(sampleVaultKey({ id: `${vaultName}2/keys/elsewhere` }));
  const names = (await all(vaults.keys.list(groupName, "example-vault"))).map(({ name }) => name);
  expect(names).toEqual(["anthropic", "a", "b", "c", "d"]);
  expect(control.calls().by_call["keyvault:ListKeys"]?.received).toBe(3);
  const list = `https://management.azure.com${vaultName}/keys?api-version=2026-02-01`;
  const { body } = await raw(origin, list);
  expect(body).toMatchObject({ nextLink: expect.stringContaining(`${list}&%24skiptoken=`) });
  expect((await raw(origin, `${list}&$skiptoken=guess`)).status).toBe(400);
});

test("the vaults of one subscription are listed, as many at a time as are asked for", async () => {
  const { azure, control, vaults } = await azureWorld();
  azure.addVault(sampleVault({ id: vaultName.replace("example-vault", "second") }));
  azure.addVault(sampleVault({ id: vaultName.replace(subscriptionId, "99999999-0000-4000-8000-000000000000") }));
  const names = (await all(vaults.vaults.listBySubscription({ top: 1 }))).map(({ name }) => name);
  expect(names).toEqual(["example-vault", "second"]);
  expect(control.calls().by_call["keyvault:ListVaults"]?.received).toBe(2);
});

test("what is soft-deleted is listed among the deleted, and nowhere else", async () => {
  const { azure, control, vaults } = await azureWorld();
  const deleted = { deletedDate: "2026-08-01T00:00:00Z", scheduledPurgeDate: "2026-10-30T00:00:00Z" };
  azure.addManagedHsm(sampleManagedHsm({ deleted }));
  expect(await all(vaults.vaults.listDeleted())).toEqual([]);
  control.patch({ resource: vaultName, change: { deleted } });
  expect(await all(vaults.vaults.listDeleted())).toMatchObject([
    {
      name: "example-vault",
      type: "Microsoft.KeyVault/deletedVaults",
      properties: {
        vaultId: vaultName,
        location: "eastus2",
        deletionDate: new Date(deleted.deletedDate),
        scheduledPurgeDate: new Date(deleted.scheduledPurgeDate),
        purgeProtectionEnabled: true,
      },
    },
  ]);
  expect(await all(vaults.managedHsms.listDeleted())).toMatchObject([
    { properties: { mhsmId: sampleManagedHsm().id } },
  ]);
  expect(await all(vaults.vaults.listBySubscription())).toEqual([]);
  expect((await azureRefusal(vaults.vaults.get(groupName, "example-vault"))).code).toBe("ResourceNotFound");
  const key = await azureRefusal(vaults.keys.get(groupName, "example-vault", "anthropic"));
  expect(key.code).toBe("ParentResourceNotFound");
  control.patch({ resource: vaultName, change: { deleted: null } });
  expect((await vaults.keys.get(groupName, "example-vault", "anthropic")).id).toBe(keyName);
});

test("a deleted key is not there, and neither is one that never was", async () => {
  const { control, vaults } = await azureWorld();
  control.patch({ resource: keyName, change: { deleted: { deletedDate: "2026-08-01T00:00:00Z" } } });
  for (const name of ["anthropic", "nobody"]) {
    expect(await azureRefusal(vaults.keys.get(groupName, "example-vault", name))).toMatchObject({
      status: 404,
      code: "ResourceNotFound",
      body: {
        error: {
          code: "ResourceNotFound",
          message:
            `The Resource 'Microsoft.KeyVault/vaults/example-vault/keys/${name}' under resource group 'example-keys' ` +
            "was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        },
      },
    });
  }
  expect(await all(vaults.keys.list(groupName, "example-vault"))).toEqual([]);
});

const nowhere = "99999999-0000-4000-8000-000000000000";

test.each([
  [`/subscriptions/${nowhere}/providers/Microsoft.KeyVault/vaults`, "SubscriptionNotFound"],
  [`/subscriptions/${nowhere}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v`, "SubscriptionNotFound"],
  [`/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v`, "ResourceGroupNotFound"],
  [vaultName.replace("example-vault", "nobody"), "ResourceNotFound"],
  [`${vaultName.replace("example-vault", "nobody")}/keys`, "ParentResourceNotFound"],
  [`/subscriptions/${nowhere}/providers/Microsoft.Authorization/roleAssignments`, "SubscriptionNotFound"],
  [`${vaultName}-2/providers/Microsoft.Insights/diagnosticSettings`, "ResourceNotFound"],
])("%s answers 404 %s", async (path, code) => {
  const { origin } = await azureWorld();
  const answer = await raw(origin, `https://management.azure.com${path}?api-version=2026-02-01`);
  expect(answer).toMatchObject({ status: 404, body: { error: { code } } });
});

test("a subscription that was added has no vaults", async () => {
  const { control, origin } = await azureWorld();
  control.patch({ resource: `/subscriptions/${nowhere}`, change: {}, create: true });
  const path = `/subscriptions/${nowhere}/providers/Microsoft.KeyVault/vaults`;
  const answer = await raw(origin, `https://management.azure.com${path}?API-Version=2026-02-01`);
  expect(answer).toMatchObject({ status: 200, body: { value: [] } });
});

test("perimeters of a vault are listed with their rules", async () => {
  const { control, origin } = await azureWorld();
  const { id, properties } = samplePerimeterConfiguration();
  const list = `https://management.azure.com${vaultName}/networkSecurityPerimeterConfigurations?api-version=2025-05-01`;
  expect((await raw(origin, list)).body).toEqual({ value: [] });
  control.patch({ resource: id, change: {}, create: true });
  const name = id.slice(id.lastIndexOf("/") + 1);
  const type = "Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations";
  expect((await raw(origin, list)).body).toEqual({ value: [{ id, name, type, properties }] });
});

test("the hosts of sovereign clouds answer the same, and links lead back to them", async () => {
  const { control, origin } = await azureWorld();
  control.patch({ resource: "directory/tenant", change: { page_size: 1 } });
  control.patch({ resource: `${vaultName}/keys/second`, change: {}, create: true });
  const { body } = await raw(origin, `https://management.usgovcloudapi.net${vaultName}/keys?api-version=2026-02-01`);
  expect(body).toMatchObject({ nextLink: expect.stringMatching(/^https:\/\/management\.usgovcloudapi\.net\//) });
});

test("what is no request of an API counts as unrecognized", async () => {
  const { control, origin } = await azureWorld();
  const arm = "https://management.azure.com";
  const refused = [
    [await raw(origin, `${arm}${vaultName}`), 400, "MissingApiVersionParameter"],
    [
      await raw(origin, `${arm}${vaultName}?api-version=1`, { headers: { authorization: "" } }),
      401,
      "AuthenticationFailed",
    ],
    [await raw(origin, `${arm}/tenants?api-version=1`), 404, "InvalidResourceType"],
    [await raw(origin, `${arm}/%zz?api-version=1`), 400, "InvalidRequestUri"],
    [await raw(origin, `${arm}${vaultName}?api-version=1`, { method: "POST", body: "{" }), 404, "InvalidResourceType"],
    [await raw(origin, "https://portal.azure.com/"), 404, "UnknownHost"],
  ] as const;
  for (const [answer, status, code] of refused) {
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  }
  expect(control.calls()).toMatchObject({ unrecognized: refused.length, total: { received: 0 } });
});
