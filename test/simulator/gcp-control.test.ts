import { connect, constants } from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { type RefusalReason, refusalReasons } from "../../src/simulator/cloud.ts";
import { operationOf } from "../../src/simulator/gcp/gcp-operations.ts";
import { sampleCryptoKey, sampleProject } from "../../src/simulator/gcp/resources.ts";
import { testSimulator } from "./aws-clients.ts";
import {
  addSamples,
  countedFor,
  folderName,
  grpcRefusal,
  keyName,
  kmsClient,
  once,
  projectName,
  projectsClient,
  rest,
  ringName,
} from "./gcp-clients.ts";

const otherKey = `${ringName}/cryptoKeys/other`;

async function prepared() {
  let now = 1_000_000;
  const simulator = await testSimulator({ now: () => now });
  addSamples(simulator);
  simulator.gcp.addKey(sampleCryptoKey({ name: otherKey }));
  const kms = kmsClient(simulator);
  return {
    simulator,
    control: simulator.control,
    pass: (ms: number) => {
      now += ms;
    },
    kms,
    getKey: (name = keyName) => kms.getCryptoKey({ name }, once()),
    policy: (resource = keyName) => kms.getIamPolicy({ resource }, once()),
    list: () => kms.listCryptoKeys({ parent: ringName }, once()),
    role: (role = "roles/owner") => rest(simulator, `/v1/${role}`),
  };
}

test.each(Object.entries(gcpCalls))(
  "%s is simulated, and needs the permission that the collector names",
  (call, { permission }) => {
    expect(operationOf(call).permission).toBe(permission);
  },
);

test("calls that share a quota share it here", () => {
  for (const [call, { quota_of }] of Object.entries(gcpCalls).map(
    ([name, entry]) => [name, { quota_of: undefined, ...entry }] as const,
  )) {
    expect(operationOf(call).quota).toBe(quota_of);
  }
});

test("list tells the resources of Google Cloud, the predefined roles among them", async () => {
  const { control } = await prepared();
  const mine = control.list().resources.filter(({ cloud }) => cloud === "gcp");
  expect(mine).toContainEqual({ cloud: "gcp", kind: "gcp.kms-key", resource: keyName, scope: projectName });
  expect(mine).toContainEqual({ cloud: "gcp", kind: "gcp.iam-role", resource: "roles/owner", scope: "roles/owner" });
  expect(mine).toContainEqual({ cloud: "gcp", kind: "gcp.folder", resource: folderName, scope: folderName });
  const kinds = ["kms-key", "kms-key-ring", "project", "folder", "organization", "access-policy", "iam-role"];
  expect(new Set(mine.map(({ kind }) => kind))).toEqual(new Set(kinds.map((kind) => `gcp.${kind}`)));
  expect(control.list({ resource: keyName }).resources[0]?.state).toEqual(sampleCryptoKey());
});

const url = "https://console.developers.google.com/apis/api/cloudkms.googleapis.com/overview?project=123456789012";
const denied = `Permission 'cloudkms.cryptoKeys.getIamPolicy' denied on resource '${keyName}' (or it may not exist).`;

/** What the client tells of each refusal. */
const words = {
  "access-denied": {
    code: 7,
    message: denied,
    reason: "IAM_PERMISSION_DENIED",
    domain: "cloudkms.googleapis.com",
    metadata: { permission: "cloudkms.cryptoKeys.getIamPolicy", resource: keyName },
  },
  "not-found": { code: 5, message: `CryptoKey ${keyName} not found.` },
  throttled: {
    code: 8,
    message:
      "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service " +
      "'cloudkms.googleapis.com' for consumer 'project_number:123456789012'.",
    reason: "RATE_LIMIT_EXCEEDED",
    domain: "googleapis.com",
    metadata: {
      service: "cloudkms.googleapis.com",
      consumer: "projects/123456789012",
      quota_metric: "cloudkms.googleapis.com/read_requests",
      quota_limit: "ReadRequestsPerMinutePerProject",
      quota_location: "global",
    },
  },
  unavailable: { code: 14, message: "The service is currently unavailable." },
  "api-disabled": {
    code: 7,
    message:
      "Cloud Key Management Service (KMS) API has not been used in project 123456789012 before or it is disabled. " +
      `Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to ` +
      "propagate to our systems and retry.",
    reason: "SERVICE_DISABLED",
    domain: "googleapis.com",
    metadata: { service: "cloudkms.googleapis.com", consumer: "projects/123456789012", activationUrl: url },
  },
  unsupported: { code: 12, message: "Operation is not implemented, or supported, or enabled." },
} satisfies Record<RefusalReason, object>;

