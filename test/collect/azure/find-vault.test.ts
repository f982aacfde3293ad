import { describe, expect, it } from "vitest";
import type { AzureReader } from "../../../src/collect/azure/reader.ts";
import type { KeyToRead } from "../../../src/collect/collector.ts";
import {
  type Answer,
  absent,
  answeringReader,
  answers,
  armHsm,
  armVault,
  azureKey,
  inTurn,
  list,
  refusal,
  refuse,
  testAzureKey,
  testHsmHost,
  testSubscription,
  testVaultId,
} from "../../support/azure-answers.ts";
import { azureCollectorOf, type LocalAzureOptions } from "../../support/azure-collector.ts";
import { testClock } from "../../support/test-clock.ts";
import { told } from "../../support/told.ts";

type Answers = Partial<Record<keyof AzureReader, Answer>>;

const within = 10_000;
const readKey = (own: Answers = {}, key: KeyToRead = testAzureKey, options: LocalAzureOptions = {}) =>
  azureCollectorOf(answeringReader(own), options).readKey(key, "full", within);
const unread = (readings: Awaited<ReturnType<typeof readKey>>) =>
  readings.filter(({ answer }) => answer.state === "unreadable");

describe("where the vault is", () => {
  const other = "99999999-9999-4999-8999-999999999999";
  const moved = testVaultId.replace("/keys/", "/elsewhere/");

  it("is found in the lists of the configured subscriptions, whatever is written in capitals", async () => {
    const vault = armVault({ vaultUri: "https://ACME-Keys.vault.azure.net" });
    const listVaults: Answer = (_kind, subscription) => (subscription === testSubscription ? list(vault) : list());
    const reader = answeringReader({ listVaults });

    const readings = await azureCollectorOf(reader, { subscriptions: [other, testSubscription] }).readKey(
      testAzureKey,
      "fast",
      within,
    );

    expect(told(readings)).toMatchObject({ existence: "present", vault: { id: testVaultId } });
    expect(reader.asked.filter(({ call }) => call === "listVaults").map(({ of }) => of)).toEqual([
      ["vault", other, undefined],
      ["vault", testSubscription, undefined],
    ]);
  });

  it("is found on the last page", async () => {
    const listVaults: Answer = (_kind, _subscription, next) =>
      next === "https://two/" ? list(armVault()) : { ...list(), nextLink: "https://two/" };

    expect(told(await readKey({ listVaults }))["existence"]).toBe("present");
  });

  it("is as registered, and then no list is asked for", async () => {
    const reader = answeringReader();
    const readings = await azureCollectorOf(reader, { subscriptions: [] }).readKey(
      azureKey({ vault_resource_id: testVaultId }),
      "fast",
      within,
    );

    expect(told(readings)["existence"]).toBe("present");
    expect(reader.count("listVaults")).toBe(0);
  });

  it("one list serves all vaults, and one that is missed is looked for anew", async () => {
    const hosts = ["one.vault.azure.net", "two.vault.azure.net", "new.vault.azure.net"];
    const vaults = hosts.map((host) => armVault({ vaultUri: `https://${host}/` }));
    const reader = answeringReader({ listVaults: inTurn(list(...vaults.slice(0, 2)), list(...vaults)) });
    const collector = azureCollectorOf(reader);

    const readings = await Promise.all(hosts.map((host) => collector.readKey(azureKey({}, host), "fast", within)));

    expect(readings.map((one) => told(one)["existence"])).toEqual(["present", "present", "present"]);
    expect(reader.count("listVaults")).toBe(2);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["no subscription is configured", [], "no subscription is configured"],
    ["it is in none of the lists", [testSubscription, other], `(${testSubscription}, ${other})`],
  ])("is not known where %s, and then nothing is", async (_, subscriptions, sentence) => {
    const readings = await readKey({ listVaults: list() }, testAzureKey, { subscriptions });

    const blind = unread(readings);
    // All but the directory's answers, of which two rest on assignments.
    const calls = new Set(blind.map(({ call }) => call));
    expect(readings.filter(({ call }) => !calls.has(call)).map(({ call }) => call.split(":")[0])).toEqual(
      Array.from({ length: 5 }, () => "graph"),
    );
    expect(blind).toHaveLength(12);
    for (const { answer } of blind) {
      expect(answer).toMatchObject({ reason: "not-found", detail: expect.stringContaining(sentence) });
      expect(answer).toMatchObject({ detail: expect.stringContaining("azure.vault_resource_id") });
      expect(answer).not.toHaveProperty("permission");
    }
  });

  it("is not known where a list is refused that may have it", async () => {
    const readings = await readKey({ listVaults: refuse("access-denied", { call: "keyvault:ListVaults" }) });

    const [key] = unread(readings);
    expect(key).toMatchObject({
      call: "keyvault:GetKey",
      answer: { reason: "access-denied", call: "keyvault:ListVaults", permission: "Microsoft.KeyVault/vaults/read" },
    });
  });

  it("is known where a list is refused and another one has it", async () => {
    const listVaults: Answer = (_kind, subscription) =>
      subscription === other ? Promise.reject(refusal("access-denied")) : answers.listVaults;
    const readings = await readKey({ listVaults }, testAzureKey, { subscriptions: [other, testSubscription] });

    expect(unread(readings)).toEqual([]);
  });

  it("is not known by a registered id of something else", async () => {
    const readings = await readKey({}, azureKey({ vault_resource_id: `${testVaultId}/secrets/x` }));

    expect(unread(readings)[0]?.answer).toMatchObject({
      reason: "not-found",
      detail: `the registered azure.vault_resource_id, ${testVaultId}/secrets/x, is no id of a vault or a managed HSM`,
    });
  });

  it("is looked for again when it is not there any more", async () => {
    const getVault: Answer = (address) =>
      (address as { id: string }).id === testVaultId
        ? Promise.reject(refusal("not-found", { absent: "it" }))
        : answers.getVault;
    const clock = testClock();
    const reader = answeringReader({
      getVault: inTurn(answers.getVault, getVault),
      listVaults: inTurn(list(armVault()), list(armVault({}, { id: moved }))),
    });
    const collector = azureCollectorOf(reader, { clock });

    await collector.readKey(testAzureKey, "fast", within);
    clock.advance(120_000);
    const readings = await collector.readKey(testAzureKey, "fast", within);

    expect(told(readings)["existence"]).toBe("present");
    expect(reader.asked.filter(({ call }) => call === "getKey").map(({ of }) => of[0])).toEqual([
      expect.objectContaining({ id: testVaultId }),
      expect.objectContaining({ id: moved }),
    ]);
  });
});

