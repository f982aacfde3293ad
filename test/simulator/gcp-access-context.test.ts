import { expect, test } from "vitest";
import { sampleAccessPolicy } from "../../src/simulator/gcp/access-policy.ts";
import { sampleGcpOrganization } from "../../src/simulator/gcp/resources.ts";
import { testSimulator } from "./aws-clients.ts";
import { addSamples, folderName, organizationName, rest } from "./gcp-clients.ts";

test("access policies, levels and perimeters, a page at a time", async () => {
  const simulator = await testSimulator();
  const status = { resources: ["projects/123456789012"], restrictedServices: ["cloudkms.googleapis.com"] };
  const levels = {
    office: { title: "Office", basic: { conditions: [{ ipSubnetworks: ["192.0.2.0/24"] }] } },
    custom: { custom: { expr: { expression: "true" } } },
  };
  const perimeters = { keys: { title: "Keys", status }, dry: { title: "Dry", spec: status } };
  addSamples(simulator, sampleAccessPolicy({ levels, perimeters }));
  simulator.gcp.addAccessPolicy(sampleAccessPolicy({ name: "accessPolicies/2", scopes: [folderName] }));
  simulator.gcp.addAccessPolicy(sampleAccessPolicy({ name: "accessPolicies/3", parent: "organizations/1" }));
  const policy = "accessPolicies/987654321";
  const page = async (path: string, pageToken = "") => {
    const separator = path.includes("?") ? "&" : "?";
    return rest(simulator, `/v1/${path}${separator}pageSize=1&pageToken=${encodeURIComponent(pageToken)}`);
  };
  const everything = async (path: string, field: string) => {
    const first = (await page(path)).body as Readonly<Record<string, unknown>>;
    const second = (await page(path, String(first["nextPageToken"]))).body as Readonly<Record<string, unknown>>;
    expect(second).not.toHaveProperty("nextPageToken");
    return [first[field], second[field]].flat();
  };
  const parent = organizationName;
  const title = "default policy";
  expect(await everything(`accessPolicies?parent=${encodeURIComponent(parent)}`, "accessPolicies")).toEqual([
    { name: policy, parent, title, etag: "AA==" },
    { name: "accessPolicies/2", parent, title, scopes: [folderName], etag: "AA==" },
  ]);
  expect(await everything(`${policy}/accessLevels`, "accessLevels")).toEqual([
    { name: `${policy}/accessLevels/office`, ...levels.office },
    { name: `${policy}/accessLevels/custom`, ...levels.custom },
  ]);
  expect(await everything(`${policy}/servicePerimeters`, "servicePerimeters")).toEqual([
    { name: `${policy}/servicePerimeters/keys`, ...perimeters.keys },
    { name: `${policy}/servicePerimeters/dry`, ...perimeters.dry },
  ]);
});

test("what the Access Context Manager does not have is refused", async () => {
  const simulator = await testSimulator();
  addSamples(simulator);
  const denied = { status: 403, body: { error: { status: "PERMISSION_DENIED" } } };
  expect(await rest(simulator, "/v1/accessPolicies?parent=organizations/9")).toMatchObject(denied);
  expect(await rest(simulator, "/v1/accessPolicies/9/accessLevels")).toMatchObject(denied);
  expect(await rest(simulator, "/v1/accessPolicies/9/servicePerimeters")).toMatchObject(denied);
  simulator.gcp.addOrganization(sampleGcpOrganization({ name: "organizations/9" }));
  expect(await rest(simulator, "/v1/accessPolicies?parent=organizations/9")).toEqual({
    status: 200,
    body: { accessPolicies: [] },
  });
});
