import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AzureCall, azureCalls } from "../../../src/collect/azure/calls.ts";
import type { CallReport } from "../../../src/collect/call-report.ts";
import type { Collector, KeyToRead } from "../../../src/collect/collector.ts";
import type { Reading } from "../../../src/model/reading.ts";
import {
  sampleAssignmentSchedule,
  sampleDenyAssignment,
  sampleDiagnosticSetting,
  sampleManagedHsm,
  samplePerimeterConfiguration,
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleSubscription,
  sampleVault,
  sampleVaultKey,
} from "../../../src/simulator/azure/resources.ts";
import type { FaultName } from "../../../src/simulator/fault.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { azureKey } from "../../support/azure-answers.ts";
import { localAzureCollector } from "../../support/azure-collector.ts";
import { testClock } from "../../support/test-clock.ts";
import { told } from "../../support/told.ts";

let simulator: Simulator;
let collector: Collector;
const reports: CallReport[] = [];
const subscription = sampleSubscription().id.slice("/subscriptions/".length);
const subscriptions = [subscription];
const vaultId = sampleVault().id;
const keyId = sampleVaultKey().id;
const host = new URL(sampleVault().properties.vaultUri).host;
const name = keyId.slice(keyId.lastIndexOf("/") + 1);
const key = azureKey({}, host, name);
const application = sampleServicePrincipal().appId;
const hsmKeyId = `${sampleManagedHsm().id}/keys/${name}`;
const hsmKey = azureKey({}, new URL(sampleManagedHsm().properties.hsmUri).host, name);

beforeAll(async () => {
  simulator = await startSimulator({ seed: 1 });
  const { azure } = simulator;
  azure.addVault(sampleVault());
  azure.addKey(sampleVaultKey());
  azure.addManagedHsm(sampleManagedHsm());
  azure.addKey(sampleVaultKey({ id: hsmKeyId }));
  azure.addRoleAssignment(sampleRoleAssignment());
  azure.addServicePrincipal(sampleServicePrincipal());
});
beforeEach(() => {
  const more = [
    sampleDenyAssignment(),
    sampleAssignmentSchedule(),
    sampleDiagnosticSetting(),
    samplePerimeterConfiguration(),
  ];
  for (const { id } of more) simulator.control.patch({ resource: id, create: true, change: {} });
});
afterEach(() => {
  simulator.control.reset();
  reports.length = 0;
});
afterAll(() => simulator.close());

const within = 20_000;
/** Of a collector that remembers nothing. */
const readAll = (one: KeyToRead = key, patience: object = {}): Promise<readonly Reading[]> => {
  const local = { ...simulator.azureEndpoints, ...patience };
  collector = localAzureCollector(local, { subscriptions, reports, clock: testClock() });
  return collector.readKey(one, "full", within);
};
/** Facts and refused calls that were not told, without the thing that they are of. */
const blindIn = (readings: readonly Reading[]) =>
  new Set(
    Object.entries(told(readings))
      .filter(([, value]) => typeof value === "string" && /^\([a-z-]+\)$/.test(value))
      .map(([one]) => one),
  );
const received = (call: AzureCall) => simulator.control.calls().by_call[call]?.received ?? 0;

it("everything of a healthy key, its vault and the directory is told, by the calls of the table", async () => {
  const readings = await readAll();

  expect(blindIn(readings)).toEqual(new Set());
  expect(told(readings)).toMatchObject({
    existence: "present",
    deletion: null,
    read_uri: key.resource,
    enabled: true,
    vault: { id: vaultId, kind: "vault", uri: `https://${host}/` },
    vault_rbac: true,
    vault_keys: [name],
    assignments: [{ id: sampleRoleAssignment().id }],
    principal_assignments: [{ id: sampleRoleAssignment().id }],
    deny_assignments: [{ id: sampleDenyAssignment().id }],
    diagnostic_settings: [{ name: "audit" }],
    [`application:${application}`]: { object_id: sampleServicePrincipal().id, enabled: true },
    assigned_applications: [{ application_id: application }],
  });
  const facts = Object.values(azureCalls).flatMap((call): readonly string[] => call.facts);
  const names = new Set(Object.keys(told(readings)).map((one) => one.replace(/:.*/, "")));
  expect([...names].toSorted()).toEqual([...new Set(facts)].toSorted());
});

