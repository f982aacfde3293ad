import { keyInSupportedLocation } from "../../../checks/azure/key-in-supported-location.ts";
import { supportedAzureLocations } from "../../../src/guidance/supported-regions.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const inLocation = (location: string) => azureVaultKey({ vault_location: known(location) });

testCheck(keyInSupportedLocation, {
  pass: [
    ...supportedAzureLocations.map((location) => ({ name: location, resource: inLocation(location) })),
    { name: "by its display name", resource: inLocation("East US 2"), message: /eastus2 is supported$/ },
    { name: "in capitals", resource: inLocation("WestUS"), message: "recommended is northcentralus or eastus2" },
    { name: "a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "a region that nobody knows yet",
      resource: inLocation("eastus3"),
      message: "the location eastus3 is not known to this version",
    },
    { name: "another one", resource: inLocation("southeastus"), message: "not known to this version" },
    { name: "one for early access", resource: inLocation("centraluseuap"), message: "not known to this version" },
    { name: "the government's", resource: inLocation("usgovvirginia"), message: "not known to this version" },
    { name: "the United States at large", resource: inLocation("unitedstates"), message: "not known to this version" },
    { name: "elsewhere", resource: inLocation("westeurope"), message: "outside the supported geography" },
    { name: "a name with the letters in it", resource: inLocation("australiaeast"), message: "outside" },
    { name: "a name that ends with them", resource: inLocation("brazilus"), message: "outside" },
    { name: "elsewhere in America", resource: inLocation("canadacentral"), message: "outside" },
    { name: "everywhere", resource: inLocation("global"), message: "outside" },
    {
      name: "a managed HSM elsewhere",
      resource: azureHsmKey({ vault_location: known("uksouth") }),
      message: "outside",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "vault denied", resource: azureVaultKey({ vault_location: unreadable("access-denied", "") }) },
    { name: "existence unknown", resource: azureVaultKey({ existence: unreadable("timeout", "") }) },
  ],
});
