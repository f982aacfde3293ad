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
import { gcpEncrypterDecrypterRole, gcpUsePermissions } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const serviceAccountCanEncryptAndDecrypt = defineCheck({
  id: "gcp/service-account-can-encrypt-and-decrypt",
  title: "The published service account may encrypt and decrypt",
  resource: "gcp.kms-key",
  severity: "high",
  why: "A request that is refused is workspace data that can be neither written nor read.",
  remediation: `Give ${anthropicGcpAccount} the role ${gcpEncrypterDecrypterRole} on the key, without a condition, and remove what denies it.`,
  references: [
    "https://cloud.google.com/kms/docs/reference/permissions-and-roles",
    "https://cloud.google.com/iam/docs/policy-types",
  ],
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
      askForAccount(gcpUsePermissions, levelsRead(levels), deny_rules, request),
      "encrypt and decrypt",
    );
  },

  commands({ registered_key, project, deny_rules }, { at }) {
    // No binding helps against a denial.
    const request = accountRequest(registered_key, project, at);
    return isAccountDenied(gcpUsePermissions, deny_rules, request)
      ? []
      : bindAccount(gcpUsePermissions, registered_key);
  },
});
