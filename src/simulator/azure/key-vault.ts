// The data plane of vaults and managed HSMs. https://learn.microsoft.com/en-us/rest/api/keyvault/keys
import type { JsonObject } from "../shape.ts";
import { allHolders, type Holder, uriOf } from "./arm-lookup.ts";
import { AzureError } from "./azure-error.ts";
import { type AzureOperation, type AzureRequest, groupOf, nameIn, present } from "./azure-operation.ts";
import { admits } from "./network-rules.ts";
import type { SimulatedDeletion, SimulatedVaultKey } from "./resource-types.ts";

/** Where every request comes from, as vaults see it: an address of the internet that nobody has. https://www.rfc-editor.org/rfc/rfc5737 */
export const callersAddress = "203.0.113.10";

function getKeyBundle(request: AzureRequest): JsonObject {
  const holder = openHolder(request);
  const key = keyOf(request, holder);
  const version = request.groups["version"]?.toLowerCase() || key?.current;
  if (
    key === undefined ||
    key.deleted !== undefined ||
    version === undefined ||
    !Object.hasOwn(key.versions, version)
  ) {
    const message =
      `A key with (name/id) ${request.path.slice("/keys/".length)} was not found in this key vault. If you recently ` +
      "deleted this key you may be able to recover it using the correct recovery command. For help resolving this " +
      "issue, please see https://go.microsoft.com/fwlink/?linkid=2125182";
    throw new AzureError(404, "KeyNotFound", message);
  }
  return bundle(holder, key, version);
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keys/get-deleted-key/get-deleted-key */
function getDeletedKey(request: AzureRequest): JsonObject {
  const holder = openHolder(request);
  const key = keyOf(request, holder);
  if (key?.deleted === undefined) {
    throw new AzureError(404, "KeyNotFound", `Deleted Key not found: ${groupOf(request, "key")}`);
  }
  const { deleted } = key;
  return present({
    recoveryId: `${uriOf(holder)}deletedkeys/${nameIn(key.id)}`,
    deletedDate: secondsOf(deleted, "deletedDate"),
    scheduledPurgeDate: secondsOf(deleted, "scheduledPurgeDate"),
    ...bundle(holder, key, key.current),
  });
}

/** The vault or managed HSM at a host, unless its network rules refuse who asks. */
function openHolder(request: AzureRequest): Holder {
  const holder = holderAt(request);
  if (holder === undefined) {
    // In reality the name of such a host does not resolve.
    throw new AzureError(404, "VaultNotFound", `The vault at ${request.host} does not exist.`);
  }
  const { publicNetworkAccess, networkAcls } = holder.properties;
  const vault = `Vault: ${nameIn(holder.id)};location=${holder.location}`;
  if (publicNetworkAccess?.toLowerCase() === "disabled") {
    const message =
      "Public network access is disabled and request is not from a trusted service nor via an approved private " +
      `link.\r\n${vault}`;
    throw forbidden(message, "ForbiddenByConnection");
  }
  if (!admits(networkAcls, callersAddress)) {
    const message =
      "Client address is not authorized and caller is not a trusted service.\r\nClient address: " +
      `${callersAddress}\r\n${vault}`;
    throw forbidden(message, "ForbiddenByFirewall");
  }
  return holder;
}

function forbidden(message: string, code: string): AzureError {
  return new AzureError(403, "Forbidden", message, { more: { innererror: { code } } });
}

/** The vault or managed HSM at a host, where there is one. */
export function holderAt({ state, host }: Pick<AzureRequest, "state" | "host">): Holder | undefined {
  return allHolders(state).find(
    (holder) => holder.deleted === undefined && uriOf(holder).toLowerCase() === `https://${host}/`,
  );
}

function keyOf(request: AzureRequest, holder: Holder): SimulatedVaultKey | undefined {
  return request.state.keys.find(`${holder.id}/keys/${groupOf(request, "key")}`);
}

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keys/get-key/get-key */
function bundle(holder: Holder, { id, versions }: SimulatedVaultKey, version: string): JsonObject {
  const { kty, keySize, curveName, keyOps, attributes, tags } = versions[version] ?? {};
  const material =
    keySize === undefined
      ? { crv: curveName }
      : { n: modulusOf(keySize), e: Buffer.from([1, 0, 1]).toString("base64url") };
  return {
    key: present({ kid: `${uriOf(holder)}keys/${nameIn(id)}/${version}`, kty, key_ops: keyOps, ...material }),
    attributes,
    tags,
  };
}

/** A number of as many bits as a modulus has; nothing is encrypted with it. */
function modulusOf(bits: number): string {
  return Buffer.alloc(Math.ceil(bits / 8), 0xc5).toString("base64url");
}

function secondsOf(deleted: SimulatedDeletion, field: keyof SimulatedDeletion): number | undefined {
  const text = deleted[field];
  return text === undefined ? undefined : Math.floor(Date.parse(text) / 1000);
}

function keyTarget(request: AzureRequest): string | null {
  const holder = holderAt(request);
  return holder === undefined ? null : request.state.keys.spelling(`${holder.id}/keys/${groupOf(request, "key")}`);
}

/** What the audit log calls an operation. https://learn.microsoft.com/en-us/azure/key-vault/general/logging#operation-names-table */
export const loggedNames: Readonly<Record<string, string>> = {
  "keyvault:GetKeyBundle": "KeyGet",
  "keyvault:GetDeletedKey": "KeyGetDeleted",
};

export const keyVaultOperations = {
  "keyvault:GetKeyBundle": {
    permission: "Microsoft.KeyVault/vaults/keys/read (data action)",
    target: keyTarget,
    answer: getKeyBundle,
  },
  "keyvault:GetDeletedKey": {
    permission: "Microsoft.KeyVault/vaults/keys/read (data action)",
    target: keyTarget,
    answer: getDeletedKey,
  },
} as const satisfies Record<string, AzureOperation>;
