import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { flag, gcloudKey } from "../../src/access/gcp/gcloud.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** What a request that the customer's own workload caused is justified by. */
const customerInitiated = "CUSTOMER_INITIATED_ACCESS";

export const accessJustificationsAllowUse = defineCheck({
  id: "gcp/access-justifications-allow-use",
  title: "Key Access Justifications let customer-initiated access through",
  resource: "gcp.kms-key",
  severity: "high",
  why: "Cloud KMS refuses every use of the key whose justification the policy does not list; Anthropic's requests count as initiated by a customer.",
  remediation:
    "Add `CUSTOMER_INITIATED_ACCESS` to the key's allowed access reasons (`gcloud kms keys update … --allowed-access-reasons …`), or remove the policy.",
  references: ["https://cloud.google.com/assured-workloads/key-access-justifications/docs/justification-codes"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["justifications", "registered_key"],
  evaluate({ justifications }) {
    if (justifications === null) {
      return { outcome: "pass", message: "no justification policy is set", evidence: { allowed_reasons: null } };
    }
    const { allowed_reasons } = justifications;
    const evidence = { allowed_reasons: [...allowed_reasons] };
    if (allowed_reasons.includes(customerInitiated)) {
      return { outcome: "pass", message: "the justification policy allows customer-initiated access", evidence };
    }
    const what = allowed_reasons.length === 0 ? "an empty list, which refuses every use" : allowed_reasons.join(", ");
    return {
      outcome: "fail",
      message: `the justification policy does not allow ${customerInitiated}: it allows ${what}`,
      evidence,
    };
  },

  commands({ justifications, registered_key }) {
    const reasons = [...(justifications?.allowed_reasons ?? []), customerInitiated];
    // A reason that comes as a number is newer than this version: nobody here knows its name, and it must not be lost.
    if (reasons.some((reason) => !/^[A-Z_]+$/.test(reason))) return [];
    const words = reasons.map((reason) => reason.toLowerCase().replaceAll("_", "-"));
    return [`${gcloudKey("update", registered_key)} ${flag("allowed-access-reasons", words.join(","))}`];
  },
});
