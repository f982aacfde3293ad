import { expect, test } from "vitest";
import type { SimulatedPolicy } from "../../src/simulator/gcp/resource-types.ts";
import { testSimulator } from "./aws-clients.ts";
import {
  addSamples,
  folderName,
  foldersClient,
  grpcRefusal,
  keyName,
  kmsClient,
  once,
  organizationName,
  organizationsClient,
  projectName,
  projectsClient,
  type ReadPolicy,
  ringName,
} from "./gcp-clients.ts";

const condition = { title: "until autumn", expression: 'request.time < timestamp("2026-10-01T00:00:00Z")' };
const viewer = { role: "roles/cloudkms.viewer", members: ["user:someone@example.com", "allUsers"] };
const conditional: SimulatedPolicy = { bindings: [viewer, { ...viewer, role: "roles/cloudkms.admin", condition }] };

async function prepared(policy: SimulatedPolicy | null = null) {
  const simulator = await testSimulator();
  addSamples(simulator);
  const { control } = simulator;
  const resources = [keyName, ringName, projectName, folderName, organizationName];
  for (const resource of policy === null ? [] : resources) control.patch({ resource, change: { policy } });
  const kms = kmsClient(simulator);
  const projects = projectsClient(simulator);
  return { control, kms, projects, simulator };
}

/** Reads the policy of any resource, by the client that Google has for it. */
async function readPolicy(
  { kms, projects, simulator }: Awaited<ReturnType<typeof prepared>>,
  resource: string,
  requestedPolicyVersion: number | null = 3,
): Promise<ReadPolicy> {
  const request = { resource, options: requestedPolicyVersion === null ? null : { requestedPolicyVersion } };
  if (resource.includes("/keyRings/")) return (await kms.getIamPolicy(request, once()))[0];
  if (resource.startsWith("folders/")) return (await foldersClient(simulator).getIamPolicy(request, once()))[0];
  if (resource.startsWith("organizations/")) {
    return (await organizationsClient(simulator).getIamPolicy(request, once()))[0];
  }
  return (await projects.getIamPolicy(request, once()))[0];
}

const everyLevel = [keyName, ringName, projectName, folderName, organizationName];

test.each(everyLevel)("version 3 of the policy of %s has its conditions", async (resource) => {
  const policy = await readPolicy(await prepared(conditional), resource);
  expect(policy).toMatchObject({
    version: 3,
    bindings: [
      { ...viewer, condition: null },
      { ...viewer, role: "roles/cloudkms.admin", condition },
    ],
  });
});

test.each([null, 0, 1])("below version 3 a role's name shows its condition (%s)", async (version) => {
  for (const resource of everyLevel) {
    const policy = await readPolicy(await prepared(conditional), resource, version);
    expect(policy.version).toBe(1);
    expect(policy.bindings?.map(({ role }) => role)).toEqual([
      viewer.role,
      expect.stringMatching(/^roles\/cloudkms\.admin_withcond_[0-9a-f]{20}$/),
    ]);
    expect(policy.bindings?.map((binding) => binding.condition)).toEqual([null, null]);
  }
});

test("a version that does not exist is refused", async () => {
  const world = await prepared(conditional);
  expect((await grpcRefusal(readPolicy(world, keyName, 2))).code).toBe(3);
});

test("a policy without conditions is version 1, whatever was asked; an empty one has no version", async () => {
  const world = await prepared({ bindings: [viewer] });
  expect((await readPolicy(world, keyName)).version).toBe(1);
  const empty = await readPolicy(await prepared(), keyName);
  expect(empty).toMatchObject({ version: 0, bindings: [], etag: Buffer.from([0, 0x20, 1]) });
});

test("audit configurations are shown where the client reads them", async () => {
  const world = await prepared();
  const exempt = { logType: "DATA_READ", exemptedMembers: ["user:someone@example.com"] };
  const auditConfigs = [{ service: "allServices", auditLogConfigs: [exempt] }];
  world.control.patch({ resource: projectName, change: { policy: { auditConfigs } } });
  expect((await readPolicy(world, projectName)).auditConfigs).toEqual(auditConfigs);
});

test("add-iam-policy-binding: read, change, write with the etag", async () => {
  const world = await prepared();
  const before = await readPolicy(world, keyName);
  const bindings = [viewer, { ...viewer, condition }];
  const policy = { version: 3, etag: before.etag ?? null, bindings };
  const [answer] = await world.kms.setIamPolicy({ resource: keyName, policy }, once());
  const after = await readPolicy(world, keyName);
  expect(after).toMatchObject({ version: 3, bindings: [viewer, { ...viewer, condition }] });
  expect(answer).toEqual(after);
  expect(after.etag).not.toEqual(before.etag);
  const late = await grpcRefusal(world.kms.setIamPolicy({ resource: keyName, policy }, once()));
  expect(late).toMatchObject({ code: 10, message: expect.stringContaining("concurrent policy changes") as string });
});

test("the policies of rings and projects are set too; without a mask a project keeps its audit configuration", async () => {
  const world = await prepared();
  const policy = { bindings: [viewer] };
  await world.kms.setIamPolicy({ resource: ringName, policy }, once());
  expect((await readPolicy(world, ringName)).bindings).toMatchObject([viewer]);
  await world.projects.setIamPolicy({ resource: projectName, policy }, once());
  const kept = await readPolicy(world, projectName);
  expect(kept).toMatchObject({ bindings: [viewer], auditConfigs: [{ service: "cloudkms.googleapis.com" }] });
  const auditLogConfigs = [{ logType: "DATA_READ" as const }];
  const audited = { bindings: [], auditConfigs: [{ service: "allServices", auditLogConfigs }] };
  const masked = { resource: projectName, policy: audited, updateMask: { paths: ["audit_configs"] } };
  await world.projects.setIamPolicy(masked, once());
  expect(await readPolicy(world, projectName)).toMatchObject({
    bindings: [viewer],
    auditConfigs: [{ service: "allServices", auditLogConfigs: [{ logType: "DATA_READ" }] }],
  });
});

test("the policies of folders and organizations are set too", async () => {
  const world = await prepared();
  const policy = { bindings: [viewer] };
  await foldersClient(world.simulator).setIamPolicy({ resource: folderName, policy }, once());
  await organizationsClient(world.simulator).setIamPolicy({ resource: organizationName, policy }, once());
  expect((await readPolicy(world, folderName)).bindings).toMatchObject([viewer]);
  expect((await readPolicy(world, organizationName)).bindings).toMatchObject([viewer]);
});

test.each([
  ["a condition below version 3", { version: 1, bindings: [{ ...viewer, condition }] }],
  [
    "the name of a conditional binding",
    { bindings: [{ ...viewer, role: "roles/viewer_withcond_0123456789abcdef0123" }] },
  ],
  ["a version that does not exist", { version: 2, bindings: [viewer] }],
])("SetIamPolicy refuses %s and changes nothing", async (_what, policy) => {
  const world = await prepared();
  const before = await readPolicy(world, keyName);
  const refusal = await grpcRefusal(world.kms.setIamPolicy({ resource: keyName, policy }, once()));
  expect(refusal.code).toBe(3);
  expect(await readPolicy(world, keyName)).toEqual(before);
});
