import { describe, expect, it } from "vitest";
import { sampleVault, sampleVaultKey } from "../../src/simulator/azure/resources.ts";
import {
  type CloudedService,
  cloudedService,
  idOf,
  type KeyName,
  type Scanned,
  subscription,
  vaults,
} from "./azure-clouded-service.ts";
import { conclusionsOf } from "./service-of-cloud.ts";

const exists = "azure/key-exists";
const deleted = { deletedDate: "2026-10-01T08:00:00Z", scheduledPurgeDate: "2026-12-30T08:00:00Z" };
const deletion = { deleted: Date.parse(deleted.deletedDate), purged: Date.parse(deleted.scheduledPurgeDate) };
const empty = "99999999-0000-4000-8000-000000000000";

function openOf(scanned: Scanned, name: KeyName): string[] {
  return Object.entries(conclusionsOf(scanned, name)).flatMap(([check, { status }]) =>
    status === "open" ? [check] : [],
  );
}

/** That the key is gone is all that is left to say of it. */
function expectGone(after: Scanned, name: KeyName): void {
  expect(after.facts[name]["existence"], name).toEqual({ state: "known", value: "absent" });
  expect(conclusionsOf(after, name)[exists], name).toEqual({ status: "open", outcome: "fail" });
  expect(openOf(after, name), name).toEqual([exists]);
}

/** Nobody saw the key, and nothing is concluded from that. */
function expectNotSeen(after: Scanned, before: Scanned, name: KeyName): void {
  const was = conclusionsOf(before, name);
  for (const [check, { status, outcome }] of Object.entries(conclusionsOf(after, name))) {
    expect(status, `${name} ${check}`).toBe(was[check]?.status);
    expect(["unknown", was[check]?.outcome], `${name} ${check}`).toContain(outcome);
  }
  expect(after.facts[name]["existence"]?.state, name).toBe("unreadable");
}

function expectStands(after: Scanned, before: Scanned, ...names: readonly KeyName[]): void {
  for (const name of names) expect(conclusionsOf(after, name), name).toEqual(conclusionsOf(before, name));
}

async function scannedOnce(): Promise<{ readonly service: CloudedService; readonly before: Scanned }> {
  const service = await cloudedService();
  const before = await service.scan();
  expect(openOf(before, "open")).toHaveLength(2);
  return { service, before };
}

describe("a vault that is deleted", { timeout: 30_000 }, () => {
  it.each([
    ["kept for a while", { deleted }, { of: "vault", ...deletion }],
    ["purged", null, null],
  ])("and %s takes its keys along, and is believed when it is said twice", async (_, change, becomes) => {
    const { service, before } = await scannedOnce();
    const { control } = service.simulator;
    control.reset({ only: ["calls"] });

    control.patch({ resource: vaults.own, change });
    const after = await service.scan("fast");

    for (const name of ["healthy", "open"] as const) {
      expectGone(after, name);
      expect(after.facts[name]["deletion"], name).toEqual({ state: "known", value: becomes });
    }
    expect(control.calls().by_resource[vaults.own]?.["keyvault:GetVault"]?.received).toBe(2);
    expectStands(after, before, "other", "hsm");

    control.reset({ only: ["resources"] });
    const mended = await service.scan();
    expect(conclusionsOf(mended, "healthy")).toEqual({
      ...conclusionsOf(before, "healthy"),
      [exists]: { status: "resolved", outcome: "pass" },
    });
  });

  it("is known to be among the deleted ones to who has just been started, too", async () => {
    const { service, before } = await scannedOnce();

    service.simulator.control.patch({ resource: vaults.hsm, change: { deleted } });
    await service.restart();
    const after = await service.scan();

    expectGone(after, "hsm");
    expectStands(after, before, "healthy", "open", "other");
  });

  it("and of which nobody may see whether it can be had back is gone all the same", async () => {
    const { service } = await scannedOnce();
    const { control } = service.simulator;

    control.deny({ call: "keyvault:ListDeletedVaults" });
    control.patch({ resource: vaults.hsm, change: { deleted } });
    const after = await service.scan();

    expectGone(after, "hsm");
    expect(after.facts.hsm["deletion"]).toMatchObject({
      state: "unreadable",
      reason: "access-denied",
      call: "keyvault:ListDeletedVaults",
      permission: "Microsoft.KeyVault/deletedManagedHsms/read",
    });
    expect(after.text).toMatch(
      /keyvault:ListDeletedVaults access-denied \(1x\); it needs the permission Microsoft\.KeyVault\/deletedManagedHsms\/read/,
    );
  });
});

