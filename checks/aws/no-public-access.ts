import { anybodyIn } from "../../src/access/aws/anybody.ts";
import { withoutStrangers } from "../../src/access/aws/correct-principals.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { lettingStatements, statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AwsGrantAccess, AwsPrincipal, AwsStatement } from "../../src/model/aws-access.ts";

export const noPublicAccess = defineCheck({
  id: "aws/no-public-access",
  title: "Nobody can use the key without being named",
  resource: "aws.kms-key",
  severity: "critical",
  why: "Whoever is in no way named by the key policy and can still use the key may decrypt what it protects, or destroy it.",
  remediation:
    "Name the principals that are meant in place of `*`, or pin who calls: an account, an organization, an ARN with its whole account, or a VPC endpoint. Compare an ARN that has wildcards by ArnLike: under StringLike a wildcard before the account also stands for the account and path of somebody else.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
  ],
  controls: [
    { framework: "FSBP", version: "2026", id: "KMS.5", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "2.21", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  passNeeds: ["grant_access"],
  evaluate({ policy_access, grant_access }, moment) {
    const anybody = anybodyIn(policy_access.home.partition);
    const found = anybody.flatMap((caller) =>
      lettingStatements(policy_access, caller, moment).map((one) => ({ ...one, caller: caller.name })),
    );
    const grants = grant_access.state === "known" ? publicGrants(grant_access.value) : [];
    if (found.length === 0 && grants.length === 0) {
      return {
        outcome: "pass",
        message: "strangers are refused every operation, from whichever account, organization or service they call",
        evidence: { asked: anybody.map(({ name }) => name) },
      };
    }
    const statements = [...Map.groupBy(found, ({ statement }) => statement)].map(([statement, of]) => ({
      statement: statementName(statement),
      lets_in: [...new Set(of.map(({ caller }) => caller))],
      operations: [...new Set(of.flatMap(({ operations }) => operations))],
      conditions: keysOf(statement),
    }));
    const told = [
      ...statements.map(({ statement, lets_in, conditions }) => `${statement} ${tell(lets_in, conditions)}`),
      ...grants.map((id) => `grant ${id} is for everybody`),
    ];
    return { outcome: "fail", message: `the key is public: ${told.join("; ")}`, evidence: { statements, grants } };
  },
  correct: (facts, context) => withoutStrangers(policyToCorrect(facts, context)),
});

/** AWS makes no such grant; a document may say so all the same. */
function publicGrants({ grants }: AwsGrantAccess): string[] {
  const isPublic = (principal: AwsPrincipal | null) => principal?.kind === "anyone";
  return grants.filter(({ grantee, retiring }) => isPublic(grantee) || isPublic(retiring)).map(({ id }) => id);
}

function keysOf({ conditions }: AwsStatement): string[] {
  return [...new Set(conditions.map(({ operator, key }) => `${operator} ${key}`))];
}

function tell(letsIn: readonly string[], conditions: readonly string[]): string {
  const whom = `lets in ${letsIn.join(", ")}`;
  return conditions.length === 0
    ? `${whom}, without any condition`
    : `${whom}: what its condition asks (${conditions.join(", ")}) does not pin who calls`;
}
