import { expect, test } from "vitest";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { type RefusalReason, refusalReasons } from "../../src/simulator/cloud.ts";
import { operationOf } from "../../src/simulator/gcp/gcp-operations.ts";
import { sampleCryptoKey } from "../../src/simulator/gcp/resources.ts";
import { folderName, grpcRefusal, keyName, once, projectName, projectsClient, ringName } from "./gcp-clients.ts";
import { gcpWorld, otherKey } from "./gcp-world.ts";

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
  const { control } = await gcpWorld();
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
  const { control, getKey, policy } = await gcpWorld();
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
  const { control, role } = await gcpWorld();
  control.deny({ call: "iam:GetRole", resource: "roles/owner", reason });
  const answer = await role();
  expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
  const { details } = (answer.body as { error: { details: readonly Readonly<Record<string, unknown>>[] } }).error;
  expect(details[0]?.["reason"]).toBe(info);
  expect((await role("roles/viewer")).status).toBe(200);
});

test("deny of one resource refuses it alone, whatever its project is called", async () => {
  const { control, policy } = await gcpWorld();
  control.deny({ call: "cloudkms:*", resource: keyName });
  expect((await grpcRefusal(policy())).reason).toBe("IAM_PERMISSION_DENIED");
  expect((await grpcRefusal(policy(keyName.replace(projectName, "projects/123456789012")))).code).toBe(7);
  await policy(otherKey);
  await policy(ringName);
  control.allow();
  await policy();
});

test("an API that is disabled in the project refuses its calls, and names the project", async () => {
  const { control, simulator, getKey } = await gcpWorld();
  control.patch({ resource: projectName, change: { services: { "cloudkms.googleapis.com": "DISABLED" } } });
  expect(await grpcRefusal(getKey())).toMatchObject(words["api-disabled"]);
  const project = projectsClient(simulator).getProject({ name: projectName }, once());
  expect((await project)[0].state).toBe("ACTIVE");
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
  const { simulator, control } = await gcpWorld();
  const body = JSON.stringify({ resource: keyName, change });
  const response = await fetch(`${simulator.controlUrl}/patch`, { method: "POST", body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ where });
  expect(control.list({ resource: keyName }).resources[0]?.state).toEqual(sampleCryptoKey());
});

test("the control server changes Google Cloud as it does AWS, and resets it", async () => {
  const { simulator, getKey, role } = await gcpWorld();
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