describe("a vault that is not seen is not one that is gone", { timeout: 30_000 }, () => {
  it.each<[string, (service: CloudedService) => void | Promise<void>, string, RegExp]>([
    [
      "where it is in no list, nor among the deleted ones",
      async (service) => {
        service.simulator.control.patch({ resource: vaults.own, change: null });
        await service.restart();
      },
      "not-found",
      new RegExp(`customer-keys.vault.azure.net is in none of the configured subscriptions \\(${subscription}\\)`),
    ],
    [
      "where the subscription is not there any more",
      ({ simulator: { control } }) => {
        const within = control
          .list()
          .resources.filter(({ resource }) => resource.startsWith(`/subscriptions/${subscription}/`));
        for (const { resource } of within) control.patch({ resource, change: null });
      },
      "not-found",
      /SubscriptionNotFound: /,
    ],
    [
      "where nobody may see anything any more",
      ({ simulator: { control } }) => control.deny({ call: "*" }),
      "access-denied",
      /keyvault:GetVault access-denied \(1x\); it needs the permission Microsoft\.KeyVault\/vaults\/read/,
    ],
  ])("%s", async (_, breaks, reason, says) => {
    const { service, before } = await scannedOnce();

    await breaks(service);
    const after = await service.scan();

    for (const name of ["healthy", "open"] as const) {
      expectNotSeen(after, before, name);
      expect(after.facts[name]["existence"], name).toMatchObject({ reason });
    }
    expect(after.text).toMatch(says);
    expect(after.exitCode).toBe(3);

    service.simulator.control.reset({ only: ["resources", "rules"] });
    const mended = await service.scan();
    expectStands(mended, before, ...service.names);
  });

  it("where another subscription is configured", async () => {
    const service = await cloudedService({ subscriptions: [empty] });

    const after = await service.scan();

    for (const name of service.names) {
      expect(after.facts[name]["existence"], name).toMatchObject({ state: "unreadable", reason: "not-found" });
      expect(openOf(after, name), name).toEqual([]);
    }
    expect(after.text).toMatch(/SubscriptionNotFound: /);
    expect(after.text).not.toContain("it needs the permission");
    expect(after.exitCode).toBe(3);
  });

  it("where it was moved to another group: it is found there", async () => {
    const { service, before } = await scannedOnce();
    const { azure, control } = service.simulator;
    const moved = vaults.other.replace("example-keys", "elsewhere");

    azure.addVault(sampleVault({ id: moved }));
    const { id, ...key } = sampleVaultKey({ id: `${moved}/keys/other` });
    control.patch({ resource: vaults.other, change: null });
    control.patch({ resource: id, change: key, create: true });
    const after = await service.scan();

    expect(after.facts.other["vault"]).toMatchObject({ value: { id: moved } });
    expect(after.facts.other["existence"]).toEqual({ state: "known", value: "present" });
    expect(after.refused).toEqual([]);
    expectStands(after, before, "healthy", "open", "hsm");
  });
});

describe("a key that is deleted", { timeout: 30_000 }, () => {
  it.each([
    ["kept for a while", { deleted }, { of: "key", ...deletion }],
    ["purged", null, null],
  ])("and %s is gone, and its open findings are closed", async (_, change, becomes) => {
    const { service } = await scannedOnce();
    const { control } = service.simulator;
    control.reset({ only: ["calls"] });

    control.patch({ resource: idOf("open"), change });
    const after = await service.scan();

    expectGone(after, "open");
    expect(after.facts.open["deletion"]).toEqual({ state: "known", value: becomes });
    expect(conclusionsOf(after, "healthy")[exists]).toEqual({ status: "none", outcome: "pass" });
    // Asked for twice, and the key that is there once.
    const received = (name: KeyName) => control.calls().by_resource[idOf(name)]?.["keyvault:GetKey"]?.received;
    expect([received("open"), received("healthy")]).toEqual([2, 1]);
  });

  it("is gone where the vault lets nobody ask what becomes of it", async () => {
    const { service } = await scannedOnce();
    const { control } = service.simulator;

    control.patch({ resource: vaults.own, change: { properties: { publicNetworkAccess: "Disabled" } } });
    control.patch({ resource: idOf("open"), change: { deleted } });
    const after = await service.scan();

    expect(after.facts.open["existence"]).toEqual({ state: "known", value: "absent" });
    expect(after.facts.open["deletion"]).toMatchObject({ state: "unreadable", reason: "access-denied" });
    expect(after.text).toMatch(
      /keyvault:GetDeletedKey access-denied \(1x\): .*the vault takes no connection from public/,
    );
  });
});
