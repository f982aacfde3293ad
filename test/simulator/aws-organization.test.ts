import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { sampleOrganization } from "../../src/simulator/aws/organization.ts";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { containing, kmsClient, refusal, signedHeaders, testSimulator, testTime } from "./aws-clients.ts";

const memberKeyId = "AKIDTEST444455556666";
const role = "arn:aws:iam::444455556666:role/auditors/read-keys";
const filter = { Filter: "RESOURCE_CONTROL_POLICY" };

const organization = sampleOrganization({
  units: { "ou-exam-one": "r-exam", "ou-exam-two": "ou-exam-one" },
  accounts: { "444455556666": "ou-exam-two" },
  policies: ["a", "b", "c"].map((name) => ({
    Id: `p-${name}`,
    Name: name,
    Type: "RESOURCE_CONTROL_POLICY",
    AwsManaged: false,
    Content: `{"policy":"${name}"}`,
    targets: name === "c" ? ["ou-exam-two"] : ["r-exam"],
  })),
});

async function prepared(): Promise<Simulator> {
  const simulator = await testSimulator();
  simulator.aws.addOrganization(organization);
  simulator.aws.addRole({ arn: role, external_id: "secret-of-both" });
  simulator.aws.addKey(sampleKey());
  return simulator;
}

async function ask({ endpoint }: Simulator, operation: string, input: object = {}, accessKeyId?: string) {
  const target = { "x-amz-target": `AWSOrganizationsV20161128.${operation}` };
  const headers = { ...signedHeaders("organizations", "us-east-1", accessKeyId), ...target };
  const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(input) });
  const body: unknown = await response.json();
  return { status: response.status, body: typeof body === "object" && body !== null ? body : {} };
}

async function askSts({ endpoint }: Simulator, input: Readonly<Record<string, string>>, accessKeyId?: string) {
  const body = new URLSearchParams({ Version: "2011-06-15", ...input });
  const headers = signedHeaders("sts", "us-east-1", accessKeyId);
  const response = await fetch(endpoint, { method: "POST", headers, body });
  const text = await response.text();
  return { status: response.status, text, element: (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1] };
}

test.each([
  [
    "DescribeOrganization",
    {},
    {
      Organization: { Id: "o-exampleorgid", Arn: organization.arn, MasterAccountId: "111122223333", FeatureSet: "ALL" },
    },
  ],
  [
    "ListRoots",
    {},
    {
      Roots: [
        {
          Id: "r-exam",
          Arn: "arn:aws:organizations::111122223333:root/o-exampleorgid/r-exam",
          PolicyTypes: [{ Type: "RESOURCE_CONTROL_POLICY", Status: "ENABLED" }],
        },
      ],
    },
  ],
  ["ListParents", { ChildId: "444455556666" }, { Parents: [{ Id: "ou-exam-two", Type: "ORGANIZATIONAL_UNIT" }] }],
  ["ListParents", { ChildId: "ou-exam-one" }, { Parents: [{ Id: "r-exam", Type: "ROOT" }] }],
  [
    "ListPoliciesForTarget",
    { ...filter, TargetId: "ou-exam-two" },
    { Policies: [{ Id: "p-c", Name: "c", AwsManaged: false }] },
  ],
  ["ListPoliciesForTarget", { Filter: "SERVICE_CONTROL_POLICY", TargetId: "r-exam" }, { Policies: [] }],
  [
    "DescribePolicy",
    { PolicyId: "p-a" },
    {
      Policy: {
        PolicySummary: {
          Id: "p-a",
          Arn: "arn:aws:organizations::111122223333:policy/o-exampleorgid/resource_control_policy/p-a",
        },
        Content: '{"policy":"a"}',
      },
    },
  ],
])("%s %j answers", async (operation, input, body) => {
  expect(await ask(await prepared(), operation, input)).toMatchObject({ status: 200, body });
});

test("ListPolicies gives pages", async () => {
  const simulator = await prepared();
  const first = await ask(simulator, "ListPolicies", { ...filter, MaxResults: 2 });
  expect(first.body).toMatchObject({ Policies: [{ Id: "p-a" }, { Id: "p-b" }] });
  const token = "NextToken" in first.body ? first.body.NextToken : undefined;
  expect(token).toEqual(containing(""));
  const second = await ask(simulator, "ListPolicies", { ...filter, NextToken: token });
  expect(second.body).toMatchObject({ Policies: [{ Id: "p-c" }] });
  expect(second.body).not.toHaveProperty("NextToken");
});

