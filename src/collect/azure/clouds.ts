/** Where each of Azure's clouds is. https://learn.microsoft.com/en-us/azure/developer/identity/authentication-national-cloud */
import type { AzureCloud } from "../../config/azure-key-resource.ts";
import type { AzureVaultKind } from "../../model/azure.ts";

export interface AzureHosts {
  /** Who gives tokens. */
  readonly authority: string;
  readonly arm: string;
  readonly graph: string;
  /** What every host of a vault or a managed HSM ends with; also, with `https://`, for whom their tokens are. */
  readonly vaults: Readonly<Record<AzureVaultKind, string>>;
}

/** Sovereign addresses: https://learn.microsoft.com/en-us/azure/azure-government/compare-azure-government-global-azure, https://learn.microsoft.com/en-us/azure/china/resources-developer-guide, https://learn.microsoft.com/en-us/graph/deployments */
export const azureHosts = {
  public: {
    authority: "https://login.microsoftonline.com",
    arm: "management.azure.com",
    graph: "graph.microsoft.com",
    vaults: { vault: "vault.azure.net", "managed-hsm": "managedhsm.azure.net" },
  },
  "us-government": {
    authority: "https://login.microsoftonline.us",
    arm: "management.usgovcloudapi.net",
    graph: "graph.microsoft.us",
    vaults: { vault: "vault.usgovcloudapi.net", "managed-hsm": "managedhsm.usgovcloudapi.net" },
  },
  china: {
    authority: "https://login.chinacloudapi.cn",
    arm: "management.chinacloudapi.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    vaults: { vault: "vault.azure.cn", "managed-hsm": "managedhsm.azure.cn" },
  },
} as const satisfies Record<AzureCloud, AzureHosts>;
