// The operations of the Access Context Manager. https://cloud.google.com/access-context-manager/docs/reference/rest
import type { JsonObject } from "../shape.ts";
import type { SimulatedAccessPolicy } from "./access-policy.ts";
import { type GcpOperation, type GcpRequest, present, requestedPage, textOf } from "./gcp-operation.ts";
import { permissionDenied } from "./gcp-refusals.ts";
import type { Asking } from "./levels.ts";

const pages = { or: 100, max: 100 };
const listingPolicies: Asking = {
  call: "accesscontextmanager:ListAccessPolicies",
  permission: "accesscontextmanager.policies.list",
};
const listingLevels: Asking = {
  call: "accesscontextmanager:ListAccessLevels",
  permission: "accesscontextmanager.accessLevels.list",
};
const listingPerimeters: Asking = {
  call: "accesscontextmanager:ListServicePerimeters",
  permission: "accesscontextmanager.servicePerimeters.list",
};

function listPolicies({ input, state }: GcpRequest): JsonObject {
  const parent = textOf(input, "parent");
  if (state.organizations.get(parent) === undefined) {
    throw permissionDenied({ ...listingPolicies, target: parent });
  }
  const all = state.accessPolicies.all().filter((policy) => policy.parent === parent);
  const { items, next } = requestedPage(all, input, pages);
  const accessPolicies = items.map(({ name, title, scopes }) => present({ name, parent, title, scopes, etag: "AA==" }));
  return present({ accessPolicies, nextPageToken: next });
}

function listLevels(request: GcpRequest): JsonObject {
  const { name, levels } = requestedPolicy(request, listingLevels);
  const { items, next } = requestedPage(Object.entries(levels), request.input, pages);
  const accessLevels = items.map(([id, level]) => ({ name: `${name}/accessLevels/${id}`, ...level }));
  return present({ accessLevels, nextPageToken: next });
}

function listPerimeters(request: GcpRequest): JsonObject {
  const { name, perimeters } = requestedPolicy(request, listingPerimeters);
  const { items, next } = requestedPage(Object.entries(perimeters), request.input, pages);
  const servicePerimeters = items.map(([id, perimeter]) => ({ name: `${name}/servicePerimeters/${id}`, ...perimeter }));
  return present({ servicePerimeters, nextPageToken: next });
}

function requestedPolicy({ input, state }: GcpRequest, asking: Asking): SimulatedAccessPolicy {
  const name = textOf(input, "parent");
  const policy = state.accessPolicies.get(name);
  if (policy === undefined) {
    throw permissionDenied({ ...asking, target: name });
  }
  return policy;
}

function parentTarget(input: JsonObject): string | null {
  return textOf(input, "parent") || null;
}

export const accessContextOperations = {
  "accesscontextmanager:ListAccessPolicies": {
    permission: listingPolicies.permission,
    target: parentTarget,
    answer: listPolicies,
  },
  "accesscontextmanager:ListAccessLevels": {
    permission: listingLevels.permission,
    target: parentTarget,
    answer: listLevels,
  },
  "accesscontextmanager:ListServicePerimeters": {
    permission: listingPerimeters.permission,
    target: parentTarget,
    answer: listPerimeters,
  },
} as const satisfies Record<string, GcpOperation>;
