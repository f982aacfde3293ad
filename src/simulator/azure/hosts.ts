// Which API answers at which of Azure's hosts, in the public cloud and the sovereign ones.
// https://learn.microsoft.com/en-us/azure/azure-government/compare-azure-government-global-azure
// https://learn.microsoft.com/en-us/azure/china/resources-developer-guide

export type Plane = "arm" | "vault" | "graph" | "logs";

const planes: Readonly<Record<string, Plane>> = {
  "management.azure.com": "arm",
  "management.usgovcloudapi.net": "arm",
  "management.chinacloudapi.cn": "arm",
  "graph.microsoft.com": "graph",
  "graph.microsoft.us": "graph",
  "dod-graph.microsoft.us": "graph",
  "microsoftgraph.chinacloudapi.cn": "graph",
  "api.loganalytics.azure.com": "logs",
  "api.loganalytics.io": "logs",
  "api.loganalytics.us": "logs",
  "api.loganalytics.azure.cn": "logs",
};

const vaultHost = /^[^.]+\.(vault|managedhsm)\.(azure\.net|usgovcloudapi\.net|azure\.cn)$/;

/** Undefined where no simulated API is at that host. */
export function planeOf(host: string): Plane | undefined {
  return Object.hasOwn(planes, host) ? planes[host] : vaultHost.test(host) ? "vault" : undefined;
}