test.each(refusalReasons)("deny refuses a gRPC call with the provider's words for %s", async (reason) => {
  const { control, getKey, policy } = await prepared();
  control.deny({ call: "cloudkms:GetCryptoKeyIamPolicy", reason });
  const none = { reason: undefined, domain: undefined, metadata: undefined };
  expect(await grpcRefusal(policy())).toEqual({ ...none, ...words[reason] });
  await getKey();
});

test.each([
  ["access-denied", 403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED"],
  ["not-found", 404, "NOT_FOUND", undefined],
  ["throttled", 429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"],
  ["unavailable", 503, "UNAVAILABLE", undefined],
  ["api-disabled", 403, "PERMISSION_DENIED", "SERVICE_DISABLED"],
  ["unsupported", 501, "UNIMPLEMENTED", undefined],
] as const)("deny refuses a REST call for %s with %d", async (reason, code, status, info) => {
  const { control, role } = await prepared();
  control.deny({ call: "iam:GetRole", resource: "roles/owner", reason });
  const answer = await role();
  expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
  const { details } = (answer.body as { error: { details: readonly Readonly<Record<string, unknown>>[] } }).error;
  expect(details[0]?.["reason"]).toBe(info);
  expect((await role("roles/viewer")).status).toBe(200);
});

test("deny of one resource refuses it alone, whatever its project is called", async () => {
  const { control, policy } = await prepared();
  control.deny({ call: "cloudkms:*", resource: keyName });
  expect((await grpcRefusal(policy())).reason).toBe("IAM_PERMISSION_DENIED");
  expect((await grpcRefusal(policy(keyName.replace(projectName, "projects/123456789012")))).code).toBe(7);
  await policy(otherKey);
  await policy(ringName);
  control.allow();
  await policy();
});

test("an API that is disabled in the project refuses its calls, and names the project", async () => {
  const { control, simulator, getKey } = await prepared();
  control.patch({ resource: projectName, change: { services: { "cloudkms.googleapis.com": "DISABLED" } } });
  expect(await grpcRefusal(getKey())).toMatchObject(words["api-disabled"]);
  const project = projectsClient(simulator).getProject({ name: projectName }, once());
  expect((await project)[0].state).toBe("ACTIVE");
});

test("a quota project is counted and must have the API enabled, too", async () => {
  const { control, simulator, kms, getKey } = await prepared();
  const services = { "cloudkms.googleapis.com": "DISABLED" };
  simulator.gcp.addProject(sampleProject({ name: "projects/quota-project", number: "99", services }));
  const counted = await grpcRefusal(kms.getCryptoKey({ name: keyName }, countedFor("quota-project")));
  expect(counted).toMatchObject({ reason: "SERVICE_DISABLED", metadata: { consumer: "projects/99" } });
  control.patch({ resource: "projects/quota-project", change: { services: { "cloudkms.googleapis.com": null } } });
  control.throttle({ call: "cloudkms:*", per_second: 1 });
  await kms.getCryptoKey({ name: keyName }, countedFor("quota-project"));
  await getKey();
  const again = await grpcRefusal(kms.getCryptoKey({ name: keyName }, countedFor("99")));
  expect(again).toMatchObject({ code: 8, metadata: { consumer: "projects/99" } });
});

async function answered(times: number, call: () => Promise<unknown>): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: times }, call));
  return results.filter(({ status }) => status === "fulfilled").length;
}

