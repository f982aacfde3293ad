import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const documented = { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT" };

export const keySymmetricEncryptDecrypt = defineCheck({
  id: "aws/key-symmetric-encrypt-decrypt",
  title: "The key is a symmetric key for encryption and decryption",
  resource: "aws.kms-key",
  severity: "high",
  why: "Anthropic encrypts and decrypts with a symmetric key and an encryption context: a key of another kind takes neither.",
  remediation:
    "Create a key with spec SYMMETRIC_DEFAULT and usage ENCRYPT_DECRYPT and register it instead: neither can be changed afterwards.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-13", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["spec", "usage"],
  evaluate({ spec, usage }) {
    const wrong = [
      ...(spec === documented.spec ? [] : [`spec ${spec} instead of ${documented.spec}`]),
      ...(usage === documented.usage ? [] : [`usage ${usage} instead of ${documented.usage}`]),
    ];
    const evidence = { spec, usage };
    return wrong.length === 0
      ? { outcome: "pass", message: `the key has spec ${spec} and usage ${usage}`, evidence }
      : { outcome: "fail", message: `the key has ${wrong.join(" and ")}`, evidence };
  },
});