it("a key of a managed HSM is told by the calls of managed HSMs", async () => {
  const facts = told(await readAll(hsmKey));

  expect(facts).toMatchObject({
    existence: "present",
    read_uri: hsmKey.resource,
    vault: { id: sampleManagedHsm().id, kind: "managed-hsm" },
    vault_keys: [name],
  });
});

it("what was changed a moment ago is told by the next run", async () => {
  await readAll();
  const { current } = sampleVaultKey();
  simulator.control.patch({ resource: keyId, change: { versions: { [current]: { attributes: { enabled: false } } } } });

  expect(told(await collector.readKey(key, "fast", within))).toMatchObject({ enabled: false });
});

describe("what is not there", () => {
  const deleted = { deletedDate: "2026-09-01T00:00:00Z", scheduledPurgeDate: "2026-11-30T00:00:00Z" };
  const deletion = { deleted: Date.parse(deleted.deletedDate), purged: Date.parse(deleted.scheduledPurgeDate) };

  it("a deleted key is absent, after two answers, and is purged at a known time", async () => {
    simulator.control.patch({ resource: keyId, change: { deleted } });

    expect(told(await readAll())).toMatchObject({ existence: "absent", deletion: { of: "key", ...deletion } });
    expect(received("keyvault:GetKey")).toBe(2);
  });

  it("a purged one is absent", async () => {
    simulator.control.patch({ resource: keyId, change: null });

    expect(told(await readAll())).toMatchObject({
      existence: "absent",
      deletion: null,
    });
  });

  it("a deleted key behind a firewall is absent, and the firewall hides when it is purged", async () => {
    simulator.control.patch({ resource: keyId, change: { deleted } });
    simulator.control.patch({ resource: vaultId, change: { properties: { networkAcls: { defaultAction: "Deny" } } } });

    const [read] = await readAll();

    expect(read?.answer).toMatchObject({
      facts: {
        existence: { value: "absent" },
        deletion: { reason: "access-denied", detail: expect.stringContaining("ForbiddenByFirewall") },
      },
    });
  });

  it("the keys of a deleted vault are absent with it", async () => {
    await readAll();
    simulator.control.patch({ resource: vaultId, change: { deleted } });

    const expected = { existence: "absent", deletion: { of: "vault", ...deletion } };
    expect(told(await collector.readKey(key, "fast", within))).toMatchObject(expected);
    expect(told(await readAll())).toMatchObject(expected);
  });

  it("a vault of a strange subscription is not known to be gone", async () => {
    const readings = await readAll(azureKey({}, "strange.vault.azure.net"));

    expect(told(readings)).toMatchObject({ "keyvault:GetKey": "(not-found)", "keyvault:GetVault": "(not-found)" });
  });
});

it("a directory without Privileged Identity Management has no schedules", async () => {
  simulator.control.patch({ resource: "directory/tenant", change: { privileged_identity_management: false } });

  expect(told(await readAll())).toMatchObject({ assignment_schedules: null });
});

it("lists come in pages", async () => {
  const whole = told(await readAll());
  for (const index of [1, 2, 3, 4]) {
    const assignment = `${sampleRoleAssignment().id.slice(0, -1)}${index}`;
    for (const resource of [assignment, `${vaultId}/keys/more-${index}`]) {
      simulator.control.patch({ resource, create: true, change: {} });
    }
  }
  simulator.control.patch({ resource: "directory/tenant", change: { page_size: 2 } });

  const facts = told(await readAll());

  expect(facts["assignments"]).toHaveLength(5);
  expect(facts["assignments"]).toEqual(expect.arrayContaining(whole["assignments"] as unknown[]));
  expect(facts["vault_keys"]).toHaveLength(5);
  expect(received("authorization:ListRoleAssignments")).toBeGreaterThan(3);
});

/** Calls that a healthy key needs not. */
const notOfHealth = ["keyvault:ListDeletedVaults", "keyvault:GetDeletedKey"];
/** What is lost besides, because it follows from what the call tells. */
const follows: Partial<Record<string, readonly string[]>> = {
  "authorization:ListRoleAssignments": ["assigned_applications"],
  "keyvault:GetVault": ["assigned_applications"],
  "graph:ListServicePrincipals": [
    "application_owners",
    "application_roles",
    "application_grants",
    "application_directory_roles",
    "principal_assignments",
    "principal_deny_assignments",
  ],
};

