import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** Of a key that is kept outside Google Cloud: what that means is for another check. */
const symmetric = ["GOOGLE_SYMMETRIC_ENCRYPTION", "EXTERNAL_SYMMETRIC_ENCRYPTION"];

export const keySymmetricEncryptDecrypt = defineCheck({
  id: "gcp/key-symmetric-encrypt-decrypt",
  title: "The key is a symmetric one for encryption and decryption",
  resource: "gcp.kms-key",
  severity: "high",
  why: "Anthropic encrypts and decrypts with the key. A key that signs, or whose algorithm is another, refuses both.",
  remediation:
    "Create a key of purpose `encryption` (`gcloud kms keys create … --purpose encryption`) and register it instead: a purpose cannot be changed.",
  references: ["https://cloud.google.com/kms/docs/algorithms"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-13", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["purpose", "primary", "template"],
  evaluate({ purpose, primary, template }) {
    const algorithm = (primary ?? template)?.algorithm ?? null;
    const evidence = { purpose, algorithm };
    if (purpose !== "ENCRYPT_DECRYPT") {
      return { outcome: "fail", message: `the key's purpose is ${purpose}, not ENCRYPT_DECRYPT`, evidence };
    }
    if (algorithm === null) {
      const message = "the key has no version yet, and says of none which algorithm it will have";
      return { outcome: "undecided", on: ["algorithm"], message };
    }
    return symmetric.includes(algorithm)
      ? { outcome: "pass", message: `the key encrypts and decrypts with ${algorithm}`, evidence }
      : {
          outcome: "fail",
          message: `the key's algorithm is ${algorithm}, which is not symmetric encryption`,
          evidence,
        };
  },
});
