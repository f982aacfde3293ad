import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/collect/call-report.ts";
import type { SimulatedGrant } from "../../../src/simulator/aws/resource-types.ts";
import { sampleKey } from "../../../src/simulator/aws/resources.ts";
import type { FaultName } from "../../../src/simulator/fault.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { type LocalAwsOptions, localAwsCollector } from "../../support/aws-collector.ts";
import { testKey, testKeyArn } from "../../support/aws-kms-key.ts";
import { told } from "../../support/told.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn }));
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.close());

const soon = () => 10_000;

function read(change: object = {}, options: LocalAwsOptions = {}, lane: "fast" | "full" = "full") {
  simulator.control.patch({ resource: testKeyArn, change });
  return localAwsCollector(simulator.endpoint, options).readKey(testKey, lane, soon());
}

function asked(call: string): number {
  return simulator.control.calls().by_call[call]?.received ?? 0;
}

function grant(number: number): SimulatedGrant {
  return {
    GrantId: `grant-${String(number).padStart(3, "0")}`,
    CreationDate: 1_780_000_000,
    GranteePrincipal: `arn:aws:iam::111122223333:role/role-${number}`,
    Operations: ["Encrypt", "Decrypt"],
  };
}

function grants(count: number): SimulatedGrant[] {
  return Array.from({ length: count }, (_, index) => grant(index));
}

describe("grants", () => {
  it("are told with all that decides what they allow", async () => {
    const full: SimulatedGrant = {
      ...grant(1),
      Name: "of a service",
      RetiringPrincipal: "arn:aws:iam::999988887777:root",
      IssuingAccount: "arn:aws:iam::111122223333:root",
      Constraints: { EncryptionContextEquals: { a: "1" } },
    };
    const { GranteePrincipal: _principal, ...rest } = grant(2);
    const ofService: SimulatedGrant = {
      ...rest,
      Name: "",
      GranteeServicePrincipal: "dynamodb.us-east-2.amazonaws.com",
      RetiringServicePrincipal: "dynamodb.us-east-2.amazonaws.com",
      Constraints: { EncryptionContextSubset: { b: "2" } },
    };

    expect(told(await read({ grants: [full, ofService] }))["grants"]).toEqual([
      {
        id: "grant-001",
        name: "of a service",
        grantee: "arn:aws:iam::111122223333:role/role-1",
        retiring: "arn:aws:iam::999988887777:root",
        issuing_account: "111122223333",
        operations: ["Decrypt", "Encrypt"],
        context_equals: { a: "1" },
        context_subset: null,
      },
      {
        id: "grant-002",
        name: null,
        grantee: "dynamodb.us-east-2.amazonaws.com",
        retiring: "dynamodb.us-east-2.amazonaws.com",
        issuing_account: null,
        operations: ["Decrypt", "Encrypt"],
        context_equals: null,
        context_subset: { b: "2" },
      },
    ]);
  });

  it("that are none are an empty list", async () => {
    expect(told(await read())["grants"]).toEqual([]);
  });

  it("are read page by page, each a request of the budget", async () => {
    const reports: CallReport[] = [];

    const all = told(await read({ grants: grants(250) }, { reports }))["grants"];

    expect(all).toHaveLength(250);
    expect(reports.filter(({ call }) => call === "kms:ListGrants")).toHaveLength(3);
  });

  it("do not move where AWS tells them in another order", async () => {
    const once = told(await read({ grants: grants(120) }))["grants"];
    const shuffled = grants(120)
      .toReversed()
      .map((one) => ({ ...one, Operations: one.Operations.toReversed() }));

    expect(told(await read({ grants: shuffled }))["grants"]).toEqual(once);
  });

  it("are not known where the second page is refused", async () => {
    const onCall = ({ call }: CallReport) => {
      if (call === "kms:ListGrants") simulator.control.deny({ call, reason: "access-denied" });
    };

    const readings = await read({ grants: grants(150) }, { onCall });

    expect(asked("kms:ListGrants")).toBe(2);
    expect(readings.find(({ call }) => call === "kms:ListGrants")?.answer).toMatchObject({
      state: "unreadable",
      reason: "access-denied",
      permission: "kms:ListGrants",
    });
    expect(told(readings)).toMatchObject({ state: "Enabled", rotation: { enabled: true } });
  });

  it.each<readonly [FaultName, string]>([
    ["missing-field:Grants", "(not-reported)"],
    ["missing-field:Truncated", "(not-reported)"],
    ["missing-field:NextMarker", "(not-reported)"],
    ["missing-field:GranteePrincipal", "(malformed)"],
    ["missing-field:Operations", "(malformed)"],
    ["wrong-type:GrantId", "(malformed)"],
  ])("are not known with %s on a page", async (how, reason) => {
    simulator.control.fail({ call: "kms:ListGrants", times: 10, how });

    expect(told(await read({ grants: grants(101) }))["kms:ListGrants"]).toBe(reason);
  });
});

