import { withoutPlaceholders } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AwsPlaceholder } from "../../src/model/aws-access.ts";

const kinds: Readonly<Record<AwsPlaceholder["kind"], string>> = {
  "angle-brackets": "was meant to be replaced",
  "not-a-variable": "is no policy variable here, and is taken as it is written",
  "tagged-id": "is an id of Anthropic's API, where requests carry a bare UUID",
  empty: "is empty, where requests carry a UUID",
  "not-a-uuid": "is no UUID, where requests carry one",
};

export const policyHasNoPlaceholder = defineCheck({
  id: "aws/policy-has-no-placeholder",
  title: "Nothing in the key policy is left to be filled in",
  resource: "aws.kms-key",
  severity: "high",
  why: "A placeholder, or an id of the wrong kind, never equals what a request carries: the statement lets nobody in, or keeps nobody out.",
  remediation:
    "Replace the text with what it stands for; under an `anthropic:` context key with the bare UUID, in lower case, of the organization or the compartment.",
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text", "registration"],
  evaluate({ policy_access: { policy } }) {
    const { placeholders, statements } = policy;
    const found = placeholders.map(({ statement, where, key, text, kind }) => ({
      statement: statementName(statements.find(({ index }) => index === statement) ?? null),
      where,
      key,
      text,
      kind,
    }));
    if (found.length === 0) {
      return { outcome: "pass", message: "nothing is left to be filled in", evidence: { placeholders: [] } };
    }
    const told = found.map(({ statement, where, key, text, kind }) => {
      const place = key === null ? `as ${where}` : `under ${key}`;
      return `${statement}: "${text}" ${place} ${kinds[kind]}`;
    });
    return { outcome: "fail", message: told.join("; "), evidence: { placeholders: found } };
  },
  correct: (facts, context) => withoutPlaceholders(policyToCorrect(facts, context), facts.registration),
});
