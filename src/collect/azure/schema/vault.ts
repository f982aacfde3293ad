/**
 * What is used of ARM's answers about vaults and managed HSMs, and nothing else:
 * https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults, https://learn.microsoft.com/en-us/rest/api/keyvault/managedhsm/managed-hsms
 */
import { z } from "zod";
import type {
  AzureAccessPolicy,
  AzureDeletion,
  AzureFirewall,
  AzurePrivateEndpoint,
  AzureVault,
  AzureVaultKind,
} from "../../../model/azure.ts";
import type { Fact } from "../../../model/fact.ts";
import { known, mapFact } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import type { Page } from "../../all-pages.ts";
import { field, optionalField } from "../../field.ts";
import { anyObject, canonical, moment, page, perhapsText, perhapsTexts, text } from "./parts.ts";

/** Under which name a vault tells its address. */
const uriName = { vault: "vaultUri", "managed-hsm": "hsmUri" } as const satisfies Record<AzureVaultKind, string>;

const firewall = z
  .object({
    defaultAction: perhapsText,
    bypass: perhapsText,
    ipRules: z.array(z.object({ value: text })).nullish(),
    virtualNetworkRules: z.array(z.object({ id: text })).nullish(),
  })
  .transform(
    (one) =>
      ({
        default_action: one.defaultAction,
        bypass: one.bypass,
        ip_rules: canonical((one.ipRules ?? []).map(({ value }) => value)),
        network_rules: canonical((one.virtualNetworkRules ?? []).map(({ id }) => id)),
      }) satisfies AzureFirewall,
  );

const accessPolicy = z
  .object({
    tenantId: text,
    objectId: text,
    applicationId: perhapsText,
    permissions: z.object({ keys: perhapsTexts }),
  })
  .transform(
    (one) =>
      ({
        tenant: one.tenantId,
        object_id: one.objectId,
        application_id: one.applicationId,
        key_permissions: one.permissions.keys.map((name) => name.toLowerCase()).toSorted(),
      }) satisfies AzureAccessPolicy,
  );

const privateEndpoint = z
  .object({
    id: text,
    properties: z.object({ privateLinkServiceConnectionState: z.object({ status: text }) }),
  })
  .transform(
    ({ id, properties }) =>
      ({ id, status: properties.privateLinkServiceConnectionState.status }) satisfies AzurePrivateEndpoint,
  );

/** `vault` and the facts beside it. A managed HSM has no access policies, and no switch for role assignments. */
export function vaultFacts(answer: unknown, kind: AzureVaultKind): Record<string, Fact<Json>> {
  const told = <T extends Json>(name: string, schema: z.ZodType<T>) => field(answer, ["properties", name], schema);
  const perhaps = <T extends Json>(name: string, schema: z.ZodType<T>) =>
    mapFact(field(answer, ["properties"], anyObject), () => optionalField(answer, ["properties", name], schema));
  const list = <T extends Json>(name: string, item: z.ZodType<T>) =>
    mapFact(perhaps(name, z.array(item)), (items) => known(canonical(items ?? [])));
  return {
    vault: mapFact(field(answer, ["id"], text), (id) =>
      mapFact(told(uriName[kind], text), (uri) => known({ id, kind, uri } satisfies AzureVault)),
    ),
    vault_tenant: told("tenantId", text),
    vault_location: field(answer, ["location"], text),
    vault_rbac: perhaps("enableRbacAuthorization", z.boolean()),
    vault_purge_protection: perhaps("enablePurgeProtection", z.boolean()),
    vault_soft_delete: perhaps("enableSoftDelete", z.boolean()),
    vault_public_access: perhaps("publicNetworkAccess", text),
    vault_firewall: perhaps("networkAcls", firewall),
    vault_access_policies:
      kind === "vault" ? mapFact(told("accessPolicies", z.array(accessPolicy)), sorted) : known([]),
    private_endpoints: list("privateEndpointConnections", privateEndpoint),
  };
}

function sorted<T>(items: readonly T[]): Fact<T[]> {
  return known(canonical(items));
}

/** A vault of a list: its id, and the host of its address in lower case. */
export interface ListedVault {
  readonly id: string;
  readonly host: string;
}

/** One page of the vaults, or the managed HSMs, of a subscription. Throws `Refused`: a vault without an address may be any. */
export function vaultsPage(answer: unknown, kind: AzureVaultKind): Page<ListedVault> {
  const host = z.url().transform((uri) => new URL(uri).host);
  const item = z
    .object({ id: text, properties: z.object({ [uriName[kind]]: host }) })
    .transform(({ id, properties }) => ({ id, host: properties[uriName[kind]] ?? "" }));
  return page(answer, item);
}

const deletedVault = z
  .object({
    name: text,
    properties: z.object({ deletionDate: moment.nullish(), scheduledPurgeDate: moment.nullish() }),
  })
  .transform(({ name, properties }) => ({
    name: name.toLowerCase(),
    deletion: {
      of: "vault",
      deleted: properties.deletionDate ?? null,
      purged: properties.scheduledPurgeDate ?? null,
    } as const satisfies AzureDeletion,
  }));

/** One page of the deleted vaults, or managed HSMs, of a subscription: their names in lower case, and what becomes of them. */
export function deletedVaultsPage(answer: unknown) {
  return page(answer, deletedVault);
}
