import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyMaterialGenerated = defineCheck({
  id: "gcp/key-material-generated",
  title: "No version of the key was imported",
  resource: "gcp.kms-key",
  severity: "medium",
  why: "Imported material also exists where it came from: whoever holds that copy can read the data without Cloud KMS and without leaving a trace in its logs.",
  remediation:
    "Create a key without `--import-only`, let Cloud KMS generate its versions, and register it instead; the data under imported versions stays readable only while these stay enabled.",
  references: ["https://cloud.google.com/kms/docs/key-import"],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-10", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN04", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(2)", basis: "seen" },
  ],

  scope: existingGcpKey,

  reads: ["versions", "import_only"],
  evaluate({ versions, import_only }) {
    const imported = versions.filter((version) => version.imported).map(({ number }) => number);
    const evidence = { imported, import_only };
    if (imported.length > 0) {
      const what = imported.length === 1 ? "version" : "versions";
      return { outcome: "fail", message: `${what} ${imported.join(", ")} of the key: imported`, evidence };
    }
    const remark = import_only ? "; the key takes only imported ones from now on" : "";
    return { outcome: "pass", message: `Cloud KMS generated every version of the key${remark}`, evidence };
  },
});