describe("without a permission", () => {
  const permissions = Object.entries(azureCalls).filter(
    ([call]) => !notOfHealth.includes(call) && call !== "keyvault:ListVaults",
  );

  it.each(permissions)("for %s, nothing else is lost, and it is named", async (call, { permission, facts }) => {
    simulator.control.deny({ call, reason: "access-denied" });

    const blind = (await readAll()).filter(({ answer }) => answer.state === "unreadable");

    for (const { answer } of blind) expect(answer).toMatchObject({ reason: "access-denied", call, permission });
    const lost = blind.flatMap((one): readonly string[] => azureCalls[one.call as AzureCall].facts);
    expect(new Set(lost)).toEqual(new Set([...facts, ...(follows[call] ?? [])]));
  });

  it("for the list of vaults, the vault cannot be found, and it is named", async () => {
    simulator.control.deny({ call: "keyvault:ListVaults", reason: "access-denied" });

    const [read] = await readAll();

    expect(read?.answer).toMatchObject({
      reason: "access-denied",
      call: "keyvault:ListVaults",
      permission: "Microsoft.KeyVault/vaults/read",
    });
  });
});

describe("a fault of Azure's", () => {
  it.each<readonly [AzureCall, FaultName, object]>([
    ...(
      [
        ["keyvault:GetKey", "keyvault:GetKey"],
        ["authorization:ListRoleAssignments", "authorization:ListRoleAssignments"],
        ["insights:ListDiagnosticSettings", "insights:ListDiagnosticSettings"],
        ["graph:ListServicePrincipals", `graph:ListServicePrincipals:${application}`],
      ] as const
    ).flatMap(([call, refused]) =>
      (
        [
          ["500", "unavailable"],
          ["503", "unavailable"],
          ["reset", "unavailable"],
          ["truncated", "unavailable"],
          ["unknown-error", "unavailable"],
          ["malformed-json", "malformed"],
        ] as const
      ).map(([how, reason]) => [call, how, { [refused]: `(${reason})` }] as const),
    ),
    ["keyvault:GetKey", "hang", { "keyvault:GetKey": "(timeout)" }],
    ["keyvault:GetKey", "missing-field:kty", { key_type: "(not-reported)", existence: "present", enabled: true }],
    ["keyvault:GetKey", "wrong-type:keySize", { key_size: "(malformed)", enabled: true }],
    [
      "keyvault:GetKey",
      "missing-field:properties",
      { existence: "present", enabled: "(not-reported)", expires: "(not-reported)" },
    ],
    ["keyvault:GetKey", "wrong-type:properties", { existence: "present", enabled: "(not-reported)" }],
    ["keyvault:GetKey", "extra-field", { enabled: true }],
    ["keyvault:GetVault", "missing-field:tenantId", { vault_tenant: "(not-reported)", vault_rbac: true }],
    ["keyvault:GetVault", "wrong-type:enableRbacAuthorization", { vault_rbac: "(malformed)", vault_soft_delete: true }],
    [
      "authorization:ListRoleAssignments",
      "missing-field:value",
      { "authorization:ListRoleAssignments": "(not-reported)" },
    ],
    ["authorization:ListRoleAssignments", "wrong-type:value", { "authorization:ListRoleAssignments": "(malformed)" }],
    [
      "authorization:ListRoleAssignments",
      "missing-field:principalId",
      { "authorization:ListRoleAssignments": "(malformed)" },
    ],
    ["keyvault:ListKeys", "missing-field:value", { "keyvault:ListKeys": "(not-reported)" }],
    ["insights:ListDiagnosticSettings", "missing-field:value", { "insights:ListDiagnosticSettings": "(not-reported)" }],
  ])("%s: %s", async (call, how, expected) => {
    simulator.control.fail({ call, times: 50, how });
    const patience = how === "hang" ? { request_timeout: 300 } : {};

    expect(told(await readAll(key, patience))).toMatchObject(expected);
  });

  it.each(["keyvault:GetKey", "authorization:ListRoleAssignments", "graph:ListServicePrincipals"])(
    "of %s that passes is a matter of asking again",
    async (call) => {
      simulator.control.fail({ call, times: 1, how: "503" });

      expect(blindIn(await readAll())).toEqual(new Set());
      expect(reports.filter((report) => report.call === call).map(({ refusal }) => refusal)).toEqual([
        "unavailable",
        null,
      ]);
    },
  );
});
