import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureVault } from "../../src/model/azure.ts";
import type { Fact } from "../../src/model/fact.ts";

/** In the public and the sovereign clouds: https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const vaultHost = /^[a-z0-9-]+\.(?:vault|managedhsm)\.(?:azure\.net|usgovcloudapi\.net|azure\.cn)$/;

export const registeredVaultMatches = defineCheck({
  id: "azure/registered-vault-matches",
  title: "The registered vault and key are the ones that were read",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic calls the address that is registered: where another vault or key answers, what is judged here is not the key that Anthropic uses.",
  remediation:
    "Register the vault's address and the key's name, with Anthropic and here (`az keyvault key show --vault-name … --name … --query key.kid`, without the version), and correct `azure.vault_resource_id` where it is set.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.9", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["registered_key", "registration"],
  passNeeds: ["read_uri"],
  // The key's address begins with its vault's, so that the vault's own only adds to what is wrong.
  mayRead: ["vault"],
  evaluate({ registered_key: { host, key }, registration: { azure }, read_uri, vault }) {
    const registered = `https://${host}/keys/${key}`;
    const read = read_uri.state === "known" ? read_uri.value : null;
    const vaultRead = vault.state === "known" ? vault.value.uri : null;
    const wrong = [
      ...(vaultHost.test(host.toLowerCase()) ? [] : [`${host} is no host of a vault or a managed HSM`]),
      ...(vaultRead === null || plain(vaultRead) === plain(`https://${host}`)
        ? []
        : [`the vault that was read is ${vaultRead}, and https://${host} is registered`]),
      ...(read === null || plain(read) === plain(registered)
        ? []
        : [`the key that answered is ${read}, and ${registered} is registered`]),
    ];
    const evidence = { registered, read, vault: vaultRead };
    if (wrong.length > 0) return { outcome: "fail", message: wrong.join("; "), evidence };
    const left = movedFrom(azure?.vault_resource_id ?? null, vault);
    return { outcome: "pass", message: `the registered vault and key are the ones that were read${left}`, evidence };
  },
});

/** The vault was found where it is now all the same. */
function movedFrom(registered: string | null, vault: Fact<AzureVault>): string {
  if (registered === null || vault.state === "unreadable" || plain(registered) === plain(vault.value.id)) return "";
  return `; azure.vault_resource_id is out of date: the vault is ${vault.value.id}`;
}

/** As addresses are compared. Azure writes the port of a key's address into some answers. */
function plain(address: string): string {
  return address
    .toLowerCase()
    .replace(/\/+$/, "")
    .replace(/^(https:\/\/[^/:]+):443(?=\/|$)/, "$1");
}
