import { expect, test } from "vitest";
import type { SimulatedCryptoKey } from "../../src/simulator/gcp/resource-types.ts";
import { sampleCryptoKey, sampleKeyRing, sampleProject } from "../../src/simulator/gcp/resources.ts";
import type { Change } from "../../src/simulator/merge-patch.ts";
import { testSimulator } from "./aws-clients.ts";
import { addSamples, grpcRefusal, keyName, kmsClient, once, projectName, ringName } from "./gcp-clients.ts";

async function prepared() {
  const simulator = await testSimulator();
  addSamples(simulator);
  return { simulator, kms: kmsClient(simulator) };
}

const madeAt = { seconds: "1782864000", nanos: 0 };
const hsm = { protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" };

test("GetCryptoKey answers the key with its primary version", async () => {
  const { kms } = await prepared();
  const [key] = await kms.getCryptoKey({ name: keyName }, once());
  expect(key).toMatchObject({
    name: keyName,
    primary: {
      name: `${keyName}/cryptoKeyVersions/1`,
      state: "ENABLED",
      createTime: madeAt,
      generateTime: madeAt,
      destroyTime: null,
      importTime: null,
      ...hsm,
    },
    purpose: "ENCRYPT_DECRYPT",
    createTime: madeAt,
    nextRotationTime: { seconds: "1790640000", nanos: 0 },
    rotationPeriod: { seconds: "7776000", nanos: 0 },
    versionTemplate: hsm,
    labels: {},
    importOnly: false,
    destroyScheduledDuration: { seconds: "2592000", nanos: 0 },
    keyAccessJustificationsPolicy: null,
  });
});

test.each<[string, Change<SimulatedCryptoKey>, object]>([
  ["no primary version", { primary: null }, { primary: null }],
  ["another purpose", { purpose: "ASYMMETRIC_SIGN" }, { primary: null, purpose: "ASYMMETRIC_SIGN" }],
  ["no rotation", { rotationPeriod: null, nextRotationTime: null }, { nextRotationTime: null }],
  ["a fraction of a second", { createTime: "2026-07-01T00:00:00.250Z" }, { createTime: { nanos: 250_000_000 } }],
  ["nanoseconds", { createTime: "2026-07-01T00:00:00.000000007Z" }, { createTime: { nanos: 7 } }],
  ["labels", { labels: { team: "payments" } }, { labels: { team: "payments" } }],
  [
    "a justifications policy",
    { keyAccessJustificationsPolicy: { allowedAccessReasons: ["CUSTOMER_INITIATED_ACCESS"] } },
    { keyAccessJustificationsPolicy: { allowedAccessReasons: ["CUSTOMER_INITIATED_ACCESS"] } },
  ],
  [
    "one that allows nothing",
    { keyAccessJustificationsPolicy: { allowedAccessReasons: [] } },
    { keyAccessJustificationsPolicy: { allowedAccessReasons: [] } },
  ],
  [
    "imported material",
    { importOnly: true, versions: { "1": { importJob: "job", importTime: "2026-07-01T00:00:00Z" } } },
    { importOnly: true, primary: { importJob: "job", importTime: madeAt } },
  ],
  ["a state that no client knows", { versions: { "1": { state: "77" } } }, { primary: { state: 77 } }],
])("GetCryptoKey answers %s", async (_what, change, expected) => {
  const { simulator, kms } = await prepared();
  simulator.control.patch({ resource: keyName, change });
  const [key] = await kms.getCryptoKey({ name: keyName }, once());
  expect(key).toMatchObject(expected);
  // Of a choice between fields, clients leave out the ones that were not chosen.
  expect("rotationPeriod" in key).toBe(change.rotationPeriod !== null);
});

test("ListCryptoKeys answers the keys of one ring, a page at a time", async () => {
  const { simulator, kms } = await prepared();
  const names = ["a", "b", "c", "d"].map((key) => `${ringName}/cryptoKeys/${key}`);
  for (const name of names) simulator.gcp.addKey(sampleCryptoKey({ name }));
  simulator.gcp.addKey(sampleCryptoKey({ name: `${ringName}2/cryptoKeys/elsewhere` }));
  const seen: (string | null | undefined)[] = [];
  const sizes: number[] = [];
  let pageToken = "";
  do {
    const [keys, , page] = await kms.listCryptoKeys({ parent: ringName, pageSize: 2, pageToken }, once());
    seen.push(...keys.map(({ name }) => name));
    sizes.push(keys.length);
    expect(page?.totalSize).toBe(5);
    pageToken = page?.nextPageToken ?? "";
  } while (pageToken !== "");
  expect(seen).toEqual([keyName, ...names]);
  expect(sizes).toEqual([2, 2, 1]);
  const [all] = await kms.listCryptoKeys({ parent: ringName }, { ...once(), autoPaginate: true });
  expect(all).toHaveLength(5);
});

test("a page holds a hundred unless told, and never more than a thousand", async () => {
  const { simulator, kms } = await prepared();
  for (let number = 1; number <= 1000; number += 1) {
    simulator.gcp.addKey(sampleCryptoKey({ name: `${ringName}/cryptoKeys/k${number}` }));
  }
  expect((await kms.listCryptoKeys({ parent: ringName }, once()))[0]).toHaveLength(100);
  expect((await kms.listCryptoKeys({ parent: ringName, pageSize: 5000 }, once()))[0]).toHaveLength(1000);
});

test("ListCryptoKeyVersions answers them by number, a page at a time", async () => {
  const { simulator, kms } = await prepared();
  const versions = Object.fromEntries([2, 10, 3].map((number) => [number, { ...hsm, state: "DISABLED" }]));
  simulator.control.patch({ resource: keyName, change: { versions } });
  const [first, , page] = await kms.listCryptoKeyVersions({ parent: keyName, pageSize: 3 }, once());
  const [rest] = await kms.listCryptoKeyVersions(
    { parent: keyName, pageSize: 3, pageToken: page?.nextPageToken ?? "" },
    once(),
  );
  const numbers = [...first, ...rest].map(({ name }) => name?.split("/").at(-1));
  expect(numbers).toEqual(["1", "2", "3", "10"]);
  expect(first[1]).toMatchObject({ state: "DISABLED", createTime: null, ...hsm });
});

test("GetCryptoKeyVersion, GetKeyRing and ListKeyRings", async () => {
  const { simulator, kms } = await prepared();
  const other = `${projectName}/locations/us-east5/keyRings/other`;
  const far = `${projectName}/locations/us-central1/keyRings/far`;
  simulator.gcp.addKey(sampleCryptoKey({ name: `${other}/cryptoKeys/k` }));
  simulator.gcp.addKeyRing(sampleKeyRing({ name: far }));
  const [version] = await kms.getCryptoKeyVersion({ name: `${keyName}/cryptoKeyVersions/1` }, once());
  expect(version).toMatchObject({ name: `${keyName}/cryptoKeyVersions/1`, state: "ENABLED" });
  expect((await kms.getKeyRing({ name: ringName }, once()))[0]).toEqual({ name: ringName, createTime: madeAt });
  const [rings] = await kms.listKeyRings({ parent: `${projectName}/locations/us-east5` }, once());
  expect(rings.map(({ name }) => name)).toEqual([ringName, other]);
});

test("a project's number means the project, and answers name its id", async () => {
  const { kms, simulator } = await prepared();
  const numbered = keyName.replace(projectName, `projects/${sampleProject().number}`);
  expect((await kms.getCryptoKey({ name: numbered }, once()))[0].name).toBe(keyName);
  simulator.control.deny({ call: "cloudkms:GetCryptoKey", resource: keyName });
  expect((await grpcRefusal(kms.getCryptoKey({ name: numbered }, once()))).code).toBe(7);
});

test.each([
  [`${ringName}/cryptoKeys/nobody`, 5, `CryptoKey ${ringName}/cryptoKeys/nobody not found.`],
  [
    `${keyName}/cryptoKeyVersions/1`,
    3,
    `Resource name [${keyName}/cryptoKeyVersions/1] in field name does not match 'projects/*/locations/*/keyRings/*/cryptoKeys/*'.`,
  ],
])("GetCryptoKey refuses %s", async (name, code, message) => {
  const { kms } = await prepared();
  expect(await grpcRefusal(kms.getCryptoKey({ name }, once()))).toMatchObject({ code, message });
});

test("what else is not there, or not a request", async () => {
  const { kms } = await prepared();
  const nobody = ringName.replace("cmek", "nobody");
  const refused = [
    [() => kms.listCryptoKeys({ parent: nobody }, once()), 5, `KeyRing ${nobody} not found.`],
    [() => kms.listCryptoKeyVersions({ parent: `${nobody}/cryptoKeys/k` }, once()), 5, /CryptoKey .* not found/],
    [
      () => kms.getCryptoKeyVersion({ name: `${keyName}/cryptoKeyVersions/9` }, once()),
      5,
      /CryptoKeyVersion .* not found/,
    ],
    [() => kms.listCryptoKeys({ parent: ringName, pageSize: -1 }, once()), 3, /page_size/],
    [() => kms.listCryptoKeys({ parent: ringName, pageToken: "guess" }, once()), 3, /page_token/],
    [() => kms.listCryptoKeys({ parent: ringName, filter: "labels.a=b" }, once()), 12, /filter/],
    [() => kms.getIamPolicy({ resource: `${keyName}/cryptoKeyVersions/1` }, once()), 12, /not implemented/],
    [() => kms.getPublicKey({ name: `${keyName}/cryptoKeyVersions/1` }, once()), 12, /not implemented/],
  ] as const;
  for (const [call, code, message] of refused) {
    const refusal = await grpcRefusal(call());
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
  }
});
