import { withDescribe } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { decideForRole, roleRequest, tellRefusals, tellSwitchedOff } from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

const operation = "kms:DescribeKey";
/** What the request carries: an encryption-context condition, whatever it asks for, is about another operation. */
const noContext = {};

export const roleCanDescribe = defineCheck({
  id: "aws/role-can-describe",
  title: "The published role may describe the key",
  resource: "aws.kms-key",
  severity: "high",
  why: "Anthropic describes a key before it uses it: without that, validation refuses the key.",
  remediation: `Allow kms:DescribeKey to ${anthropicAwsRoleArn} in a statement of its own, without any condition on the encryption context.`,
  references: [
    "https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "reads"],
  passNeeds: ["organization_policy_access"],
  explainedBy: [
    "aws/policy-has-no-placeholder",
    "aws/no-blocking-deny",
    "aws/resource-control-policy-allows-role",
    "aws/ip-conditions-cover-egress",
    "aws/no-lookalike-principal",
    "aws/no-orphaned-principal",
  ],
  evaluate({ policy_access, reads, organization_policy_access }, context) {
    const request = roleRequest(operation, noContext, context);
    const answer = decideForRole(policy_access, organization_policy_access, request);
    if (answer.decision === "denied") {
      return { outcome: "fail", ...tellRefusals([{ operation, encryption_context: noContext, answer }]) };
    }
    if (answer.decision === "conditional") {
      const message = `whether the role may describe the key hangs on ${answer.on.join(", ")}`;
      return { outcome: "undecided", on: answer.on, message };
    }
    return {
      outcome: "pass",
      message: `the role may describe the key${tellSwitchedOff(reads)}`,
      evidence: { organization_read: reads.aws_organization },
    };
  },
  correct: (facts, context) => withDescribe(policyToCorrect(facts, context)),
});
