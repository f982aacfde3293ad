import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const day = 86_400_000;

export const destroyDelayIsSafe = defineCheck({
  id: "gcp/destroy-delay-is-safe",
  title: "A version that is to be destroyed can be restored for long enough",
  resource: "gcp.kms-key",
  severity: "low",
  why: "Between the decision to destroy a version and its end there is time to notice and to restore it; after that the data is gone for good.",
  remediation:
    "Create a key with a longer `--destroy-scheduled-duration` and register it instead, or accept the finding with its reason: it cannot be changed after creation.",
  references: ["https://cloud.google.com/kms/docs/destroy-restore"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "SOC 2", version: "2017", id: "PI1.5", basis: "seen" },
  ],

  scope: existingGcpKey,

  reads: ["destroy_delay"],
  evaluate({ destroy_delay }, { settings: { min_destroy_delay } }) {
    const evidence = { destroy_delay_days: destroy_delay / day, min_destroy_delay_days: min_destroy_delay / day };
    const length = `a version that is to be destroyed can be restored for ${days(destroy_delay)}`;
    return destroy_delay >= min_destroy_delay
      ? { outcome: "pass", message: length, evidence }
      : {
          outcome: "fail",
          message: `${length}, and settings.min_destroy_delay is ${days(min_destroy_delay)}; it cannot be changed after creation`,
          evidence,
        };
  },
});

function days(milliseconds: number): string {
  const count = milliseconds / day;
  return count === 1 ? "1 day" : `${count} days`;
}
