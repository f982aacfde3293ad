import { expect, test } from "vitest";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { signedHeaders, testSimulator } from "./aws-clients.ts";

const describeKey = { "x-amz-target": "TrentService.DescribeKey" };
const signed = signedHeaders("kms", "us-east-2");
const body = JSON.stringify({ KeyId: sampleKey().arn });

async function prepared(): Promise<Simulator> {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  simulator.aws.addTrail(sampleTrail());
  return simulator;
}

test("an answer has AWS's headers, and times are seconds", async () => {
  const { endpoint } = await prepared();
  const response = await fetch(endpoint, { method: "POST", headers: { ...signed, ...describeKey }, body });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await response.json()).toMatchObject({ KeyMetadata: { CreationDate: 1782864000 } });
});

test("an error is a code and a message", async () => {
  const { endpoint } = await prepared();
  const request = { method: "POST", headers: { ...signed, ...describeKey }, body: '{"KeyId":"auto"}' };
  const response = await fetch(endpoint, request);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ __type: "NotFoundException", message: "Invalid keyId 'auto'" });
});

interface Refused {
  readonly what: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly code: string;
}

test.each<Refused>([
  { what: "an unsigned request", headers: describeKey, code: "MissingAuthenticationTokenException" },
  {
    what: "another kind of authorization",
    headers: { ...describeKey, authorization: "Bearer token" },
    code: "IncompleteSignatureException",
  },
  {
    what: "a signature without its parts",
    headers: { ...describeKey, authorization: "AWS4-HMAC-SHA256 Credential=AKID/20260901/us-east-2/kms/aws4_request" },
    code: "IncompleteSignatureException",
  },
  {
    what: "a signature for another service",
    headers: { ...describeKey, ...signedHeaders("s3") },
    code: "InvalidSignatureException",
  },
  {
    what: "an unknown operation",
    headers: { ...signed, "x-amz-target": "TrentService.Guess" },
    code: "UnknownOperationException",
  },
  {
    what: "a name of every object",
    headers: { ...signed, "x-amz-target": "TrentService.constructor" },
    code: "UnknownOperationException",
  },
  {
    what: "an unknown service",
    headers: { ...signed, "x-amz-target": "Other.DescribeKey" },
    code: "UnknownOperationException",
  },
  { what: "no operation", headers: signed, code: "UnknownOperationException" },
  { what: "a body that is no JSON", headers: { ...signed, ...describeKey }, body: "{", code: "SerializationException" },
  {
    what: "a body that is no object",
    headers: { ...signed, ...describeKey },
    body: "[]",
    code: "SerializationException",
  },
])("$what is refused and counts as unrecognized", async ({ headers, body: sent = body, code }) => {
  const { endpoint, control } = await prepared();
  const response = await fetch(endpoint, { method: "POST", headers, body: sent });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: code });
  expect(control.calls()).toMatchObject({ unrecognized: 1, total: { received: 0 } });
});

test.each([
  [
    "{}",
    "ValidationException",
    "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
  ],
  [
    '{"KeyId":""}',
    "ValidationException",
    "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  ['{"KeyId":5}', "SerializationException", "KeyId can not be converted to a String"],
])("DescribeKey with %s is refused", async (sent, code, message) => {
  const { endpoint } = await prepared();
  const response = await fetch(endpoint, { method: "POST", headers: { ...signed, ...describeKey }, body: sent });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ __type: code, message });
});

test("a body of more than a megabyte is refused", async () => {
  const { endpoint, control } = await prepared();
  const headers = { ...signed, ...describeKey };
  const response = await fetch(endpoint, { method: "POST", headers, body: " ".repeat(1024 * 1024 + 1) });
  expect(response.status).toBe(413);
  expect(control.calls().total.received).toBe(0);
});

test.each([
  ["GET", "/"],
  ["POST", "/keys"],
])("%s %s is no operation", async (method, path) => {
  const { endpoint } = await prepared();
  const response = await fetch(endpoint + path, { method, headers: { ...signed, ...describeKey } });
  expect(response.status).toBe(404);
});

test("CloudTrail's long target works like the short one", async () => {
  const { endpoint } = await prepared();
  const target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.GetTrailStatus";
  const headers = { ...signedHeaders("cloudtrail", "us-east-2"), "x-amz-target": target };
  const response = await fetch(endpoint, { method: "POST", headers, body: '{"Name":"all-events"}' });
  expect(await response.json()).toMatchObject({ IsLogging: true, LatestDeliveryTime: 1782864300.25 });
});

test("the same run has the same request ids", async () => {
  const ids = async (): Promise<unknown> => {
    const { endpoint } = await prepared();
    const headers = { ...signed, ...describeKey };
    const first = await fetch(endpoint, { method: "POST", headers, body });
    const second = await fetch(endpoint, { method: "POST", headers, body });
    return [first.headers.get("x-amzn-requestid"), second.headers.get("x-amzn-requestid")];
  };
  expect(await ids()).toEqual(await ids());
});

test("both listeners are on the loopback interface and stop with the simulator", async () => {
  const { endpoint, controlUrl, close } = await prepared();
  expect([new URL(endpoint).hostname, new URL(controlUrl).hostname]).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(new URL(endpoint).port).not.toBe(new URL(controlUrl).port);
  await close();
  await expect(fetch(endpoint, { method: "POST" })).rejects.toThrow();
  await expect(fetch(`${controlUrl}/list`, { method: "POST" })).rejects.toThrow();
});
