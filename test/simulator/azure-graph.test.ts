import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { sampleGroup, sampleServicePrincipal } from "../../src/simulator/azure/resources.ts";
import { azureWorld, localHttpClient, principalId, principalName, raw } from "./azure-clients.ts";

const graph = "https://graph.microsoft.com/v1.0";
const { appId } = sampleServicePrincipal();
const other = "0b1ec7ed-0000-4000-8000-0000000000bb";
const lookalike = { id: other, appId: "8635ae1a-3e5d-44e8-a4ed-e0f614466f88", displayName: "Anthropic-CMEK-client-us" };

async function prepared() {
  const world = await azureWorld();
  world.azure.addServicePrincipal(sampleServicePrincipal(lookalike));
  const get = (path: string) => raw(world.origin, `${graph}${path}`);
  return { ...world, get };
}

test("a service principal is told with its credentials", async () => {
  const { control, get } = await prepared();
  const change = {
    accountEnabled: false,
    passwordCredentials: { "key-1": { displayName: "added here", endDateTime: "2027-01-01T00:00:00Z" } },
    keyCredentials: { "key-2": { type: "AsymmetricX509Cert", usage: "Verify" } },
  };
  control.patch({ resource: principalName, change });
  expect(await get(`/servicePrincipals?$filter=appId eq '${appId.toUpperCase()}'`)).toMatchObject({
    status: 200,
    body: {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals",
      value: [
        {
          id: principalId,
          appId,
          displayName: "anthropic-cmek-client-us",
          accountEnabled: false,
          servicePrincipalType: "Application",
          passwordCredentials: [{ keyId: "key-1", displayName: "added here", endDateTime: "2027-01-01T00:00:00Z" }],
          keyCredentials: [{ keyId: "key-2", displayName: null, type: "AsymmetricX509Cert", usage: "Verify" }],
        },
      ],
    },
  });
});

test.each([
  ["displayName eq 'ANTHROPIC-cmek-client-us'", [principalId, other]],
  ["startswith(displayName,'anthropic')", [principalId, other]],
  [`id eq '${other}'`, [other]],
  ["appId eq '99999999-0000-4000-8000-000000000000'", []],
  ["displayName eq 'nobody''s'", []],
])("the filter %s finds service principals", async (filter, ids) => {
  const { get } = await prepared();
  const value = ids.map((id) => ({ id }));
  expect((await get(`/servicePrincipals?$filter=${filter}&$select=id`)).body).toMatchObject({ value });
});

test.each(["appId ne 'x'", "appId eq 'x' and accountEnabled eq true", ""])(
  "the filter '%s' is refused",
  async (filter) => {
    const { get } = await prepared();
    expect(await get(`/servicePrincipals?$filter=${filter}`)).toMatchObject({
      status: 400,
      body: { error: { code: "Request_UnsupportedQuery" } },
    });
  },
);

test("lists come a page at a time, with the fields that were asked for", async () => {
  const { control, get, origin } = await prepared();
  control.patch({ resource: "directory/tenant", change: { page_size: 1 } });
  const first = await get("/servicePrincipals?$select=id,appId");
  expect(first.body).toMatchObject({ value: [{ id: principalId, appId }] });
  const next = (first.body as Readonly<Record<string, unknown>>)["@odata.nextLink"];
  const second = await localHttpClient(origin).sendRequest(
    createPipelineRequest({ url: String(next), headers: createHttpHeaders({ authorization: "Bearer t" }) }),
  );
  expect(JSON.parse(second.bodyAsText ?? "")).toEqual({
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals",
    value: [{ id: other, appId: lookalike.appId }],
  });
});

