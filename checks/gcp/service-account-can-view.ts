import {
  accountRequest,
  askForAccount,
  isAccountDenied,
  verdictOnAccount,
} from "../../src/access/gcp/account-requests.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { bindAccount } from "../../src/access/gcp/gcloud-bindings.ts";
import { levelsRead } from "../../src/access/gcp/levels-read.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { gcpViewerRole, gcpViewPermission } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const serviceAccountCanView = defineCheck({
  id: "gcp/service-account-can-view",
  title: "The published service account may look at the key",
  resource: "gcp.kms-key",
  severity: "high",
  why: "Anthropic looks at a key before it takes it: where that is refused, the key cannot be registered, and a later validation fails.",
  remediation: `Give ${anthropicGcpAccount} the role ${gcpViewerRole} on the key, without a condition, and remove what denies it.`,
  references: ["https://cloud.google.com/kms/docs/reference/permissions-and-roles"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "deny_rules", "project"],
  explainedBy: [
    "gcp/bindings-stay-in-force",
    "gcp/no-blocking-deny",
    "gcp/no-lookalike-principal",
    "gcp/domain-restriction-allows-service-account",
  ],
  evaluate({ registered_key, project, deny_rules, ...levels }, { at }) {
    const request = accountRequest(registered_key, project, at);
    return verdictOnAccount(
      askForAccount([gcpViewPermission], levelsRead(levels), deny_rules, request),
      "look at the key",
    );
  },

  commands({ registered_key, project, deny_rules }, { at }) {
    // No binding helps against a denial.
    const request = accountRequest(registered_key, project, at);
    return isAccountDenied([gcpViewPermission], deny_rules, request)
      ? []
      : bindAccount([gcpViewPermission], registered_key);
  },
});
