import { expect, test } from "vitest";
import { sampleVault, sampleVaultKey } from "../../src/simulator/azure/resources.ts";
import { answered } from "./answered.ts";
import { all, azureRefusal, azureWorld, groupName, keyName, principalId, raw, vaultName } from "./azure-clients.ts";

async function prepared() {
  const world = await azureWorld();
  const { vaults, authorization, origin } = world;
  return {
    ...world,
    getKey: () => vaults.keys.get(groupName, "example-vault", "anthropic"),
    getVault: () => vaults.vaults.get(groupName, "example-vault"),
    assignments: () => all(authorization.roleAssignments.listForScope(keyName, { filter: "atScope()" })),
    owners: () => raw(origin, `https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/owners`),
  };
}

test("throttle lets the reads of a subscription take from one bucket, until time passes", async () => {
  const { control, pass, getKey, assignments, owners } = await prepared();
  control.throttle({ call: "*", per_second: 5 });
  expect(await answered(3, getKey)).toBe(3);
  expect(await answered(4, assignments)).toBe(2);
  expect(await azureRefusal(assignments())).toMatchObject({ status: 429, code: "TooManyRequests", retryAfter: "1" });
  // The directory and another subscription have their own.
  expect((await owners()).status).toBe(200);
  pass(400);
  expect(await answered(4, getKey)).toBe(2);
  expect(control.calls().by_call["authorization:ListRoleAssignments"]).toMatchObject({ received: 5, throttled: 3 });
});

test("each vault has a bucket of its own for its data", async () => {
  const { azure, control, keyClient } = await prepared();
  azure.addVault(sampleVault({ id: `${vaultName}-2` }));
  azure.addKey(sampleVaultKey({ id: `${vaultName}-2/keys/k` }));
  control.throttle({ call: "keyvault:GetKeyBundle", per_second: 1 });
  expect(await answered(2, () => keyClient().getKey("anthropic"))).toBe(1);
  expect((await keyClient("https://example-vault-2.vault.azure.net/").getKey("k")).name).toBe("k");
});

test.each([
  ["500", 500, "InternalServerError"],
  ["503", 503, "ServiceUnavailable"],
  ["unknown-error", 499, "CodeOfAnotherVersion"],
  ["expired-token", 401, "ExpiredAuthenticationToken"],
  ["skewed-clock", 401, "InvalidAuthenticationToken"],
] as const)("%s fails a call with %d %s, as often as it was asked for", async (how, status, code) => {
  const { control, getKey, assignments } = await prepared();
  control.fail({ call: "keyvault:GetKey", times: 1, how });
  expect(await azureRefusal(getKey())).toMatchObject({ status, code });
  await getKey();
  control.fail({ call: "authorization:*", times: 1, how });
  expect(await azureRefusal(assignments())).toMatchObject({ status, code });
  await assignments();
});

test.each([
  ["500", 500],
  ["503", 503],
  ["expired-token", 401],
  ["skewed-clock", 401],
] as const)("%s fails a call of the directory and of a vault with %d", async (how, status) => {
  const { control, owners, keyClient } = await prepared();
  control.fail({ call: "*", times: 2, how });
  expect((await owners()).status).toBe(status);
  expect((await azureRefusal(keyClient().getKey("anthropic"))).status).toBe(status);
  expect((await owners()).status).toBe(200);
});

test("an expired token is told by when it expired", async () => {
  const { control, origin } = await prepared();
  control.fail({ call: "keyvault:GetVault", times: 1, how: "expired-token" });
  const answer = await raw(origin, `https://management.azure.com${vaultName}?api-version=1`);
  expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  expect(answer.body).toMatchObject({
    error: {
      message:
        "The access token expiry UTC time '2026-09-01T11:59:00.000Z' is earlier than current UTC time '2026-09-01T12:00:00.000Z'.",
    },
  });
});

test("answers are reset, cut and spoiled like those of every HTTP service", async () => {
  const { control, origin, getVault } = await prepared();
  const fetched = () => raw(origin, `https://management.azure.com${vaultName}?api-version=1`);
  control.fail({ call: "keyvault:GetVault", times: 1, how: "reset" });
  await expect(getVault()).rejects.toThrow();
  control.fail({ call: "keyvault:GetVault", times: 1, how: "truncated" });
  await expect(fetched()).rejects.toThrow();
  control.fail({ call: "keyvault:GetVault", times: 1, how: "malformed-json" });
  await expect(fetched()).rejects.toThrow(SyntaxError);
  control.fail({ call: "keyvault:GetVault", times: 1, how: "missing-field:vaultUri" });
  expect((await getVault()).properties.vaultUri).toBeUndefined();
  control.fail({ call: "keyvault:GetVault", times: 1, how: "wrong-type:location" });
  expect((await fetched()).body).toMatchObject({ location: { Unexpected: "an object" } });
  control.fail({ call: "keyvault:GetVault", times: 1, how: "extra-field" });
  expect(await getVault()).toMatchObject({ id: vaultName });
});

test("latency holds a call back and no other", async () => {
  const { control, getKey, getVault } = await prepared();
  control.latency({ call: "keyvault:GetKey", ms: 3_600_000 });
  const slow = getKey().then(() => "slow");
  slow.catch(() => "the simulator was closed");
  expect(await Promise.race([slow, getVault().then(() => "fast")])).toBe("fast");
});
