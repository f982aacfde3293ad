import { withoutUnexpected } from "../../src/access/aws/correct-principals.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { isUnexpectedParty } from "../../src/access/aws/external-parties.ts";
import { foreignSources } from "../../src/access/aws/foreign-sources.ts";
import { letInByName, namedParties } from "../../src/access/aws/named-parties.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { sparedParties } from "../../src/access/aws/spared-parties.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { claudePlatformOnAwsService } from "../../src/guidance/identifiers.ts";

export const noUnexpectedExternalPrincipal = defineCheck({
  id: "aws/no-unexpected-external-principal",
  title: "Of everybody outside the key's account, only Anthropic and those expected are let in",
  resource: "aws.kms-key",
  severity: "high",
  why: "A third party that nobody expects can decrypt what the key protects, or change who else can.",
  remediation:
    "Remove the principal from the key policy, or register it under `expected_principals`: the account or the organization, where a condition names one. Give a statement for an AWS service a condition on aws:SourceAccount, or on aws:SourceArn by ArnLike, with your account, and write an account by its number in place of a canonical user id.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "registration"],
  evaluate({ policy_access, registration }, moment) {
    const { home } = policy_access;
    const parties = namedParties(policy_access.policy, home);
    const found = [...parties, ...sparedParties(policy_access, moment)]
      .filter(({ who }) => isUnexpectedParty(who, registration.expected_principals, home))
      .map((party) => ({ who: party.who, let_through: letInByName(policy_access, party, home, moment) }))
      .filter(({ let_through }) => let_through.length > 0);
    const remark = parties.some(({ who }) => who.text === claudePlatformOnAwsService)
      ? `; ${claudePlatformOnAwsService} is Claude Platform on AWS, which this catalogue does not judge`
      : "";
    const sources = foreignSources(policy_access, registration.expected_principals, moment).filter(
      ({ service }) => service !== claudePlatformOnAwsService && !registration.expected_principals.includes(service),
    );
    if (found.length === 0 && sources.length === 0) {
      const expected = parties.filter(({ who }) => registration.expected_principals.includes(who.text));
      return {
        outcome: "pass",
        message: `nobody from outside is named and let in but those expected${remark}`,
        evidence: { expected: expected.map(({ who }) => who.text) },
      };
    }
    const told = found.map(({ who, let_through }) => {
      const statements = let_through.map(({ statement }) => statement).join(", ");
      return `${wordsFor(who)} (${statements})`;
    });
    const onBehalf = sources.map(({ service, statement, ...source }) => {
      const [whose = ""] = Object.entries(source).map(([kind, id]) => `${kind} ${id}`);
      return `${service} on behalf of ${whose} (${statement})`;
    });
    return {
      outcome: "fail",
      message: `the key policy lets in whom the registration does not expect: ${[...told, ...onBehalf].join("; ")}${remark}`,
      evidence: {
        principals: found.map(({ who, let_through }) => ({ principal: who.text, let_through })),
        ...(sources.length === 0 ? {} : { sources }),
      },
    };
  },
  correct: (facts, context) =>
    withoutUnexpected(policyToCorrect(facts, context), facts.registration.expected_principals),
});

function wordsFor({ kind, text }: { readonly kind: string; readonly text: string }): string {
  if (kind === "service") return `${text} on behalf of any account, for want of a condition on its source`;
  if (kind === "canonical-user") return `${text}, a canonical user id, which does not show its account`;
  return kind === "organization" ? `the whole organization ${text}` : text;
}
