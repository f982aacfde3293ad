import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const registeredRoleIsPublished = defineCheck({
  id: "aws/registered-role-is-published",
  title: "The registered role is the published one, or none",
  resource: "aws.kms-key",
  severity: "medium",
  why: "Anthropic's API ignores the role of a registration, so nothing breaks; but a wrong one shows that somebody was given another identity to trust.",
  remediation: `Correct the registered role to ${anthropicAwsRoleArn}, or leave it out, and find out where the other one came from.`,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["registration"],
  evaluate({ registration: { role_arn } }) {
    if (role_arn === null) return { outcome: "pass", message: "no role is registered", evidence: { role_arn } };
    return role_arn === anthropicAwsRoleArn
      ? { outcome: "pass", message: "the registered role is the published one", evidence: { role_arn } }
      : {
          outcome: "fail",
          message: `the registered role is ${role_arn}; the published one is ${anthropicAwsRoleArn}`,
          evidence: { role_arn },
        };
  },
});
