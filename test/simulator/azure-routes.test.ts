import { expect, test } from "vitest";
import { routes } from "../../src/simulator/azure/azure-operations.ts";
import type { Plane } from "../../src/simulator/azure/hosts.ts";

const vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
const hsm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/managedHSMs/h";
const authorization = "providers/Microsoft.Authorization";
const principal = "/v1.0/servicePrincipals/p";

const paths: readonly (readonly [Plane, "GET" | "POST", string])[] = [
  ["arm", "GET", vault],
  ["arm", "GET", hsm],
  ["arm", "GET", `${vault}/keys`],
  ["arm", "GET", `${vault}/keys/k`],
  ["arm", "GET", `${hsm}/keys/k/versions`],
  ["arm", "GET", `${vault}/keys/k/versions/1`],
  ["arm", "GET", `${vault}/networkSecurityPerimeterConfigurations`],
  ["arm", "GET", "/subscriptions/s/providers/Microsoft.KeyVault/vaults"],
  ["arm", "GET", "/subscriptions/s/providers/Microsoft.KeyVault/deletedVaults"],
  ["arm", "GET", `${vault}/keys/k/${authorization}/roleAssignments`],
  ["arm", "GET", `/${authorization}/denyAssignments`],
  ["arm", "GET", `/subscriptions/s/${authorization}/roleAssignmentScheduleInstances`],
  ["arm", "GET", `/subscriptions/s/${authorization}/roleDefinitions/r`],
  ["arm", "GET", `${vault}/providers/microsoft.insights/diagnosticSettings`],
  ["vault", "GET", "/keys/k"],
  ["vault", "GET", "/keys/k/1"],
  ["vault", "GET", "/deletedkeys/k"],
  ["graph", "GET", "/v1.0/servicePrincipals"],
  ["graph", "GET", `${principal}/owners`],
  ["graph", "GET", `${principal}/appRoleAssignments`],
  ["graph", "GET", `${principal}/oauth2PermissionGrants`],
  ["graph", "GET", `${principal}/transitiveMemberOf`],
  ["graph", "POST", "/v1.0/directoryObjects/getByIds"],
  ["logs", "POST", "/v1/workspaces/w/query"],
];

test("every path leads to one route, and every route has a path", () => {
  const found = paths.map(([plane, method, path]) =>
    routes.filter((route) => route.plane === plane && route.method === method && route.path.test(path)),
  );
  expect(found.map(({ length }) => length)).toEqual(paths.map(() => 1));
  expect(new Set(found.flat())).toEqual(new Set(routes));
});
