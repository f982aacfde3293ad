import { publishedRole } from "../../src/access/aws/callers.ts";
import { narrowedRole } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { findKmsAction } from "../../src/access/aws/kms-actions.ts";
import { lettingStatements, statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAwsRoleArn, anthropicAwsRoleOperations } from "../../src/guidance/identifiers.ts";
import type { AwsStatement } from "../../src/model/aws-access.ts";

export const roleLeastPrivilege = defineCheck({
  id: "aws/role-least-privilege",
  title: "The published role may encrypt, decrypt and describe, and nothing else",
  resource: "aws.kms-key",
  severity: "high",
  why: "What the role does not need can only be misused: a grant that it creates outlives the key policy, and with kms:* it could delete the key.",
  remediation: `Narrow the actions of ${anthropicAwsRoleArn} to ${anthropicAwsRoleOperations.join(", ")}, and remove the statements that give it grants.`,
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-5", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02", basis: "seen" },
    { framework: "FSBP", version: "2026", id: "KMS.1", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  explainedBy: ["aws/no-public-access"],
  evaluate({ policy_access }, context) {
    const { settings } = context;
    const role = publishedRole(anthropicAwsRoleArn, settings.anthropic_egress);
    const letting = lettingStatements(policy_access, role, context);
    const too_much = letting
      .map(({ statement, operations }) => ({
        statement: statementName(statement),
        operations: operations.filter(isBeyond),
      }))
      .filter(({ operations }) => operations.length > 0);
    if (too_much.length > 0) {
      const told = too_much.map(({ statement, operations }) => `${statement}: ${firstOf(operations)}`);
      const operations = [...new Set(too_much.flatMap((one) => one.operations))];
      return {
        outcome: "fail",
        message: `the key policy gives the published role more than ${anthropicAwsRoleOperations.join(", ")}: ${told.join("; ")}`,
        evidence: {
          let_through: too_much,
          // AWS offers these within the key's own account only: too wide all the same, though of no use to the role today.
          not_usable: operations.filter((operation) => findKmsAction(operation)?.cross_account === false),
        },
      };
    }
    const open = letting
      .map(({ statement }) => statement)
      .filter(isOpenEnded)
      .map(statementName);
    const remark = open.length === 0 ? "" : `; ${open.join(", ")} names them by a wildcard that today matches no other`;
    return {
      outcome: "pass",
      message: `the key policy gives the published role nothing beyond ${anthropicAwsRoleOperations.join(", ")}${remark}`,
      evidence: { open_ended: open },
    };
  },
  correct: (facts, context) => narrowedRole(policyToCorrect(facts, context)),
});

function isBeyond(operation: string): boolean {
  return !anthropicAwsRoleOperations.includes(operation);
}

/** Whether tomorrow's operations may be among its actions. */
function isOpenEnded({ actions }: AwsStatement): boolean {
  return actions !== null && (actions.negated || actions.values.some((action) => /[*?]/.test(action)));
}

function firstOf(operations: readonly string[]): string {
  const more = operations.length - 6;
  return more > 0 ? `${operations.slice(0, 6).join(", ")} and ${more} more` : operations.join(", ");
}
