/** A vault in a file, as `az keyvault show` prints it. */
import type { AzureAccessPolicy, AzureFirewall, AzurePrivateEndpoint, AzureVault } from "../../model/azure.ts";
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Fact, known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { DocumentKind, DocumentOrigin } from "../document-kind.ts";
import { memberOf } from "../json-document.ts";
import type { JsonNode } from "../parse-json.ts";
import { anyKey, azContent, azureKeyAt, hostOf, readAzDocument } from "./az-document.ts";
import { type AzReading, each, flag, member, nullable, orElse, readAll, record, text } from "./az-reading.ts";

const firewall = record<AzureFirewall>({
  default_action: member("defaultAction", nullable(text)),
  bypass: member("bypass", nullable(text)),
  ip_rules: member("ipRules", orElse(each(member("value", text)), [])),
  network_rules: member("virtualNetworkRules", orElse(each(member("id", text)), [])),
});

const accessPolicy = record<AzureAccessPolicy>({
  tenant: member("tenantId", text),
  object_id: member("objectId", text),
  application_id: member("applicationId", nullable(text)),
  key_permissions: member("permissions.keys", orElse(each(permission), [])),
});

const privateEndpoint = record<AzurePrivateEndpoint>({
  id: member("id", text),
  status: member("privateLinkServiceConnectionState.status", text),
});

type VaultFact =
  | "vault"
  | "vault_tenant"
  | "vault_location"
  | "vault_rbac"
  | "vault_purge_protection"
  | "vault_soft_delete"
  | "vault_public_access"
  | "vault_firewall"
  | "vault_access_policies"
  | "private_endpoints";

type Readings = { readonly [F in VaultFact]: AzReading<AzureVaultKeyFacts[F]> };

const vaultReadings: Readings = {
  vault: record<AzureVault>({
    id: member("id", text),
    kind: () => known("vault"),
    uri: member("properties.vaultUri", text),
  }),
  vault_tenant: member("properties.tenantId", text),
  vault_location: member("location", text),
  vault_rbac: member("properties.enableRbacAuthorization", nullable(flag)),
  vault_purge_protection: member("properties.enablePurgeProtection", nullable(flag)),
  vault_soft_delete: member("properties.enableSoftDelete", nullable(flag)),
  vault_public_access: member("properties.publicNetworkAccess", nullable(text)),
  vault_firewall: member("properties.networkAcls", nullable(firewall)),
  vault_access_policies: member("properties.accessPolicies", orElse(each(accessPolicy), [])),
  private_endpoints: member("properties.privateEndpointConnections", orElse(each(privateEndpoint), [])),
};

/** It has neither RBAC of ARM's for keys nor access policies. */
const hsmReadings: Readings = {
  ...vaultReadings,
  vault: record<AzureVault>({
    id: member("id", text),
    kind: () => known("managed-hsm"),
    uri: member("properties.hsmUri", text),
  }),
  vault_rbac: () => known(null),
  vault_access_policies: () => known([]),
};

/** https://learn.microsoft.com/en-us/cli/azure/keyvault#az-keyvault-show */
export const azureVaultDocument: DocumentKind = {
  kind: "azure.vault-key",
  recognizes: (content) => /"(?:vaultUri|hsmUri)"\s*:/.test(content),
  read: (content) => readAzDocument(content, "object", "`az keyvault show`"),
  tells: Object.keys(vaultReadings),
  comesWith: ["registration", "existence", "reads"],
  // Whether the key is there, and who is assigned what, it does not tell.
  saysNothingTo: [
    "azure/key-exists",
    "azure/registered-vault-matches",
    "azure/service-principal-present",
    "azure/no-unexpected-principal",
  ],
  remark: (content) =>
    isHsm(azContent(content))
      ? "judged as a managed HSM; its own roles, its keys and what is assigned above it were not looked at"
      : "judged as the vault alone; its keys, role assignments and diagnostic settings were not looked at",
  reads: { azure_directory: false },
  facts: (content, registration) => {
    const document = azContent(content);
    return {
      ...readAll(isHsm(document) ? hsmReadings : vaultReadings, document),
      registration: known(registration),
      existence: known("present"),
    };
  },
  names: (content) => {
    const uri = uriOf(content);
    return uri === undefined ? undefined : `https://${hostOf(uri).toLowerCase()}`;
  },
  keys: keysOf,
};

function uriOf(content: string): string | undefined {
  const document = azContent(content);
  const uri = member(isHsm(document) ? "properties.hsmUri" : "properties.vaultUri", text)(document, "");
  return uri.state === "known" ? uri.value : undefined;
}

function isHsm(document: JsonNode): boolean {
  const properties = memberOf(document, "properties");
  return properties !== undefined && memberOf(properties, "hsmUri") !== undefined;
}

function permission(node: JsonNode, where: string): Fact<string> {
  const found = text(node, where);
  return found.state === "known" ? known(found.value.toLowerCase()) : found;
}

/** The document tells which vault it is, and nothing of its keys. */
function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const uri = uriOf(content);
  const host = account ?? (uri === undefined ? "any.vault.azure.net" : hostOf(uri));
  return [azureKeyAt(host, anyKey)];
}
