import { compartmentChoices } from "../../src/access/aws/anthropic-requests.ts";
import { conditionsInTheWay } from "../../src/access/aws/conditions-in-the-way.ts";
import { boundContext } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { conditionText } from "../../src/access/aws/explain-denial.ts";
import { isContextKey } from "../../src/access/aws/listed-context-values.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { contextsOfOthers } from "../../src/access/aws/organization-contexts.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { breachesOf, tellBreaches } from "../../src/access/aws/probe-contexts.ts";
import { roleRequest } from "../../src/access/aws/role-access.ts";
import { type CheckContext, defineCheck } from "../../src/check/define-check.ts";
import { documentedBinding } from "../../src/guidance/aws-documented-statements.ts";
import { awsEncryptionContext, compartmentPair, organizationPair } from "../../src/guidance/aws-encryption-context.ts";
import type { AwsPolicyAccess } from "../../src/model/aws-access.ts";
import type { Registration } from "../../src/model/registration.ts";

export const encryptionContextOrganization = defineCheck({
  id: "aws/encryption-context-organization",
  title: "The published role may use the key for the customer's organizations only",
  resource: "aws.kms-key",
  severity: "high",
  why: "Validation refuses a key whose policy does not name the organization; and one that lets others in serves their requests too.",
  remediation:
    "Add StringEquals on kms:EncryptionContext:anthropic:org_uuid, with the bare lowercase UUID of each of the customer's organizations, to every statement that allows the role kms:Encrypt or kms:Decrypt.",
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
    excludes({ registration }, { guidance }) {
      if (!awsEncryptionContext[guidance].organization) return `guidance ${guidance} asks for no organization`;
      return registration.organizations.length === 0 ? "no organization is known: set `organizations`" : undefined;
    },
  },

  reads: ["policy_access", "policy_text", "registration"],
  explainedBy: ["aws/encryption-context-organization-known", "aws/policy-has-no-placeholder"],
  evaluate({ policy_access, registration }, context) {
    const { organizations } = registration;
    const breaches = breachesOf(policy_access, contextsOfOthers(policy_access.policy, organizations), context);
    if (breaches.length > 0) {
      const { message, evidence } = tellBreaches(breaches);
      return { outcome: "fail", message: `${message}: ask for ${organizations.join(" or ")} there`, evidence };
    }
    const missing = organizations.flatMap((organization) => {
      const found = conditionKeepingOut(policy_access, registration, organization, context);
      return found === undefined ? [] : [{ organization, ...found }];
    });
    if (missing.length > 0) {
      const told = missing.map(
        ({ organization, statement, condition }) =>
          `organization ${organization} is not let in by ${statement}, which has ${conditionText(condition)}`,
      );
      return {
        outcome: "fail",
        message: `${told.join("; ")}: list its bare lowercase UUID`,
        evidence: {
          missing: missing.map(({ organization, statement, condition: { operator, key, values } }) => ({
            organization,
            statement,
            condition: { operator, key, values },
          })),
        },
      };
    }
    return {
      outcome: "pass",
      message: `the role may use the key for ${organizations.join(", ")} and no other organization`,
      evidence: { organizations },
    };
  },
  correct: (facts, { guidance, ...context }) =>
    boundContext(policyToCorrect(facts, context), documentedBinding(guidance, facts.registration)),
});

/** The condition that keeps an organization out with whatever compartment, or undefined where none does. */
function conditionKeepingOut(
  access: AwsPolicyAccess,
  registration: Registration,
  organization: string,
  context: CheckContext,
) {
  const compartments = compartmentChoices(registration, [access.policy]);
  const own = { [organizationPair]: organization };
  const contexts = [own, ...compartments.map(({ value }) => ({ ...own, [compartmentPair]: value }))];
  const inTheWay = contexts.map((encryption_context) => {
    const request = roleRequest("kms:Encrypt", encryption_context, context);
    if (access.decide(request).decision !== "denied") return undefined;
    const [found] = conditionsInTheWay(access, request, (key) => isContextKey(key, organizationPair));
    return found;
  });
  const [found] = inTheWay;
  if (found === undefined || inTheWay.includes(undefined)) return undefined;
  const named = access.policy.statements.find(({ index }) => index === found.statement);
  return { statement: statementName(named ?? null), condition: found.condition };
}
