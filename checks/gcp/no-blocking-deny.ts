import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { publishedDenial } from "../../src/access/gcp/deny.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { gcpUsePermissions, gcpViewPermission } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const noBlockingDeny = defineCheck({
  id: "gcp/no-blocking-deny",
  title: "No IAM deny policy hits the published service account",
  resource: "gcp.kms-key",
  severity: "high",
  why: "A deny policy beats every binding, so that the account cannot use the key whatever it is given.",
  remediation: `Take ${anthropicGcpAccount} out of the deny policy by an exception: \`principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}\`.`,
  references: ["https://cloud.google.com/iam/docs/deny-overview"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["reads"],
    excludes({ reads }) {
      return reads.gcp_deny_policies ? undefined : "deny policies are not read: reads.gcp_deny_policies is off";
    },
  },

  reads: ["registered_key", "deny_rules"],
  mayRead: ["project"],
  evaluate({ registered_key, deny_rules, project }, { at }) {
    const request = accountRequest(registered_key, project, at);
    const answers = [...gcpUsePermissions, gcpViewPermission].map((permission) => ({
      permission,
      ...publishedDenial(deny_rules ?? [], permission, request),
    }));
    const denied = answers.filter(({ decision }) => decision === "denied");
    if (denied.length > 0) {
      const denials = denied.map(({ permission, rules }) => ({
        permission,
        policies: [...new Set(rules.map(({ rule }) => rule.policy))],
      }));
      const told = denials.map(({ permission, policies }) => `${permission} by ${policies.join(", ")}`);
      return { outcome: "fail", message: `the account is denied ${told.join("; ")}`, evidence: { denials } };
    }
    const open = [
      ...new Set(answers.flatMap(({ on }) => on)),
      ...(answers[0]?.unread ?? []).map(({ level, rules }) => ({ name: `deny_policies:${level.name}`, why: rules })),
    ];
    if (open.length > 0) {
      return { outcome: "undecided", on: open, message: "whether a deny policy hits the account is not known" };
    }
    const levels = (deny_rules ?? []).map(({ level }) => level.name);
    return { outcome: "pass", message: "no deny policy hits the account", evidence: { looked_at: levels } };
  },
});
