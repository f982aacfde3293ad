import { DescribeKeyCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { containing, kmsClient, refusal, signedHeaders, testSimulator } from "./aws-clients.ts";

const arn = sampleKey().arn;

async function prepared() {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  const client = kmsClient(simulator);
  return {
    control: simulator.control,
    describe: (abortSignal?: AbortSignal) =>
      client.send(new DescribeKeyCommand({ KeyId: arn }), abortSignal === undefined ? {} : { abortSignal }),
    grants: () => client.send(new ListGrantsCommand({ KeyId: arn })),
  };
}

test.each([
  ["reset", { message: containing("ECONNRESET"), status: undefined }],
  ["truncated", { message: containing("aborted") }],
  ["500", { name: "KMSInternalException", status: 500 }],
  ["503", { name: "ServiceUnavailableException", status: 503 }],
  ["malformed-json", { name: "SyntaxError", status: 200 }],
  ["unknown-error", { name: "ErrorOfAnotherVersionException", status: 400 }],
  ["expired-token", { name: "ExpiredTokenException", status: 400 }],
  ["skewed-clock", { name: "InvalidSignatureException", status: 400 }],
  ["wrong-type:CreationDate", { name: "TypeError", status: 200 }],
] as const)("%s fails the call as often as asked, and is counted", async (how, expected) => {
  const { control, describe } = await prepared();
  control.fail({ call: "kms:DescribeKey", times: 2, how });
  expect(await refusal(describe())).toMatchObject(expected);
  expect(await refusal(describe())).toMatchObject(expected);
  expect((await describe()).KeyMetadata?.KeyState).toBe("Enabled");
  expect(control.calls().by_call["kms:DescribeKey"]).toMatchObject({ received: 3, failed: 2 });
});

test("hang never answers", async () => {
  const { control, describe, grants } = await prepared();
  control.fail({ call: "kms:DescribeKey", times: 1, how: "hang" });
  const abort = new AbortController();
  const hanging = refusal(describe(abort.signal));
  await expect.poll(() => control.calls().total.failed).toBe(1);
  await grants();
  abort.abort();
  expect((await hanging).name).toBe("AbortError");
});

test("missing-field, extra-field and wrong-type change the answer and leave the rest", async () => {
  const { control, describe } = await prepared();
  const whole = (await describe()).KeyMetadata;
  control.fail({ call: "kms:DescribeKey", times: 1, how: "missing-field:KeyState" });
  const missing = (await describe()).KeyMetadata;
  expect(missing).not.toHaveProperty("KeyState");
  expect({ ...missing, KeyState: "Enabled" }).toEqual(whole);
  control.fail({ call: "kms:DescribeKey", times: 1, how: "wrong-type:KeyState" });
  const wrong = (await describe()).KeyMetadata;
  expect(typeof wrong?.KeyState).toBe("object");
  expect({ ...wrong, KeyState: "Enabled" }).toEqual(whole);
});

test("extra-field adds fields that no client knows to every object", async () => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ tags: [{ TagKey: "a", TagValue: "b" }] }));
  simulator.control.fail({ call: "kms:ListResourceTags", times: 1, how: "extra-field" });
  const headers = { ...signedHeaders("kms", "us-east-2"), "x-amz-target": "TrentService.ListResourceTags" };
  const response = await fetch(simulator.endpoint, { method: "POST", headers, body: JSON.stringify({ KeyId: arn }) });
  const extra = { FieldOfAnotherVersion: { Nested: [true, null, "text", 1.5] } };
  expect(await response.json()).toEqual({
    Tags: [{ TagKey: "a", TagValue: "b", ...extra }],
    Truncated: false,
    ...extra,
  });
});

test("a field that the answer does not have is waited for", async () => {
  const { control, describe, grants } = await prepared();
  control.fail({ call: "kms:*", times: 1, how: "missing-field:KeyState" });
  await grants();
  expect(control.calls().total.failed).toBe(0);
  expect((await describe()).KeyMetadata).not.toHaveProperty("KeyState");
  expect((await describe()).KeyMetadata).toHaveProperty("KeyState");
});

test("faults queue, the oldest first, each for its own calls and resource", async () => {
  const { control, describe, grants } = await prepared();
  control.fail({ call: "kms:ListGrants", times: 1, how: "503" });
  control.fail({ call: "kms:DescribeKey", resource: arn, times: 1, how: "500" });
  control.fail({ call: "kms:DescribeKey", times: 1, how: "unknown-error" });
  expect((await refusal(describe())).name).toBe("KMSInternalException");
  expect((await refusal(describe())).name).toBe("ErrorOfAnotherVersionException");
  await describe();
  expect((await refusal(grants())).status).toBe(503);
});

test("a refusal can be spoiled like any answer", async () => {
  const { control, describe } = await prepared();
  control.deny({ call: "*" });
  control.fail({ call: "kms:DescribeKey", times: 1, how: "malformed-json" });
  const spoiled = await refusal(describe());
  expect(spoiled.status).toBe(400);
  expect(spoiled.name).not.toBe("AccessDeniedException");
  expect((await refusal(describe())).name).toBe("AccessDeniedException");
});

test("skewed-clock tells the time that a client should have signed by", async () => {
  const { control, describe } = await prepared();
  control.fail({ call: "kms:DescribeKey", times: 1, how: "skewed-clock" });
  await expect(describe()).rejects.toMatchObject({ $metadata: { clockSkewCorrected: true } });
});
