import { GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeKeyCommand, GetKeyPolicyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type RefusalReason, refusalReasons } from "../../src/simulator/cloud.ts";
import { cloudTrailClient, containing, kmsClient, refusal, signedHeaders, testSimulator } from "./aws-clients.ts";

const arn = sampleKey().arn;
const otherArn = arn.replace("1234abcd", "ffffffff");
const trailArn = sampleTrail().arn;

async function prepared() {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  simulator.aws.addKey(sampleKey({ arn: otherArn }));
  simulator.aws.addTrail(sampleTrail());
  const client = kmsClient(simulator);
  return {
    simulator,
    control: simulator.control,
    describe: (KeyId = arn) => client.send(new DescribeKeyCommand({ KeyId })),
    policy: (KeyId = arn) => client.send(new GetKeyPolicyCommand({ KeyId })),
    list: () => client.send(new ListKeysCommand({})),
    status: (Name = "all-events") => cloudTrailClient(simulator).send(new GetTrailStatusCommand({ Name })),
  };
}

test("list tells the resources, and the state of one", async () => {
  const { control } = await prepared();
  const scope = "111122223333/us-east-2";
  expect(control.list().resources.filter(({ cloud }) => cloud === "aws")).toEqual([
    { cloud: "aws", kind: "aws.kms-key", resource: arn, scope },
    { cloud: "aws", kind: "aws.kms-key", resource: otherArn, scope },
    { cloud: "aws", kind: "aws.cloudtrail-trail", resource: trailArn, scope },
  ]);
  expect(control.list({ resource: trailArn }).resources).toEqual([
    { cloud: "aws", kind: "aws.cloudtrail-trail", resource: trailArn, scope, state: sampleTrail() },
  ]);
});

test("patch merges deeply, and null deletes a field", async () => {
  const { control, describe, policy } = await prepared();
  control.patch({ resource: arn, change: { metadata: { KeyState: "Disabled", Description: null }, policy: "{}" } });
  const { KeyMetadata } = await describe();
  expect(KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false, KeySpec: "SYMMETRIC_DEFAULT" });
  expect(KeyMetadata).not.toHaveProperty("Description");
  expect((await policy()).Policy).toBe("{}");
  expect((await describe(otherArn)).KeyMetadata?.KeyState).toBe("Enabled");
});

test("patch takes a state that no client knows yet", async () => {
  const { control, describe } = await prepared();
  control.patch({ resource: arn, change: { metadata: { KeyState: "Quarantined" } } });
  expect((await describe()).KeyMetadata).toMatchObject({ KeyState: "Quarantined", Enabled: false });
});

test("patch with null deletes a resource, and create makes one", async () => {
  const { control, describe } = await prepared();
  control.patch({ resource: arn, change: null });
  expect((await refusal(describe())).message).toBe(`Key '${arn}' does not exist`);
  expect(() => control.patch({ resource: arn, change: {} })).toThrow(/does not exist/);
  control.patch({ resource: arn, change: { metadata: { Description: "again" } }, create: true });
  expect((await describe()).KeyMetadata).toMatchObject({ Description: "again", KeyState: "Enabled" });
});

const words = {
  "access-denied": {
    name: "AccessDeniedException",
    message:
      `User: arn:aws:iam::111122223333:user/keyposture is not authorized to perform: kms:GetKeyPolicy on resource: ${arn} ` +
      "because no resource-based policy allows the kms:GetKeyPolicy action",
    status: 400,
  },
  "not-found": { name: "NotFoundException", message: `Key '${arn}' does not exist`, status: 400 },
  throttled: {
    name: "ThrottlingException",
    message: "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    status: 400,
  },
  unavailable: {
    name: "ServiceUnavailableException",
    message: "Service is unable to handle request.",
    status: 503,
  },
  "api-disabled": {
    name: "OptInRequired",
    message: "The AWS Access Key Id needs a subscription for the service",
    status: 403,
  },
  unsupported: {
    name: "UnsupportedOperationException",
    message: `kms:GetKeyPolicy is not supported for ${arn}.`,
    status: 400,
  },
} satisfies Record<RefusalReason, { name: string; message: string; status: number }>;

test.each(refusalReasons)("deny refuses one call with the provider's words for %s", async (reason) => {
  const { control, describe, policy } = await prepared();
  control.deny({ call: "kms:GetKeyPolicy", reason });
  expect(await refusal(policy())).toEqual(words[reason]);
  await describe();
});

test("deny means access-denied unless told, on one resource where one is named", async () => {
  const { control, policy, status } = await prepared();
  control.deny({ call: "kms:GetKeyPolicy", resource: arn });
  control.deny({ call: "cloudtrail:GetTrailStatus", resource: trailArn });
  expect(await refusal(policy())).toEqual(words["access-denied"]);
  await policy(otherArn);
  expect(await refusal(status())).toMatchObject({
    name: "AccessDeniedException",
    message: containing(
      `is not authorized to perform: cloudtrail:GetTrailStatus on resource: ${trailArn} because no identity-based policy`,
    ),
  });
});