describe("rotation", () => {
  it.each([
    [{}, { enabled: true, period_days: 365 }],
    [
      { KeyRotationEnabled: false, RotationPeriodInDays: null },
      { enabled: false, period_days: null },
    ],
  ])("with %j", async (rotation, expected) => {
    expect(told(await read({ rotation }))["rotation"]).toEqual(expected);
  });

  it("of a key that cannot rotate is unsupported, and the rest is as it was", async () => {
    const facts = told(await read({ metadata: { Origin: "EXTERNAL" } }));

    expect(facts).toMatchObject({ "kms:GetKeyRotationStatus": "(unsupported)", origin: "EXTERNAL", grants: [] });
  });
});

describe("the end of imported material", () => {
  const ends = 1_893_456_000;
  it.each([
    ["none", { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" }, null],
    ["a date", { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: ends }, ends * 1000],
    ["a date that is not told", { ExpirationModel: "KEY_MATERIAL_EXPIRES" }, "(not-reported)"],
    ["no model, of a key without material", { KeyState: "PendingImport" }, null],
    ["no model, of a key with material", {}, "(not-reported)"],
    ["a model that is not known", { ExpirationModel: "KEY_MATERIAL_FADES" }, "(malformed)"],
  ])("%s", async (_, metadata, expected) => {
    const facts = told(await read({ metadata: { Origin: "EXTERNAL", ...metadata } }));

    expect(facts["material_expires"]).toEqual(expected);
  });

  it("is none of material that was not imported", async () => {
    expect(told(await read({ metadata: { Origin: "AWS_KMS" } }))["material_expires"]).toBeNull();
  });
});

describe("tags", () => {
  const policyWith = (condition: object) => ({ policy: JSON.stringify({ Statement: [{ Condition: condition }] }) });
  const tags = Array.from({ length: 50 }, (_, index) => ({ TagKey: `tag-${index}`, TagValue: String(index) }));

  it.each([
    ["a condition", policyWith({ StringEquals: { "aws:ResourceTag/team": "x" } })],
    ["a condition in other letters", policyWith({ StringEquals: { "AWS:RESOURCETAG/team": "x" } })],
    ["a variable", policyWith({ StringEquals: { "aws:PrincipalTag/team": "${aws:ResourceTag/team}" } })],
    ["an escaped slash", { policy: '{"Statement":[{"Condition":{"Null":{"aws:ResourceTag\\/team":"true"}}}]}' }],
  ])("are read where the policy asks for them in %s", async (_, change) => {
    expect(told(await read({ ...change, tags: [{ TagKey: "team", TagValue: "x" }] }))["tags"]).toEqual({ team: "x" });
  });

  it("are read to the last", async () => {
    const change = policyWith({ StringEquals: { "aws:ResourceTag/team": "x" } });

    expect(told(await read({ ...change, tags }))["tags"]).toMatchObject({ "tag-0": "0", "tag-49": "49" });
  });

  it.each([
    ["no condition", {}],
    ["aliases", policyWith({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/x" } })],
    ["tags of the caller", policyWith({ StringEquals: { "aws:PrincipalTag/team": "x" } })],
  ])("are not asked for where the policy has %s", async (_, change) => {
    const readings = await read(change);

    expect(asked("kms:ListResourceTags")).toBe(0);
    expect(readings.find(({ call }) => call === "kms:ListResourceTags")?.answer).toMatchObject({
      reason: "not-read-yet",
      detail: "the key policy tests no tag of the key, so that none is read",
    });
  });

  it("are not spoken of where the policy could not be read", async () => {
    simulator.control.deny({ call: "kms:GetKeyPolicy", reason: "access-denied" });

    const readings = await read(policyWith({ StringEquals: { "aws:ResourceTag/team": "x" } }));

    expect(readings.map(({ call }) => call)).not.toContain("kms:ListResourceTags");
    expect(asked("kms:ListResourceTags")).toBe(0);
  });
});

it("the fast lane reads the state and the policy alone", async () => {
  const readings = await read(undefined, {}, "fast");

  expect(readings.map(({ call }) => call)).toEqual(["kms:DescribeKey", "kms:GetKeyPolicy"]);
});
