import { expect, test } from "vitest";
import { restRoutes } from "../../src/simulator/gcp/gcp-operations.ts";
import { sampleIamRole } from "../../src/simulator/gcp/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { testSimulator } from "./aws-clients.ts";
import { addSamples, folderName, organizationName, projectName, rest } from "./gcp-clients.ts";

async function prepared(): Promise<Simulator> {
  const simulator = await testSimulator();
  addSamples(simulator);
  return simulator;
}

const attachment = (level: string) => encodeURIComponent(`cloudresourcemanager.googleapis.com/${level}`);

test("no path of one API is a path of another", () => {
  const paths = [
    ["GET", "/v1/roles/owner"],
    ["GET", "/v1/projects/p/roles/r"],
    ["GET", "/v1/organizations/1/roles/r"],
    ["GET", `/v2/policies/${attachment("projects/1")}/denypolicies`],
    ["GET", `/v2/policies/${attachment("projects/1")}/denypolicies/d`],
    ["POST", "/v1/projects/-/serviceAccounts/scanner@p.iam.gserviceaccount.com:generateAccessToken"],
    ["POST", "/v1/projects/p:getAncestry"],
    ["GET", "/v2/projects/p/policies/iam.allowedPolicyMemberDomains:getEffectivePolicy"],
    ["GET", "/v1/projects/p/services/cloudkms.googleapis.com"],
    ["POST", "/v1/projects/p/services/cloudkms.googleapis.com:enable"],
    ["GET", "/v1/projects/p/billingInfo"],
    ["GET", "/v1/accessPolicies"],
    ["GET", "/v1/accessPolicies/1/accessLevels"],
    ["GET", "/v1/accessPolicies/1/servicePerimeters"],
  ] as const;
  const calls = paths.map(([method, path]) =>
    restRoutes.filter((route) => route.method === method && route.path.test(path)).map(({ call }) => call),
  );
  for (const found of calls) expect(found).toHaveLength(1);
  expect(new Set(calls.flat())).toEqual(new Set(restRoutes.map(({ call }) => call)));
});

test("GetRole answers predefined roles with their permissions", async () => {
  const simulator = await prepared();
  expect(await rest(simulator, "/v1/roles/cloudkms.cryptoKeyEncrypterDecrypter")).toEqual({
    status: 200,
    body: {
      name: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      title: "Cloud KMS CryptoKey Encrypter/Decrypter",
      includedPermissions: [
        "cloudkms.cryptoKeyVersions.useToDecrypt",
        "cloudkms.cryptoKeyVersions.useToEncrypt",
        "cloudkms.locations.get",
        "cloudkms.locations.list",
        "resourcemanager.projects.get",
      ],
      stage: "GA",
      etag: "AA==",
    },
  });
});

const usesToDecrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";
const setsPolicy = "cloudkms.cryptoKeys.setIamPolicy";
const destroys = "cloudkms.cryptoKeyVersions.destroy";
const gets = "cloudkms.cryptoKeys.get";

test.each([
  ["cloudkms.viewer", [gets], [usesToDecrypt, setsPolicy, destroys]],
  ["cloudkms.admin", [gets, setsPolicy, destroys], [usesToDecrypt]],
  ["cloudkms.cryptoOperator", [usesToDecrypt], [gets, setsPolicy, destroys]],
  ["owner", [gets, usesToDecrypt, setsPolicy, destroys, "resourcemanager.projects.setIamPolicy"], []],
  ["editor", [gets, destroys, "storage.buckets.create"], [usesToDecrypt, setsPolicy]],
  ["viewer", [gets], [usesToDecrypt, setsPolicy, destroys]],
  ["iam.securityAdmin", [setsPolicy], [usesToDecrypt, destroys]],
])("roles/%s permits what it is for", async (role, has, lacks) => {
  const { body } = await rest(await prepared(), `/v1/roles/${role}`);
  const { includedPermissions } = body as { includedPermissions: readonly string[] };
  for (const permission of has) expect(includedPermissions).toContain(permission);
  for (const permission of lacks) expect(includedPermissions).not.toContain(permission);
});

