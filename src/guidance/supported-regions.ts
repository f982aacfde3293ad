/** Where a key may be, by the provider's own names, as of 2026-11. The same under every revision of the guidance. */

export const supportedAwsRegions: readonly string[] = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"];
export const recommendedAwsRegions: readonly string[] = ["us-east-2"];

/** Single regions of the United States: neither `us`, `nam…` nor `global`. */
export const supportedGcpLocation = /^us-(?:central|east|west|south)[0-9]+$/;
export const recommendedGcpLocations: readonly string[] = ["us-central1", "us-east5"];

export const supportedAzureLocations: readonly string[] = [
  "eastus",
  "eastus2",
  "centralus",
  "northcentralus",
  "southcentralus",
  "westcentralus",
  "westus",
  "westus2",
  "westus3",
];
export const recommendedAzureLocations: readonly string[] = ["northcentralus", "eastus2"];
