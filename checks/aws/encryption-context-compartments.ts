import { existingKey } from "../../src/access/aws/existing-key.ts";
import { few } from "../../src/access/aws/explain-denial.ts";
import {
  compartmentsKeptOut,
  compartmentsLeftOpen,
  unknownCompartments,
} from "../../src/access/aws/listed-compartments.ts";
import { testsContextPair } from "../../src/access/aws/listed-context-values.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import {
  awsEncryptionContext,
  compartmentPair,
  validationCompartment,
} from "../../src/guidance/aws-encryption-context.ts";

export const encryptionContextCompartments = defineCheck({
  id: "aws/encryption-context-compartments",
  title: "Compartments that the key policy lists are those of the workspaces that use the key",
  resource: "aws.kms-key",
  severity: "high",
  why: "A workspace whose compartment is missing from the list can neither write nor read its data, and one that is there by mistake can.",
  remediation:
    "List the compartment UUID of every workspace that uses the key under kms:EncryptionContext:anthropic:compartment_uuid, and no other; or register the missing ones under `compartments`.",
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
    reads: ["policy", "registration"],
    excludes({ policy, registration }, { guidance }) {
      const tested = policy.statements.some((statement) => testsContextPair(statement, compartmentPair));
      if (!tested) return "no statement of the key policy looks at the compartment";
      const asked = registration.compartments.length > 0 || awsEncryptionContext[guidance].lists_validation;
      return asked ? undefined : "no compartments are known: set `compartments`";
    },
  },

  reads: ["policy_access", "registration"],
  explainedBy: ["aws/policy-has-no-placeholder"],
  evaluate({ policy_access, registration }, context) {
    const { compartments } = registration;
    const { lists_validation } = awsEncryptionContext[context.guidance];
    const meant = lists_validation ? [...compartments, validationCompartment] : compartments;
    const missing = compartmentsKeptOut(policy_access, registration, meant, context);
    const unknown = compartments.length === 0 ? [] : unknownCompartments(policy_access.policy, compartments);
    if (missing.length > 0 || unknown.length > 0) {
      const told = [
        ...missing.map(({ compartment, statements }) => {
          const what = compartment === validationCompartment ? "which validation sends" : "which uses the key";
          return `${statements.join(", ")} does not let compartment ${compartment} in, ${what}`;
        }),
        ...unknown.map(
          ({ value, statements }) => `${statements.join(", ")} lists ${value || '""'}, which is not registered`,
        ),
      ];
      return {
        outcome: "fail",
        message: `${few(told)}: list the compartments of the workspaces that use the key, as bare lowercase UUIDs`,
        evidence: { missing, unknown },
      };
    }
    const on = compartmentsLeftOpen(policy_access, registration, meant, context);
    if (on.length > 0) {
      const message = `whether the compartments that use the key are let in hangs on ${on.join(", ")}`;
      return { outcome: "undecided", on, message };
    }
    const known = compartments.length === 0 ? "; no compartments are registered to compare the list with" : "";
    return {
      outcome: "pass",
      message: `the key policy lets the compartments in that use the key${known}`,
      evidence: { compartments: meant },
    };
  },
});
