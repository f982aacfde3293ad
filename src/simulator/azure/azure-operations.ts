// Every operation by its call, and how a request leads to one.
import type { AnswerForm } from "../cloud.ts";
import { authorizationOperations } from "./arm-authorization.ts";
import { keyOperations } from "./arm-keys.ts";
import { monitorOperations } from "./arm-monitor.ts";
import { vaultOperations } from "./arm-vaults.ts";
import type { AzureOperation, AzureRoute } from "./azure-operation.ts";
import { graphOperations } from "./graph.ts";
import type { Plane } from "./hosts.ts";
import { keyVaultOperations } from "./key-vault.ts";
import { logAnalyticsOperations } from "./log-analytics.ts";

const operations: Readonly<Record<string, AzureOperation>> = {
  ...vaultOperations,
  ...keyOperations,
  ...authorizationOperations,
  ...monitorOperations,
  ...keyVaultOperations,
  ...graphOperations,
  ...logAnalyticsOperations,
};

/** The operation of a call that exists. */
export function operationOf(call: string): AzureOperation {
  const operation = operations[call];
  if (operation === undefined) {
    throw new TypeError(`${call} is no operation`);
  }
  return operation;
}

/** Every call, with the form of its answer. */
export const callForms: Readonly<Record<string, AnswerForm>> = Object.fromEntries(
  Object.keys(operations).map((call) => [call, "json"]),
);

const keyVault = "/subscriptions/[^/]+/providers/Microsoft\\.KeyVault";
const vault =
  "(?<vault>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.KeyVault/(vaults|managedHSMs)/[^/]+)";
const key = `${vault}/keys/(?<key>[^/]+)`;
const principal = "/v1\\.0/servicePrincipals(?<principal>/[^/]+|\\(appId='[^']+'\\))";
const authorization = "(?<scope>.*)/providers/Microsoft\\.Authorization";

export const routes: readonly AzureRoute[] = [
  get("arm", vault, "keyvault:GetVault"),
  get("arm", `${keyVault}/(?<type>vaults|managedHSMs)`, "keyvault:ListVaults"),
  get("arm", `${keyVault}/(?<type>deletedVaults|deletedManagedHSMs)`, "keyvault:ListDeletedVaults"),
  get("arm", key, "keyvault:GetKey"),
  get("arm", `${vault}/keys`, "keyvault:ListKeys"),
  get("arm", `${key}/versions`, "keyvault:ListKeyVersions"),
  get("arm", `${key}/versions/(?<version>[^/]+)`, "keyvault:GetKeyVersion"),
  get("arm", `${vault}/networkSecurityPerimeterConfigurations`, "keyvault:ListPerimeterConfigurations"),
  ofPrincipal("roleAssignments", "Assignments", "RoleAssignments"),
  ofPrincipal("denyAssignments", "DenyAssignments", "DenyAssignments"),
  get("arm", `${authorization}/roleAssignmentScheduleInstances`, "authorization:ListAssignmentSchedules"),
  get("arm", `${authorization}/roleDefinitions/(?<role>[^/]+)`, "authorization:GetRoleDefinition"),
  get("arm", "(?<scope>.*)/providers/Microsoft\\.Insights/diagnosticSettings", "insights:ListDiagnosticSettings"),
  get("vault", "/keys/(?<key>[^/]+)(/(?<version>[^/]*))?", "keyvault:GetKeyBundle"),
  get("vault", "/deletedkeys/(?<key>[^/]+)/?", "keyvault:GetDeletedKey"),
  get("graph", "/v1\\.0/servicePrincipals", "graph:ListServicePrincipals"),
  get("graph", `${principal}/owners`, "graph:ListServicePrincipalOwners"),
  get("graph", `${principal}/appRoleAssignments`, "graph:ListAppRoleAssignments"),
  get("graph", `${principal}/oauth2PermissionGrants`, "graph:ListPermissionGrants"),
  get("graph", `${principal}/transitiveMemberOf(/(?<type>microsoft\\.graph\\.[a-z]+))?`, "graph:ListDirectoryRoles"),
  post("graph", "/v1\\.0/directoryObjects/getByIds", "graph:GetAssignedApplications"),
  post("logs", "/v1/workspaces/(?<workspace>[^/]+)/query", "loganalytics:Query"),
];

function get(plane: Plane, path: string, call: string): AzureRoute {
  return { plane, method: "GET", path: new RegExp(`^${path}$`, "i"), call: () => call };
}

function post(plane: Plane, path: string, call: string): AzureRoute {
  return { ...get(plane, path, call), method: "POST" };
}

/** A list that is another call where it is asked for one principal. */
function ofPrincipal(type: string, ofOne: string, ofAll: string): AzureRoute {
  return {
    ...get("arm", `${authorization}/${type}`, ofAll),
    call: ({ query }) =>
      /assignedTo\(/i.test(query.get("$filter") ?? "")
        ? `authorization:ListPrincipal${ofOne}`
        : `authorization:List${ofAll}`,
  };
}
