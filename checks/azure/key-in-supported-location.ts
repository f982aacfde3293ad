import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { recommendedAzureLocations, supportedAzureLocations } from "../../src/guidance/supported-regions.ts";

/** `eastus3`, `centraluseuap`, `usgovvirginia`; not `australiaeast`, nor `brazilus`. */
const unitedStates = /^(?:us|unitedstates|(?:north|south|east|west|central)+us)/;

export const keyInSupportedLocation = defineCheck({
  id: "azure/key-in-supported-location",
  title: "The vault is in a location that Anthropic supports",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic calls vaults in some regions of the United States only, and a vault cannot be moved to another one.",
  remediation: `Create a vault in a supported region of the United States (recommended: ${recommendedAzureLocations.join(", ")}), a key in it, and register that instead.`,
  references: ["https://learn.microsoft.com/en-us/azure/reliability/regions-list"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.Core.CN06", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(5)", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.23", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["vault_location"],
  evaluate({ vault_location }) {
    // Azure takes a region's name and its display name for the same: East US 2 is eastus2.
    const location = vault_location.toLowerCase().replaceAll(" ", "");
    const recommended = recommendedAzureLocations.includes(location);
    const evidence = { location, recommended };
    if (supportedAzureLocations.includes(location)) {
      const remark = recommended ? "" : `; recommended is ${recommendedAzureLocations.join(" or ")}`;
      return { outcome: "pass", message: `the location ${location} is supported${remark}`, evidence };
    }
    // A new region of the supported geography may be fine: what is said is that nobody here can tell.
    const why = unitedStates.test(location)
      ? "is not known to this version as a supported one"
      : "is outside the supported geography";
    return { outcome: "fail", message: `the location ${location} ${why}`, evidence };
  },
});