test("throttle lets calls of one quota take from one bucket, until time passes", async () => {
  const { control, pass, getKey, policy, role, kms } = await prepared();
  control.throttle({ call: "cloudkms:*", per_second: 5 });
  expect(await answered(3, getKey)).toBe(3);
  expect(await answered(4, policy)).toBe(2);
  expect((await grpcRefusal(policy())).reason).toBe("RATE_LIMIT_EXCEEDED");
  expect((await role()).status).toBe(200);
  // What changes is not counted with what reads.
  await kms.createCryptoKeyVersion({ parent: keyName }, once());
  pass(400);
  expect(await answered(4, getKey)).toBe(2);
  expect(control.calls().by_call["cloudkms:GetCryptoKeyIamPolicy"]).toMatchObject({ received: 5, throttled: 3 });
});

test("a limit of one call counts that call alone", async () => {
  const { control, getKey, policy } = await prepared();
  control.throttle({ call: "cloudkms:GetCryptoKey", per_second: 1 });
  expect(await answered(2, policy)).toBe(2);
  expect(await answered(3, getKey)).toBe(1);
});

test("latency holds a call back and no other; a client that leaves is forgotten", async () => {
  const { control, getKey, policy, list } = await prepared();
  control.latency({ call: "cloudkms:GetCryptoKey", ms: 3_600_000 });
  const slow = getKey().then(() => "slow");
  slow.catch(() => "the simulator was closed");
  expect(await Promise.race([slow, policy().then(() => "fast")])).toBe("fast");
  control.latency({ call: "cloudkms:GetCryptoKey", ms: 0 });
  control.latency({ call: "cloudkms:ListCryptoKeys", ms: 5, jitter: 5 });
  await Promise.all([getKey(), list()]);
  expect(control.calls().by_call["cloudkms:GetCryptoKey"]?.received).toBe(2);
});

test.each([
  ["500", 13, /Internal error/],
  ["503", 14, /currently unavailable/],
  ["unknown-error", 99, /did not exist/],
  ["reset", 13, /RST_STREAM/],
  ["truncated", 14, /Connection dropped|closed|ECONNRESET/],
  ["malformed-message", 13, /Response message parsing error/],
] as const)("%s fails a gRPC call as often as asked, and is counted", async (how, code, message) => {
  const { control, getKey } = await prepared();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 2, how });
  for (const call of [getKey, getKey]) {
    const refusal = await grpcRefusal(call());
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(message) as string });
  }
  expect((await getKey())[0].name).toBe(keyName);
  expect(control.calls().by_call["cloudkms:GetCryptoKey"]).toMatchObject({ received: 3, failed: 2 });
});

test("reset ends one call and leaves the others on its connection", async () => {
  const { control, getKey, policy } = await prepared();
  await policy();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "reset" });
  const [reset, other] = await Promise.allSettled([getKey(), policy()]);
  expect([reset.status, other.status]).toEqual(["rejected", "fulfilled"]);
});

test("hang never answers, until the client's own deadline", async () => {
  const { control, kms, getKey, policy } = await prepared();
  await getKey();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "hang" });
  const hanging = grpcRefusal(kms.getCryptoKey({ name: keyName }, { ...once(), timeout: 300 }));
  await expect.poll(() => control.calls().total.failed).toBe(1);
  await policy();
  expect((await hanging).code).toBe(4);
});

test("missing-field and extra-field change the message and leave the rest", async () => {
  const { control, getKey } = await prepared();
  const [whole] = await getKey();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "missing-field:versionTemplate" });
  const [missing] = await getKey();
  expect(missing.versionTemplate).toBeNull();
  expect({ ...missing, versionTemplate: whole.versionTemplate }).toEqual(whole);
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "extra-field" });
  expect((await getKey())[0]).toEqual(whole);
  expect(control.calls().total.failed).toBe(2);
});

