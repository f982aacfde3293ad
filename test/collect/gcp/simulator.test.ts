import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/collect/call-report.ts";
import type { Collector } from "../../../src/collect/collector.ts";
import { gcpCalls } from "../../../src/collect/gcp/calls.ts";
import type { KeyResource } from "../../../src/model/key.ts";
import type { Reading } from "../../../src/model/reading.ts";
import type { FaultName } from "../../../src/simulator/fault.ts";
import { sampleAccessPolicy } from "../../../src/simulator/gcp/access-policy.ts";
import {
  sampleCryptoKey,
  sampleFolder,
  sampleGcpOrganization,
  sampleKeyRing,
  sampleProject,
} from "../../../src/simulator/gcp/resources.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { localGcpCollector, readsAll } from "../../support/gcp-collector.ts";
import { told } from "../../support/told.ts";

let simulator: Simulator;
let collector: Collector<KeyResource>;
const reports: CallReport[] = [];
const scope = sampleProject().name;
const ring = sampleKeyRing().name;
const key: KeyResource = {
  provider: "gcp",
  kind: "gcp.kms-key",
  resource: sampleCryptoKey().name,
  scope,
  account: scope.slice("projects/".length),
  location: "us-east5",
};

const denyRule = {
  denyRule: {
    deniedPrincipals: ["principalSet://goog/public:all"],
    deniedPermissions: ["cloudkms.googleapis.com/cryptoKeyVersions.destroy"],
  },
};

beforeAll(async () => {
  simulator = await startSimulator({ seed: 1 });
  const { gcp } = simulator;
  gcp.addKey(sampleCryptoKey());
  gcp.addKeyRing(sampleKeyRing());
  gcp.addProject(
    sampleProject({ parent: sampleFolder().name, deny_policies: { "no-destroy": { rules: [denyRule] } } }),
  );
  gcp.addFolder(sampleFolder());
  gcp.addOrganization(sampleGcpOrganization());
  gcp.addAccessPolicy(sampleAccessPolicy());
  collector = localGcpCollector(simulator.gcpEndpoints, { reads: readsAll, reports });
});
afterEach(() => {
  simulator.control.reset();
  reports.length = 0;
});
afterAll(() => simulator.close());

const soon = () => Date.now() + 20_000;
const readAll = async (): Promise<readonly Reading[]> => [
  ...(await collector.readKey(key, "full", soon())),
  ...(await collector.readScope(scope, "full", soon())),
];
/** Facts and refused calls that were not told, without the thing that they are of. */
const blindIn = (readings: readonly Reading[]) =>
  new Set(
    Object.entries(told(readings))
      .filter(([, value]) => typeof value === "string" && /^\([a-z-]+\)$/.test(value))
      .map(([name]) => name),
  );

it("everything of a healthy key and its project is told, by the calls of the table", async () => {
  const readings = await readAll();

  expect(blindIn(readings)).toEqual(new Set());
  expect(told(readings)).toMatchObject({
    existence: "present",
    read_name: key.resource,
    primary: { number: 1, state: "ENABLED", protection_level: "HSM" },
    versions: [{ number: 1 }],
    rotation: { period: 7_776_000_000 },
    project: { id: key.account, state: "ACTIVE" },
    ancestors: [sampleFolder().name, sampleGcpOrganization().name],
    kms_service: { state: "ENABLED" },
    billing: { enabled: true },
    [`deny_policies:${scope}`]: [
      { rules: [{ denied_principals: ["principalSet://goog/public:all"], condition: null }] },
    ],
  });
  const facts = Object.values(gcpCalls).flatMap((call) => call.facts);
  const names = new Set(Object.keys(told(readings)).map((name) => name.replace(/:.*/, "")));
  expect([...names].toSorted()).toEqual([...new Set(facts)].toSorted());
});

it("what was changed a moment ago is told by the next run", async () => {
  await readAll();
  simulator.control.patch({ resource: key.resource, change: { versions: { "1": { state: "DISABLED" } } } });

  expect(told(await collector.readKey(key, "fast", soon()))).toMatchObject({ primary: { state: "DISABLED" } });
});

it("a key that is gone is absent, after two lists", async () => {
  simulator.control.patch({ resource: key.resource, change: null });

  expect(told(await collector.readKey(key, "fast", soon()))).toMatchObject({ existence: "absent" });
  expect(simulator.control.calls().by_call["cloudkms:ListCryptoKeys"]?.received).toBe(2);
});

