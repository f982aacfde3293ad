import { defineCheck } from "../../src/check/define-check.ts";

export const billingEnabled = defineCheck({
  id: "gcp/billing-enabled",
  title: "The key's project has billing",
  resource: "gcp.kms-key",
  severity: "high",
  why: "In a project without billing Cloud KMS stops serving its keys, and Google may remove what nobody pays for.",
  remediation: "Attach a billing account that is open (`gcloud billing projects link … --billing-account …`).",
  references: ["https://cloud.google.com/billing/docs/how-to/modify-project"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  reads: ["billing", "registered_key"],
  evaluate({ billing: { enabled, account }, registered_key: { project } }) {
    const evidence = { enabled, account };
    if (enabled) return { outcome: "pass", message: `the project ${project} has billing`, evidence };
    const why = account === null ? "no billing account is linked" : `the billing account ${account} is closed`;
    return { outcome: "fail", message: `the project ${project} has no billing: ${why}`, evidence };
  },
});
