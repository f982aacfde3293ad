import { noOrphanedPrincipal } from "../../../checks/aws/no-orphaned-principal.ts";
import type { AwsGrant } from "../../../src/model/aws.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";

const role = "AROAIOSFODNN7EXAMPLE1";
const user = "AIDAIOSFODNN7EXAMPLE2";
const denied = unreadable("access-denied", "", { call: "kms:ListGrants" });
const own: AwsGrant = {
  id: "g1",
  name: null,
  grantee: `arn:aws:iam::${testAccount}:role/app`,
  retiring: null,
  issuing_account: testAccount,
  operations: ["Decrypt"],
  context_equals: null,
  context_subset: null,
};

const withPolicy = (...statements: readonly Statement[]) => awsKmsKey({ policy_text: known(policyText(statements)) });
const withGrant = (changes: Partial<AwsGrant>) => awsKmsKey({ grants: known([{ ...own, ...changes }]) });
const orphaned = known(policyText(allow({ Sid: "Old", Principal: { AWS: role } })));

testCheck(noOrphanedPrincipal, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented by ${guidance}: ${name}`,
      resource: awsKmsKey({ policy_text: known(text) }),
      guidance,
    })),
    { name: "a grant to a role that exists", resource: withGrant({}) },
    {
      name: "a role whose name looks like a unique id",
      resource: withPolicy(allow({ Principal: { AWS: `arn:aws:iam::${testAccount}:role/${role}` } })),
    },
    {
      name: "a unique id in a condition on the session",
      resource: withPolicy(allow({ Condition: { StringLike: { "aws:userid": `${role}:*` } } })),
    },
  ],
  fail: [
    {
      name: "a deleted role",
      resource: awsKmsKey({ policy_text: orphaned }),
      message: `${role} in statement 1 "Old"`,
      severity: "low",
    },
    { name: "a deleted user among others", resource: withPolicy(allow({ Principal: { AWS: [testAccount, user] } })) },
    { name: "in a Deny", resource: withPolicy(allow(), deny({ Principal: { AWS: role } })), message: "statement 2" },
    {
      name: "in NotPrincipal",
      resource: withPolicy({ Effect: "Deny", NotPrincipal: { AWS: role }, Action: "kms:*", Resource: "*" }),
    },
    { name: "the grantee of a grant", resource: withGrant({ grantee: role }), message: `${role} in grant g1` },
    { name: "who may retire a grant", resource: withGrant({ retiring: user }), message: `${user} in grant g1` },
    { name: "a deleted role, grants denied", resource: awsKmsKey({ policy_text: orphaned, grants: denied }) },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "a clean policy, grants denied", resource: awsKmsKey({ grants: denied }) },
  ],
});
