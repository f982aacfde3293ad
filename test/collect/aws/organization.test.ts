import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/collect/call-report.ts";
import { type SimulatedOrganization, sampleOrganization } from "../../../src/simulator/aws/organization.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { type LocalAwsOptions, localAwsCollector } from "../../support/aws-collector.ts";
import { testAccount, testKey } from "../../support/aws-kms-key.ts";
import { told } from "../../support/told.ts";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 1 });
});
afterEach(() => simulator.close());

const management = "999988887777";
const managementRole = { role_arn: `arn:aws:iam::${management}:role/reads-policies`, external_id: null };

const policy = (name: string, targets: readonly string[], Type = "RESOURCE_CONTROL_POLICY") => ({
  Id: `p-${name}`,
  Name: `the ${name} policy`,
  Type,
  AwsManaged: false,
  Content: `{"policy":"${name}"}`,
  targets,
});

/** Root, two units, the account; policies at each level, told in no particular order. */
const organization: SimulatedOrganization = sampleOrganization({
  arn: `arn:aws:organizations::${management}:organization/o-exampleorgid`,
  units: { "ou-exam-outer": "r-exam", "ou-exam-inner": "ou-exam-outer" },
  accounts: { [management]: "r-exam", [testAccount]: "ou-exam-inner" },
  delegated_administrators: [testAccount],
  policies: [
    policy("zone", ["r-exam"]),
    policy("everywhere", ["r-exam", "ou-exam-outer", testAccount]),
    policy("inner", ["ou-exam-inner"]),
    policy("service", ["r-exam", testAccount], "SERVICE_CONTROL_POLICY"),
    policy("elsewhere", [management]),
  ],
});

function read(options: LocalAwsOptions = {}) {
  const collector = localAwsCollector(simulator.endpoint, { readsOrganization: true, ...options });
  return collector.readScope(testKey.scope, "full", 10_000);
}

async function factOf(options: LocalAwsOptions = {}) {
  const readings = await read(options);
  return told(readings)["organization_policies"] ?? readings.find(({ call }) => call.startsWith("organ"))?.answer;
}

const told3 = (name: string) => ({ id: `p-${name}`, name: `the ${name} policy`, text: `{"policy":"${name}"}` });

const expected = {
  organization_id: "o-exampleorgid",
  management_account: false,
  levels: [
    { kind: "root", id: "r-exam", name: null, policies: [told3("everywhere"), told3("zone")] },
    { kind: "unit", id: "ou-exam-outer", name: null, policies: [told3("everywhere")] },
    { kind: "unit", id: "ou-exam-inner", name: null, policies: [told3("inner")] },
    { kind: "account", id: testAccount, name: null, policies: [told3("everywhere")] },
  ],
};

describe("the organization above an account", () => {
  it("is told from the root down, with the policies of each level", async () => {
    simulator.aws.addOrganization(organization);

    expect(await factOf()).toEqual(expected);
  });

  it("reads each policy once, on a budget of the organization's own", async () => {
    simulator.aws.addOrganization(organization);
    const reports: CallReport[] = [];

    await read({ reports });

    const calls = reports.filter(({ call }) => call.startsWith("organizations:"));
    expect(calls.filter(({ call }) => call === "organizations:DescribePolicy")).toHaveLength(3);
    expect(new Set(calls.map(({ scope }) => scope))).toEqual(
      new Set([`organizations/${testAccount}`, `organizations/${management}`]),
    );
  });

  it("lists more policies than one page holds", async () => {
    const many = Array.from({ length: 25 }, (_, index) => policy(String(index + 10), ["r-exam"]));
    simulator.aws.addOrganization({ ...organization, policies: many });

    const fact = (await factOf()) as typeof expected;

    expect(fact.levels[0]?.policies.map(({ id }) => id)).toEqual(many.map(({ Id }) => Id));
  });

  it("does not move where AWS tells it in another order", async () => {
    simulator.aws.addOrganization({ ...organization, policies: organization.policies.toReversed() });

    expect(await factOf()).toEqual(expected);
  });

  it("sets nothing for the management account, and nothing is read", async () => {
    simulator.aws.addOrganization(sampleOrganization());

    expect(await factOf()).toEqual({ organization_id: "o-exampleorgid", management_account: true, levels: [] });
    expect(simulator.control.calls().by_call["organizations:ListParents"]).toBeUndefined();
  });

  it("is null where there is none, and that is an answer", async () => {
    const reports: CallReport[] = [];

    expect(told(await read({ reports }))).toMatchObject({ organization_policies: null });
    expect(reports.find(({ call }) => call === "organizations:DescribeOrganization")?.refusal).toBeNull();
  });

  it("is not known to an account that may not read on", async () => {
    simulator.aws.addOrganization({ ...organization, delegated_administrators: [] });

    expect(await factOf()).toMatchObject({
      state: "unreadable",
      reason: "access-denied",
      call: "organizations:ListParents",
      permission: "organizations:ListParents",
      detail: expect.stringContaining("organizations:ListParents: AccessDeniedException"),
    });
  });

  it("is read with the role of the management account where it has one", async () => {
    simulator.aws.addOrganization({ ...organization, delegated_administrators: [] });
    simulator.aws.addRole({ arn: managementRole.role_arn });

    expect(await factOf({ accounts: { [management]: managementRole } })).toEqual(expected);
  });

  it.each(["DescribeOrganization", "ListParents", "ListPoliciesForTarget", "DescribePolicy"])(
    "is not known where %s is refused, and the trails are",
    async (operation) => {
      simulator.aws.addOrganization(organization);
      simulator.control.deny({ call: `organizations:${operation}`, reason: "access-denied" });

      const readings = await read();

      expect(readings.find(({ call }) => call === "organizations:DescribePolicy")?.answer).toMatchObject({
        reason: "access-denied",
        call: `organizations:${operation}`,
      });
      expect(told(readings)).toMatchObject({ trail_list: [] });
    },
  );

  it.each([
    ["missing-field:Organization", "DescribeOrganization", "not-reported"],
    ["missing-field:Parents", "ListParents", "not-reported"],
    ["wrong-type:Type", "ListParents", "malformed"],
    ["missing-field:Policies", "ListPoliciesForTarget", "not-reported"],
    ["missing-field:Content", "DescribePolicy", "not-reported"],
  ] as const)("is not known with %s in %s", async (how, operation, reason) => {
    simulator.aws.addOrganization(organization);
    simulator.control.fail({ call: `organizations:${operation}`, times: 50, how });

    expect(await factOf()).toMatchObject({ state: "unreadable", reason });
  });

  it("is not read where that is switched off", async () => {
    simulator.aws.addOrganization(organization);

    const readings = await read({ readsOrganization: false });

    expect(readings.map(({ call }) => call)).toEqual(["cloudtrail:DescribeTrails"]);
    expect(simulator.control.calls().by_call["organizations:DescribeOrganization"]).toBeUndefined();
  });
});
