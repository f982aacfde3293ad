import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { perimeterVerdict } from "../../src/access/gcp/perimeter.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const servicePerimeterAllowsServiceAccount = defineCheck({
  id: "gcp/service-perimeter-allows-service-account",
  title: "No service perimeter keeps the published service account out",
  resource: "gcp.kms-key",
  severity: "high",
  why: "A perimeter that restricts Cloud KMS refuses every request from outside, whatever IAM says; Anthropic calls from outside.",
  remediation: `Give the perimeter an ingress rule that lets ${anthropicGcpAccount} in for cloudkms.googleapis.com and the project, from Anthropic's outbound range.`,
  references: ["https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["reads"],
    excludes({ reads }) {
      return reads.gcp_perimeters ? undefined : "service perimeters are not read: reads.gcp_perimeters is off";
    },
  },

  reads: ["perimeter_access"],
  evaluate({ perimeter_access }, { settings: { anthropic_egress } }) {
    if (perimeter_access === null) {
      const evidence = { perimeters: [] };
      return { outcome: "pass", message: "the project is in no organization, and so in no perimeter", evidence };
    }
    const { decision, on, perimeters } = perimeterVerdict(perimeter_access, anthropic_egress);
    const evidence = {
      perimeters: perimeters.map(({ name, title, decision: answer, refused_addresses }) => ({
        name,
        title,
        decision: answer,
        refused_addresses: [...refused_addresses],
      })),
    };
    if (decision === "blocked") {
      const told = perimeters
        .filter((one) => one.decision === "blocked")
        .map(({ title, name, refused_addresses }) => `${title || name} (from ${refused_addresses.join(", ")})`);
      return { outcome: "fail", message: `kept out by the perimeter ${told.join(", ")}`, evidence };
    }
    if (decision === "conditional") {
      const message = `whether a perimeter keeps the account out hangs on ${on.join(", ")}`;
      return { outcome: "undecided", on, message };
    }
    const inside = perimeters.map(({ title, name }) => title || name);
    const what =
      inside.length === 0
        ? "no perimeter restricts Cloud KMS for the project"
        : `${inside.join(", ")} lets the account in`;
    return { outcome: "pass", message: what, evidence };
  },
});
