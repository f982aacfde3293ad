import type { protos } from "@google-cloud/kms";
import { expect, test } from "vitest";
import { testSimulator, testTime } from "./aws-clients.ts";
import { addSamples, grpcRefusal, keyName, kmsClient, once } from "./gcp-clients.ts";

type CryptoKey = protos.google.cloud.kms.v1.ICryptoKey;

async function prepared() {
  const simulator = await testSimulator();
  addSamples(simulator);
  return { control: simulator.control, kms: kmsClient(simulator) };
}

const version = `${keyName}/cryptoKeyVersions/1`;

function toState(state: "ENABLED" | "DISABLED" | "DESTROYED") {
  return { cryptoKeyVersion: { name: version, state }, updateMask: { paths: ["state"] } };
}

test("UpdateCryptoKey replaces the labels that the mask names, and nothing else", async () => {
  const { control, kms } = await prepared();
  control.patch({ resource: keyName, change: { labels: { team: "payments", old: "true" } } });
  const cryptoKey = { name: keyName, labels: { team: "payments", added: "true" }, rotationPeriod: { seconds: 86_400 } };
  const [answer] = await kms.updateCryptoKey({ cryptoKey, updateMask: { paths: ["labels"] } }, once());
  expect(answer).toMatchObject({ labels: { team: "payments", added: "true" }, rotationPeriod: { seconds: "7776000" } });
  expect((await kms.getCryptoKey({ name: keyName }, once()))[0].labels).toEqual({ team: "payments", added: "true" });
});

test("UpdateCryptoKey changes rotation, template and justifications, and takes them away", async () => {
  const { kms } = await prepared();
  const change: CryptoKey = {
    rotationPeriod: { seconds: 86_400 },
    nextRotationTime: { seconds: testTime / 1000 },
    versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" },
    // CUSTOMER_INITIATED_ACCESS; the client's types want its number in a list.
    keyAccessJustificationsPolicy: { allowedAccessReasons: [5] },
  };
  const paths = ["rotation_period", "next_rotation_time", "version_template", "key_access_justifications_policy"];
  const [changed] = await kms.updateCryptoKey(
    { cryptoKey: { name: keyName, ...change }, updateMask: { paths } },
    once(),
  );
  expect(changed).toMatchObject({
    ...change,
    rotationPeriod: { seconds: "86400" },
    nextRotationTime: { seconds: String(testTime / 1000) },
    keyAccessJustificationsPolicy: { allowedAccessReasons: ["CUSTOMER_INITIATED_ACCESS"] },
  });
  const cryptoKey = { name: keyName };
  const gone = paths.filter((path) => path !== "version_template");
  const [bare] = await kms.updateCryptoKey({ cryptoKey, updateMask: { paths: gone } }, once());
  expect(bare).toMatchObject({ nextRotationTime: null, keyAccessJustificationsPolicy: null });
  expect(bare).not.toHaveProperty("rotationPeriod");
});

test.each([[[]], [["purpose"]], [["labels", "create_time"]]])("UpdateCryptoKey refuses the mask %o", async (paths) => {
  const { kms } = await prepared();
  const call = kms.updateCryptoKey({ cryptoKey: { name: keyName, labels: { a: "b" } }, updateMask: { paths } }, once());
  expect((await grpcRefusal(call)).code).toBe(3);
  expect((await kms.getCryptoKey({ name: keyName }, once()))[0].labels).toEqual({});
});

test("versions are made, become primary, are disabled, destroyed and restored", async () => {
  const { kms } = await prepared();
  const [made] = await kms.createCryptoKeyVersion({ parent: keyName }, once());
  expect(made).toMatchObject({
    name: `${keyName}/cryptoKeyVersions/2`,
    state: "ENABLED",
    protectionLevel: "HSM",
    createTime: { seconds: String(testTime / 1000) },
  });
  const [key] = await kms.updateCryptoKeyPrimaryVersion({ name: keyName, cryptoKeyVersionId: "2" }, once());
  expect(key.primary?.name).toBe(made.name);
  expect((await kms.updateCryptoKeyVersion(toState("DISABLED"), once()))[0].state).toBe("DISABLED");
  const [scheduled] = await kms.destroyCryptoKeyVersion({ name: version }, once());
  expect(scheduled).toMatchObject({
    state: "DESTROY_SCHEDULED",
    destroyTime: { seconds: String(testTime / 1000 + 2_592_000) },
  });
  const [restored] = await kms.restoreCryptoKeyVersion({ name: version }, once());
  expect(restored).toMatchObject({ state: "DISABLED", destroyTime: null });
  expect((await kms.updateCryptoKeyVersion(toState("ENABLED"), once()))[0].state).toBe("ENABLED");
});

test("what a version's state does not allow is refused", async () => {
  const { control, kms } = await prepared();
  expect((await grpcRefusal(kms.restoreCryptoKeyVersion({ name: version }, once()))).code).toBe(9);
  expect((await grpcRefusal(kms.updateCryptoKeyVersion(toState("DESTROYED"), once()))).code).toBe(3);
  control.patch({ resource: keyName, change: { versions: { "1": { state: "DESTROYED" } } } });
  expect((await grpcRefusal(kms.updateCryptoKeyVersion(toState("ENABLED"), once()))).code).toBe(9);
  expect((await grpcRefusal(kms.destroyCryptoKeyVersion({ name: version }, once()))).code).toBe(9);
  const primary = kms.updateCryptoKeyPrimaryVersion({ name: keyName, cryptoKeyVersionId: "1" }, once());
  expect((await grpcRefusal(primary)).code).toBe(9);
});

test("reset undoes every change", async () => {
  const { control, kms } = await prepared();
  await kms.createCryptoKeyVersion({ parent: keyName }, once());
  await kms.destroyCryptoKeyVersion({ name: version }, once());
  control.reset();
  const [versions] = await kms.listCryptoKeyVersions({ parent: keyName }, once());
  expect(versions).toMatchObject([{ state: "ENABLED" }]);
});
