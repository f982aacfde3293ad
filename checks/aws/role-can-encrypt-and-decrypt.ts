import { workspaceTraffic } from "../../src/access/aws/anthropic-requests.ts";
import { askTraffic } from "../../src/access/aws/ask-traffic.ts";
import { withUse } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import {
  decideForRole,
  roleRequest,
  tellAssumed,
  tellRefusals,
  tellSwitchedOff,
} from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { awsEncryptionContext, cryptographicOperations } from "../../src/guidance/aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const roleCanEncryptAndDecrypt = defineCheck({
  id: "aws/role-can-encrypt-and-decrypt",
  title: "The published role may encrypt and decrypt for every workspace that uses the key",
  resource: "aws.kms-key",
  severity: "high",
  why: "A request that is refused is workspace data that can be neither written nor read.",
  remediation: `Allow kms:Encrypt and kms:Decrypt to ${anthropicAwsRoleArn} in the key policy, for the encryption contexts of every workspace, and remove what stops them.`,
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "registration", "reads"],
  passNeeds: ["organization_policy_access"],
  explainedBy: [
    "aws/encryption-context-organization",
    "aws/encryption-context-compartments",
    "aws/policy-has-no-placeholder",
    "aws/no-blocking-deny",
    "aws/resource-control-policy-allows-role",
    "aws/ip-conditions-cover-egress",
    "aws/no-lookalike-principal",
    "aws/no-orphaned-principal",
  ],
  evaluate({ policy_access, registration, reads, organization_policy_access }, context) {
    const traffic = workspaceTraffic(awsEncryptionContext[context.guidance], registration, [policy_access.policy]);
    const answer = askTraffic(traffic, cryptographicOperations, (operation, encryption_context) =>
      decideForRole(policy_access, organization_policy_access, roleRequest(operation, encryption_context, context)),
    );
    if (answer.refused.length > 0) return { outcome: "fail", ...tellRefusals(answer.refused) };
    if (answer.open.length > 0) {
      const message = `whether the role may encrypt and decrypt hangs on ${answer.open.join(", ")}`;
      return { outcome: "undecided", on: answer.open, message };
    }
    return {
      outcome: "pass",
      message: `the role may encrypt and decrypt${tellSwitchedOff(reads)}${tellAssumed(answer)}`,
      evidence: { assumed: answer.assumed, organization_read: reads.aws_organization },
    };
  },
  correct: (facts, { guidance, ...context }) => withUse(policyToCorrect(facts, context), guidance, facts.registration),
});