describe("a vault that is not where it is registered", () => {
  const moved = testVaultId.replace("/keys/", "/elsewhere/");
  const registered = azureKey({ vault_resource_id: testVaultId });
  const getVault: Answer = (address) => {
    if ((address as { readonly id: string }).id === moved) return armVault({}, { id: moved });
    throw refusal("not-found", { absent: testVaultId });
  };

  it("is read where the configured subscriptions have it", async () => {
    const readings = await readKey({ getVault, listVaults: list(armVault({}, { id: moved })) }, registered);

    expect(told(readings)).toMatchObject({ existence: "present", vault: { id: moved } });
  });

  it.each<readonly [string, Answer, LocalAzureOptions]>([
    ["no list has it", list(), {}],
    ["a list still has it there", list(armVault()), {}],
    ["no subscription is configured", list(armVault({}, { id: moved })), { subscriptions: [] }],
  ])("is gone where %s", async (_, listVaults, options) => {
    expect(told(await readKey({ getVault, listVaults }, registered, options))["existence"]).toBe("absent");
  });

  it("is not known to be gone where a list is refused that may have it elsewhere", async () => {
    const listVaults = refuse("access-denied", { call: "keyvault:ListVaults" });
    const readings = await readKey({ getVault, listVaults }, registered);

    expect(told(readings)).not.toHaveProperty("existence");
    const key = readings.find(({ call }) => call === "keyvault:GetKey");
    expect(key?.answer).toMatchObject({
      reason: "access-denied",
      call: "keyvault:ListVaults",
      permission: "Microsoft.KeyVault/vaults/read",
    });
  });

  it("is gone where a list is refused, and it is among the deleted ones", async () => {
    const deleted = { name: "acme-keys", properties: { deletionDate: "2026-10-01T00:00:00Z" } };
    const own = { getVault, listVaults: refuse("access-denied"), listDeletedVaults: list(deleted) };

    expect(told(await readKey(own, registered))).toMatchObject({ existence: "absent", deletion: { of: "vault" } });
  });
});

describe("a vault that is gone", () => {
  const deletedVault = {
    name: "ACME-keys",
    properties: {
      vaultId: testVaultId,
      deletionDate: "2026-10-01T00:00:00.123Z",
      scheduledPurgeDate: "2026-12-30T00:00:00Z",
    },
  };
  const deletion = {
    of: "vault",
    deleted: Date.UTC(2026, 9, 1, 0, 0, 0, 123),
    purged: Date.UTC(2026, 11, 30),
  };
  const registered = azureKey({ vault_resource_id: testVaultId });

  it("is in the list of deleted ones: its keys are gone", async () => {
    const readings = await readKey({ listVaults: list(), listDeletedVaults: list(deletedVault) });

    expect(told(readings)).toMatchObject({
      existence: "absent",
      deletion,
      enabled: "(not-found)",
      "keyvault:GetVault": "(not-found)",
      "authorization:ListRoleAssignments": "(not-found)",
    });
  });

  it("is not there by its id, twice", async () => {
    const reader = answeringReader({ getVault: absent, listDeletedVaults: list(deletedVault) });
    const readings = await azureCollectorOf(reader).readKey(registered, "full", within);

    expect(told(readings)).toMatchObject({ existence: "absent", deletion, "keyvault:GetVault": "(not-found)" });
    expect([reader.count("getVault"), reader.count("getKey"), reader.count("listRoleAssignments")]).toEqual([2, 0, 0]);
  });

  it("and in no list of deleted ones is purged, or was never there", async () => {
    expect(told(await readKey({ getVault: absent }, registered))).toMatchObject({
      existence: "absent",
      deletion: null,
    });
  });

  it("and a refused list of deleted ones hides only when it is purged", async () => {
    const readings = await readKey({ getVault: absent, listDeletedVaults: refuse("access-denied") }, registered);

    expect(told(readings)).toMatchObject({ existence: "absent", deletion: "(access-denied)" });
    const [key] = readings;
    expect(key?.answer).toMatchObject({
      facts: {
        deletion: { call: "keyvault:ListDeletedVaults", permission: "Microsoft.KeyVault/deletedVaults/read" },
      },
    });
  });

  it("is not gone where it is in no list, and that of deleted ones is refused", async () => {
    const readings = await readKey({ listVaults: list(), listDeletedVaults: refuse("access-denied") });

    expect(told(readings)).toMatchObject({ "keyvault:GetKey": "(not-found)" });
    expect(told(readings)).not.toHaveProperty("existence");
  });

  it.each<readonly [string, Answer]>([
    ["the second answer has it", inTurn(absent, answers.getVault)],
    ["the second answer is refused", inTurn(absent, refuse("unavailable"))],
    ["the first answer does not say what is not there", refuse("not-found")],
  ])("is not gone where %s", async (_, getVault) => {
    expect(told(await readKey({ getVault }, registered))["existence"]).toBe("present");
  });
});

