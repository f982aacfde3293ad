import type { CheckContext } from "../../src/check/define-check.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { Registration } from "../../src/model/key.ts";
import type { Statement } from "./ask-policy.ts";
import { testAccount, testOrganization } from "./aws-kms-key.ts";

const orgKey = "kms:EncryptionContext:anthropic:org_uuid";
const foreign = "999988887777";
const ownRoot = { AWS: `arn:aws:iam::${testAccount}:root` };
const anthropicRoot = { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` };
const role = { AWS: anthropicAwsRoleArn };
const trail = { Service: "cloudtrail.amazonaws.com" };

/** A failing policy of the test key, and the one that is offered in its place. */
export interface CorrectionCase {
  readonly check: string;
  readonly name: string;
  readonly before: readonly Statement[];
  /** Null where nothing may be offered. */
  readonly after: readonly Statement[] | null;
  readonly registration?: Partial<Registration>;
  readonly guidance?: CheckContext["guidance"];
}

const own: Statement = { Sid: "Own", Effect: "Allow", Principal: ownRoot, Action: "kms:*", Resource: "*" };
const uses: Statement = {
  Sid: "Use",
  Effect: "Allow",
  Principal: role,
  Action: ["kms:Encrypt", "kms:Decrypt"],
  Resource: "*",
  Condition: { StringEquals: { [orgKey]: testOrganization } },
};
const describes: Statement = { Effect: "Allow", Principal: role, Action: "kms:DescribeKey", Resource: "*" };
const wizardUse: Statement = {
  Sid: "Allow use of the key",
  Effect: "Allow",
  Principal: anthropicRoot,
  Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
  Resource: "*",
};
const wizardGrants: Statement = {
  Sid: "Allow attachment of persistent resources",
  Effect: "Allow",
  Principal: { AWS: [`arn:aws:iam::${anthropicAwsAccount}:root`] },
  Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
  Resource: "*",
  Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
};
const onlyDocumented = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"];

export const correctionCases: readonly CorrectionCase[] = [
  {
    check: "aws/principal-role-scoped",
    name: "the console wizard's policy",
    before: [own, wizardUse, wizardGrants],
    after: [own, { ...wizardUse, Principal: role }, { ...wizardGrants, Principal: { AWS: [anthropicAwsRoleArn] } }],
  },
  {
    check: "aws/principal-role-scoped",
    name: "the role beside its account, and another role of it",
    before: [
      own,
      {
        ...uses,
        Principal: {
          AWS: [anthropicAwsRoleArn, anthropicAwsAccount, `arn:aws:iam::${anthropicAwsAccount}:role/other`],
        },
      },
    ],
    after: [own, { ...uses, Principal: { AWS: [anthropicAwsRoleArn] } }],
  },
  {
    check: "aws/principal-role-scoped",
    name: "everybody of that account",
    before: [
      own,
      { ...uses, Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": anthropicAwsAccount } } },
    ],
    after: [
      own,
      { ...uses, Principal: role, Condition: { StringEquals: { "kms:CallerAccount": anthropicAwsAccount } } },
    ],
  },
  {
    check: "aws/role-least-privilege",
    name: "the console wizard's policy",
    before: [own, wizardUse, wizardGrants],
    after: [own, { ...wizardUse, Action: onlyDocumented }],
  },
  {
    check: "aws/role-least-privilege",
    name: "kms:* to the role",
    before: [own, { ...describes, Sid: "All", Action: "kms:*" }],
    after: [own, { ...describes, Sid: "All", Action: onlyDocumented }],
  },
  {
    check: "aws/role-least-privilege",
    name: "kms:* to the role and to the own account in one statement",
    before: [{ ...own, Principal: { AWS: [ownRoot.AWS, anthropicAwsRoleArn] } }],
    after: [
      { ...own, Principal: { AWS: [ownRoot.AWS] } },
      { ...describes, Action: onlyDocumented },
    ],
  },
  {
    check: "aws/role-least-privilege",
    name: "everything but something",
    before: [own, { Effect: "Allow", Principal: role, NotAction: "kms:Delete*", Resource: "*" }],
    after: [own, { ...describes, Action: onlyDocumented }],
  },
  {
    check: "aws/role-least-privilege",
    name: "what everybody has: who is let in comes first",
    before: [own, { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    after: null,
  },
  {
    check: "aws/no-public-access",
    name: "a public statement beside the documented ones",
    before: [own, uses, describes, { Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" }],
    after: [own, uses, describes],
  },
  {
    check: "aws/no-public-access",
    name: "everybody in a list with the role",
    before: [own, { ...uses, Principal: { AWS: [anthropicAwsRoleArn, "*"] } }],
    after: [own, { ...uses, Principal: { AWS: [anthropicAwsRoleArn] } }],
  },
  {
    check: "aws/no-public-access",
    name: "a public statement by which alone Anthropic works",
    before: [own, { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    after: [own, { Sid: "Open", ...describes, Action: onlyDocumented }],
  },
  {
    check: "aws/no-public-access",
    name: "a public statement by which alone the own account administers",
    before: [{ Sid: "Open", Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }],
    after: [
      { Sid: "Open", Effect: "Allow", Principal: ownRoot, Action: "kms:*", Resource: "*" },
      { ...describes, Action: onlyDocumented },
    ],
  },
  {
    check: "aws/no-public-access",
    name: "everybody but somebody",
    before: [own, uses, { Effect: "Allow", NotPrincipal: { AWS: foreign }, Action: "kms:Decrypt", Resource: "*" }],
    after: [own, uses],
  },
  {
    check: "aws/no-public-access",
    name: "everybody but somebody, by which alone Anthropic works",
    before: [own, { Effect: "Allow", NotPrincipal: { AWS: foreign }, Action: "kms:*crypt", Resource: "*" }],
    after: [own, { ...describes, Action: ["kms:Encrypt", "kms:Decrypt"] }],
  },
  {
    check: "aws/no-public-access",
    name: "a Deny for everybody stays",
    before: [
      own,
      { Effect: "Deny", Principal: "*", Action: "kms:Delete*", Resource: "*" },
      { Effect: "Allow", Principal: "*", Action: "kms:GenerateDataKey", Resource: "*" },
    ],
    after: [own, { Effect: "Deny", Principal: "*", Action: "kms:Delete*", Resource: "*" }],
  },
  {
    check: "aws/no-lookalike-principal",
    name: "the published role, mistyped",
    before: [own, { ...uses, Principal: { AWS: "arn:aws:iam::915198916911:role/anthropic-cmek-client-us" } }],
    after: [own, uses],
  },
  {
    check: "aws/no-lookalike-principal",
    name: "a lookalike beside the published role",
    before: [own, uses, { ...uses, Sid: "Too", Principal: { AWS: [foreign, "915198916911"] } }],
    after: [own, uses, { ...uses, Sid: "Too", Principal: { AWS: [foreign] } }],
  },
  {
    check: "aws/no-lookalike-principal",
    name: "a lookalike as caller: the statement goes with its last condition value",
    before: [
      own,
      uses,
      { ...uses, Sid: "Too", Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "915198916911" } } },
    ],
    after: [own, uses],
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "a foreign account in a list, and one alone",
    before: [
      { ...own, Principal: { AWS: [ownRoot.AWS, foreign] } },
      uses,
      { ...describes, Principal: { AWS: `arn:aws:iam::${foreign}:role/x` } },
    ],
    after: [{ ...own, Principal: { AWS: [ownRoot.AWS] } }, uses],
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "one who is not expected beside one who is",
    before: [own, { ...describes, Principal: { AWS: [foreign, "123456789012"] } }],
    after: [own, { ...describes, Principal: { AWS: ["123456789012"] } }],
    registration: { expected_principals: ["123456789012"] },
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "an organization among several",
    before: [
      own,
      {
        ...describes,
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-customer123", "o-somebody"] } },
      },
    ],
    after: [
      own,
      { ...describes, Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-customer123"] } } },
    ],
    registration: { expected_principals: ["o-customer123"] },
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "a service without a source",
    before: [own, { Sid: "Trail", Effect: "Allow", Principal: trail, Action: "kms:GenerateDataKey*", Resource: "*" }],
    after: [
      own,
      {
        Sid: "Trail",
        Effect: "Allow",
        Principal: trail,
        Action: "kms:GenerateDataKey*",
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": testAccount } },
      },
    ],
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "a service beside the own account",
    before: [{ ...own, Principal: { ...ownRoot, ...trail } }],
    after: [
      own,
      {
        Effect: "Allow",
        Principal: trail,
        Action: "kms:*",
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": testAccount } },
      },
    ],
  },
  {
    check: "aws/no-unexpected-external-principal",
    name: "nothing without anybody left to administer",
    before: [{ ...own, Principal: { AWS: foreign } }],
    after: null,
  },
];
