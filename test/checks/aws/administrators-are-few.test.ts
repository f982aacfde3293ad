import { administratorsAreFew } from "../../../checks/aws/administrators-are-few.ts";
import { anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";

const root = { AWS: `arn:aws:iam::${testAccount}:root` };
const own = allow({ Principal: root });
const roles = (count: number) =>
  Array.from({ length: count }, (_, index) => `arn:aws:iam::${testAccount}:role/admin-${index + 1}`);
const admins = (count: number, changes: Statement = {}) => allow({ Principal: { AWS: roles(count) }, ...changes });
const withPolicy = (...statements: readonly Statement[]) => awsKmsKey({ policy_text: known(policyText(statements)) });

testCheck(administratorsAreFew, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented by ${guidance}: ${name}`,
      resource: awsKmsKey({ policy_text: known(text) }),
      guidance,
      message: "1 of at most 5 administrators are named; IAM policies of the account may add others",
    })),
    { name: "the root and four", resource: withPolicy(own, admins(4)), message: "5 of at most 5" },
    { name: "more where more are meant", resource: withPolicy(own, admins(8)), settings: { max_administrators: 9 } },
    {
      name: "the root written twice",
      resource: withPolicy(own, allow({ Principal: { AWS: testAccount } }), admins(4)),
    },
    { name: "the same role twice", resource: withPolicy(own, admins(4), admins(4)) },
    {
      name: "six who may only use the key, beside the root's kms:*",
      resource: withPolicy(own, admins(6, { Action: ["kms:Encrypt", "kms:Decrypt"] })),
      message: "1 of at most 5",
    },
    {
      name: "six who may enable it",
      resource: withPolicy(own, admins(6, { Action: ["kms:EnableKey", "kms:Describe*"] })),
    },
    {
      name: "six, denied",
      resource: withPolicy(
        own,
        admins(6),
        deny({ Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:role/admin-*` } } }),
      ),
    },
    {
      name: "six from outside: of no use to them",
      resource: withPolicy(
        own,
        ...Array.from({ length: 6 }, (_, index) => allow({ Principal: { AWS: `99998888777${index}` } })),
      ),
    },
    {
      name: "Anthropic's role with kms:*",
      resource: withPolicy(own, allow({ Principal: { AWS: anthropicAwsRoleArn } })),
    },
    {
      name: "five listed by a condition on the root",
      resource: withPolicy(allow({ Principal: root, Condition: { ArnEquals: { "aws:PrincipalArn": roles(5) } } })),
      message: "5 of at most 5",
    },
    {
      name: "the grants are not asked, as none can give this",
      resource: awsKmsKey({ grants: unreadable("access-denied", "", { call: "kms:ListGrants" }) }),
    },
    {
      name: "six statements without a resource",
      resource: withPolicy(own, ...roles(6).map((AWS) => ({ Effect: "Allow", Principal: { AWS }, Action: "kms:*" }))),
    },
  ],
  fail: [
    {
      name: "the root and five",
      resource: withPolicy(own, admins(5)),
      message: /^6 administrators are named, at most 5 are meant to be: .*admin-1.*IAM policies/,
      severity: "low",
    },
    { name: "who may change the policy", resource: withPolicy(own, admins(5, { Action: "kms:PutKeyPolicy" })) },
    { name: "who may disable the key", resource: withPolicy(own, admins(5, { Action: "kms:Disable*" })) },
    { name: "who may delete the key", resource: withPolicy(own, admins(5, { Action: "KMS:schedulekeydeletion" })) },
    { name: "the wizard's list", resource: withPolicy(own, admins(5, { Action: ["kms:Create*", "kms:Put*"] })) },
    {
      name: "in a statement of all but a few actions",
      resource: withPolicy(own, {
        Effect: "Allow",
        Principal: { AWS: roles(5) },
        NotAction: "kms:Decrypt",
        Resource: "*",
      }),
    },
    {
      name: "with a condition that may hold",
      resource: withPolicy(own, admins(5, { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })),
    },
    {
      name: "six listed by a condition on the root",
      resource: withPolicy(allow({ Principal: root, Condition: { ArnEquals: { "aws:PrincipalArn": roles(6) } } })),
      message: "6 administrators",
    },
    {
      name: "the root by the own organization, and five",
      resource: withPolicy(
        allow({ Principal: root, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-customer123" } } }),
        admins(5),
      ),
    },
    { name: "none but one is meant", resource: withPolicy(own, admins(1)), settings: { max_administrators: 1 } },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) }],
});
