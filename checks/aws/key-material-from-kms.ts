import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
const origins: ReadonlyMap<string, string> = new Map([
  ["EXTERNAL", "the material was imported, and a copy of it exists outside AWS KMS"],
  ["AWS_CLOUDHSM", "the key lives in a custom key store on an AWS CloudHSM cluster, and works only while that does"],
  ["EXTERNAL_KEY_STORE", "the key lives in a key store outside AWS, and works only while that does"],
]);

export const keyMaterialFromKms = defineCheck({
  id: "aws/key-material-from-kms",
  title: "AWS KMS made the key's material and keeps it",
  resource: "aws.kms-key",
  severity: "medium",
  why: "Material from elsewhere can be copied, lost or switched off where nobody watches it, and the data under the key with it.",
  remediation: "Create a key of origin AWS_KMS and register it instead: the origin of a key cannot be changed.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN04", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(2)", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["origin"],
  evaluate({ origin }) {
    if (origin === "AWS_KMS") return { outcome: "pass", message: "the key's origin is AWS_KMS", evidence: { origin } };
    const what = origins.get(origin) ?? "an origin that is not known to this version";
    return { outcome: "fail", message: `the key's origin is ${origin}: ${what}`, evidence: { origin } };
  },
});
