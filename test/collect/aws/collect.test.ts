import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAwsCollector } from "../../../src/collect/aws/collect.ts";
import type { AwsReader } from "../../../src/collect/aws/reader.ts";
import type { CallReport } from "../../../src/collect/call-report.ts";
import { systemClock } from "../../../src/collect/clock.ts";
import { Refused } from "../../../src/collect/refusal.ts";
import { sampleKey, sampleTrail } from "../../../src/simulator/aws/resources.ts";
import type { FaultName } from "../../../src/simulator/fault.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { localAwsCollector } from "../../support/aws-collector.ts";
import { testKey, testKeyArn, testTrail } from "../../support/aws-kms-key.ts";
import { told } from "../../support/told.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn }));
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.close());

const reports: CallReport[] = [];
const soon = () => 10_000;
const readKey = () => localAwsCollector(simulator.endpoint, { reports }).readKey(testKey, "full", soon());
const readScope = () => localAwsCollector(simulator.endpoint, { reports }).readScope(testKey.scope, "full", soon());

describe("reading a key", () => {
  it("tells every fact of a healthy key", async () => {
    expect(told(await readKey())).toMatchObject({
      existence: "present",
      read_arn: testKeyArn,
      state: "Enabled",
      deletion_date: null,
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      manager: "CUSTOMER",
      origin: "AWS_KMS",
      material_expires: null,
      multi_region: false,
      policy_text: expect.stringContaining("Statement"),
    });
  });

  it("tells when a key will be deleted", async () => {
    simulator.control.patch({
      resource: testKeyArn,
      change: { metadata: { KeyState: "PendingDeletion", DeletionDate: 1_800_000_000 } },
    });

    expect(told(await readKey())).toMatchObject({ state: "PendingDeletion", deletion_date: 1_800_000_000_000 });
  });

  it("asks twice before it believes that there is no key", async () => {
    simulator.control.patch({ resource: testKeyArn, change: null });

    const facts = told(await readKey());

    expect(facts).toMatchObject({ existence: "absent", state: "(not-found)", "kms:GetKeyPolicy": "(not-found)" });
    expect(simulator.control.calls().by_call["kms:DescribeKey"]?.received).toBe(2);
  });

  it("believes the second answer where the first one said that there is no key", async () => {
    let asked = 0;
    const never = () => Promise.reject(new Error("not asked here"));
    const reader: AwsReader = {
      listGrants: never,
      getKeyRotationStatus: never,
      listResourceTags: never,
      describeOrganization: never,
      listParents: never,
      listPoliciesForTarget: never,
      describePolicy: never,
      describeKey: () => {
        asked += 1;
        const refusal = { reason: "not-found", detail: "no such key", again: "no" } as const;
        return asked === 1
          ? Promise.reject(new Refused(refusal))
          : Promise.resolve({ KeyMetadata: { Arn: testKeyArn, KeyState: "Enabled" } });
      },
      getKeyPolicy: () => Promise.resolve({ Policy: "{}" }),
      describeTrails: never,
      getTrailStatus: never,
      getEventSelectors: never,
    };

    const collector = createAwsCollector({ reader, clock: systemClock, readsOrganization: false });
    const readings = await collector.readKey(testKey, "fast", soon());

    expect(told(readings)).toMatchObject({ existence: "present", state: "Enabled", manager: "(not-reported)" });
  });

  it.each([
    ["DescribeKey", { "kms:DescribeKey": "(access-denied)", policy_text: expect.any(String) }],
    ["GetKeyPolicy", { "kms:GetKeyPolicy": "(access-denied)", state: "Enabled" }],
  ])("a refused %s blinds its own facts and no others", async (operation, expected) => {
    simulator.control.deny({ call: `kms:${operation}`, reason: "access-denied" });

    expect(told(await readKey())).toMatchObject(expected);
  });

  it("names the missing permission", async () => {
    simulator.control.deny({ call: "kms:GetKeyPolicy", reason: "access-denied" });

    const refused = (await readKey()).find(({ call }) => call === "kms:GetKeyPolicy");

    expect(refused?.answer).toMatchObject({
      permission: "kms:GetKeyPolicy",
      detail: expect.stringContaining("AccessDenied"),
    });
  });

  it.each<readonly [FaultName, object]>([
    ["missing-field:KeyManager", { manager: "(not-reported)", state: "Enabled" }],
    [
      "missing-field:KeyMetadata",
      {
        existence: "(not-reported)",
        state: "(not-reported)",
        deletion_date: "(not-reported)",
        policy_text: expect.any(String),
      },
    ],
    ["missing-field:Arn", { existence: "(not-reported)", state: "Enabled" }],
    ["extra-field", { state: "Enabled", manager: "CUSTOMER" }],
    ["wrong-type:KeyState", { state: "(malformed)", manager: "CUSTOMER" }],
    ["wrong-type:MultiRegion", { multi_region: "(malformed)", state: "Enabled" }],
    ["unknown-error", { "kms:DescribeKey": "(unavailable)" }],
    ["malformed-json", { "kms:DescribeKey": "(malformed)" }],
    ["500", { "kms:DescribeKey": "(unavailable)" }],
    ["503", { "kms:DescribeKey": "(unavailable)" }],
    ["reset", { "kms:DescribeKey": "(unavailable)" }],
    ["truncated", { "kms:DescribeKey": "(unavailable)" }],
  ])("%s", async (how, expected) => {
    simulator.control.fail({ call: "kms:DescribeKey", times: 10, how });

    expect(told(await readKey())).toMatchObject(expected);
  });

  it.each<FaultName>(["500", "reset", "truncated", "malformed-json"])(
    "a single %s is only a matter of asking again",
    async (how) => {
      simulator.control.fail({ call: "kms:DescribeKey", times: 1, how });

      expect(told(await readKey())).toMatchObject({ state: "Enabled" });
    },
  );

  it("reports every request, with what became of it", async () => {
    reports.length = 0;
    simulator.control.fail({ call: "kms:DescribeKey", times: 1, how: "500" });

    await readKey();

    const described = reports.filter(({ call }) => call === "kms:DescribeKey").map(({ refusal }) => refusal);
    expect(described).toEqual(["unavailable", null]);
    expect(reports[0]).toMatchObject({ provider: "aws", scope: testKey.scope, seconds: expect.any(Number) });
  });
});

