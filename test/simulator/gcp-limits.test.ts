import { expect, test } from "vitest";
import { sampleProject } from "../../src/simulator/gcp/resources.ts";
import { answered } from "./answered.ts";
import { countedFor, grpcRefusal, keyName, once } from "./gcp-clients.ts";
import { gcpWorld } from "./gcp-world.ts";

test("a quota project is counted and must have the API enabled, too", async () => {
  const { control, simulator, kms, getKey } = await gcpWorld();
  const services = { "cloudkms.googleapis.com": "DISABLED" };
  simulator.gcp.addProject(sampleProject({ name: "projects/quota-project", number: "99", services }));
  const counted = await grpcRefusal(kms.getCryptoKey({ name: keyName }, countedFor("quota-project")));
  expect(counted).toMatchObject({ reason: "SERVICE_DISABLED", metadata: { consumer: "projects/99" } });
  control.patch({ resource: "projects/quota-project", change: { services: { "cloudkms.googleapis.com": null } } });
  control.throttle({ call: "cloudkms:*", per_second: 1 });
  await kms.getCryptoKey({ name: keyName }, countedFor("quota-project"));
  await getKey();
  const again = await grpcRefusal(kms.getCryptoKey({ name: keyName }, countedFor("99")));
  expect(again).toMatchObject({ code: 8, metadata: { consumer: "projects/99" } });
});

test("throttle lets calls of one quota take from one bucket, until time passes", async () => {
  const { control, pass, getKey, policy, role, kms } = await gcpWorld();
  control.throttle({ call: "cloudkms:*", per_second: 5 });
  expect(await answered(3, getKey)).toBe(3);
  expect(await answered(4, policy)).toBe(2);
  expect((await grpcRefusal(policy())).reason).toBe("RATE_LIMIT_EXCEEDED");
  expect((await role()).status).toBe(200);
  // What changes is not counted with what reads.
  await kms.createCryptoKeyVersion({ parent: keyName }, once());
  pass(400);
  expect(await answered(4, getKey)).toBe(2);
  expect(control.calls().by_call["cloudkms:GetCryptoKeyIamPolicy"]).toMatchObject({ received: 5, throttled: 3 });
});

test("a limit of one call counts that call alone", async () => {
  const { control, getKey, policy } = await gcpWorld();
  control.throttle({ call: "cloudkms:GetCryptoKey", per_second: 1 });
  expect(await answered(2, policy)).toBe(2);
  expect(await answered(3, getKey)).toBe(1);
});

test("latency holds a call back and no other; a client that leaves is forgotten", async () => {
  const { control, getKey, policy, list } = await gcpWorld();
  control.latency({ call: "cloudkms:GetCryptoKey", ms: 3_600_000 });
  const slow = getKey().then(() => "slow");
  slow.catch(() => "the simulator was closed");
  expect(await Promise.race([slow, policy().then(() => "fast")])).toBe("fast");
  control.latency({ call: "cloudkms:GetCryptoKey", ms: 0 });
  control.latency({ call: "cloudkms:ListCryptoKeys", ms: 5, jitter: 5 });
  await Promise.all([getKey(), list()]);
  expect(control.calls().by_call["cloudkms:GetCryptoKey"]?.received).toBe(2);
});
