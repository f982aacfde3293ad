import { describe, expect, it } from "vitest";
import { noLookalikePrincipal } from "../../../checks/aws/no-lookalike-principal.ts";
import { noPublicAccess } from "../../../checks/aws/no-public-access.ts";
import { noUnexpectedExternalPrincipal } from "../../../checks/aws/no-unexpected-external-principal.ts";
import { principalRoleScoped } from "../../../checks/aws/principal-role-scoped.ts";
import { roleLeastPrivilege } from "../../../checks/aws/role-least-privilege.ts";
import { type PrincipalClass, principalClass } from "../../../src/access/aws/principal-class.ts";
import type { CheckContext } from "../../../src/check/define-check.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import { accessTo, allow, policyText } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount } from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const foreign = "999988887777";
/** The checks that judge who is let in; `aws/grants-are-expected` judges grants, which are no principals of a policy. */
const judges = [
  noPublicAccess,
  principalRoleScoped,
  roleLeastPrivilege,
  noLookalikePrincipal,
  noUnexpectedExternalPrincipal,
];
const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };

/** The checks that fail where a statement lets this principal use the key, but for those that another one explains. */
function ownersOf(principal: unknown): readonly string[] {
  const own = allow({ Principal: { AWS: `arn:aws:iam::${testAccount}:root` } });
  const use = allow({ Principal: principal, Action: ["kms:Encrypt", "kms:Decrypt"] });
  const { facts } = awsKmsKey({ policy_text: known(policyText([own, use])) });
  const failing = judges.filter((check) => runCheck(check, facts, context).outcome === "fail");
  const ids = failing.map(({ id }) => id);
  return failing.filter(({ explainedBy = [] }) => !explainedBy.some((id) => ids.includes(id))).map(({ id }) => id);
}

const cases: readonly [principal: unknown, expected: PrincipalClass, owner: string | null][] = [
  ["*", "anyone", "aws/no-public-access"],
  [{ AWS: "*" }, "anyone", "aws/no-public-access"],
  [{ AWS: anthropicAwsRoleArn }, "anthropic", null],
  [{ AWS: anthropicAwsAccount }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws:iam::${anthropicAwsAccount}:root` }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws:iam::${anthropicAwsAccount}:role/anthropic-cmek` }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws:iam::${anthropicAwsAccount}:user/bob` }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/x/s` }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws:sts::${anthropicAwsAccount}:federated-user/x` }, "anthropic", "aws/principal-role-scoped"],
  [{ Federated: `arn:aws:iam::${anthropicAwsAccount}:saml-provider/x` }, "anthropic", "aws/principal-role-scoped"],
  [{ AWS: `arn:aws-cn:iam::${anthropicAwsAccount}:root` }, "lookalike", "aws/no-lookalike-principal"],
  [
    { AWS: `arn:aws-cn:iam::${anthropicAwsAccount}:role/anthropic-cmek-client-us` },
    "lookalike",
    "aws/no-lookalike-principal",
  ],
  [{ AWS: "915198916911" }, "lookalike", "aws/no-lookalike-principal"],
  [{ AWS: `arn:aws:iam::${foreign}:role/anthropic-cmek-client-us` }, "lookalike", "aws/no-lookalike-principal"],
  [{ AWS: `arn:aws:iam::${foreign}:user/cmek.anthropic` }, "lookalike", "aws/no-lookalike-principal"],
  [{ AWS: `arn:aws:iam::${testAccount}:role/anthropic-cmek-client-us` }, "lookalike", "aws/no-lookalike-principal"],
  // Nobody is let in by it any more: aws/no-orphaned-principal reads the text.
  [{ AWS: "AROAEXAMPLEEXAMPLE123" }, "orphaned", null],
  [{ AWS: "AIDAEXAMPLEEXAMPLE123" }, "orphaned", null],
  [{ AWS: testAccount }, "own", null],
  [{ AWS: `arn:aws:iam::${testAccount}:root` }, "own", null],
  [{ AWS: `arn:aws:iam::${testAccount}:role/anthropic-cmek-admin` }, "own", null],
  [{ Federated: `arn:aws:iam::${testAccount}:saml-provider/x` }, "own", null],
  [{ Service: "cloudtrail.amazonaws.com" }, "service", "aws/no-unexpected-external-principal"],
  [{ AWS: foreign }, "foreign", "aws/no-unexpected-external-principal"],
  [{ AWS: `arn:aws:iam::${foreign}:root` }, "foreign", "aws/no-unexpected-external-principal"],
  [{ AWS: `arn:aws:iam::${foreign}:role/x` }, "foreign", "aws/no-unexpected-external-principal"],
  [{ AWS: `arn:aws:sts::${foreign}:assumed-role/x/s` }, "foreign", "aws/no-unexpected-external-principal"],
  [{ AWS: `arn:aws-cn:iam::${testAccount}:root` }, "foreign", "aws/no-unexpected-external-principal"],
  [{ Federated: "accounts.google.com" }, "foreign", "aws/no-unexpected-external-principal"],
  [{ CanonicalUser: "79a59df900b949e5" }, "foreign", "aws/no-unexpected-external-principal"],
  [{ AWS: `arn:aws:iam::${foreign}:role/*` }, "nobody", null],
];

describe("principalClass", () => {
  it.each(cases)("%j is %s", (principal, expected) => {
    const { policy, home } = accessTo(policyText(allow({ Principal: principal })));
    expect(policy.principals.map((one) => principalClass(one, home))).toEqual([expected]);
  });
});

describe("a principal that is let in", () => {
  it.each(cases)("%j (%s) is judged by one check: %s", (principal, _, owner) => {
    expect(ownersOf(principal)).toEqual(owner === null ? [] : [owner]);
  });

  it.each([
    ["kms:CallerAccount", anthropicAwsAccount, "aws/principal-role-scoped"],
    ["kms:CallerAccount", "915198916911", "aws/no-lookalike-principal"],
    ["aws:PrincipalAccount", foreign, "aws/no-unexpected-external-principal"],
    ["aws:PrincipalOrgID", "o-customer123", "aws/no-unexpected-external-principal"],
    ["aws:SourceOrgID", "o-foreign123", "aws/no-unexpected-external-principal"],
    ["aws:SourceAccount", foreign, "aws/no-unexpected-external-principal"],
    ["aws:SourceArn", `arn:aws:sns:us-east-1:${foreign}:topic`, "aws/no-unexpected-external-principal"],
    ["kms:ViaService", "s3.us-east-2.amazonaws.com", "aws/no-public-access"],
  ])("as everybody with %s %s too: %s", (key, value, owner) => {
    const own = allow({ Principal: { AWS: testAccount } });
    const use = allow({ Principal: "*", Action: "kms:Decrypt", Condition: { StringEquals: { [key]: value } } });
    const { facts } = awsKmsKey({ policy_text: known(policyText([own, use])) });
    expect(judges.filter((check) => runCheck(check, facts, context).outcome === "fail").map(({ id }) => id)).toEqual([
      owner,
    ]);
  });
});
