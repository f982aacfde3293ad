import { existingKey } from "../../src/access/aws/existing-key.ts";
import { principalsNamedFor } from "../../src/access/aws/principals-named-for.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/**
 * AWS offers them within the key's own account only, and takes none of them in a grant.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
const administration = ["kms:PutKeyPolicy", "kms:DisableKey", "kms:ScheduleKeyDeletion"];

export const administratorsAreFew = defineCheck({
  id: "aws/administrators-are-few",
  title: "Few principals may change the key's policy, disable or delete the key",
  resource: "aws.kms-key",
  severity: "low",
  why: "Each of them can take the key away from Anthropic, or give it to somebody else: the fewer, the less can go wrong.",
  remediation:
    "Remove principals that need not administer the key from its policy, or raise `settings.max_administrators` where all of them do.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators",
    "https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-5", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.3", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-04", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access"],
  evaluate({ policy_access }, context) {
    const { max_administrators } = context.settings;
    const named = principalsNamedFor(administration, policy_access, context);
    const administrators = named.map(({ principal }) => principal.text).toSorted();
    const evidence = { administrators, max_administrators };
    const beside = "IAM policies of the account may add others, which are not read";
    const counted = `${administrators.length} of at most ${max_administrators} administrators are named`;
    return administrators.length <= max_administrators
      ? { outcome: "pass", message: `${counted}; ${beside}`, evidence }
      : {
          outcome: "fail",
          message: `${administrators.length} administrators are named, at most ${max_administrators} are meant to be: ${administrators.join(", ")}; ${beside}`,
          evidence,
        };
  },
});
