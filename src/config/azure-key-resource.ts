import { invalidResource as invalid, type ParsedKeyResource } from "./parsed-key-resource.ts";

/** https://learn.microsoft.com/en-us/azure/developer/identity/authentication-national-cloud */
export const azureClouds = ["public", "us-government", "china"] as const;
export type AzureCloud = (typeof azureClouds)[number];

export const azureKeyForm = "https://<vault>.vault.azure.net/keys/<key>";

/** Where vaults and managed HSMs are, in each cloud. https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const suffixesOf = {
  public: ["vault.azure.net", "managedhsm.azure.net"],
  "us-government": ["vault.usgovcloudapi.net", "managedhsm.usgovcloudapi.net"],
  china: ["vault.azure.cn", "managedhsm.azure.cn"],
} as const satisfies Record<AzureCloud, readonly string[]>;
const suffixes = Object.values(suffixesOf).flat();
/** 3 to 24 characters: https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault */
const vault = /^[a-z](?:-?[a-z0-9]){2,23}$/;
const key = /^[a-z0-9-]{1,127}$/;
const armVault =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/(vaults|managedhsms)\/([^/]+)(?:\/keys\/([^/]+))?/i;

/** In which cloud a vault is, by its host. */
export function azureCloudOf(host: string): AzureCloud | undefined {
  return azureClouds.find((cloud) => suffixesOf[cloud].some((suffix) => host.endsWith(`.${suffix}`)));
}

/** Whether a text is, or was meant to be, the name of something in Key Vault. */
export function looksLikeAzureKey(text: string): boolean {
  const host = /^(?:https?:\/\/)?([^/]+)/i.exec(text)?.[1]?.toLowerCase() ?? "";
  return armVault.test(text) || suffixes.some((suffix) => host.split(":")[0]?.endsWith(`.${suffix}`));
}

/**
 * Reads the identifier of a key in a vault or a managed HSM, without a version. Case and a trailing slash are ignored.
 * https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers
 */
export function parseAzureKey(text: string): ParsedKeyResource {
  const arm = armVault.exec(text);
  if (arm !== null) return invalid(whyNoArmId(arm));
  if (!/^https:\/\//i.test(text)) return invalid(`it does not begin with https://; expected ${azureKeyForm}`);
  const [, , authority = "", collection = "", name = "", version, ...more] = text
    .toLowerCase()
    .replace(/\/+$/, "")
    .split("/");
  const why = whyNotTheVault(authority) ?? whyNotTheKey(collection, name);
  if (why !== undefined) return invalid(why);
  const resource = `https://${authority}/keys/${name}`;
  if (version !== undefined && more.length === 0) {
    return invalid(
      `it names version ${version} of a key, and all versions are watched; give the key itself: ${resource}`,
    );
  }
  if (more.length > 0) return invalid(`it goes on after the key; expected ${azureKeyForm}`);
  return {
    ok: true,
    resource: {
      provider: "azure",
      kind: "azure.vault-key",
      resource,
      scope: `vaults/${authority}`,
      account: authority,
      location: null,
    },
    default_name: name.replace(/^-+/, "") || "key",
  };
}

function whyNoArmId([, collection, name = "", keyName = "<key>"]: RegExpExecArray): string {
  const domain = collection?.toLowerCase() === "vaults" ? "vault" : "managedhsm";
  const address = `https://${name.toLowerCase()}.${domain}.azure.net/keys/${keyName.toLowerCase()}`;
  return `it is the id of a resource; give the address of the key, ${address}, and the vault's id under azure.vault_resource_id`;
}

function whyNotTheVault(authority: string): string | undefined {
  if (authority.includes(":") || authority.includes("@")) {
    return `it has "${authority}" where the vault's host belongs; expected ${azureKeyForm}`;
  }
  const suffix = suffixes.find((one) => authority.endsWith(`.${one}`)) ?? "";
  const name = authority.slice(0, -suffix.length - 1);
  return vault.test(name)
    ? undefined
    : `its vault is "${name}"; expected 3 to 24 letters, digits and single dashes, the first of them a letter`;
}

function whyNotTheKey(collection: string, name: string): string | undefined {
  if (collection === "secrets" || collection === "certificates") {
    return `it names one of the vault's ${collection}; expected a key, ${azureKeyForm}`;
  }
  if (collection !== "keys" || name === "") return `it names no key of the vault; expected ${azureKeyForm}`;
  return key.test(name) ? undefined : `its key is "${name}"; expected 1 to 127 letters, digits and dashes`;
}
