import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/collect/call-report.ts";
import type { KeyResource } from "../../../src/model/key.ts";
import { sampleKey } from "../../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { type LocalAwsOptions, localAwsCollector } from "../../support/aws-collector.ts";
import { testKey } from "../../support/aws-kms-key.ts";
import { told } from "../../support/told.ts";

const own = testKey;
const other = keyOf("444455556666", "us-east-2");
const third = keyOf("777788889999", "us-west-2");

function keyOf(account: string, location: string): KeyResource {
  const resource = `arn:aws:kms:${location}:${account}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
  return { ...testKey, resource, account, location, scope: `${account}/${location}` };
}

const roleOf = ({ account }: KeyResource) => `arn:aws:iam::${account}:role/keyposture`;

const accounts = {
  [other.account]: { role_arn: roleOf(other), external_id: "shared-words" },
  [third.account]: { role_arn: roleOf(third), external_id: null },
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 1 });
  for (const { resource } of [own, other, third]) simulator.aws.addKey(sampleKey({ arn: resource }));
  simulator.aws.addRole({ arn: roleOf(other), external_id: "shared-words" });
  simulator.aws.addRole({ arn: roleOf(third) });
});
afterEach(() => simulator.close());

function collectorOf(options: LocalAwsOptions = {}) {
  const collector = localAwsCollector(simulator.endpoint, { accounts, ...options });
  return {
    readKey: (key: KeyResource) => collector.readKey(key, "full", 10_000),
    readScope: (key: KeyResource) => collector.readScope(key.scope, "full", 10_000),
  };
}

function rolesTaken(): number {
  return simulator.control.calls().by_call["sts:AssumeRole"]?.received ?? 0;
}

describe("several accounts", () => {
  it("are read each with its role, and one that has none with the service's own identity", async () => {
    simulator.control.deny({ call: "kms:DescribeKey", reason: "access-denied" });
    const { readKey } = collectorOf();

    const callers = await Promise.all(
      [own, other, third].map(async (key) => {
        const [reading] = await readKey(key);
        return reading?.answer.state === "unreadable" ? /User: (\S+)/.exec(reading.answer.detail)?.[1] : undefined;
      }),
    );

    expect(callers).toEqual([
      `arn:aws:iam::${own.account}:user/keyposture`,
      `arn:aws:sts::${other.account}:assumed-role/keyposture/keyposture`,
      `arn:aws:sts::${third.account}:assumed-role/keyposture/keyposture`,
    ]);
  });

  it("take on each role once, for all keys and for what they share", async () => {
    const { readKey, readScope } = collectorOf();

    await Promise.all([readKey(other), readKey(other), readScope(other), readScope(keyOf(other.account, "eu-west-1"))]);

    expect(rolesTaken()).toBe(1);
  });

  it("are read one request at a time where no more are allowed", async () => {
    const { readKey } = collectorOf({ concurrency: 1 });

    const readings = await Promise.all([readKey(other), readKey(third)]);

    expect(readings.map((one) => told(one)["state"])).toEqual(["Enabled", "Enabled"]);
  });

  it.each([
    ["another external id", { role_arn: roleOf(other), external_id: "guess" }],
    ["no external id", { role_arn: roleOf(other), external_id: null }],
    ["a role that does not exist", { role_arn: `${roleOf(other)}-2`, external_id: "shared-words" }],
  ])("with %s for one of them blinds that one and no other", async (_, role) => {
    const { readKey, readScope } = collectorOf({ accounts: { ...accounts, [other.account]: role } });

    const [blind, seen, alsoSeen, trails] = await Promise.all([
      readKey(other),
      readKey(own),
      readKey(third),
      readScope(other),
    ]);

    expect(blind.length).toBeGreaterThan(0);
    for (const { answer } of [...blind, ...trails]) {
      expect(answer).toEqual({
        state: "unreadable",
        reason: "access-denied",
        call: "sts:AssumeRole",
        permission: "sts:AssumeRole",
        detail: expect.stringMatching(
          `^sts:AssumeRole: AccessDenied: .*not authorized to perform: sts:AssumeRole on resource: ${role.role_arn}$`,
        ),
      });
    }
    expect([seen, alsoSeen].map((one) => told(one)["state"])).toEqual(["Enabled", "Enabled"]);
    expect(simulator.control.calls().by_resource[other.resource]).toBeUndefined();
  });

  it("do not ask again for each key of an account whose role is refused", async () => {
    simulator.control.deny({ call: "sts:AssumeRole", reason: "access-denied" });
    const { readKey } = collectorOf();

    for (let count = 0; count < 3; count += 1) await readKey(other);

    expect(rolesTaken()).toBe(1);
  });

  it("take on a role again where that may help, and only by the loop that counts requests", async () => {
    const reports: CallReport[] = [];
    simulator.control.fail({ call: "sts:AssumeRole", times: 1, how: "503" });

    const facts = told(await collectorOf({ reports }).readKey(other));

    expect(facts).toMatchObject({ state: "Enabled" });
    const taken = reports.filter(({ call }) => call === "sts:AssumeRole");
    expect(taken.map(({ scope, refusal }) => [scope, refusal])).toEqual([
      [`sts/${other.account}`, "unavailable"],
      [`sts/${other.account}`, null],
    ]);
    expect(rolesTaken()).toBe(2);
  });

  it("say where STS is down that it is STS", async () => {
    simulator.control.fail({ call: "sts:AssumeRole", times: 50, how: "503" });

    const [reading] = await collectorOf().readKey(other);

    expect(reading?.answer).toMatchObject({ reason: "unavailable", call: "sts:AssumeRole" });
    expect(rolesTaken()).toBe(3);
  });
});