describe("a key that is not there", () => {
  const deletion = { of: "key", deleted: 1_790_000_000_000, purged: 1_797_776_000_000 };

  it("is absent where ARM says so twice, and the data plane tells what becomes of it", async () => {
    const reader = answeringReader({ getKey: absent });
    const readings = await azureCollectorOf(reader).readKey(testAzureKey, "fast", within);

    expect(told(readings)).toMatchObject({
      existence: "absent",
      deletion,
      enabled: "(not-found)",
      tags: "(not-found)",
    });
    expect(reader.count("getKey")).toBe(2);
    expect(reader.asked.filter(({ call }) => call === "getDeletedKey").map(({ of }) => of)).toEqual([
      ["acme-keys.vault.azure.net", "prod"],
    ]);
  });

  it("and is not among the deleted ones is purged, or was never there", async () => {
    expect(told(await readKey({ getKey: absent, getDeletedKey: absent }))).toMatchObject({
      existence: "absent",
      deletion: null,
    });
  });

  it.each([
    [
      "another vault",
      armVault({ vaultUri: "https://other-keys.vault.azure.net/" }),
      "https://other-keys.vault.azure.net/",
    ],
    ["a vault that does not say its address", armVault({ vaultUri: undefined }), "not known"],
  ])("and was looked for in %s is not known to be absent", async (_, getVault, where) => {
    const reader = answeringReader({ getKey: absent, getVault });
    const readings = await azureCollectorOf(reader).readKey(
      azureKey({ vault_resource_id: testVaultId }),
      "full",
      within,
    );

    expect(told(readings)).not.toHaveProperty("existence");
    expect(readings[0]?.answer).toMatchObject({ reason: "not-found", detail: expect.stringContaining(where) });
    expect(reader.count("getDeletedKey")).toBe(0);
  });

  it.each<readonly [string, Answer | undefined, string | undefined]>([
    ["is gone where the HSM has it among the deleted ones", undefined, "absent"],
    ["is not known to be gone where the HSM has not", absent, undefined],
    ["is not known to be gone where the HSM does not tell", refuse("access-denied"), undefined],
  ])("of a managed HSM %s: an HSM may tell ARM of none of its keys", async (_, getDeletedKey, existence) => {
    const hsm = { listVaults: list(armHsm()), getVault: armHsm(), getKey: absent };
    const own = getDeletedKey === undefined ? {} : { getDeletedKey };
    const [key] = await readKey({ ...hsm, ...own }, azureKey({}, testHsmHost));

    expect(told(key === undefined ? [] : [key])["existence"]).toBe(existence);
    if (existence === undefined) {
      expect(key?.answer).toMatchObject({ reason: "not-found", detail: expect.stringContaining("managed HSM") });
    }
  });

  it("and whose deletion may not be read is absent all the same", async () => {
    const [key] = await readKey({ getKey: absent, getDeletedKey: refuse("access-denied") });

    expect(key?.answer).toMatchObject({
      facts: {
        existence: { value: "absent" },
        deletion: {
          reason: "access-denied",
          call: "keyvault:GetDeletedKey",
          permission: expect.stringContaining("data action"),
        },
      },
    });
  });

  it.each<readonly [string, Answers, string]>([
    ["the second answer has it", { getKey: inTurn(absent, answers.getKey) }, "present"],
    ["the second answer is refused", { getKey: inTurn(absent, refuse("unavailable")) }, "(unavailable)"],
    ["its vault cannot be seen", { getKey: absent, getVault: refuse("access-denied") }, "(not-found)"],
    ["what is not there is not named", { getKey: refuse("not-found") }, "(not-found)"],
  ])("is not gone where %s", async (_, own, expected) => {
    const facts = told(await readKey(own));

    expect(facts["existence"] ?? facts["keyvault:GetKey"]).toBe(expected);
  });
});
