import { organizationChoices } from "../../src/access/aws/anthropic-requests.ts";
import { askTraffic } from "../../src/access/aws/ask-traffic.ts";
import { conditionsInTheWay } from "../../src/access/aws/conditions-in-the-way.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { conditionText } from "../../src/access/aws/explain-denial.ts";
import { isContextKey, testsContextPair } from "../../src/access/aws/listed-context-values.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { roleRequest } from "../../src/access/aws/role-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import {
  awsEncryptionContext,
  compartmentPair,
  cryptographicOperations,
  organizationPair,
} from "../../src/guidance/aws-encryption-context.ts";
import type { AwsCondition } from "../../src/model/aws-access.ts";

const isAboutCompartment = (key: string) => isContextKey(key, compartmentPair);

export const encryptionContextCompartmentsOptional = defineCheck({
  id: "aws/encryption-context-compartments-optional",
  title: "Beside the organization, the key policy asks for compartments only where a request has one",
  resource: "aws.kms-key",
  severity: "medium",
  why: "A condition without IfExists refuses every request of the organization that carries no compartment.",
  remediation:
    "Move kms:EncryptionContext:anthropic:compartment_uuid from StringEquals to StringEqualsIfExists, beside the StringEquals on the organization.",
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: {
    within: existingKey,
    reads: ["policy"],
    excludes({ policy: { statements } }, { guidance }) {
      if (!awsEncryptionContext[guidance].compartment_optional) {
        return `under guidance ${guidance} every request carries a compartment`;
      }
      const tested = (pair: string) => statements.some((statement) => testsContextPair(statement, pair));
      if (!tested(organizationPair)) return "no statement of the key policy looks at the organization";
      return tested(compartmentPair) ? undefined : "no statement of the key policy looks at the compartment";
    },
  },

  reads: ["policy_access", "registration"],
  evaluate({ policy_access, registration }, context) {
    const organizations = organizationChoices(registration, [policy_access.policy]);
    const traffic = { organizations, compartments: null };
    const { refused, open } = askTraffic(traffic, cryptographicOperations, (operation, sent) =>
      policy_access.decide(roleRequest(operation, sent, context)),
    );
    const found = refused.flatMap(({ operation, encryption_context }) =>
      conditionsInTheWay(policy_access, roleRequest(operation, encryption_context, context), isAboutCompartment).map(
        ({ statement, condition }) => ({ operation, statement, condition }),
      ),
    );
    const [first] = found;
    if (first !== undefined) {
      const { operator, key, values } = first.condition;
      const named = policy_access.policy.statements.find(({ index }) => index === first.statement);
      const statement = statementName(named ?? null);
      return {
        outcome: "fail",
        message: named?.effect === "Deny" ? ofDeny(statement, first.condition) : ofAllow(statement, first.condition),
        evidence: {
          statement,
          condition: { operator, key, values },
          operations: [...new Set(found.map(({ operation }) => operation))],
        },
      };
    }
    const openHere = open.filter(isAboutCompartment);
    if (openHere.length > 0) {
      const message = `whether a request without a compartment is refused hangs on ${openHere.join(", ")}`;
      return { outcome: "undecided", on: openHere, message };
    }
    return {
      outcome: "pass",
      message: "no condition on the compartment refuses a request without one",
      evidence: { organizations: organizations.map(({ value, source }) => ({ value, source })) },
    };
  },
});

function ofAllow(statement: string, condition: AwsCondition): string {
  return `${statement} asks for ${conditionText(condition)} and so refuses every request without a compartment: use StringEqualsIfExists`;
}

/** A Deny takes a pair that is absent for another value, with IfExists as well. */
function ofDeny(statement: string, condition: AwsCondition): string {
  return `${statement} denies by ${conditionText(condition)}, which refuses every request without a compartment: let it deny only where there is one (Null ${condition.key} false)`;
}
