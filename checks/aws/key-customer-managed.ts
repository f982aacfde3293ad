import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyCustomerManaged = defineCheck({
  id: "aws/key-customer-managed",
  title: "The key is managed by the customer",
  resource: "aws.kms-key",
  severity: "high",
  why: "The policy of a key that AWS manages cannot be changed: it cannot be given to Anthropic, nor be taken away again.",
  remediation: "Create a customer managed key and register it instead.",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(6)", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["manager"],
  evaluate({ manager }) {
    return manager === "CUSTOMER"
      ? { outcome: "pass", message: "the customer manages the key", evidence: { manager } }
      : { outcome: "fail", message: `the key's manager is ${manager}, not CUSTOMER`, evidence: { manager } };
  },
});
