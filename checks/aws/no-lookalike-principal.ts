import { withoutLookalikes } from "../../src/access/aws/correct-principals.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { likenessOf } from "../../src/access/aws/lookalike.ts";
import { letInByName, namedParties } from "../../src/access/aws/named-parties.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const noLookalikePrincipal = defineCheck({
  id: "aws/no-lookalike-principal",
  title: "Nobody who resembles the published role is let in",
  resource: "aws.kms-key",
  severity: "critical",
  why: "A principal that is almost the published role passes a reader's eye; whoever owns it can use the key in Anthropic's place.",
  remediation: `Replace the principal with the published role, ${anthropicAwsRoleArn}, or remove it; then find out who put it there.`,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  evaluate({ policy_access }, moment) {
    const { home } = policy_access;
    const found = namedParties(policy_access.policy, home).flatMap((party) => {
      const { who } = party;
      const likeness = who.kind === "organization" ? undefined : likenessOf(who, home);
      if (likeness === undefined) return [];
      const let_through = letInByName(policy_access, party, home, moment);
      if (let_through.length === 0) return [];
      return [{ principal: who.text, likeness, let_through }];
    });
    if (found.length === 0) {
      return {
        outcome: "pass",
        message: "no principal that the key policy lets in resembles the published role",
        evidence: { published: anthropicAwsRoleArn },
      };
    }
    const told = found.map(
      ({ principal, likeness, let_through }) =>
        `${principal} ${likeness} (${let_through.map(({ statement }) => statement).join(", ")})`,
    );
    return {
      outcome: "fail",
      message: `the key policy lets in who resembles ${anthropicAwsRoleArn} and is not: ${told.join("; ")}`,
      evidence: {
        published: anthropicAwsRoleArn,
        principals: found,
      },
    };
  },
  correct: (facts, context) => withoutLookalikes(policyToCorrect(facts, context)),
});