describe("reading what the keys of an account and region share", () => {
  it("tells the trails, and of each its status and selectors", async () => {
    expect(told(await readScope())).toMatchObject({
      trail_list: [{ arn: testTrail.arn, multi_region: true }],
      [`trail_status:${testTrail.arn}`]: { logging: true, delivery_error: null },
      [`trail_selectors:${testTrail.arn}`]: { classic: [{ management_events: true, read_write: "All" }] },
    });
  });

  it("lists completely, so that what is no longer there has ended", async () => {
    const list = (await readScope()).find(({ call }) => call === "cloudtrail:DescribeTrails");

    expect(list?.parts).toEqual({
      "cloudtrail:GetTrailStatus": [testTrail.arn],
      "cloudtrail:GetEventSelectors": [testTrail.arn],
    });
  });

  it("a refused list lists nothing, and ends nothing", async () => {
    simulator.control.deny({ call: "cloudtrail:DescribeTrails", reason: "access-denied" });

    const readings = await readScope();

    expect(readings).toHaveLength(1);
    expect(readings[0]?.parts).toBeUndefined();
    expect(readings[0]?.answer).toMatchObject({ reason: "access-denied" });
  });

  it("refused selectors blind the selectors of that trail and nothing else", async () => {
    simulator.control.deny({ call: "cloudtrail:GetEventSelectors", reason: "access-denied" });

    expect(told(await readScope())).toMatchObject({
      [`trail_status:${testTrail.arn}`]: { logging: true },
      [`cloudtrail:GetEventSelectors:${testTrail.arn}`]: "(access-denied)",
    });
  });

  it("is not read in the fast lane", async () => {
    expect(await localAwsCollector(simulator.endpoint).readScope(testKey.scope, "fast", soon())).toEqual([]);
  });
});
