import { request } from "node:http";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { kmsClient, refusal, testSimulator } from "./aws-clients.ts";

const arn = sampleKey().arn;

async function prepared(): Promise<Simulator> {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  return simulator;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function post({ controlUrl }: Simulator, verb: string, body: unknown = {}): Promise<Reply> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${controlUrl}/${verb}`, { method: "POST", body: text });
  return { status: response.status, body: await response.json() };
}

/** With headers that fetch would not send. */
function rawPost(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("every verb works over HTTP as it does in process", async () => {
  const simulator = await prepared();
  const describe = () => kmsClient(simulator).send(new DescribeKeyCommand({ KeyId: arn }));
  const done = { status: 200, body: {} };

  expect(await post(simulator, "list", { resource: arn })).toEqual({
    status: 200,
    body: {
      resources: [
        { cloud: "aws", kind: "aws.kms-key", resource: arn, scope: "111122223333/us-east-2", state: sampleKey() },
      ],
    },
  });
  expect(await post(simulator, "patch", { resource: arn, change: { metadata: { KeyState: "Disabled" } } })).toEqual(
    done,
  );
  expect((await describe()).KeyMetadata?.KeyState).toBe("Disabled");
  expect(await post(simulator, "deny", { call: "kms:DescribeKey", reason: "not-found" })).toEqual(done);
  expect((await refusal(describe())).name).toBe("NotFoundException");
  expect(await post(simulator, "allow", "")).toEqual(done);
  expect(await post(simulator, "throttle", { call: "kms:*", per_second: 0 })).toEqual(done);
  expect((await refusal(describe())).name).toBe("ThrottlingException");
  expect(await post(simulator, "throttle", { call: "kms:*", per_second: null })).toEqual(done);
  expect(await post(simulator, "latency", { ms: 1, jitter: 1 })).toEqual(done);
  expect(await post(simulator, "fail", { call: "kms:DescribeKey", times: 1, how: "unknown-error" })).toEqual(done);
  expect((await refusal(describe())).name).toBe("ErrorOfAnotherVersionException");
  expect(await post(simulator, "calls")).toEqual({ status: 200, body: simulator.control.calls() });
  expect(simulator.control.calls().total).toEqual({ received: 4, throttled: 1, denied: 1, failed: 1 });
  expect(await post(simulator, "reset")).toEqual(done);
  expect((await describe()).KeyMetadata?.KeyState).toBe("Enabled");
});

const verbs = ["list", "patch", "deny", "allow", "latency", "throttle", "fail", "calls", "reset"];
const missing = arn.replace("1234abcd", "00000000");

interface Mistake {
  readonly verb: string;
  readonly body: unknown;
  readonly error: string;
  readonly where: string;
  readonly known?: unknown;
}

test.each<Mistake>([
  { verb: "destroy", body: {}, error: "unknown-verb", where: "path", known: verbs },
  { verb: "constructor", body: {}, error: "unknown-verb", where: "path", known: verbs },
  { verb: "deny", body: "{", error: "malformed-json", where: "body" },
  { verb: "deny", body: [], error: "wrong-value", where: "body" },
  { verb: "deny", body: {}, error: "missing-field", where: "body.call" },
  {
    verb: "deny",
    body: { call: "kms:Nothing" },
    error: "unknown-call",
    where: "body.call",
    known: expect.arrayContaining(["kms:DescribeKey", "sts:AssumeRole"]),
  },
  {
    verb: "deny",
    body: { cal: "*" },
    error: "unknown-field",
    where: "body.cal",
    known: ["call", "resource", "reason"],
  },
  { verb: "deny", body: { call: "*", resource: missing }, error: "unknown-resource", where: "body.resource" },
  {
    verb: "deny",
    body: { call: "*", resource: "key" },
    error: "unknown-resource",
    where: "body.resource",
    known: expect.arrayContaining(["aws.kms-key"]),
  },
  {
    verb: "deny",
    body: { call: "*", reason: "mood" },
    error: "wrong-value",
    where: "body.reason",
    known: expect.arrayContaining(["access-denied"]),
  },
  { verb: "allow", body: { call: 1 }, error: "wrong-value", where: "body.call" },
  { verb: "allow", body: { permissions: "kms:*" }, error: "wrong-value", where: "body.permissions" },
  { verb: "allow", body: { permissions: [1] }, error: "wrong-value", where: "body.permissions" },
  { verb: "allow", body: { permissions: [], call: "*" }, error: "wrong-value", where: "body.permissions" },
  { verb: "latency", body: { ms: -1 }, error: "wrong-value", where: "body.ms" },
  { verb: "latency", body: { ms: 1, jitter: "2" }, error: "wrong-value", where: "body.jitter" },
  { verb: "throttle", body: {}, error: "missing-field", where: "body.per_second" },
  {
    verb: "fail",
    body: { call: "*", times: 1, how: "slowly" },
    error: "wrong-value",
    where: "body.how",
    known: expect.arrayContaining(["reset", "missing-field:<Field>"]),
  },
  { verb: "fail", body: { call: "*", times: 1, how: "missing-field:" }, error: "wrong-value", where: "body.how" },
  { verb: "fail", body: { call: "*", times: 0, how: "500" }, error: "wrong-value", where: "body.times" },
  { verb: "fail", body: { call: "sts:*", times: 1, how: "extra-field" }, error: "wrong-value", where: "body.how" },
  { verb: "calls", body: { since: 1 }, error: "unknown-field", where: "body.since", known: [] },
  {
    verb: "reset",
    body: { only: ["everything"] },
    error: "wrong-value",
    where: "body.only[0]",
    known: ["resources", "rules", "calls"],
  },
  { verb: "list", body: { resource: missing }, error: "unknown-resource", where: "body.resource" },
  { verb: "patch", body: { resource: arn }, error: "missing-field", where: "body.change" },
  { verb: "patch", body: { resource: missing, change: {} }, error: "unknown-resource", where: "body.resource" },
  {
    verb: "patch",
    body: { resource: missing, change: null, create: true },
    error: "unknown-resource",
    where: "body.resource",
  },
  {
    verb: "patch",
    body: { resource: arn, change: { metadata: { KeyStat: "Disabled" } } },
    error: "unknown-field",
    where: "body.change.metadata.KeyStat",
    known: expect.arrayContaining(["KeyState"]),
  },
  { verb: "patch", body: { resource: arn, change: { policy: {} } }, error: "wrong-value", where: "body.change.policy" },
  {
    verb: "patch",
    body: { resource: arn, change: { policy: null } },
    error: "missing-field",
    where: "body.change.policy",
  },
  {
    verb: "patch",
    body: { resource: arn, change: { tags: [{ TagKey: "a" }] } },
    error: "missing-field",
    where: "body.change.tags[0].TagValue",
  },
  { verb: "patch", body: { resource: arn, change: { arn: missing } }, error: "wrong-value", where: "body.change" },
  { verb: "patch", body: { resource: arn, change: "off" }, error: "wrong-value", where: "body.change" },
])("$verb with $body is refused: $error at $where", async ({ verb, body, error, where, known }) => {
  const simulator = await prepared();
  const reply = await post(simulator, verb, body);
  expect(reply).toMatchObject({ status: 400, body: { error, where, ...(known === undefined ? {} : { known }) } });
  // Nothing is half-applied.
  expect(simulator.control.list({ resource: arn }).resources[0]?.state).toEqual(sampleKey());
  await kmsClient(simulator).send(new DescribeKeyCommand({ KeyId: arn }));
  expect(simulator.control.calls().total).toEqual({ received: 1, throttled: 0, denied: 0, failed: 0 });
});

test.each([
  ["a name that points at this machine", { host: "evil.example:80" }],
  ["the right name on another port", { host: "127.0.0.1:1" }],
  ["a page of another origin", { origin: "https://evil.example" }],
  ["a page without an origin", { origin: "null" }],
])("control refuses %s", async (_what, headers) => {
  const simulator = await prepared();
  simulator.control.deny({ call: "*" });
  expect(await rawPost(`${simulator.controlUrl}/reset`, headers)).toBe(403);
  const call = kmsClient(simulator).send(new DescribeKeyCommand({ KeyId: arn }));
  expect((await refusal(call)).name).toBe("AccessDeniedException");
});

test("control answers its own origin, and nothing but POST", async () => {
  const simulator = await prepared();
  const { origin, port } = new URL(simulator.controlUrl);
  expect(await rawPost(`${simulator.controlUrl}/calls`, { origin })).toBe(200);
  expect(await rawPost(`${simulator.controlUrl}/calls`, { host: `localhost:${port}` })).toBe(200);
  const response = await fetch(`${simulator.controlUrl}/calls`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: "unknown-verb", known: verbs });
});
