// The operations of Cloud KMS that read. https://cloud.google.com/kms/docs/reference/rpc/google.cloud.kms.v1
import type { JsonObject } from "../shape.ts";
import { type GcpOperation, type GcpRequest, present, refuseFilter, requestedPage, targetIn } from "./gcp-operation.ts";
import { changedPolicy, policyAfterSet, shownPolicy } from "./iam-policy.ts";
import { allRings, requestedKey, requestedName, requestedRing, requestedVersion, ringOf } from "./kms-lookup.ts";
import { keyMessage, ringMessage, versionMessage } from "./kms-messages.ts";

const pages = { or: 100, max: 1000 };
/** https://cloud.google.com/kms/quotas */
const quota = "cloudkms:read";

function listKeyRings(request: GcpRequest): JsonObject {
  const { input } = request;
  refuseFilter(input);
  const location = requestedName(request, "parent", "location");
  const all = allRings(request).filter(({ name }) => name.startsWith(`${location}/keyRings/`));
  const { items, next } = requestedPage(all, input, pages);
  return present({ keyRings: items.map(ringMessage), nextPageToken: next, totalSize: all.length });
}

function listCryptoKeys(request: GcpRequest): JsonObject {
  const { input, state } = request;
  refuseFilter(input);
  const ring = requestedRing(request, "parent");
  const all = state.keys.all().filter(({ name }) => ringOf(name) === ring.name);
  const { items, next } = requestedPage(all, input, pages);
  return present({ cryptoKeys: items.map(keyMessage), nextPageToken: next, totalSize: all.length });
}

function listCryptoKeyVersions(request: GcpRequest): JsonObject {
  const { input } = request;
  refuseFilter(input);
  const key = requestedKey(request, "parent");
  const all = Object.keys(key.versions);
  const { items, next } = requestedPage(all, input, pages);
  const cryptoKeyVersions = items.map((number) => versionMessage(key, number));
  return present({ cryptoKeyVersions, nextPageToken: next, totalSize: all.length });
}

function getCryptoKeyVersion(request: GcpRequest): JsonObject {
  const { key, number } = requestedVersion(request, "name");
  return versionMessage(key, number) ?? {};
}

function getKeyPolicy(request: GcpRequest): JsonObject {
  return shownPolicy(requestedKey(request, "resource").policy, request.input);
}

function setKeyPolicy(request: GcpRequest): JsonObject {
  const { name, policy } = requestedKey(request, "resource");
  const { state, input } = request;
  state.keys.patch(name, { policy: { auditConfigs: null, ...changedPolicy(policy, input) } });
  return policyAfterSet(requestedKey(request, "resource").policy, input);
}

function getRingPolicy(request: GcpRequest): JsonObject {
  return shownPolicy(requestedRing(request, "resource").policy, request.input);
}

function setRingPolicy(request: GcpRequest): JsonObject {
  const { state, input } = request;
  const { name, policy } = requestedRing(request, "resource");
  state.rings.patch(name, { policy: { auditConfigs: null, ...changedPolicy(policy, input) } }, true);
  return policyAfterSet(requestedRing(request, "resource").policy, input);
}

export const kmsReads = {
  "cloudkms:ListKeyRings": {
    permission: "cloudkms.keyRings.list",
    quota,
    target: targetIn("parent"),
    answer: listKeyRings,
  },
  "cloudkms:GetKeyRing": {
    permission: "cloudkms.keyRings.get",
    quota,
    target: targetIn("name"),
    answer: (request) => ringMessage(requestedRing(request, "name")),
  },
  "cloudkms:ListCryptoKeys": {
    permission: "cloudkms.cryptoKeys.list",
    quota,
    target: targetIn("parent"),
    answer: listCryptoKeys,
  },
  "cloudkms:GetCryptoKey": {
    permission: "cloudkms.cryptoKeys.get",
    quota,
    target: targetIn("name"),
    answer: (request) => keyMessage(requestedKey(request, "name")),
  },
  "cloudkms:ListCryptoKeyVersions": {
    permission: "cloudkms.cryptoKeyVersions.list",
    quota,
    target: targetIn("parent"),
    answer: listCryptoKeyVersions,
  },
  "cloudkms:GetCryptoKeyVersion": {
    permission: "cloudkms.cryptoKeyVersions.get",
    quota,
    target: targetIn("name"),
    answer: getCryptoKeyVersion,
  },
  "cloudkms:GetCryptoKeyIamPolicy": {
    permission: "cloudkms.cryptoKeys.getIamPolicy",
    quota,
    target: targetIn("resource"),
    answer: getKeyPolicy,
  },
  "cloudkms:SetCryptoKeyIamPolicy": {
    permission: "cloudkms.cryptoKeys.setIamPolicy",
    target: targetIn("resource"),
    answer: setKeyPolicy,
  },
  "cloudkms:GetKeyRingIamPolicy": {
    permission: "cloudkms.keyRings.getIamPolicy",
    quota,
    target: targetIn("resource"),
    answer: getRingPolicy,
  },
  "cloudkms:SetKeyRingIamPolicy": {
    permission: "cloudkms.keyRings.setIamPolicy",
    target: targetIn("resource"),
    answer: setRingPolicy,
  },
} as const satisfies Record<string, GcpOperation>;