test("a fault that an answer has no place for waits", async () => {
  const { control, getKey } = await prepared();
  control.fail({ call: "cloudkms:GetCryptoKey", times: 1, how: "malformed-message" });
  control.fail({ call: "cloudkms:ListCryptoKeys", times: 1, how: "missing-field:nextPageToken" });
  control.deny({ call: "cloudkms:GetCryptoKey" });
  expect((await grpcRefusal(getKey())).code).toBe(7);
  expect(control.calls().total.failed).toBe(0);
  control.allow();
  expect((await grpcRefusal(getKey())).message).toMatch(/parsing error/);
});

test.each([
  ["500", 500],
  ["503", 503],
  ["unknown-error", 499],
] as const)("%s fails a REST call", async (how, status) => {
  const { control, role } = await prepared();
  control.fail({ call: "iam:GetRole", times: 1, how });
  expect((await role()).status).toBe(status);
  expect((await role()).status).toBe(200);
});

test("REST answers are reset, cut and spoiled like those of every HTTP service", async () => {
  const { control, role, simulator } = await prepared();
  const raw = () => fetch(`${simulator.gcpEndpoints.rest}/v1/roles/owner`);
  control.fail({ call: "iam:GetRole", times: 1, how: "reset" });
  await expect(raw()).rejects.toThrow();
  control.fail({ call: "iam:GetRole", times: 1, how: "truncated" });
  await expect(raw().then((response) => response.text())).rejects.toThrow();
  control.fail({ call: "iam:GetRole", times: 1, how: "malformed-json" });
  await expect(raw().then((response) => response.json())).rejects.toThrow(SyntaxError);
  control.fail({ call: "iam:GetRole", times: 1, how: "missing-field:includedPermissions" });
  expect((await role()).body).not.toHaveProperty("includedPermissions");
  control.fail({ call: "iam:GetRole", times: 1, how: "wrong-type:title" });
  expect((await role()).body).toMatchObject({ title: { Unexpected: "an object" } });
});

test.each([
  ["cloudkms:GetCryptoKey", "malformed-json"],
  ["cloudkms:GetCryptoKey", "wrong-type:name"],
  ["iam:GetRole", "malformed-message"],
  ["cloudkms:*", "malformed-json"],
] as const)("fail refuses for %s what its answer cannot have: %s", async (call, how) => {
  const { control } = await prepared();
  expect(() => control.fail({ call, times: 1, how })).toThrow(
    /nothing to break in the answer of .*\((json|protobuf)\)/,
  );
});

