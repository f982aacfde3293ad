import {
  listedCompartments,
  unlistedContexts,
  unlistedOrganizations,
} from "../../src/access/aws/anthropic-requests.ts";
import { boundContext } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { testsContextPair } from "../../src/access/aws/listed-context-values.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { breachesOf, type ProbedContext, tellBreaches } from "../../src/access/aws/probe-contexts.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { documentedBinding } from "../../src/guidance/aws-documented-statements.ts";
import {
  awsEncryptionContext,
  compartmentPair,
  cryptographicOperations,
  organizationPair,
} from "../../src/guidance/aws-encryption-context.ts";
import type { AwsPolicy } from "../../src/model/aws-access.ts";

export const encryptionContextBound = defineCheck({
  id: "aws/encryption-context-bound",
  title: "The published role may use the key for the customer's own encryption contexts only",
  resource: "aws.kms-key",
  severity: "medium",
  why: "The role works for every customer of Anthropic: only the encryption context tells for whom a request is made.",
  remediation:
    "Add a StringEquals condition on kms:EncryptionContext:anthropic:org_uuid (before 2026-09: on kms:EncryptionContext:anthropic:compartment_uuid) to every statement that allows the role kms:Encrypt or kms:Decrypt.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "CC6.1", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.6.1", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "registration"],
  evaluate({ policy_access }, context) {
    const { binding } = awsEncryptionContext[context.guidance];
    const breaches = breachesOf(policy_access, foreignContexts(policy_access.policy), context);
    if (breaches.length > 0) {
      const { message, evidence } = tellBreaches(breaches);
      return {
        outcome: "fail",
        message: `${message}: bind it by StringEquals to the customer (${binding} by guidance ${context.guidance})`,
        evidence,
      };
    }
    return {
      outcome: "pass",
      message: "the role may use the key with no encryption context that the key policy does not list",
      evidence: { binding },
    };
  },
  correct: (facts, { guidance, ...context }) =>
    boundContext(policyToCorrect(facts, context), documentedBinding(guidance, facts.registration)),
});

/** A statement for data of before that lists compartments and lets nothing but Decrypt through opens nothing new. */
function foreignContexts(policy: AwsPolicy): readonly ProbedContext[] {
  const unlisted = unlistedContexts(policy).map((probe) => ({ ...probe, operations: cryptographicOperations }));
  if (!policy.statements.some((statement) => testsContextPair(statement, organizationPair))) return unlisted;
  const claimed = unlistedOrganizations(policy).flatMap((organization) =>
    listedCompartments(policy).map((compartment) => ({
      told: "an organization that is not listed, beside a listed compartment",
      context: { [organizationPair]: organization, [compartmentPair]: compartment },
      operations: ["kms:Encrypt"],
    })),
  );
  return [...unlisted, ...claimed];
}