test("a denied call does not tell whether its key exists", async () => {
  const { control, describe } = await prepared();
  control.deny({ call: "kms:*" });
  const nobody = arn.replace("1234abcd", "00000000");
  expect((await refusal(describe(nobody))).name).toBe("AccessDeniedException");
});

test("deny of a call that is about no resource names none", async () => {
  const { control, list } = await prepared();
  control.deny({ call: "*" });
  expect((await refusal(list())).message).toBe(
    "User: arn:aws:iam::111122223333:user/keyposture is not authorized to perform: kms:ListKeys because no identity-based policy allows the kms:ListKeys action",
  );
});

test("the newest of the denials and permissions decides", async () => {
  const { control, describe, policy } = await prepared();
  control.deny({ call: "*" });
  control.allow({ call: "kms:DescribeKey", resource: arn });
  await describe();
  expect((await refusal(describe(otherArn))).name).toBe("AccessDeniedException");
  expect((await refusal(policy())).name).toBe("AccessDeniedException");
  control.deny({ call: "kms:DescribeKey", reason: "not-found" });
  expect((await refusal(describe())).name).toBe("NotFoundException");
  control.allow();
  await Promise.all([describe(), describe(otherArn), policy()]);
});

test("permissions are all that the caller has, until that is said otherwise", async () => {
  const { simulator, control, describe, policy, list, status } = await prepared();
  control.allow({ permissions: ["kms:DescribeKey", "kms:ListKeys"] });
  await Promise.all([describe(), list()]);
  // Whoever has any credentials may ask who they are.
  const headers = { ...signedHeaders("sts"), "content-type": "application/x-www-form-urlencoded" };
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  expect((await fetch(simulator.endpoint, { method: "POST", headers, body })).status).toBe(200);
  expect((await refusal(policy())).message).toContain("not authorized to perform: kms:GetKeyPolicy");
  expect((await refusal(status())).name).toBe("AccessDeniedException");
  control.allow({ call: "kms:GetKeyPolicy" });
  expect((await refusal(policy())).name).toBe("AccessDeniedException");
  control.deny({ call: "kms:ListKeys" });
  expect((await refusal(list())).name).toBe("AccessDeniedException");
  expect(control.calls().total).toMatchObject({ denied: 4 });

  for (const ends of [
    () => control.allow({ permissions: null }),
    () => control.allow(),
    () => control.reset({ only: ["rules"] }),
  ]) {
    control.allow({ permissions: [] });
    expect((await refusal(policy())).name).toBe("AccessDeniedException");
    ends();
    await policy();
  }
});

test("calls counts what came and what became of it", async () => {
  const { control, describe, policy, list } = await prepared();
  control.deny({ call: "kms:GetKeyPolicy", resource: arn });
  control.deny({ call: "kms:ListKeys", reason: "throttled" });
  control.fail({ call: "kms:DescribeKey", times: 1, how: "500" });
  await Promise.allSettled([policy(), policy(otherArn), list()]);
  await refusal(describe());
  await describe();
  const none = { received: 0, throttled: 0, denied: 0, failed: 0 };
  expect(control.calls()).toEqual({
    total: { received: 5, throttled: 1, denied: 1, failed: 1 },
    by_call: {
      "kms:DescribeKey": { ...none, received: 2, failed: 1 },
      "kms:GetKeyPolicy": { ...none, received: 2, denied: 1 },
      "kms:ListKeys": { ...none, received: 1, throttled: 1 },
    },
    by_resource: {
      [arn]: {
        "kms:DescribeKey": { ...none, received: 2, failed: 1 },
        "kms:GetKeyPolicy": { ...none, received: 1, denied: 1 },
      },
      [otherArn]: { "kms:GetKeyPolicy": { ...none, received: 1 } },
    },
    unrecognized: 0,
  });
});

test("reset goes back to the seeded resources, without rules and counts", async () => {
  const { control, describe } = await prepared();
  control.patch({ resource: arn, change: { metadata: { KeyState: "Disabled" } } });
  control.patch({ resource: otherArn, change: null });
  control.patch({ resource: arn.replace("1234", "5678"), change: {}, create: true });
  control.deny({ call: "*" });
  control.fail({ call: "*", times: 3, how: "500" });
  control.throttle({ per_second: 0 });
  await refusal(describe());
  control.reset();
  expect(control.calls().total.received).toBe(0);
  expect(control.list().resources.filter(({ cloud }) => cloud === "aws")).toHaveLength(3);
  expect((await describe()).KeyMetadata?.KeyState).toBe("Enabled");
  await describe(otherArn);
});

test("reset of the counts alone leaves the rest", async () => {
  const { control, describe } = await prepared();
  control.patch({ resource: arn, change: { metadata: { KeyState: "Disabled" } } });
  control.deny({ call: "kms:GetKeyPolicy" });
  await describe();
  control.reset({ only: ["calls"] });
  expect(control.calls().total.received).toBe(0);
  expect((await describe()).KeyMetadata?.KeyState).toBe("Disabled");
});