test.each([
  [{ purpose: "ENCRYPT" }, "body.change.purpose"],
  [{ versions: { "1": { state: "DISABELD" } } }, "body.change.versions.1.state"],
  [
    { versions: { first: { state: "ENABLED", protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" } } },
    "body.change.versions.first",
  ],
  [{ primary: "2" }, "body.change.primary"],
  [{ createTime: "yesterday" }, "body.change.createTime"],
  [{ rotationPeriod: "90 days" }, "body.change.rotationPeriod"],
  [{ policy: { bindings: [{ role: "roles/viewer" }] } }, "body.change.policy.bindings[0].members"],
  [{ name: "projects/p" }, "body.change.name"],
])("the control server refuses the change %o at %s and changes nothing", async (change, where) => {
  const { simulator, control } = await prepared();
  const body = JSON.stringify({ resource: keyName, change });
  const response = await fetch(`${simulator.controlUrl}/patch`, { method: "POST", body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ where });
  expect(control.list({ resource: keyName }).resources[0]?.state).toEqual(sampleCryptoKey());
});

test("the control server changes Google Cloud as it does AWS, and resets it", async () => {
  const { simulator, getKey, role } = await prepared();
  const post = async (verb: string, body: object = {}) => {
    const response = await fetch(`${simulator.controlUrl}/${verb}`, { method: "POST", body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    return response.json();
  };
  await post("patch", { resource: keyName, change: { versions: { "1": { state: "DISABLED" } } } });
  expect((await getKey())[0].primary?.state).toBe("DISABLED");
  await post("patch", { resource: `${ringName}/cryptoKeys/new`, change: { labels: { a: "b" } }, create: true });
  expect((await getKey(`${ringName}/cryptoKeys/new`))[0]).toMatchObject({ labels: { a: "b" } });
  await post("patch", { resource: otherKey, change: null });
  expect((await grpcRefusal(getKey(otherKey))).code).toBe(5);
  await post("patch", { resource: "roles/owner", change: null });
  expect((await role()).status).toBe(404);
  await post("deny", { call: "cloudkms:GetCryptoKey", reason: "api-disabled" });
  expect((await grpcRefusal(getKey())).reason).toBe("SERVICE_DISABLED");
  expect(await post("calls")).toMatchObject({ by_resource: { [keyName]: { "cloudkms:GetCryptoKey": { denied: 1 } } } });
  await post("reset");
  expect((await getKey())[0].primary?.state).toBe("ENABLED");
  await getKey(otherKey);
  expect((await role()).status).toBe(200);
  expect((await grpcRefusal(getKey(`${ringName}/cryptoKeys/new`))).code).toBe(5);
});

/** One request of raw bytes over HTTP/2: its status and its end, as gRPC's headers tell them. */
function rawCall(address: string, path: string, body: Buffer, contentType = "application/grpc") {
  const session = connect(`http://${address}`);
  onTestFinished(() => session.destroy());
  return new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType });
    stream.once("response", (headers) => resolve({ http: headers[":status"], grpc: headers["grpc-status"] }));
    stream.once("error", reject);
    stream.resume();
    stream.end(body);
  });
}

test.each([
  ["an unknown method", "/google.cloud.kms.v1.KeyManagementService/Guess", Buffer.alloc(5), { http: 200, grpc: "12" }],
  [
    "a name of every object",
    "/google.cloud.kms.v1.KeyManagementService/constructor",
    Buffer.alloc(5),
    { http: 200, grpc: "12" },
  ],
  ["an unknown service", "/google.cloud.kms.v1.EkmService/GetEkmConfig", Buffer.alloc(5), { http: 200, grpc: "12" }],
  ["no message", "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey", Buffer.alloc(0), { http: 415 }],
  [
    "half a message",
    "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey",
    Buffer.from([0, 0, 0, 0, 9, 1]),
    { http: 415 },
  ],
  [
    "bytes that are no message",
    "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey",
    Buffer.from([0, 0, 0, 0, 1, 7]),
    { http: 200, grpc: "3" },
  ],
])("%s is refused and counts as unrecognized", async (_what, path, body, expected) => {
  const { simulator, control } = await prepared();
  expect(await rawCall(simulator.gcpEndpoints.grpc, path, body)).toEqual({ grpc: undefined, ...expected });
  expect(control.calls()).toMatchObject({ unrecognized: 1, total: { received: 0 } });
});

test("another protocol on the port of gRPC is refused", async () => {
  const { simulator } = await prepared();
  const path = "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey";
  const answer = await rawCall(simulator.gcpEndpoints.grpc, path, Buffer.alloc(5), "application/json");
  expect(answer["http"]).toBe(constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE);
});

test("every listener is on the loopback interface and stops with the simulator", async () => {
  const { simulator, getKey } = await prepared();
  const { grpc, rest: restUrl } = simulator.gcpEndpoints;
  expect([grpc.split(":")[0], new URL(restUrl).hostname]).toEqual(["127.0.0.1", "127.0.0.1"]);
  await getKey();
  await simulator.close();
  await expect(fetch(restUrl)).rejects.toThrow();
  expect((await grpcRefusal(getKey())).code).toBe(14);
});
