import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/collect/call-report.ts";
import { type GcpCall, gcpCalls } from "../../../src/collect/gcp/calls.ts";
import type { GcpReader, GcpTarget } from "../../../src/collect/gcp/reader.ts";
import { testGcpKey, testProject, testRing } from "../../support/gcp-answers.ts";
import { localGcpReader } from "../../support/gcp-collector.ts";
import { type GcpServer, GcpServerError, startGcpServer, statusDetails } from "../../support/gcp-server.ts";
import { refusalOf } from "../../support/refusal-of.ts";
import { testClock } from "../../support/test-clock.ts";

let server: GcpServer;
/** Made once: clients take their time. */
let reader: GcpReader;
const clock = testClock();
const reports: CallReport[] = [];
beforeAll(async () => {
  server = await startGcpServer();
  reader = localGcpReader(server.local, { reports, clock });
});
beforeEach(() => {
  reports.length = 0;
});
afterAll(() => server.close());

const target = (): GcpTarget => ({ scope: testProject, lane: "full", deadline: clock.steady() + 60_000 });

interface Asked {
  readonly call: GcpCall;
  readonly ask: (reader: GcpReader) => Promise<unknown>;
  /** What the server is asked: a method of gRPC with part of its message, or a line of HTTP. */
  readonly name: string;
  readonly message?: object;
}

const v3 = { options: { requestedPolicyVersion: 3 } };
const manager = "cloudresourcemanager.googleapis.com";

const everyCall: readonly Asked[] = [
  {
    call: "cloudkms:ListCryptoKeys",
    ask: (one) => one.listCryptoKeys(target(), testRing, undefined),
    name: "ListCryptoKeys",
    message: { parent: testRing, pageSize: 1000, pageToken: "" },
  },
  {
    call: "cloudkms:GetCryptoKeyIamPolicy",
    ask: (one) => one.getCryptoKeyIamPolicy(target(), testGcpKey.resource),
    name: "GetIamPolicy",
    message: { resource: testGcpKey.resource, ...v3 },
  },
  {
    call: "cloudkms:ListCryptoKeyVersions",
    ask: (one) => one.listCryptoKeyVersions(target(), testGcpKey.resource, "two"),
    name: "ListCryptoKeyVersions",
    message: { parent: testGcpKey.resource, pageSize: 1000, pageToken: "two" },
  },
  {
    call: "cloudkms:GetKeyRingIamPolicy",
    ask: (one) => one.getKeyRingIamPolicy(target(), testRing),
    name: "GetIamPolicy",
    message: { resource: testRing, ...v3 },
  },
  {
    call: "cloudresourcemanager:GetProject",
    ask: (one) => one.getProject(target(), testProject),
    name: "GetProject",
    message: { name: testProject },
  },
  ...(
    [
      ["Project", testProject],
      ["Folder", "folders/77"],
      ["Organization", "organizations/9"],
    ] as const
  ).map(
    ([kind, resource]): Asked => ({
      call: `cloudresourcemanager:Get${kind}IamPolicy`,
      ask: (one) => one[`get${kind}IamPolicy`](target(), resource),
      name: "GetIamPolicy",
      message: { resource, ...v3 },
    }),
  ),
  {
    call: "logging:ListSinks",
    ask: (one) => one.listSinks(target(), testProject, undefined),
    name: "ListSinks",
    message: { parent: testProject, pageSize: 1000, pageToken: "" },
  },
  {
    call: "logging:ListExclusions",
    ask: (one) => one.listExclusions(target(), testProject, "two"),
    name: "ListExclusions",
    message: { parent: testProject, pageSize: 1000, pageToken: "two" },
  },
  {
    call: "cloudresourcemanager:GetAncestry",
    ask: (one) => one.getAncestry(target(), testProject),
    name: `POST /v1/${testProject}:getAncestry`,
  },
  {
    call: "iam:GetRole",
    ask: (one) => one.getRole(target(), "organizations/9/roles/keeper"),
    name: "GET /v1/organizations/9/roles/keeper",
  },
  {
    call: "orgpolicy:GetEffectivePolicy",
    ask: (one) => one.getEffectivePolicy(target(), testProject, "iam.allowedPolicyMemberDomains"),
    name: `GET /v2/${testProject}/policies/iam.allowedPolicyMemberDomains:getEffectivePolicy`,
  },
  {
    call: "serviceusage:GetService",
    ask: (one) => one.getService(target(), testProject, "cloudkms.googleapis.com"),
    name: `GET /v1/${testProject}/services/cloudkms.googleapis.com`,
  },
  {
    call: "cloudbilling:GetProjectBillingInfo",
    ask: (one) => one.getProjectBillingInfo(target(), testProject),
    name: `GET /v1/${testProject}/billingInfo`,
  },
  {
    call: "iam:ListDenyPolicies",
    ask: (one) => one.listDenyPolicies(target(), "folders/77", "two"),
    name: `GET /v2/policies/${manager}%2Ffolders%2F77/denypolicies?pageSize=100&pageToken=two`,
  },
  {
    call: "iam:GetDenyPolicy",
    ask: (one) => one.getDenyPolicy(target(), `policies/${manager}%2Ffolders%2F77/denypolicies/a`),
    name: `GET /v2/policies/${manager}%2Ffolders%2F77/denypolicies/a`,
  },
  {
    call: "accesscontextmanager:ListAccessPolicies",
    ask: (one) => one.listAccessPolicies(target(), "organizations/9", undefined),
    name: "GET /v1/accessPolicies?pageSize=100&parent=organizations%2F9",
  },
  {
    call: "accesscontextmanager:ListAccessLevels",
    ask: (one) => one.listAccessLevels(target(), "accessPolicies/5", undefined),
    name: "GET /v1/accessPolicies/5/accessLevels?pageSize=100",
  },
  {
    call: "accesscontextmanager:ListServicePerimeters",
    ask: (one) => one.listServicePerimeters(target(), "accessPolicies/5", "two"),
    name: "GET /v1/accessPolicies/5/servicePerimeters?pageSize=100&pageToken=two",
  },
];

