import { existingKey } from "../../src/access/aws/existing-key.ts";
import { symmetricKeyOperations } from "../../src/access/aws/kms-actions.ts";
import { isExpectedPrincipal, isOwnPrincipal } from "../../src/access/aws/known-principals.ts";
import { principalsNamedFor } from "../../src/access/aws/principals-named-for.ts";
import { defineCheck } from "../../src/check/define-check.ts";

/** Encrypt, Decrypt, ReEncryptFrom, ReEncryptTo, and the GenerateDataKey family, which encrypts what it makes. */
const use = symmetricKeyOperations.filter((operation) =>
  /^kms:(?:Encrypt|Decrypt|ReEncrypt|GenerateDataKey)/.test(operation),
);

export const ownKeyUsersAreFew = defineCheck({
  id: "aws/own-key-users-are-few",
  title: "Of the key's own account, nobody is named to encrypt or decrypt",
  resource: "aws.kms-key",
  severity: "low",
  why: "The key is there for Anthropic to use: whoever else may decrypt with it can read what was encrypted under it, if the ciphertext gets into their hands.",
  remediation:
    "Remove the key users (the console's wizard adds them) from the key policy, or register them under `expected_principals`.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-users",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.18", basis: "judgement" },
    { framework: "FSBP", version: "2026", id: "KMS.1", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "registration"],
  evaluate({ policy_access, registration: { expected_principals } }, moment) {
    const { home } = policy_access;
    // The account as a whole is how its IAM comes in, which is documented: those named one by one are meant here.
    const named = principalsNamedFor(use, policy_access, moment).filter(
      ({ principal }) => principal.kind !== "account" && isOwnPrincipal(principal, home),
    );
    const found = named.filter(({ principal }) => !isExpectedPrincipal(principal, expected_principals, home));
    if (found.length === 0) {
      const expected = named.map(({ principal }) => principal.text);
      const remark = expected.length === 0 ? "" : " but those expected";
      const message = `nobody of the own account is named to encrypt or decrypt${remark}`;
      return { outcome: "pass", message, evidence: { expected } };
    }
    const told = found.map(({ principal, statements }) => `${principal.text} (${statements.join(", ")})`);
    return {
      outcome: "fail",
      message: `the key policy names users of the own account: ${told.join("; ")}`,
      evidence: {
        users: found.map(({ principal: { text }, operations, statements }) => ({
          principal: text,
          operations,
          statements,
        })),
      },
    };
  },
});
