import { letInUnpublished, unpublishedCallers, unpublishedParties } from "../../src/access/aws/anthropic-account.ts";
import { roleInPlaceOfAccount } from "../../src/access/aws/correct-principals.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { letInByName } from "../../src/access/aws/named-parties.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";

export const principalRoleScoped = defineCheck({
  id: "aws/principal-role-scoped",
  title: "Of Anthropic's account, only the published role may use the key",
  resource: "aws.kms-key",
  severity: "critical",
  why: "A grant to the whole account lets every identity in it use the key, and Anthropic's validation may succeed all the same.",
  remediation: `Name the published role, ${anthropicAwsRoleArn}, as the only principal of account ${anthropicAwsAccount} in the key policy.`,
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  explainedBy: ["aws/no-public-access"],
  evaluate({ policy_access }, context) {
    const { home } = policy_access;
    const unnamed = unpublishedCallers.map((caller) => ({
      caller: caller.name,
      let_through: letInUnpublished(policy_access, caller, context),
    }));
    const named = unpublishedParties(policy_access.policy, home).map((party) => ({
      caller: party.who.text,
      let_through: letInByName(policy_access, party, home, context),
    }));
    const found = [...unnamed, ...named].filter(({ let_through }) => let_through.length > 0);
    if (found.length > 0) {
      const who = found.map(({ caller }) => caller).join(", ");
      const statements = [
        ...new Set(found.flatMap(({ let_through }) => let_through.map(({ statement }) => statement))),
      ];
      return {
        outcome: "fail",
        message: `the key policy lets more of account ${anthropicAwsAccount} in than the published role: ${who} (${statements.join(", ")})`,
        evidence: { callers: found, statements },
      };
    }
    const wholeAccount = policy_access.policy.statements.some(
      ({ effect, principals }) =>
        effect === "Allow" &&
        principals?.values.some((one) => one.kind === "account" && one.account === anthropicAwsAccount),
    );
    const remark = wholeAccount
      ? "; a statement names the whole account, and its condition narrows that to the role"
      : "";
    return {
      outcome: "pass",
      message: `a second role, the root and the users of account ${anthropicAwsAccount} are refused every operation${remark}`,
      evidence: { names_whole_account: wholeAccount },
    };
  },
  correct: (facts, context) => roleInPlaceOfAccount(policyToCorrect(facts, context)),
});