it("a ring that is not there has no keys", async () => {
  const gone = { ...key, resource: `${ring}-2/cryptoKeys/k` };

  expect(told(await collector.readKey(gone, "fast", soon()))).toMatchObject({ existence: "absent" });
});

it("an API that is off is said to be, with its name and the project that is meant", async () => {
  simulator.control.patch({ resource: scope, change: { services: { "cloudkms.googleapis.com": "DISABLED" } } });

  const [list] = await collector.readKey(key, "fast", soon());

  expect(list?.answer).toMatchObject({
    reason: "api-disabled",
    detail: expect.stringMatching(/SERVICE_DISABLED: cloudkms\.googleapis\.com is not enabled in projects\//),
  });
});

const permissions = Object.entries(gcpCalls).filter(([call]) => call !== "iamcredentials:GenerateAccessToken");

describe("without a permission", () => {
  it.each(permissions)("for %s, nothing else is lost, and it is named", async (call, { permission, ...table }) => {
    simulator.control.deny({ call, reason: "access-denied" });

    const readings = await readAll();

    const blind = readings.filter(({ answer }) => answer.state === "unreadable");
    expect(blind.length).toBeGreaterThan(0);
    for (const { answer } of blind) expect(answer).toMatchObject({ reason: "access-denied", permission });
    const lost = [...table.facts, ...("leads_to" in table ? table.leads_to : [])];
    const follows = call === "cloudresourcemanager:GetAncestry" ? ["perimeters"] : [];
    const facts = blind.flatMap(
      (reading) => gcpCalls[reading.call as keyof typeof gcpCalls].facts as readonly string[],
    );
    expect([...lost, ...follows]).toEqual(expect.arrayContaining([...new Set(facts)]));
  });
});

describe("a fault of Google's", () => {
  it.each<readonly [string, FaultName, object]>([
    ["cloudkms:ListCryptoKeys", "500", { "cloudkms:ListCryptoKeys": "(unavailable)" }],
    ["cloudkms:ListCryptoKeys", "503", { "cloudkms:ListCryptoKeys": "(unavailable)" }],
    ["cloudkms:ListCryptoKeys", "reset", { "cloudkms:ListCryptoKeys": "(unavailable)" }],
    ["cloudkms:ListCryptoKeys", "truncated", { "cloudkms:ListCryptoKeys": "(unavailable)" }],
    ["cloudkms:ListCryptoKeys", "unknown-error", { "cloudkms:ListCryptoKeys": "(unavailable)" }],
    ["cloudkms:ListCryptoKeys", "malformed-message", { "cloudkms:ListCryptoKeys": "(malformed)" }],
    ["cloudkms:ListCryptoKeys", "missing-field:purpose", { purpose: "(not-reported)", existence: "present" }],
    ["cloudkms:ListCryptoKeys", "missing-field:name", { "cloudkms:ListCryptoKeys": "(malformed)" }],
    ["cloudkms:ListCryptoKeys", "extra-field", { purpose: "ENCRYPT_DECRYPT" }],
    ["serviceusage:GetService", "500", { "serviceusage:GetService": "(unavailable)" }],
    ["serviceusage:GetService", "503", { "serviceusage:GetService": "(unavailable)" }],
    ["serviceusage:GetService", "reset", { "serviceusage:GetService": "(unavailable)" }],
    ["serviceusage:GetService", "truncated", { "serviceusage:GetService": "(unavailable)" }],
    ["serviceusage:GetService", "unknown-error", { "serviceusage:GetService": "(unavailable)" }],
    ["serviceusage:GetService", "malformed-json", { "serviceusage:GetService": "(malformed)" }],
    ["serviceusage:GetService", "missing-field:state", { kms_service: "(malformed)" }],
    ["serviceusage:GetService", "wrong-type:state", { kms_service: "(malformed)" }],
    ["serviceusage:GetService", "extra-field", { kms_service: { state: "ENABLED" } }],
  ])("%s: %s", async (call, how, expected) => {
    simulator.control.fail({ call, times: 50, how });

    expect(told(await readAll())).toMatchObject(expected);
  });

  it.each(["cloudkms:ListCryptoKeys", "serviceusage:GetService"])(
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
