// Microsoft Graph, as far as it tells of service principals. https://learn.microsoft.com/en-us/graph/api/overview
import type { JsonObject } from "../shape.ts";
import { AzureError } from "./azure-error.ts";
import {
  type AzureOperation,
  type AzureRequest,
  groupOf,
  nextLinkOf,
  present,
  requestedPage,
} from "./azure-operation.ts";
import type { SimulatedServicePrincipal } from "./directory-types.ts";
import { withGroups } from "./principal-filter.ts";

const quota = "graph:read";
const prefix = "directory/servicePrincipals/";
/** https://learn.microsoft.com/en-us/graph/api/directoryobject-getbyids */
const idsAtOnce = 1000;
const comparedFields = ["appId", "displayName", "id"] as const;

/** https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list */
function listServicePrincipals(request: AzureRequest): JsonObject {
  return listed(request, "servicePrincipals", filtered(request).map(principalMessage));
}

/** https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-owners */
function listOwners(request: AzureRequest): JsonObject {
  const { owners } = requestedPrincipal(request);
  const value = Object.entries(owners).map(([id, { type, displayName = null }]) => ({
    "@odata.type": type,
    id,
    displayName,
  }));
  return listed(request, "directoryObjects", value);
}

/** https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-approleassignments */
function listAppRoles(request: AzureRequest): JsonObject {
  const { id: principalId, displayName, appRoleAssignments } = requestedPrincipal(request);
  const value = Object.entries(appRoleAssignments).map(([id, assignment]) => ({
    id,
    deletedDateTime: null,
    ...assignment,
    principalId,
    principalDisplayName: displayName,
    principalType: "ServicePrincipal",
  }));
  return listed(request, "appRoleAssignments", value);
}

/** https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-oauth2permissiongrants */
function listGrants(request: AzureRequest): JsonObject {
  const { id: clientId, oauth2PermissionGrants } = requestedPrincipal(request);
  const value = Object.entries(oauth2PermissionGrants).map(([id, grant]) => ({
    id,
    clientId,
    principalId: null,
    ...grant,
  }));
  return listed(request, "oauth2PermissionGrants", value);
}

/** Groups, and directory roles, its own and those of its groups. https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-transitivememberof */
function listMemberships(request: AzureRequest): JsonObject {
  const principal = requestedPrincipal(request);
  const all = request.state.groups.all();
  const reached = withGroups(all, principal.id);
  const groups = all.filter(({ id }) => reached.has(id.toLowerCase()));
  const roles = new Map([principal, ...groups].flatMap(({ directoryRoles }) => Object.entries(directoryRoles)));
  const value = [
    ...groups.map(({ id, displayName }) => ({ "@odata.type": "#microsoft.graph.group", id, displayName })),
    ...[...roles].map(([id, role]) => ({ "@odata.type": "#microsoft.graph.directoryRole", id, ...role })),
  ];
  // A list can be cut to one type by its name at the end of the path.
  const type = request.groups["type"];
  const ofType = value.filter(
    (one) => type === undefined || one["@odata.type"].toLowerCase() === `#${type}`.toLowerCase(),
  );
  return listed(request, "directoryObjects", ofType);
}

/** Objects that are not there are left out. https://learn.microsoft.com/en-us/graph/api/directoryobject-getbyids */
function getByIds(request: AzureRequest): JsonObject {
  const { ids, types } = request.body;
  if (!isTexts(ids) || ids.length > idsAtOnce || !(types === undefined || isTexts(types))) {
    throw new AzureError(400, "Request_BadRequest", "Invalid value specified for property 'ids' of resource.");
  }
  const wanted = new Set(ids.map((id) => id.toLowerCase()));
  const { servicePrincipals, groups, users } = request.state;
  const all = [
    ...servicePrincipals.all().map((one) => ({ kind: "servicePrincipal", ...principalMessage(one) })),
    ...groups.all().map(({ id, displayName }) => ({ kind: "group", id, displayName })),
    ...users.all().map((one) => ({ kind: "user", ...one })),
  ];
  const value = all
    .filter(({ id, kind }) => wanted.has(id.toLowerCase()) && (types === undefined || types.includes(kind)))
    .map(({ kind, ...fields }) => ({ "@odata.type": `#microsoft.graph.${kind}`, ...fields }));
  return listed(request, "directoryObjects", value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function principalMessage(principal: SimulatedServicePrincipal): { readonly id: string } & JsonObject {
  const { owners, appRoleAssignments, oauth2PermissionGrants, directoryRoles, ...own } = principal;
  const named = (credentials: Readonly<Record<string, object>>) =>
    Object.entries(credentials).map(([keyId, credential]) => ({ keyId, displayName: null, ...credential }));
  const { passwordCredentials, keyCredentials } = own;
  return { ...own, passwordCredentials: named(passwordCredentials), keyCredentials: named(keyCredentials) };
}

/** The filters of one comparison; https://learn.microsoft.com/en-us/graph/filter-query-parameter knows more. */
function filtered({ state, query }: Pick<AzureRequest, "state" | "query">): readonly SimulatedServicePrincipal[] {
  const all = state.servicePrincipals.all();
  const filter = query.get("$filter");
  if (filter === null) {
    return all;
  }
  const [, name, text] = /^(appId|displayName|id) eq '((?:[^']|'')*)'$/i.exec(filter) ?? [];
  const field = comparedFields.find((one) => comparable(one) === comparable(name ?? ""));
  if (field !== undefined && text !== undefined) {
    return all.filter((principal) => comparable(principal[field]) === comparable(unquoted(text)));
  }
  const [, begin] = /^startswith\(displayName, *'((?:[^']|'')*)'\)$/i.exec(filter) ?? [];
  if (begin !== undefined) {
    return all.filter(({ displayName }) => comparable(displayName).startsWith(comparable(unquoted(begin))));
  }
  throw new AzureError(400, "Request_UnsupportedQuery", `Unsupported or invalid query filter clause: ${filter}`);
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}

