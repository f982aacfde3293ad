import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** Without an expiry of new versions: after it, nothing could be encrypted any more. */
const rotationPolicy = { lifetimeActions: [{ trigger: { timeAfterCreate: "P90D" }, action: { type: "Rotate" } }] };

export const rotationScheduled = defineCheck({
  id: "azure/rotation-scheduled",
  title: "The key rotates by itself",
  resource: "azure.vault-key",
  severity: "low",
  why: "A key that never rotates keeps everything it ever wrapped under one piece of material. Rotation changes nothing for Anthropic, as long as earlier versions stay enabled and the new one is tagged.",
  remediation:
    "Set a rotation policy that rotates the key (`az keyvault key rotation-policy update … --value …`), and look after the new version's tags.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation"],
  controls: [
    { framework: "CIS Azure Foundations", version: "5.0.0", id: "8.3.9", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.4", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-12", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN03", basis: "seen" },
  ],

  scope: existingAzureKey,

  reads: ["rotation_policy", "registered_key"],
  evaluate({ rotation_policy }) {
    const evidence = { rotation_policy };
    if (rotation_policy === null) return { outcome: "fail", message: "no rotation policy is set", evidence };
    return rotation_policy.rotates
      ? { outcome: "pass", message: "a rotation policy rotates the key", evidence }
      : { outcome: "fail", message: "the rotation policy does not rotate the key", evidence };
  },

  commands({ registered_key }) {
    return [azKey("rotation-policy update", registered_key, { value: JSON.stringify(rotationPolicy) })];
  },
});