/** Sent only where a service account is taken on. */
const notOfTheReader: readonly GcpCall[] = ["iamcredentials:GenerateAccessToken"];

describe("the calls of the table", () => {
  it("are those that are made", () => {
    expect([...everyCall.map(({ call }) => call), ...notOfTheReader].toSorted()).toEqual(
      Object.keys(gcpCalls).toSorted(),
    );
  });

  it.each(everyCall)("$call is one request, and asks what it should", async ({ call, ask, name, message = {} }) => {
    server.answer(() => ({}));

    await ask(reader);

    expect(server.requests).toMatchObject([{ name, message }]);
    expect(reports).toMatchObject([{ provider: "gcp", call, scope: testProject, refusal: null }]);
  });

  it.each(everyCall)("$call is not repeated by the client where it is refused", async ({ call, ask, name }) => {
    const grpc = !name.includes(" ");
    server.answer(() => (grpc ? new GcpServerError(7, "no") : new GcpServerError(403, { error: { message: "no" } })));

    expect(await refusalOf(ask(reader))).toMatchObject({ reason: "access-denied", call });
    expect(server.requests).toHaveLength(1);
  });

  it.each(everyCall)("$call is tried three times by our own loop where Google is away", async ({ ask, name }) => {
    const grpc = !name.includes(" ");
    server.answer(() => (grpc ? new GcpServerError(14, "away") : new GcpServerError(503, "<html>away</html>")));

    expect(await refusalOf(ask(reader))).toMatchObject({ reason: "unavailable" });
    expect(server.requests).toHaveLength(3);
    expect(reports.map(({ refusal }) => refusal)).toEqual(["unavailable", "unavailable", "unavailable"]);
  });
});

it("each call has the routing header of its own resource, whatever is asked at the same time", async () => {
  server.answer(() => ({}));

  await Promise.all([
    reader.listCryptoKeys(target(), testRing, undefined),
    reader.listCryptoKeyVersions(target(), testGcpKey.resource, undefined),
    reader.getCryptoKeyIamPolicy(target(), testGcpKey.resource),
    reader.getKeyRingIamPolicy(target(), testRing),
  ]);

  for (const { message, headers } of server.requests) {
    const [name, value] = Object.entries(message).find(([field]) => field === "parent" || field === "resource") ?? [];
    expect(headers["x-goog-request-params"]).toBe(`${name}=${encodeURIComponent(String(value))}`);
  }
  expect(server.requests).toHaveLength(4);
});

it("throttled requests are asked again when the time is there, as Google says over gRPC and REST", async () => {
  const said = statusDetails("RetryInfo", { retryDelay: { seconds: 7 } });
  let asked = 0;
  server.answer(({ name }) => {
    asked += 1;
    if (asked % 2 === 0) return {};
    if (!name.includes(" ")) return new GcpServerError(8, "quota", said);
    return new GcpServerError(429, { error: { status: "RESOURCE_EXHAUSTED", details: [{ retryDelay: "7s" }] } });
  });
  const start = clock.now();

  await reader.getProject(target(), testProject);
  await reader.getRole(target(), "roles/viewer");

  expect(clock.now() - start).toBe(14_000);
  expect(reports.map(({ refusal }) => refusal)).toEqual(["throttled", null, "throttled", null]);
});

it("the details of a gRPC refusal arrive", async () => {
  const metadata = { service: "cloudkms.googleapis.com", consumer: "projects/456" };
  const details = statusDetails("ErrorInfo", { reason: "SERVICE_DISABLED", domain: "googleapis.com", metadata });
  server.answer(() => new GcpServerError(7, "off", details));

  expect(await refusalOf(reader.getProject(target(), testProject))).toMatchObject({
    reason: "api-disabled",
    detail: "SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in projects/456: off",
  });
});

it("the configured quota project pays, and its budget is used", async () => {
  server.answer(() => ({}));

  await localGcpReader(server.local, { reports, quota_project: "scanner", clock }).getProject(target(), testProject);

  expect(reports).toMatchObject([{ scope: "projects/scanner" }]);
});

it("a server that is not there is unavailable", async () => {
  const gone = await startGcpServer();
  await gone.close();
  const one = localGcpReader(gone.local, { clock });

  expect(await refusalOf(one.getProject(target(), testProject))).toMatchObject({ reason: "unavailable" });
  expect(await refusalOf(one.getRole(target(), "roles/viewer"))).toMatchObject({ reason: "unavailable" });
});
