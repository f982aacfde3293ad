import { existingKey } from "../../src/access/aws/existing-key.ts";
import { contextValuesLetIn } from "../../src/access/aws/listed-context-values.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { foreignOrganizations } from "../../src/access/aws/organization-contexts.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { organizationPair } from "../../src/guidance/aws-encryption-context.ts";

export const encryptionContextOrganizationKnown = defineCheck({
  id: "aws/encryption-context-organization-known",
  title: "The key policy lists no organization beside the customer's own",
  resource: "aws.kms-key",
  severity: "high",
  why: "Anthropic uses the key for every organization that the policy lists, whoever that is.",
  remediation:
    "Remove the organizations that are not yours from the values of kms:EncryptionContext:anthropic:org_uuid, or register them under `organizations`.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "CC6.1", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["registration"],
    excludes({ registration }) {
      return registration.organizations.length === 0 ? "no organization is known: set `organizations`" : undefined;
    },
  },

  reads: ["policy", "registration"],
  evaluate({ policy, registration: { organizations } }) {
    const foreign = foreignOrganizations(policy, organizations);
    if (foreign.length === 0) {
      return {
        outcome: "pass",
        message: "the key policy lists no organization beside the customer's own",
        evidence: { organizations },
      };
    }
    const listed = contextValuesLetIn(policy, organizationPair).filter(({ value }) => foreign.includes(value));
    const statements = [...new Set(listed.map(({ statement }) => statementName(statement)))];
    return {
      outcome: "fail",
      message: `${statements.join(", ")} lists ${foreign.join(", ")}, which is not the customer's: remove it, or register it under \`organizations\``,
      evidence: { foreign, statements, organizations },
    };
  },
});
