import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyEnabled = defineCheck({
  id: "azure/key-enabled",
  title: "The key's current version is enabled",
  resource: "azure.vault-key",
  severity: "critical",
  why: "Anthropic wraps with the current version. Within an hour of its being switched off nothing new can be written, and what it wrapped cannot be read.",
  remediation:
    "Enable the current version again (`az keyvault key set-attributes … --enabled true`); then find out who switched it off, and why.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-attributes"],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-16", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["enabled", "current_version", "registered_key"],
  // An older version that is enabled looks like a working key, and wraps nothing.
  mayRead: ["versions"],
  evaluate({ enabled, current_version, versions }) {
    const evidence = { version: current_version, enabled };
    if (enabled) return { outcome: "pass", message: `the current version ${current_version} is enabled`, evidence };
    const listed = versions.state === "known" ? versions.value : [];
    const older = listed.filter((one) => one.enabled && one.version !== current_version);
    const left =
      older.length === 0
        ? ""
        : `; what is left enabled can only unwrap: ${older.map(({ version }) => version).join(", ")}`;
    return { outcome: "fail", message: `the current version ${current_version} is disabled${left}`, evidence };
  },

  commands({ current_version: version, registered_key }) {
    return [azKey("set-attributes", registered_key, { version, enabled: "true" })];
  },
});
