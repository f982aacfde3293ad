import { expect, test } from "vitest";
import type { SimulatedVault } from "../../src/simulator/azure/resource-types.ts";
import { sampleManagedHsm, sampleVaultKey } from "../../src/simulator/azure/resources.ts";
import type { Change } from "../../src/simulator/merge-patch.ts";
import { azureRefusal, azureWorld, keyName, raw, vaultName } from "./azure-clients.ts";

const deleted = { deletedDate: "2026-08-01T00:00:00Z", scheduledPurgeDate: "2026-10-30T00:00:00Z" };

test("a request without a token is told whose tokens the vault takes", async () => {
  const { control, origin } = await azureWorld();
  const url = "https://example-vault.vault.azure.net/keys/anthropic?api-version=7.6";
  const answer = await raw(origin, url, { headers: { authorization: "" } });
  expect(answer).toMatchObject({
    status: 401,
    body: { error: { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." } },
  });
  expect(answer.headers.get("www-authenticate")).toBe(
    'Bearer authorization="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee", resource="https://vault.azure.net"',
  );
  expect(control.calls()).toMatchObject({ unrecognized: 1, total: { received: 0 } });
});

test("a key is told with its public part, by its current version or another", async () => {
  const { keyClient } = await azureWorld();
  const { current } = sampleVaultKey();
  const key = await keyClient().getKey("anthropic");
  expect(key).toMatchObject({
    id: `https://example-vault.vault.azure.net/keys/anthropic/${current}`,
    keyType: "RSA-HSM",
    keyOperations: ["wrapKey", "unwrapKey"],
    properties: { enabled: true, version: current, createdOn: new Date("2026-07-01T00:00:00Z") },
  });
  expect(key.key?.n).toHaveLength(384);
  expect((await keyClient().getKey("Anthropic", { version: current })).id).toBe(key.id);
});

test("a key that is not there, or is deleted, is not found", async () => {
  const { control, keyClient } = await azureWorld();
  expect(await azureRefusal(keyClient().getKey("nobody"))).toMatchObject({ status: 404, code: "KeyNotFound" });
  control.patch({ resource: keyName, change: { deleted } });
  expect(await azureRefusal(keyClient().getKey("anthropic"))).toMatchObject({ status: 404, code: "KeyNotFound" });
});

test("a deleted key tells when it will be purged", async () => {
  const { control, keyClient } = await azureWorld();
  expect(await azureRefusal(keyClient().getDeletedKey("anthropic"))).toMatchObject({
    status: 404,
    body: { error: { code: "KeyNotFound", message: "Deleted Key not found: anthropic" } },
  });
  control.patch({ resource: keyName, change: { deleted } });
  expect((await keyClient().getDeletedKey("anthropic")).properties).toMatchObject({
    recoveryId: "https://example-vault.vault.azure.net/deletedkeys/anthropic",
    deletedOn: new Date(deleted.deletedDate),
    scheduledPurgeDate: new Date(deleted.scheduledPurgeDate),
  });
  expect(control.calls().by_resource[keyName]).toEqual({
    "keyvault:GetDeletedKey": { received: 2, throttled: 0, denied: 0, failed: 0 },
  });
  control.patch({ resource: keyName, change: null });
  expect((await azureRefusal(keyClient().getDeletedKey("anthropic"))).status).toBe(404);
});

test("a managed HSM has a data plane of its own", async () => {
  const { azure, keyClient, origin } = await azureWorld();
  azure.addManagedHsm(sampleManagedHsm());
  azure.addKey(sampleVaultKey({ id: `${sampleManagedHsm().id}/keys/k`, deleted }));
  const uri = "https://example-hsm.managedhsm.azure.net/";
  expect((await keyClient(uri).getDeletedKey("k")).name).toBe("k");
  const unknown = await raw(origin, `${uri}keys/k?api-version=7.6`, { headers: { authorization: "" } });
  expect(unknown.headers.get("www-authenticate")).toContain('resource="https://managedhsm.azure.net"');
});

const closed = "ForbiddenByConnection";
const walled = "ForbiddenByFirewall";

test.each<[string, Change<SimulatedVault["properties"]>, string | null]>([
  ["no public access", { publicNetworkAccess: "disabled" }, closed],
  ["a firewall without rules", { networkAcls: { defaultAction: "Deny" } }, walled],
  ["another range", { networkAcls: { defaultAction: "Deny", ipRules: [{ value: "160.79.104.0/21" }] } }, walled],
  ["its range", { networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] } }, null],
  ["its address", { networkAcls: { defaultAction: "deny", ipRules: [{ value: "203.0.113.10" }] } }, null],
  ["rules that are not in force", { networkAcls: { ipRules: [{ value: "160.79.104.0/21" }] } }, null],
  ["no rules at all", { networkAcls: null, publicNetworkAccess: null }, null],
])("a vault with %s", async (_what, properties, code) => {
  const { control, keyClient } = await azureWorld();
  control.patch({ resource: vaultName, change: { properties } });
  const call = keyClient().getKey("anthropic");
  if (code === null) {
    expect((await call).name).toBe("anthropic");
  } else {
    expect(await azureRefusal(call)).toMatchObject({
      status: 403,
      body: { error: { code: "Forbidden", innerError: { code } } },
    });
  }
});

test("a vault that is deleted, or never was, does not answer for its keys", async () => {
  const { control, keyClient } = await azureWorld();
  const nobody = await azureRefusal(keyClient("https://nobody.vault.azure.net/").getKey("k"));
  expect(nobody).toMatchObject({ status: 404, code: "VaultNotFound" });
  control.patch({ resource: vaultName, change: { deleted } });
  expect((await azureRefusal(keyClient().getKey("anthropic"))).code).toBe("VaultNotFound");
});
