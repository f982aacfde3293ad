import { type EncryptionContext, workspaceTraffic } from "../../src/access/aws/anthropic-requests.ts";
import { askTraffic } from "../../src/access/aws/ask-traffic.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { explainOrganizationDenial } from "../../src/access/aws/explain-denial.ts";
import { attachedPolicies } from "../../src/access/aws/resource-control-policy.ts";
import { type RoleDecision, roleRequest, tellRefusals } from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { awsEncryptionContext, cryptographicOperations } from "../../src/guidance/aws-encryption-context.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const resourceControlPolicyAllowsRole = defineCheck({
  id: "aws/resource-control-policy-allows-role",
  title: "No resource control policy of the organization denies the published role",
  resource: "aws.kms-key",
  severity: "high",
  why: "A resource control policy stops the role whatever the key policy says, and the key policy does not show it.",
  remediation: `Take ${anthropicAwsRoleArn} (aws:PrincipalArn), account ${anthropicAwsAccount} (aws:PrincipalAccount), or this key (NotResource) out of the resource control policy that denies the role.`,
  references: [
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
  ],

  scope: {
    within: {
      within: existingKey,
      reads: ["reads"],
      excludes({ reads }: { readonly reads: { readonly aws_organization: boolean } }) {
        return reads.aws_organization ? undefined : "not looked at: `reads.aws_organization` is off";
      },
    },
    reads: ["organization_policy_access"],
    excludes({ organization_policy_access: access }) {
      if (access === null) return "the key's account is in no organization";
      return access.management_account
        ? "resource control policies do not apply to the organization's management account"
        : undefined;
    },
  },

  reads: ["organization_policy_access", "registration"],
  evaluate({ organization_policy_access: access, registration }, context) {
    const ask = (operation: string, sent: EncryptionContext): RoleDecision => {
      const decision = access?.decide(roleRequest(operation, sent, context));
      if (decision === undefined) return { decision: "allowed", on: [], explain: null };
      const { on } = decision;
      return { decision: decision.decision, on, explain: () => explainOrganizationDenial(decision) };
    };
    const policies = attachedPolicies(access?.levels ?? []);
    const traffic = workspaceTraffic(awsEncryptionContext[context.guidance], registration, policies);
    const used = askTraffic(traffic, cryptographicOperations, ask);
    const describes = askTraffic({ organizations: null, compartments: null }, ["kms:DescribeKey"], ask);
    const refused = [...used.refused, ...describes.refused];
    if (refused.length > 0) return { outcome: "fail", ...tellRefusals(refused) };
    const on = [...new Set([...used.open, ...describes.open])];
    if (on.length > 0) {
      const message = `whether a resource control policy denies the role hangs on ${on.join(", ")}`;
      return { outcome: "undecided", on, message };
    }
    const levels = access?.levels.map(({ kind, id }) => ({ kind, id })) ?? [];
    return {
      outcome: "pass",
      message:
        "no resource control policy at the root, the units and the account denies the role; service control policies do not apply to it",
      evidence: { levels },
    };
  },
});
