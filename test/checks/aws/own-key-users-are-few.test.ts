import { ownKeyUsersAreFew } from "../../../checks/aws/own-key-users-are-few.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testRegistration } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";

const root = { AWS: `arn:aws:iam::${testAccount}:root` };
const own = allow({ Principal: root });
const app = `arn:aws:iam::${testAccount}:role/app`;
const user = `arn:aws:iam::${testAccount}:user/alice`;
const wizardUse = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
const withPolicy = (...statements: readonly Statement[]) => awsKmsKey({ policy_text: known(policyText(statements)) });
const users = (changes: Statement = {}) =>
  allow({ Sid: "Users", Principal: { AWS: app }, Action: wizardUse, ...changes });
const expecting = (...expected_principals: readonly string[]) =>
  awsKmsKey({
    policy_text: known(policyText([own, users({ Principal: { AWS: [app, user] } })])),
    registration: known({ ...testRegistration, expected_principals }),
  });

testCheck(ownKeyUsersAreFew, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented by ${guidance}: ${name}`,
      resource: awsKmsKey({ policy_text: known(text) }),
      guidance,
    })),
    { name: "the account alone, for use", resource: withPolicy(allow({ Principal: root, Action: wizardUse })) },
    {
      name: "administrators as the wizard writes them",
      resource: withPolicy(
        own,
        users({ Action: ["kms:Create*", "kms:Describe*", "kms:Put*", "kms:ScheduleKeyDeletion"] }),
      ),
    },
    { name: "one who may describe", resource: withPolicy(own, users({ Action: "kms:DescribeKey" })) },
    { name: "one who is denied", resource: withPolicy(own, users(), deny({ Principal: { AWS: app } })) },
    {
      name: "somebody from outside: another check's",
      resource: withPolicy(own, users({ Principal: { AWS: "999988887777" } })),
    },
    {
      name: "a service: another check's",
      resource: withPolicy(own, users({ Principal: { Service: "s3.amazonaws.com" } })),
    },
    { name: "both expected", resource: expecting(app, user), message: "but those expected" },
    { name: "the whole account expected", resource: expecting(testAccount) },
    {
      name: "another partition's",
      resource: withPolicy(own, users({ Principal: { AWS: app.replace("arn:aws:", "arn:aws-cn:") } })),
    },
  ],
  fail: [
    {
      name: "the wizard's key user",
      resource: withPolicy(own, users()),
      message: `names users of the own account: ${app} (statement 2 "Users")`,
      severity: "low",
    },
    { name: "a user", resource: withPolicy(own, users({ Principal: { AWS: user } })) },
    {
      name: "a session",
      resource: withPolicy(users({ Principal: { AWS: `arn:aws:sts::${testAccount}:assumed-role/app/s` } })),
    },
    { name: "Encrypt alone", resource: withPolicy(own, users({ Action: "kms:Encrypt" })) },
    { name: "Decrypt by wildcard", resource: withPolicy(own, users({ Action: "kms:De*" })) },
    { name: "data keys", resource: withPolicy(own, users({ Action: "kms:GenerateDataKeyWithoutPlaintext" })) },
    { name: "re-encryption", resource: withPolicy(own, users({ Action: "kms:ReEncryptFrom" })) },
    { name: "an administrator with kms:*", resource: withPolicy(own, users({ Action: "kms:*" })) },
    {
      name: "through a service only",
      resource: withPolicy(
        own,
        users({ Condition: { StringEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } } }),
      ),
    },
    {
      name: "named by a condition on the account",
      resource: withPolicy(users({ Principal: root, Condition: { ArnEquals: { "aws:PrincipalArn": app } } })),
      message: app,
    },
    {
      name: "named by a pattern",
      resource: withPolicy(
        users({
          Principal: root,
          Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:role/app-*` } },
        }),
      ),
    },
    { name: "one of two expected", resource: expecting(app), message: user },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "expectations not known", resource: awsKmsKey({ registration: unreadable("stale", "") }) },
  ],
});
