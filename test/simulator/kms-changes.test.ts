import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import type { SimulatedKeyMetadata } from "../../src/simulator/aws/resource-types.ts";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { kmsClient, refusal, testSimulator, testTime } from "./aws-clients.ts";

const arn = sampleKey().arn;

async function clientOfKey(metadata: SimulatedKeyMetadata = {}): Promise<KMSClient> {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ metadata }));
  return kmsClient(simulator);
}

async function metadataOf(client: KMSClient) {
  return (await client.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata;
}

test("PutKeyPolicy replaces the text", async () => {
  const client = await clientOfKey();
  const Policy = '{"Version":"2012-10-17","Statement":[]}';
  await client.send(new PutKeyPolicyCommand({ KeyId: arn, Policy }));
  expect((await client.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy).toBe(Policy);
});

test.each([
  [{ Policy: "{" }, "MalformedPolicyDocumentException"],
  [{ Policy: "{}", PolicyName: "other" }, "ValidationException"],
])("PutKeyPolicy refuses %o and changes nothing", async (input, name) => {
  const client = await clientOfKey();
  expect((await refusal(client.send(new PutKeyPolicyCommand({ KeyId: arn, ...input })))).name).toBe(name);
  expect((await client.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy).toBe(sampleKey().policy);
});

test("DisableKey and EnableKey change the state", async () => {
  const client = await clientOfKey();
  await client.send(new DisableKeyCommand({ KeyId: arn }));
  expect(await metadataOf(client)).toMatchObject({ KeyState: "Disabled", Enabled: false });
  await client.send(new EnableKeyCommand({ KeyId: arn }));
  expect(await metadataOf(client)).toMatchObject({ KeyState: "Enabled", Enabled: true });
});

test("ScheduleKeyDeletion counts from the simulator's clock; CancelKeyDeletion leaves the key disabled", async () => {
  const client = await clientOfKey();
  const deletion = new Date(testTime + 7 * 86_400_000);
  const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 7 }));
  expect(scheduled).toMatchObject({ KeyId: arn, KeyState: "PendingDeletion", PendingWindowInDays: 7 });
  expect(scheduled.DeletionDate).toEqual(deletion);
  const pending = await metadataOf(client);
  expect(pending).toMatchObject({ KeyState: "PendingDeletion", Enabled: false, DeletionDate: deletion });
  const rotation = await client.send(new GetKeyRotationStatusCommand({ KeyId: arn }));
  expect(rotation.KeyRotationEnabled).toBe(false);

  const cancelled = await client.send(new CancelKeyDeletionCommand({ KeyId: arn }));
  expect(cancelled.KeyId).toBe(arn);
  const after = await metadataOf(client);
  expect(after).toMatchObject({ KeyState: "Disabled", Enabled: false });
  expect(after).not.toHaveProperty("DeletionDate");
});

test("ScheduleKeyDeletion waits 30 days unless told", async () => {
  const client = await clientOfKey();
  const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId: arn }));
  expect(scheduled.DeletionDate).toEqual(new Date(testTime + 30 * 86_400_000));
});

test.each([6, 31])("ScheduleKeyDeletion refuses a window of %d days", async (PendingWindowInDays) => {
  const client = await clientOfKey();
  const refused = await refusal(client.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays })));
  expect(refused).toMatchObject({ name: "ValidationException", status: 400 });
  expect(await metadataOf(client)).toMatchObject({ KeyState: "Enabled" });
});

test.each([
  ["EnableKey", "PendingDeletion", (client: KMSClient) => client.send(new EnableKeyCommand({ KeyId: arn }))],
  ["DisableKey", "PendingImport", (client: KMSClient) => client.send(new DisableKeyCommand({ KeyId: arn }))],
  [
    "ScheduleKeyDeletion",
    "PendingDeletion",
    (client: KMSClient) => client.send(new ScheduleKeyDeletionCommand({ KeyId: arn })),
  ],
  ["CancelKeyDeletion", "Enabled", (client: KMSClient) => client.send(new CancelKeyDeletionCommand({ KeyId: arn }))],
])("%s is refused in the state %s", async (_operation, KeyState, call) => {
  const client = await clientOfKey({ KeyState });
  expect(await refusal(call(client))).toMatchObject({ name: "KMSInvalidStateException", status: 400 });
  expect(await metadataOf(client)).toMatchObject({ KeyState });
});

test("the refusal of a key that waits for its deletion is AWS's own", async () => {
  const client = await clientOfKey({ KeyState: "PendingDeletion" });
  const refused = await refusal(client.send(new EnableKeyCommand({ KeyId: arn })));
  expect(refused.message).toBe(`${arn} is pending deletion.`);
});