test("GetRole answers custom roles of projects, by id and number, and of organizations", async () => {
  const simulator = await prepared();
  const ofOrganization = `${organizationName}/roles/keyWatcher`;
  simulator.gcp.addRole(sampleIamRole({ deleted: true }));
  simulator.gcp.addRole(sampleIamRole({ name: ofOrganization }));
  const project = await rest(simulator, "/v1/projects/123456789012/roles/keyWatcher");
  expect(project.body).toMatchObject({ name: `${projectName}/roles/keyWatcher`, deleted: true });
  expect((await rest(simulator, `/v1/${ofOrganization}`)).body).toMatchObject({ name: ofOrganization });
});

test("GetRole of no role", async () => {
  expect(await rest(await prepared(), "/v1/roles/cloudkms.nobody")).toEqual({
    status: 404,
    body: {
      error: {
        code: 404,
        message: "The role named roles/cloudkms.nobody was not found.",
        status: "NOT_FOUND",
        details: [],
      },
    },
  });
});

const denyPolicy = {
  displayName: "no decryption",
  rules: [
    {
      denyRule: {
        deniedPrincipals: ["principalSet://goog/public:all"],
        deniedPermissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
      },
    },
  ],
};

test.each([
  [projectName, "projects/123456789012"],
  ["projects/123456789012", "projects/123456789012"],
  [folderName, folderName],
  [organizationName, organizationName],
])("deny policies of %s are listed without their rules and read with them", async (level, attached) => {
  const simulator = await prepared();
  const resource = level.startsWith("projects/") ? projectName : level;
  const deny_policies = { first: denyPolicy, second: denyPolicy, third: { rules: [] } };
  simulator.control.patch({ resource, change: { deny_policies } });
  const path = `/v2/policies/${attachment(level)}/denypolicies`;
  const head = (id: string) => ({
    name: `policies/${attachment(attached)}/denypolicies/${id}`,
    kind: "DenyPolicy",
    etag: "AA==",
  });
  const first = await rest(simulator, `${path}?pageSize=2`);
  const { displayName } = denyPolicy;
  const { nextPageToken } = first.body as { nextPageToken: string };
  expect(first.body).toEqual({
    policies: [
      { ...head("first"), displayName },
      { ...head("second"), displayName },
    ],
    nextPageToken,
  });
  const second = await rest(simulator, `${path}?pageSize=2&pageToken=${encodeURIComponent(nextPageToken)}`);
  expect(second.body).toEqual({ policies: [head("third")] });
  expect((await rest(simulator, `${path}/first`)).body).toEqual({ ...head("first"), ...denyPolicy });
});

test("a deny policy that is not there, and one of a level that is not there", async () => {
  const simulator = await prepared();
  const none = await rest(simulator, `/v2/policies/${attachment(projectName)}/denypolicies/nobody`);
  expect(none).toMatchObject({ status: 404, body: { error: { status: "NOT_FOUND" } } });
  expect((await rest(simulator, `/v2/policies/${attachment(projectName)}/denypolicies`)).body).toEqual({
    policies: [],
  });
  const nowhere = await rest(simulator, `/v2/policies/${attachment("folders/1")}/denypolicies`);
  expect(nowhere).toMatchObject({ status: 403, body: { error: { status: "PERMISSION_DENIED" } } });
});

test("GetEffectivePolicy answers what the constraints come to", async () => {
  const simulator = await prepared();
  const effective = (constraint: string) =>
    rest(simulator, `/v2/${projectName}/policies/${constraint}:getEffectivePolicy`);
  const name = (constraint: string) => `projects/123456789012/policies/${constraint}`;
  const domains = "iam.allowedPolicyMemberDomains";
  const members = "iam.managed.allowedPolicyMembers";
  expect((await effective(domains)).body).toEqual({ name: name(domains), spec: { rules: [{ allowAll: true }] } });
  expect((await effective(members)).body).toEqual({ name: name(members), spec: { rules: [{ enforce: false }] } });
  const values = { rules: [{ values: { allowedValues: ["C0example"] } }] };
  const enforced = {
    rules: [{ enforce: true, parameters: { allowedMemberSubjects: ["user:someone@example.com"] } }],
  };
  const effective_policies = { [domains]: values, [members]: enforced };
  simulator.control.patch({ resource: projectName, change: { effective_policies } });
  expect((await effective(domains)).body).toEqual({ name: name(domains), spec: values });
  expect((await effective(members)).body).toEqual({ name: name(members), spec: enforced });
  expect((await effective("iam.nobody")).status).toBe(404);
});

