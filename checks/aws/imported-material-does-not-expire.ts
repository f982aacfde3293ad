import { existingKey } from "../../src/access/aws/existing-key.ts";
import { formatDate } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const importedMaterialDoesNotExpire = defineCheck({
  id: "aws/imported-material-does-not-expire",
  title: "The key's imported material does not expire",
  resource: "aws.kms-key",
  severity: "high",
  why: "When imported material expires, AWS KMS deletes it: the key stops working until the very same material is imported again.",
  remediation:
    "Import the same material again, without an expiration date (`aws kms import-key-material … --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE`).",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html",
    "https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html",
  ],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-12", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.4", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["origin", "state"],
    excludes({ origin, state }) {
      if (origin !== "EXTERNAL") return `the key's material was not imported: its origin is ${origin}`;
      // Nothing tells any more when the material that was there expired.
      return state === "PendingImport" ? "the key has no material at present: see aws/key-enabled" : undefined;
    },
  },

  reads: ["material_expires"],
  evaluate({ material_expires }) {
    if (material_expires === null) {
      return { outcome: "pass", message: "the imported material has no end", evidence: { material_expires: null } };
    }
    const date = formatDate(material_expires);
    return {
      outcome: "fail",
      message: `the imported material expires at ${date}; from then on the key cannot be used`,
      evidence: { material_expires: date },
    };
  },
});
