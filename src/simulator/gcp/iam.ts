// Roles, deny policies, and the tokens of service accounts. https://cloud.google.com/iam/docs/reference/rest
import type { JsonObject } from "../shape.ts";
import { GcpError } from "./gcp-error.ts";
import { type GcpOperation, type GcpRequest, present, requestedPage, targetIn, textOf } from "./gcp-operation.ts";
import { canonicalName } from "./gcp-state.ts";
import { durationMs, isDuration, timeText } from "./gcp-time.ts";
import { type Asking, numberedName, requestedLevel } from "./levels.ts";
import type { SimulatedDenyPolicy } from "./resource-types.ts";

const listing: Asking = { call: "iam:ListDenyPolicies", permission: "iam.denypolicies.list" };
const getting: Asking = { call: "iam:GetDenyPolicy", permission: "iam.denypolicies.get" };
const host = "cloudresourcemanager.googleapis.com/";

/** https://cloud.google.com/iam/docs/reference/rest/v1/roles/get */
function getRole({ input, state }: GcpRequest): JsonObject {
  const name = textOf(input, "name");
  const role = state.roles.get(canonicalName(state, name));
  if (role === undefined) {
    throw new GcpError("NOT_FOUND", `The role named ${name} was not found.`);
  }
  return { ...present({ ...role }), etag: "AA==" };
}

/** The list is without the rules. https://cloud.google.com/iam/docs/reference/rest/v2/policies/listPolicies */
function listDenyPolicies({ input, state }: GcpRequest): JsonObject {
  const level = requestedLevel(state, levelOf(input) ?? "", listing);
  const attached = numberedName(state, level.name);
  const { items, next } = requestedPage(Object.entries(level.deny_policies), input, { or: 1000, max: 1000 });
  return present({ policies: items.map(([id, policy]) => policyHead(attached, id, policy)), nextPageToken: next });
}

function getDenyPolicy({ input, state }: GcpRequest): JsonObject {
  const level = requestedLevel(state, levelOf(input) ?? "", getting);
  const id = textOf(input, "policy");
  const policy = Object.hasOwn(level.deny_policies, id) ? level.deny_policies[id] : undefined;
  if (policy === undefined) {
    throw new GcpError("NOT_FOUND", "Requested entity was not found.");
  }
  return { ...policyHead(numberedName(state, level.name), id, policy), rules: policy.rules };
}

/** A token of a service account, as it is taken on. https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
function generateAccessToken({ input, now }: GcpRequest): JsonObject {
  const lifetime = textOf(input, "lifetime") || "3600s";
  if (!isDuration(lifetime)) {
    throw new GcpError("INVALID_ARGUMENT", `lifetime must be a duration, not '${lifetime}'.`);
  }
  return { accessToken: "simulated-access-token", expireTime: timeText(now() + durationMs(lifetime)) };
}

/** Names keep the attachment point with its slashes escaped. */
function policyHead(attached: string, id: string, { displayName }: SimulatedDenyPolicy): JsonObject {
  const name = `policies/${encodeURIComponent(`${host}${attached}`)}/denypolicies/${id}`;
  return present({ name, kind: "DenyPolicy", displayName, etag: "AA==" });
}

/** The project, folder or organization that an attachment point means. */
function levelOf(input: JsonObject): string | null {
  const attachment = textOf(input, "attachment");
  return attachment.startsWith(host) ? attachment.slice(host.length) : null;
}

export const iamOperations = {
  "iam:GetRole": { permission: "iam.roles.get", target: targetIn("name"), answer: getRole },
  "iamcredentials:GenerateAccessToken": {
    permission: "iam.serviceAccounts.getAccessToken",
    target: () => null,
    answer: generateAccessToken,
  },
  "iam:ListDenyPolicies": { permission: listing.permission, target: levelOf, answer: listDenyPolicies },
  "iam:GetDenyPolicy": { permission: getting.permission, target: levelOf, answer: getDenyPolicy },
} as const satisfies Record<string, GcpOperation>;
