import { withoutOrphans } from "../../src/access/aws/correct-principals.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AwsGrantAccess, AwsPolicy } from "../../src/model/aws-access.ts";

export const noOrphanedPrincipal = defineCheck({
  id: "aws/no-orphaned-principal",
  title: "Every principal of the key policy still exists",
  resource: "aws.kms-key",
  severity: "low",
  why: "AWS leaves a unique id where a deleted role or user was named: it lets nobody in, and a new principal of the old name is not the old one.",
  remediation:
    "Remove the unique id from the key policy, or put the ARN of whoever was meant in its place; retire grants that are left over.",
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.18", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  passNeeds: ["grant_access"],
  evaluate({ policy_access, grant_access }) {
    const inPolicy = orphansOf(policy_access.policy);
    const inGrants = grant_access.state === "known" ? orphansOfGrants(grant_access.value) : [];
    const evidence = { statements: inPolicy, grants: inGrants };
    if (inPolicy.length === 0 && inGrants.length === 0) {
      return { outcome: "pass", message: "no principal is a unique id", evidence };
    }
    const told = [
      ...inPolicy.map(({ statement, principal }) => `${principal} in ${statement}`),
      ...inGrants.map(({ grant, principal }) => `${principal} in grant ${grant}`),
    ];
    return { outcome: "fail", message: `principals that were deleted are still named: ${told.join(", ")}`, evidence };
  },
  correct: (facts, context) => withoutOrphans(policyToCorrect(facts, context)),
});

function orphansOf({ statements }: AwsPolicy) {
  return statements.flatMap((statement) =>
    (statement.principals?.values ?? [])
      .filter(({ kind }) => kind === "unique-id")
      .map(({ text }) => ({ statement: statementName(statement), principal: text })),
  );
}

function orphansOfGrants({ grants }: AwsGrantAccess) {
  return grants
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, grantee, retiring }) =>
      [grantee, retiring].flatMap((one) => (one?.kind === "unique-id" ? [{ grant: id, principal: one.text }] : [])),
    );
}
