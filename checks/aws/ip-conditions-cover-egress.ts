import { workspaceTraffic } from "../../src/access/aws/anthropic-requests.ts";
import { addressConditionKeys, addressesKeptOut, addressRemarks } from "../../src/access/aws/egress-conditions.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { conditionText } from "../../src/access/aws/explain-denial.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { awsEncryptionContext } from "../../src/guidance/aws-encryption-context.ts";

export const ipConditionsCoverEgress = defineCheck({
  id: "aws/ip-conditions-cover-egress",
  title: "Conditions on addresses let the whole range in from which Anthropic calls",
  resource: "aws.kms-key",
  severity: "high",
  why: "Requests may come from any address of the range: those that a condition refuses fail now and then, or all of them.",
  remediation:
    "Allow the whole outbound range of Anthropic (160.79.104.0/21; ask Anthropic for the current list) in every aws:SourceIp condition that the role meets, or take the condition off.",
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "registration"],
  evaluate({ policy_access, registration }, context) {
    const { policy } = policy_access;
    const { anthropic_egress } = context.settings;
    const conditions = policy.statements.flatMap((statement) => statement.conditions);
    if (!conditions.some(({ key }) => addressConditionKeys.includes(key.toLowerCase()))) {
      return { outcome: "pass", message: "no condition looks at addresses", evidence: { anthropic_egress } };
    }
    const traffic = workspaceTraffic(awsEncryptionContext[context.guidance], registration, [policy]);
    const { kept_out, open } = addressesKeptOut(policy_access, traffic, context);
    if (kept_out.length > 0) {
      const told = kept_out.map(({ statement, condition, ranges }) => {
        const remarks = addressRemarks(condition.values).map((remark) => ` (${remark})`);
        return `${statementName(statement)} with ${conditionText(condition)} refuses ${ranges.join(", ")}${remarks.join("")}`;
      });
      return {
        outcome: "fail",
        message: `${told.join("; ")}: let all of ${anthropic_egress.join(", ")} in`,
        evidence: {
          anthropic_egress,
          refused: kept_out.map(({ statement, condition: { operator, key, values }, ranges }) => ({
            statement: statementName(statement),
            condition: { operator, key, values },
            ranges,
          })),
        },
      };
    }
    if (open.length > 0) {
      return { outcome: "undecided", on: open, message: `a condition on ${open.join(", ")} cannot be judged` };
    }
    return {
      outcome: "pass",
      message: `every condition on addresses lets ${anthropic_egress.join(", ")} in`,
      evidence: { anthropic_egress },
    };
  },
});
