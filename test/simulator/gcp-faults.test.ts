import { expect, test } from "vitest";
import { grpcRefusal, keyName, once } from "./gcp-clients.ts";
import { gcpWorld } from "./gcp-world.ts";

test.each([
  ["500", 13, /Internal error/],
  ["503", 14, /currently unavailable/],
  ["unknown-error", 99, /did not exist/],
  ["reset", 13, /RST_STREAM/],
  ["truncated", 14, /Connection dropped|closed|ECONNRESET/],
  ["malformed-message", 13, /Response message parsing error/],
] as const)("%s fails a gRPC call as often as asked, and is counted", async (how, code, message) => {
  const { control, getKey } = await gcpWorld();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 2, how });
  for (const call of [getKey, getKey]) {
    const refusal = await grpcRefusal(call());
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(message) as string });
  }
  expect((await getKey())[0].name).toBe(keyName);
  expect(control.calls().by_call["cloudkms:GetCryptoKey"]).toMatchObject({ received: 3, failed: 2 });
});

test("reset ends one call and leaves the others on its connection", async () => {
  const { control, getKey, policy } = await gcpWorld();
  await policy();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "reset" });
  const [reset, other] = await Promise.allSettled([getKey(), policy()]);
  expect([reset.status, other.status]).toEqual(["rejected", "fulfilled"]);
});

test("hang never answers, until the client's own deadline", async () => {
  const { control, kms, getKey, policy } = await gcpWorld();
  await getKey();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "hang" });
  const hanging = grpcRefusal(kms.getCryptoKey({ name: keyName }, { ...once(), timeout: 300 }));
  await expect.poll(() => control.calls().total.failed).toBe(1);
  await policy();
  expect((await hanging).code).toBe(4);
});

test("missing-field and extra-field change the message and leave the rest", async () => {
  const { control, getKey } = await gcpWorld();
  const [whole] = await getKey();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "missing-field:versionTemplate" });
  const [missing] = await getKey();
  expect(missing.versionTemplate).toBeNull();
  expect({ ...missing, versionTemplate: whole.versionTemplate }).toEqual(whole);
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "extra-field" });
  expect((await getKey())[0]).toEqual(whole);
  expect(control.calls().total.failed).toBe(2);
});

test("a fault that an answer has no place for waits", async () => {
  const { control, getKey } = await gcpWorld();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "malformed-message" });
  control.fail({ call: "cloudkms:ListCryptoKeys", times: 1, how: "missing-field:nextPageToken" });
  control.deny({ call: "cloudkms:GetCryptoKey" });
  expect((await grpcRefusal(getKey())).code).toBe(7);
  expect(control.calls().total.failed).toBe(0);
  control.allow();
  expect((await grpcRefusal(getKey())).message).toMatch(/parsing error/);
});

test.each([
  ["500", 500],
  ["503", 503],
  ["unknown-error", 499],
] as const)("%s fails a REST call", async (how, status) => {
  const { control, role } = await gcpWorld();
  control.fail({ call: "iam:GetRole", times: 1, how });
  expect((await role()).status).toBe(status);
  expect((await role()).status).toBe(200);
});

test("REST answers are reset, cut and spoiled like those of every HTTP service", async () => {
  const { control, role, simulator } = await gcpWorld();
  const raw = () => fetch(`${simulator.gcpEndpoints.rest}/v1/roles/owner`);
  control.fail({ call: "iam:GetRole", times: 1, how: "reset" });
  await expect(raw()).rejects.toThrow();
  control.fail({ call: "iam:GetRole", times: 1, how: "truncated" });
  await expect(raw().then((response) => response.text())).rejects.toThrow();
  control.fail({ call: "iam:GetRole", times: 1, how: "malformed-json" });
  await expect(raw().then((response) => response.json())).rejects.toThrow(SyntaxError);
  control.fail({ call: "iam:GetRole", times: 1, how: "missing-field:includedPermissions" });
  expect((await role()).body).not.toHaveProperty("includedPermissions");
  control.fail({ call: "iam:GetRole", times: 1, how: "wrong-type:title" });
  expect((await role()).body).toMatchObject({ title: { Unexpected: "an object" } });
});

test.each([
  ["cloudkms:GetCryptoKey", "malformed-json"],
  ["cloudkms:GetCryptoKey", "wrong-type:name"],
  ["iam:GetRole", "malformed-message"],
  ["cloudkms:*", "malformed-json"],
] as const)("fail refuses for %s what its answer cannot have: %s", async (call, how) => {
  const { control } = await gcpWorld();
  expect(() => control.fail({ call, times: 1, how })).toThrow(
    /nothing to break in the answer of .*\((json|protobuf)\)/,
  );
});
