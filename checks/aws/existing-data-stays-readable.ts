import { compartmentChoices } from "../../src/access/aws/anthropic-requests.ts";
import { askTraffic } from "../../src/access/aws/ask-traffic.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import {
  decideForRole,
  roleRequest,
  tellAssumed,
  tellRefusals,
  tellSwitchedOff,
} from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { awsEncryptionContext, organizationSentSince } from "../../src/guidance/aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const existingDataStaysReadable = defineCheck({
  id: "aws/existing-data-stays-readable",
  title: "Data from before requests named the organization stays readable",
  resource: "aws.kms-key",
  severity: "critical",
  why: "What was encrypted before 2026-09 can be decrypted only with the compartment alone: a policy that asks for the organization everywhere loses it.",
  remediation: `Add a statement that allows ${anthropicAwsRoleArn} kms:Decrypt alone, with StringEquals on kms:EncryptionContext:anthropic:compartment_uuid for every compartment that the key is or was attached to.`,
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["registration"],
    excludes({ registration: { in_use_since } }, { guidance }) {
      if (!awsEncryptionContext[guidance].organization) return `guidance ${guidance} asks for no organization`;
      if (in_use_since === null) return "not known since when this key is in use: set `in_use_since`";
      return in_use_since >= organizationSentSince
        ? `in use since ${in_use_since}: all data names the organization`
        : undefined;
    },
  },

  reads: ["policy_access", "registration", "reads"],
  passNeeds: ["organization_policy_access"],
  explainedBy: [
    "aws/encryption-context-compartments",
    "aws/policy-has-no-placeholder",
    "aws/no-blocking-deny",
    "aws/resource-control-policy-allows-role",
    "aws/ip-conditions-cover-egress",
    "aws/no-lookalike-principal",
    "aws/no-orphaned-principal",
  ],
  evaluate({ policy_access, registration, reads, organization_policy_access }, context) {
    const compartments = compartmentChoices(registration, [policy_access.policy]);
    const answer = askTraffic({ organizations: null, compartments }, ["kms:Decrypt"], (operation, sent) =>
      decideForRole(policy_access, organization_policy_access, roleRequest(operation, sent, context)),
    );
    if (answer.refused.length > 0) {
      const { message, evidence } = tellRefusals(answer.refused);
      return {
        outcome: "fail",
        message: `data of before ${organizationSentSince} cannot be read: ${message}`,
        evidence,
      };
    }
    if (answer.open.length > 0) {
      const message = `whether older data can be read hangs on ${answer.open.join(", ")}`;
      return { outcome: "undecided", on: answer.open, message };
    }
    return {
      outcome: "pass",
      message: `the role may decrypt with each compartment alone${tellSwitchedOff(reads)}${tellAssumed(answer)}`,
      evidence: { assumed: answer.assumed, organization_read: reads.aws_organization },
    };
  },
});