function comparable(text: string): string {
  return text.toLowerCase();
}

/** A page, with the fields that were asked for. */
function listed(request: AzureRequest, collection: string, all: readonly JsonObject[]): JsonObject {
  const top = Number(request.query.get("$top") ?? Number.POSITIVE_INFINITY);
  const { items, next } = requestedPage(request, all, top >= 1 ? top : Number.POSITIVE_INFINITY);
  const selected = request.query.get("$select")?.split(",");
  const value = items.map((item) =>
    selected === undefined
      ? item
      : Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith("@") || selected.includes(name))),
  );
  return present({
    "@odata.context": `https://${request.host}/v1.0/$metadata#${collection}`,
    "@odata.nextLink": nextLinkOf(request, next),
    value,
  });
}

function requestedPrincipal(request: AzureRequest): SimulatedServicePrincipal {
  const principal = findPrincipal(request);
  if (principal === undefined) {
    const asked = groupOf(request, "principal").replace(/^\//, "");
    const message = `Resource '${asked}' does not exist or one of its queried reference-property objects are not present.`;
    throw new AzureError(404, "Request_ResourceNotFound", message);
  }
  return principal;
}

/** By object id, or as `(appId='…')`. */
function findPrincipal(request: AzureRequest): SimulatedServicePrincipal | undefined {
  const asked = groupOf(request, "principal");
  const appId = /^\(appId='([^']+)'\)$/i.exec(asked)?.[1];
  return appId === undefined
    ? request.state.servicePrincipals.find(`${prefix}${asked.replace(/^\//, "")}`)
    : filtered({ state: request.state, query: new URLSearchParams({ $filter: `appId eq '${appId}'` }) })[0];
}

function principalTarget(request: AzureRequest): string | null {
  const principal = findPrincipal(request);
  return principal === undefined ? null : `${prefix}${principal.id}`;
}

/** The one that a filter finds. */
function filterTarget(request: AzureRequest): string | null {
  const appId = /^appId eq '([^']*)'$/i.exec(request.query.get("$filter") ?? "")?.[1];
  const all = request.state.servicePrincipals.all();
  const found = all.find((principal) => comparable(principal.appId) === comparable(appId ?? ""));
  return found === undefined ? null : `${prefix}${found.id}`;
}

export const graphOperations = {
  "graph:ListServicePrincipals": {
    permission: "Application.Read.All",
    quota,
    target: filterTarget,
    answer: listServicePrincipals,
  },
  "graph:ListServicePrincipalOwners": {
    permission: "Application.Read.All",
    quota,
    target: principalTarget,
    answer: listOwners,
  },
  "graph:ListAppRoleAssignments": {
    permission: "Application.Read.All",
    quota,
    target: principalTarget,
    answer: listAppRoles,
  },
  "graph:ListPermissionGrants": {
    permission: "Directory.Read.All",
    quota,
    target: principalTarget,
    answer: listGrants,
  },
  "graph:ListDirectoryRoles": {
    permission: "Directory.Read.All",
    quota,
    target: principalTarget,
    answer: listMemberships,
  },
  "graph:GetAssignedApplications": {
    permission: "Application.Read.All",
    quota,
    target: () => null,
    answer: getByIds,
  },
} as const satisfies Record<string, AzureOperation>;