test.each([
  ["ListParents", { ChildId: "000000000000" }, "ChildNotFoundException"],
  ["ListPoliciesForTarget", { ...filter, TargetId: "ou-none" }, "TargetNotFoundException"],
  ["DescribePolicy", { PolicyId: "p-none" }, "PolicyNotFoundException"],
  ["ListPolicies", {}, "ValidationException"],
  ["ListPolicies", { ...filter, NextToken: "x" }, "InvalidInputException"],
])("%s %j is refused", async (operation, input, code) => {
  expect(await ask(await prepared(), operation, input)).toMatchObject({ status: 400, body: { __type: code } });
});

test("a member account may only ask what its organization is, a stranger nothing", async () => {
  const simulator = await prepared();
  expect((await ask(simulator, "DescribeOrganization", {}, memberKeyId)).status).toBe(200);
  const refused = await ask(simulator, "ListRoots", {}, memberKeyId);
  expect(refused.body).toMatchObject({ __type: "AccessDeniedException" });
  simulator.control.patch({ resource: organization.arn, change: { delegated_administrators: ["444455556666"] } });
  expect((await ask(simulator, "ListRoots", {}, memberKeyId)).status).toBe(200);
  const stranger = await ask(simulator, "DescribeOrganization", {}, "AKIDTEST777788889999");
  expect(stranger.body).toMatchObject({ __type: "AWSOrganizationsNotInUseException" });
});

test.each([
  ["access-denied", "AccessDeniedException"],
  ["not-found", "AWSOrganizationsNotInUseException"],
  ["throttled", "TooManyRequestsException"],
] as const)("organizations: deny with %s answers %s", async (reason, code) => {
  const simulator = await prepared();
  simulator.control.deny({ call: "organizations:ListRoots", resource: organization.arn, reason });
  expect(await ask(simulator, "ListRoots")).toMatchObject({ status: 400, body: { __type: code } });
});

test("GetCallerIdentity answers who calls, in XML", async () => {
  const answer = await askSts(await prepared(), { Action: "GetCallerIdentity" }, memberKeyId);
  expect(answer.text).toMatch(
    /^<GetCallerIdentityResponse xmlns="[^"]+"><GetCallerIdentityResult>.*<\/GetCallerIdentityResponse>$/,
  );
  expect(answer.element("Account")).toBe("444455556666");
  expect(answer.element("Arn")).toBe("arn:aws:iam::444455556666:user/keyposture");
});

const assume = { Action: "AssumeRole", RoleArn: role, RoleSessionName: "audit", ExternalId: "secret-of-both" };

test("AssumeRole gives credentials of the role's account", async () => {
  const simulator = await prepared();
  const answer = await askSts(simulator, { ...assume, DurationSeconds: "900" });
  const assumed = "arn:aws:sts::444455556666:assumed-role/auditors/read-keys/audit";
  expect(answer.element("Expiration")).toBe(new Date(testTime + 900_000).toISOString());
  const accessKeyId = answer.element("AccessKeyId") ?? "";
  expect((await askSts(simulator, { Action: "GetCallerIdentity" }, accessKeyId)).element("Arn")).toBe(assumed);
  simulator.control.deny({ call: "kms:DescribeKey" });
  const call = kmsClient(simulator, { accessKeyId }).send(new DescribeKeyCommand({ KeyId: sampleKey().arn }));
  expect((await refusal(call)).message).toContain(`User: ${assumed} is not authorized`);
});

test.each([
  ["with another external id", { ...assume, ExternalId: "guess" }, 403, "AccessDenied"],
  ["that does not exist", { ...assume, RoleArn: `${role}-2` }, 403, "AccessDenied"],
  ["for too short a time", { ...assume, DurationSeconds: "1" }, 400, "ValidationException"],
  ["by another action", { Action: "AssumeAnything" }, 400, "InvalidAction"],
])("STS refuses a role %s", async (_what, input, status, code) => {
  const answer = await askSts(await prepared(), input);
  expect(answer.text).toMatch(/^<ErrorResponse .*<Type>Sender<\/Type>/);
  expect({ status: answer.status, code: answer.element("Code") }).toEqual({ status, code });
});

test.each([
  ["access-denied", 403, "AccessDenied"],
  ["not-found", 403, "AccessDenied"],
  ["throttled", 400, "Throttling"],
  ["unavailable", 503, "ServiceUnavailableException"],
] as const)("sts: deny with %s answers %d %s", async (reason, status, code) => {
  const simulator = await prepared();
  simulator.control.deny({ call: "sts:AssumeRole", resource: role, reason });
  const answer = await askSts(simulator, assume);
  expect({ status: answer.status, code: answer.element("Code") }).toEqual({ status, code });
});