test("owners, application roles and grants of a service principal are told", async () => {
  const { control, get } = await prepared();
  const change = {
    owners: { [other]: { type: "#microsoft.graph.user", displayName: "An Owner" } },
    appRoleAssignments: {
      "role-1": { appRoleId: "app-role", resourceId: "graph", resourceDisplayName: "Microsoft Graph" },
    },
    oauth2PermissionGrants: { "grant-1": { consentType: "AllPrincipals", resourceId: "graph", scope: " User.Read" } },
  };
  const own = `/servicePrincipals/${principalId}`;
  for (const list of ["owners", "appRoleAssignments", "oauth2PermissionGrants", "transitiveMemberOf"]) {
    expect(await get(`${own}/${list}`)).toMatchObject({ status: 200, body: { value: [] } });
  }
  control.patch({ resource: principalName, change });
  expect((await get(`${own}/owners?$select=id,displayName`)).body).toMatchObject({
    value: [{ "@odata.type": "#microsoft.graph.user", id: other, displayName: "An Owner" }],
  });
  expect((await get(`${own}/appRoleAssignments`)).body).toMatchObject({
    value: [{ id: "role-1", appRoleId: "app-role", principalId, resourceDisplayName: "Microsoft Graph" }],
  });
  expect((await get(`/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`)).body).toMatchObject({
    value: [
      { id: "grant-1", clientId: principalId, consentType: "AllPrincipals", principalId: null, scope: " User.Read" },
    ],
  });
});

test("memberships are told through groups, and can be cut to directory roles", async () => {
  const { azure, control, get } = await prepared();
  const { id: inner } = sampleGroup();
  const outer = "0b1ec7ed-0000-4000-8000-0000000000aa";
  azure.addGroup(sampleGroup({ members: [principalId] }));
  azure.addGroup(sampleGroup({ id: outer, members: [inner], directoryRoles: { r2: { displayName: "Reader" } } }));
  azure.addGroup(sampleGroup({ id: other, directoryRoles: { r3: { displayName: "Not its" } } }));
  control.patch({ resource: principalName, change: { directoryRoles: { r1: { displayName: "Administrator" } } } });
  const roles = [
    { "@odata.type": "#microsoft.graph.directoryRole", id: "r1", displayName: "Administrator" },
    { "@odata.type": "#microsoft.graph.directoryRole", id: "r2", displayName: "Reader" },
  ];
  const groups = [inner, outer].map((id) => ({
    "@odata.type": "#microsoft.graph.group",
    id,
    displayName: "key users",
  }));
  const path = `/servicePrincipals/${principalId}/transitiveMemberOf`;
  expect((await get(`${path}?$select=id,displayName`)).body).toMatchObject({ value: [...groups, ...roles] });
  expect((await get(`${path}/microsoft.graph.directoryRole`)).body).toMatchObject({ value: roles });
  expect(control.calls().by_resource[principalName]).toMatchObject({ "graph:ListDirectoryRoles": { received: 2 } });
});

test("objects are told by their ids, of the types that were asked for", async () => {
  const { azure, control, origin } = await prepared();
  azure.addGroup(sampleGroup());
  control.patch({ resource: "directory/users/0b1ec7ed-0000-4000-8000-000000000003", change: {}, create: true });
  const ids = [other.toUpperCase(), sampleGroup().id, "0b1ec7ed-0000-4000-8000-000000000003", "nobody"];
  const ask = (body: object) =>
    raw(origin, `${graph}/directoryObjects/getByIds`, { method: "POST", body: JSON.stringify(body) });
  const principal = { "@odata.type": "#microsoft.graph.servicePrincipal", id: other, appId: lookalike.appId };
  expect((await ask({ ids, types: ["servicePrincipal"] })).body).toMatchObject({ value: [principal] });
  expect((await ask({ ids })).body).toMatchObject({
    value: [principal, { "@odata.type": "#microsoft.graph.group" }, { "@odata.type": "#microsoft.graph.user" }],
  });
  for (const body of [{}, { ids: "x" }, { ids: [1] }, { ids: Array.from({ length: 1001 }, String) }]) {
    expect(await ask(body)).toMatchObject({ status: 400, body: { error: { code: "Request_BadRequest" } } });
  }
});

test.each(["owners", "appRoleAssignments", "oauth2PermissionGrants", "transitiveMemberOf"])(
  "%s of a service principal that is not there",
  async (list) => {
    const { get } = await prepared();
    expect(await get(`/servicePrincipals/nobody/${list}`)).toMatchObject({
      status: 404,
      body: {
        error: {
          code: "Request_ResourceNotFound",
          message: "Resource 'nobody' does not exist or one of its queried reference-property objects are not present.",
        },
      },
    });
  },
);
