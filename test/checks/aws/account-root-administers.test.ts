import { accountRootAdministers } from "../../../checks/aws/account-root-administers.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { administers, describes, keyWith, uses } from "../../support/key-policies.ts";

const root = `arn:aws:iam::${testAccount}:root`;
const admin = `arn:aws:iam::${testAccount}:role/KeyAdmin`;
const operations = [
  "kms:PutKeyPolicy",
  "kms:GetKeyPolicy",
  "kms:DescribeKey",
  "kms:EnableKey",
  "kms:DisableKey",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];
const own = (changes: object) => allow({ Sid: "Own", Principal: { AWS: root }, ...changes });
const on = (condition: object) => keyWith([own({ Condition: condition }), uses(), describes]);
const without = (operation: string) => keyWith([own({ Action: operations.filter((one) => one !== operation) })]);
const denied = (changes: object) =>
  keyWith([administers, deny({ Sid: "Locks", Action: "kms:PutKeyPolicy", ...changes })]);

/** With a statement that asks for a tag of the key. */
const tagged = (tags: Fact<Readonly<Record<string, string>>>, more: object = {}) => {
  const condition = { StringEquals: { "aws:ResourceTag/purpose": "claude" }, ...more };
  return keyWith([own({ Condition: condition }), uses(), describes], {}, { tags });
};

const locksByTag = deny({
  Sid: "Locks",
  Action: "kms:PutKeyPolicy",
  Condition: { StringEquals: { "aws:ResourceTag/locked": "yes" } },
});

testCheck(accountRootAdministers, {
  pass: [
    {
      name: "a Deny of the root and of one role",
      resource: denied({
        Condition: { ArnEquals: { "aws:PrincipalArn": [root, root.replace("root", "role/member")] } },
      }),
    },
    { name: "the documented policy", resource: awsKmsKey(), message: testAccount },
    { name: "the account's number", resource: keyWith([own({ Principal: { AWS: testAccount } })]) },
    { name: "the root in a list of principals", resource: keyWith([own({ Principal: { AWS: [admin, root] } })]) },
    { name: "nothing but the seven operations", resource: keyWith([own({ Action: operations })]) },
    { name: "wildcards, in any case", resource: keyWith([own({ Action: ["KMS:*Key*"] })]) },
    {
      name: "the seven operations over two statements",
      resource: keyWith([own({ Action: operations.slice(0, 3) }), own({ Action: operations.slice(3) })]),
    },
    {
      name: "a condition that every principal of the account meets",
      resource: on({ StringEquals: { "kms:CallerAccount": testAccount } }),
    },
    {
      name: "a Deny that spares an administrator",
      resource: denied({ Condition: { ArnNotEquals: { "aws:PrincipalArn": admin } } }),
    },
    {
      name: "a Deny for everybody by a tag that the key has not",
      resource: keyWith([administers, locksByTag], {}, { tags: known({}) }),
    },
    {
      name: "a Deny by tags of the caller, which others have not",
      resource: denied({ Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } }),
    },
    {
      name: "a Deny for one role by a tag of the key that could not be read",
      resource: keyWith(
        [administers, { ...locksByTag, Principal: { AWS: admin } }],
        {},
        {
          tags: unreadable("access-denied", ""),
        },
      ),
    },
    { name: "a tag that the key has", resource: tagged(known({ purpose: "claude" })) },
    { name: "a Deny for one role of the account", resource: denied({ Principal: { AWS: admin } }) },
    {
      name: "a Deny that the root user escapes",
      resource: denied({ Principal: undefined, NotPrincipal: { AWS: root } }),
    },
    {
      name: "a Deny for other accounts",
      resource: denied({ Condition: { StringNotEquals: { "aws:PrincipalAccount": testAccount } } }),
    },
    {
      name: "a Deny of deletion for everybody, which is a safeguard",
      resource: denied({ Action: "kms:ScheduleKeyDeletion" }),
    },
    { name: "a Deny without Resource, which does nothing", resource: denied({ Resource: undefined }) },
  ],
  fail: [
    {
      name: "a Deny for everybody by a tag that the key has",
      resource: keyWith([administers, locksByTag], {}, { tags: known({ locked: "yes" }) }),
      message: "denies kms:PutKeyPolicy to every principal",
    },
    { name: "no statement for the account", resource: keyWith([uses(), describes]), message: "kms:PutKeyPolicy" },
    { name: "one role of the account alone", resource: keyWith([own({ Principal: { AWS: admin } })]) },
    {
      name: "the root of another account",
      resource: keyWith([own({ Principal: { AWS: "arn:aws:iam::444455556666:root" } })]),
    },
    {
      name: "the account's number in another partition",
      resource: keyWith([own({ Principal: { AWS: `arn:aws-cn:iam::${testAccount}:root` } })]),
    },
    { name: "a statement without Resource", resource: keyWith([own({ Resource: undefined })]) },
    {
      name: "a Resource that is another key",
      resource: keyWith([own({ Resource: "arn:aws:kms:us-east-2:111122223333:key/other" })]),
    },
    ...operations.map((operation) => ({
      name: `all but ${operation}`,
      resource: without(operation),
      message: operation,
    })),
    {
      name: "only with MFA",
      resource: on({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      message: "limiting condition",
    },
    { name: "a tag that the key does not have", resource: tagged(known({})) },
    {
      name: "a tag that could not be read, and MFA",
      resource: tagged(unreadable("access-denied", ""), { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
    },
    { name: "only from some addresses", resource: on({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }) },
    {
      name: "only for some roles",
      resource: on({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:role/admin*` } }),
    },
    {
      name: "only through a service",
      resource: on({ StringEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } }),
    },
    { name: "a time that is over", resource: on({ DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } }) },
    {
      name: "a Deny for everybody",
      resource: denied({}),
      message: /statement 2 "Locks" denies kms:PutKeyPolicy to every principal of account 111122223333/,
    },
    { name: "a Deny for the account", resource: denied({ Principal: { AWS: root } }), message: "Locks" },
    {
      name: "a Deny of everything for the own account",
      resource: denied({ Action: "kms:*", Condition: { StringEquals: { "aws:PrincipalAccount": testAccount } } }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "a tag of the key that could not be read",
      resource: tagged(unreadable("access-denied", "")),
      message: "hangs on aws:ResourceTag/purpose",
    },
    {
      name: "a Deny for everybody by a tag of the key that could not be read",
      resource: keyWith([administers, locksByTag], {}, { tags: unreadable("access-denied", "") }),
      message: "hangs on aws:ResourceTag/locked",
    },
    {
      name: "a Deny for everybody by an alias of the key, which nobody reads",
      resource: denied({ Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/locked" } } }),
      message: "hangs on kms:ResourceAliases",
    },
    {
      name: "an alias of the key, which nobody reads",
      resource: on({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/claude" } }),
      message: "hangs on kms:ResourceAliases",
    },
    {
      name: "a spec of the key that could not be read",
      resource: keyWith(
        [own({ Condition: { StringEquals: { "kms:KeySpec": "SYMMETRIC_DEFAULT" } } })],
        {},
        {
          spec: unreadable("not-reported", ""),
        },
      ),
      message: "hangs on kms:KeySpec",
    },
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "policy that is no JSON", resource: awsKmsKey({ policy_text: known("{") }), message: "line 1" },
  ],
});
