// Role assignments and what belongs to them. https://learn.microsoft.com/en-us/rest/api/authorization/
import type { JsonObject } from "../shape.ts";
import { refuseUnknownSubscription } from "./arm-lookup.ts";
import { AzureError } from "./azure-error.ts";
import {
  type AzureOperation,
  type AzureRequest,
  groupOf,
  nameIn,
  nextLinkOf,
  present,
  requestedPage,
} from "./azure-operation.ts";
import { concerns, requestedFilter } from "./principal-filter.ts";
import type { SimulatedRoleDefinition } from "./resource-types.ts";
import { positionFrom, scopeOfExtension, subscriptionIn } from "./scopes.ts";

const quota = "arm:read";
const everybody = "00000000-0000-0000-0000-000000000000";

function listAssignments(request: AzureRequest): JsonObject {
  const concerned = concerns(request.state, requestedFilter(request));
  return listed(request, request.state.assignments.all(), ({ properties }) => concerned(properties.principalId));
}

/** A deny assignment for everybody is one for each; whom it spares the list does not take into account. */
function listDenyAssignments(request: AzureRequest): JsonObject {
  const filter = requestedFilter(request);
  const concerned = concerns(request.state, filter);
  const ofNobody = filter.assignedTo === undefined && filter.principalId === undefined;
  return listed(
    request,
    request.state.denials.all(),
    ({ properties }) => ofNobody || properties.principals.some(({ id }) => id === everybody || concerned(id)),
  );
}

/** https://learn.microsoft.com/en-us/entra/id-governance/licensing-fundamentals */
function listSchedules(request: AzureRequest): JsonObject {
  if (!request.state.tenant().privileged_identity_management) {
    throw new AzureError(400, "AadPremiumLicenseRequired", "The tenant needs an AAD Premium 2 license.");
  }
  const concerned = concerns(request.state, requestedFilter(request));
  return listed(request, request.state.schedules.all(), ({ properties }) => concerned(properties.principalId));
}

interface Scoped {
  readonly id: string;
  readonly properties: object;
}

/** What holds at a scope, and below it where the filter does not say `atScope()`. */
function listed<T extends Scoped>(request: AzureRequest, all: readonly T[], keep: (one: T) => boolean): JsonObject {
  refuseUnknownSubscription(request);
  const positionOf = positionFrom(request.state, groupOf(request, "scope"));
  const positions = requestedFilter(request).atScope ? ["at", "above"] : ["at", "above", "below"];
  const found = all.filter((one) => keep(one) && positions.includes(positionOf(one)));
  const { items, next } = requestedPage(request, found);
  const type = `Microsoft.Authorization/${nameIn(request.path)}`;
  const value = items.map(({ id, properties }) => ({
    id,
    name: nameIn(id),
    type,
    properties: { ...properties, scope: scopeOfExtension(id) },
  }));
  return present({ value, nextLink: nextLinkOf(request, next) });
}

function getRoleDefinition(request: AzureRequest): JsonObject {
  refuseUnknownSubscription(request);
  const role = requestedRole(request);
  const name = groupOf(request, "role");
  if (role === undefined) {
    const message = `The specified role definition with ID '${name}' does not exist.`;
    throw new AzureError(404, "RoleDefinitionDoesNotExist", message);
  }
  const { properties } = role;
  // Asked at a subscription, a role answers with its id there.
  const id = `${subscriptionIn(request.path) ?? ""}/providers/Microsoft.Authorization/roleDefinitions/${nameIn(role.id)}`;
  return { id, name: nameIn(role.id), type: "Microsoft.Authorization/roleDefinitions", properties };
}

/** A role's name is unique in the tenant, whatever scope it is asked at. */
function requestedRole(request: AzureRequest): SimulatedRoleDefinition | undefined {
  const name = groupOf(request, "role").toLowerCase();
  return request.state.roles.all().find(({ id }) => nameIn(id).toLowerCase() === name);
}

/** The key, vault or subscription that a scope is, as it is listed; null for the root. */
function scopeTarget(request: AzureRequest): string | null {
  const scope = groupOf(request, "scope");
  const { keys, vaults, managedHsms, subscriptions } = request.state;
  const tables = [keys, vaults, managedHsms, subscriptions];
  const table = tables.find((candidate) => candidate.find(scope) !== undefined);
  return table?.spelling(scope) ?? (scope || null);
}

export const authorizationOperations = {
  "authorization:ListRoleAssignments": {
    permission: "Microsoft.Authorization/roleAssignments/read",
    quota,
    target: scopeTarget,
    answer: listAssignments,
  },
  "authorization:ListPrincipalAssignments": {
    permission: "Microsoft.Authorization/roleAssignments/read",
    quota,
    target: scopeTarget,
    answer: listAssignments,
  },
  "authorization:GetRoleDefinition": {
    permission: "Microsoft.Authorization/roleDefinitions/read",
    quota,
    target: (request) => requestedRole(request)?.id ?? request.path,
    answer: getRoleDefinition,
  },
  "authorization:ListDenyAssignments": {
    permission: "Microsoft.Authorization/denyAssignments/read",
    quota,
    target: scopeTarget,
    answer: listDenyAssignments,
  },
  "authorization:ListPrincipalDenyAssignments": {
    permission: "Microsoft.Authorization/denyAssignments/read",
    quota,
    target: scopeTarget,
    answer: listDenyAssignments,
  },
  "authorization:ListAssignmentSchedules": {
    permission: "Microsoft.Authorization/roleAssignmentScheduleInstances/read",
    quota,
    target: scopeTarget,
    answer: listSchedules,
  },
} as const satisfies Record<string, AzureOperation>;
