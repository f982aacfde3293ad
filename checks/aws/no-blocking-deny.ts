import { type EncryptionContext, workspaceTraffic } from "../../src/access/aws/anthropic-requests.ts";
import { type AskedRequest, askTraffic } from "../../src/access/aws/ask-traffic.ts";
import { sparedRole } from "../../src/access/aws/correct-role-access.ts";
import { type Denials, denialsAt } from "../../src/access/aws/denials.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { conditionText } from "../../src/access/aws/explain-denial.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { roleRequest } from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { awsEncryptionContext, cryptographicOperations } from "../../src/guidance/aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const noBlockingDeny = defineCheck({
  id: "aws/no-blocking-deny",
  title: "No Deny in the key policy hits the published role",
  resource: "aws.kms-key",
  severity: "high",
  why: "A Deny beats every Allow, so that the role cannot use the key whatever else the policy says.",
  remediation: `Take the role out of the Deny by ArnNotEquals on aws:PrincipalArn with ${anthropicAwsRoleArn}; NotPrincipal cannot spare it.`,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "registration"],
  explainedBy: ["aws/ip-conditions-cover-egress"],
  evaluate({ policy_access, registration }, context) {
    const ask = (operation: string, sent: EncryptionContext) =>
      denialsAt(policy_access, roleRequest(operation, sent, context));
    const traffic = workspaceTraffic(awsEncryptionContext[context.guidance], registration, [policy_access.policy]);
    const used = askTraffic(traffic, cryptographicOperations, ask);
    const describes = askTraffic({ organizations: null, compartments: null }, ["kms:DescribeKey"], ask);
    const refused = [...used.refused, ...describes.refused];
    if (refused.length > 0) return { outcome: "fail", ...tellHits(refused) };
    const on = [...new Set([...used.open, ...describes.open])];
    if (on.length > 0) {
      return { outcome: "undecided", on, message: `whether a Deny hits the role hangs on ${on.join(", ")}` };
    }
    const denying = policy_access.policy.statements.filter(({ effect }) => effect === "Deny").map(statementName);
    return {
      outcome: "pass",
      message: denying.length === 0 ? "the key policy has no Deny" : `${denying.join(", ")} does not hit the role`,
      evidence: { denying },
    };
  },
  correct: (facts, context) => sparedRole(policyToCorrect(facts, context)),
});

function tellHits(refused: readonly AskedRequest<Denials>[]) {
  const hits = refused.flatMap(({ operation, answer }) =>
    answer.hitting.map((statement) => ({ operation, statement })),
  );
  const denials = [...Map.groupBy(hits, ({ statement }) => statement)].map(([statement, ofStatement]) => ({
    statement: statementName(statement),
    operations: [...new Set(ofStatement.map(({ operation }) => operation))],
    conditions: statement.conditions.map(({ operator, key, values }) => ({ operator, key, values })),
    when: statement.conditions.map(conditionText).join(" and "),
  }));
  const told = denials.map(({ statement, operations, when }) => {
    return `${statement} denies the role ${operations.join(", ")}${when === "" ? "" : ` (${when})`}`;
  });
  return {
    message: `${told.join("; ")}: except the role by ArnNotEquals on aws:PrincipalArn`,
    evidence: { denials: denials.map(({ when: _, ...denial }) => denial) },
  };
}
