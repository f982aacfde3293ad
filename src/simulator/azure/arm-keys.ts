// Keys and their versions as ARM tells them. https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys
import type { JsonObject } from "../shape.ts";
import { type Holder, requestedKey, requestedParent, resourceNotFound, uriOf } from "./arm-lookup.ts";
import { holderTarget } from "./arm-vaults.ts";
import {
  type AzureOperation,
  type AzureRequest,
  groupOf,
  nameIn,
  nextLinkOf,
  present,
  requestedPage,
} from "./azure-operation.ts";
import type { SimulatedVaultKey } from "./resource-types.ts";

const quota = "arm:read";

function getKey(request: AzureRequest): JsonObject {
  const { holder, key } = requestedKey(request);
  return keyMessage(holder, key, { version: key.current });
}

function getKeyVersion(request: AzureRequest): JsonObject {
  const { holder, key } = requestedKey(request);
  const version = groupOf(request, "version").toLowerCase();
  if (!Object.hasOwn(key.versions, version)) {
    throw resourceNotFound(`${key.id}/versions/${version}`);
  }
  return keyMessage(holder, key, { version, path: `/versions/${version}` });
}

function listKeys(request: AzureRequest): JsonObject {
  const holder = requestedParent(request);
  const prefix = `${holder.id}/keys/`.toLowerCase();
  const all = request.state.keys
    .all()
    .filter(({ id, deleted }) => deleted === undefined && id.toLowerCase().startsWith(prefix));
  const { items, next } = requestedPage(request, all);
  const value = items.map((key) => keyMessage(holder, key, { version: key.current, listed: true }));
  return present({ value, nextLink: nextLinkOf(request, next) });
}

function listKeyVersions(request: AzureRequest): JsonObject {
  const { holder, key } = requestedKey(request);
  const { items, next } = requestedPage(request, Object.keys(key.versions));
  const value = items.map((version) =>
    keyMessage(holder, key, { version, path: `/versions/${version}`, listed: true }),
  );
  return present({ value, nextLink: nextLinkOf(request, next) });
}

interface Shown {
  readonly version: string;
  /** What of the id comes after the key. */
  readonly path?: string;
  /** Lists tell the attributes and no material. https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys/list */
  readonly listed?: true;
}

function keyMessage(holder: Holder, key: SimulatedVaultKey, { version, path = "", listed }: Shown): JsonObject {
  const id = `${key.id}${path}`;
  const { kty, keySize, curveName, keyOps, attributes, tags } = key.versions[version] ?? {};
  const keyUri = `${uriOf(holder)}keys/${nameIn(key.id)}`;
  const material = listed
    ? {}
    : { kty, keySize, curveName, keyOps, rotationPolicy: path === "" ? key.rotationPolicy : undefined };
  const isVault = "vaultUri" in holder.properties;
  const type = `Microsoft.KeyVault/${isVault ? "vaults" : "managedHSMs"}/keys${path === "" ? "" : "/versions"}`;
  const properties = present({ attributes, ...material, keyUri, keyUriWithVersion: `${keyUri}/${version}` });
  return present({
    id,
    name: nameIn(id),
    type,
    location: isVault ? holder.location : undefined,
    tags,
    properties,
  });
}

/** The key of a request, as it is listed. */
function keyTarget(request: AzureRequest): string {
  return request.state.keys.spelling(`${holderTarget(request)}/keys/${groupOf(request, "key")}`);
}

export const keyOperations = {
  "keyvault:GetKey": {
    permission: "Microsoft.KeyVault/vaults/keys/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/keys/read",
    quota,
    target: keyTarget,
    answer: getKey,
  },
  "keyvault:ListKeys": {
    permission: "Microsoft.KeyVault/vaults/keys/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/keys/read",
    quota,
    target: holderTarget,
    answer: listKeys,
  },
  "keyvault:ListKeyVersions": {
    permission: "Microsoft.KeyVault/vaults/keys/versions/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/keys/versions/read",
    quota,
    target: keyTarget,
    answer: listKeyVersions,
  },
  "keyvault:GetKeyVersion": {
    permission: "Microsoft.KeyVault/vaults/keys/versions/read",
    hsm_permission: "Microsoft.KeyVault/managedHSMs/keys/versions/read",
    quota,
    target: keyTarget,
    answer: getKeyVersion,
  },
} as const satisfies Record<string, AzureOperation>;