test("GetService, and EnableService", async () => {
  const simulator = await prepared();
  const path = `/v1/${projectName}/services/cloudkms.googleapis.com`;
  const enabled = {
    name: "projects/123456789012/services/cloudkms.googleapis.com",
    config: { name: "cloudkms.googleapis.com", title: "Cloud Key Management Service (KMS) API" },
    state: "ENABLED",
    parent: "projects/123456789012",
  };
  expect(await rest(simulator, path)).toEqual({ status: 200, body: enabled });
  simulator.control.patch({ resource: projectName, change: { services: { "cloudkms.googleapis.com": "DISABLED" } } });
  expect((await rest(simulator, path)).body).toEqual({ ...enabled, state: "DISABLED" });
  expect((await rest(simulator, `${path}:enable`, { method: "POST" })).body).toMatchObject({ done: true });
  expect((await rest(simulator, path)).body).toEqual(enabled);
  const never = await rest(simulator, `/v1/${projectName}/services/compute.googleapis.com`);
  expect(never.body).toMatchObject({ state: "DISABLED", config: { title: "compute.googleapis.com API" } });
});

test("GetProjectBillingInfo, with billing and without", async () => {
  const simulator = await prepared();
  const path = "/v1/projects/123456789012/billingInfo";
  const info = { name: `${projectName}/billingInfo`, projectId: "example-project" };
  const account = "billingAccounts/000000-111111-222222";
  expect((await rest(simulator, path)).body).toEqual({ ...info, billingAccountName: account, billingEnabled: true });
  simulator.control.patch({ resource: projectName, change: { billing: { enabled: false, account: null } } });
  expect((await rest(simulator, path)).body).toEqual({ ...info, billingAccountName: "", billingEnabled: false });
});

test.each([
  ["GET", "/v1/projects/p:getAncestry"],
  ["POST", "/v1/roles/owner"],
  ["GET", "/v1/projects/p/services"],
  ["GET", "/"],
])("%s %s is no method, and counts as unrecognized", async (method, path) => {
  const simulator = await prepared();
  expect(await rest(simulator, path, { method })).toEqual({
    status: 404,
    body: { error: { code: 404, message: "Method not found.", status: "NOT_FOUND", details: [] } },
  });
  expect(simulator.control.calls()).toMatchObject({ unrecognized: 1, total: { received: 0 } });
});

test("GenerateAccessToken gives a token for as long as it is asked for", async () => {
  const simulator = await prepared();
  const path = "/v1/projects/-/serviceAccounts/scanner@p.iam.gserviceaccount.com:generateAccessToken";
  const ask = (body: string) => rest(simulator, path, { method: "POST", body });
  const accessToken = "simulated-access-token";
  const whole = await ask('{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"600s"}');
  expect(whole).toEqual({ status: 200, body: { accessToken, expireTime: "2026-09-01T12:10:00.000Z" } });
  expect((await ask("")).body).toEqual({ accessToken, expireTime: "2026-09-01T13:00:00.000Z" });
  expect((await ask('{"lifetime":"an hour"}')).status).toBe(400);
  simulator.control.deny({ call: "iamcredentials:*" });
  const message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
  expect((await ask("{}")).body).toMatchObject({ error: { code: 403, message } });
});

test.each([
  ["/v1/roles/%zz", "GET", null],
  ["/v1/projects/p:getAncestry", "POST", "{"],
  ["/v1/projects/p:getAncestry", "POST", "[]"],
])("%s by %s with the body %s is refused, and counts as unrecognized", async (path, method, body) => {
  const simulator = await prepared();
  const answer = await rest(simulator, path, { method, body });
  expect(answer).toMatchObject({ status: 400, body: { error: { status: "INVALID_ARGUMENT" } } });
  expect(simulator.control.calls().unrecognized).toBe(1);
});

test("a page that nobody gave is refused", async () => {
  const simulator = await prepared();
  const path = `/v2/policies/${attachment(projectName)}/denypolicies`;
  expect((await rest(simulator, `${path}?pageToken=guess`)).status).toBe(400);
  expect((await rest(simulator, `${path}?pageSize=few`)).status).toBe(400);
});
