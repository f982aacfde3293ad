import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/access/aws/parse-policy.ts";
import { parseAwsPrincipal } from "../../../src/access/aws/parse-principal.ts";
import { anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsPolicy } from "../../../src/model/aws-access.ts";
import { allow, policyText, type Statement } from "../../support/ask-policy.ts";

function parsed(text: string): AwsPolicy {
  const result = parsePolicy(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("parsePolicy", () => {
  it("takes a statement apart and keeps its texts", () => {
    const policy = parsed(`{
      "Version": "2012-10-17", "Id": "mine",
      "Statement": {
        "Sid": "one", "Effect": "Allow",
        "Principal": {"AWS": ["111122223333", "${anthropicAwsRoleArn}"], "Service": "s3.amazonaws.com"},
        "Action": "kms:Decrypt", "NotResource": ["a", "b"],
        "Condition": {"ForAnyValue:stringlikeIfExists": {"kms:EncryptionContextKeys": ["x", 1, true]}, "Wish": {"k": "v"}}
      }
    }`);
    expect(policy).toMatchObject({ version: "2012-10-17", id: "mine", placeholders: [] });
    expect(policy.principals.map(({ kind }) => kind)).toEqual(["account", "role", "service"]);
    expect(policy.statements).toMatchObject([
      {
        index: 0,
        sid: "one",
        line: 3,
        effect: "Allow",
        principals: { negated: false },
        actions: { negated: false, values: ["kms:Decrypt"] },
        resources: { negated: true, values: ["a", "b"] },
        conditions: [
          { base: "StringLike", quantifier: "for-any-value", if_exists: true, values: ["x", "1", "true"] },
          { operator: "Wish", base: null, quantifier: null, if_exists: false },
        ],
      },
    ]);
  });

  const refused: readonly [name: string, text: string, message: RegExp, line: number][] = [
    ["a list as document", "[]", /a policy must be an object/, 1],
    ["no Statement", '{"Version": "2012-10-17"}', /Statement is missing/, 1],
    ["an unknown element of the document", '{"Statement": [],\n"statement": []}', /"statement" is no element/, 2],
    ["an unknown element of a statement", policyText(allow({ Conditions: {} })), /"Conditions" is no element/, 1],
    ["an effect in lower case", policyText(allow({ Effect: "allow" })), /Effect must be/, 1],
    ["no effect", '{"Statement":\n{"Principal": "*"}}', /Effect must be/, 2],
    ["no principal", '{"Statement": {"Effect": "Allow", "Action": "kms:*"}}', /Principal is missing/, 1],
    ["both principals", policyText(allow({ NotPrincipal: "*" })), /exclude each other/, 1],
    ["both actions", policyText(allow({ NotAction: "kms:*" })), /exclude each other/, 1],
    ["a bare ARN as principal", policyText(allow({ Principal: anthropicAwsRoleArn })), /Principal, if not/, 1],
    ["a kind of principal that is none", policyText(allow({ Principal: { Aws: "*" } })), /"Aws" is no element/, 1],
    ["a number as action", policyText(allow({ Action: 1 })), /a text or a list/, 1],
    ["a list as condition", policyText(allow({ Condition: [] })), /Condition must be an object/, 1],
    ["a text under an operator", policyText(allow({ Condition: { Bool: "true" } })), /object of condition keys/, 1],
    ["null as value", policyText(allow({ Condition: { Bool: { k: null } } })), /a condition's value/, 1],
    ["a number as Sid", policyText(allow({ Sid: 7 })), /Sid must be a text/, 1],
    [
      "a condition key twice",
      '{"Statement":{"Effect":"Allow","Principal":"*","Condition":{"Bool":{\n"k":"a",\n"k":"b"}}}}',
      /stands twice/,
      3,
    ],
  ];
  it.each(refused)("refuses %s", (_, text, message, line) => {
    const result = parsePolicy(text);
    expect(result).toMatchObject({ ok: false, error: { line } });
    expect(!result.ok && result.error.message).toMatch(message);
  });
});

describe("parseAwsPrincipal", () => {
  it.each([
    ["*", { kind: "anyone" }],
    ["111122223333", { kind: "account", account: "111122223333", partition: null }],
    ["arn:aws:iam::111122223333:root", { kind: "account", account: "111122223333", partition: "aws" }],
    ["arn:aws-cn:iam::111122223333:role/a/b/c", { kind: "role", partition: "aws-cn", path: "/a/b/", name: "c" }],
    ["arn:aws:iam::111122223333:user/bob", { kind: "user", path: "/", name: "bob" }],
    ["arn:aws:sts::111122223333:assumed-role/r/s", { kind: "role-session", name: "r", session: "s" }],
    ["arn:aws:sts::111122223333:federated-user/f", { kind: "federated-user", name: "f" }],
    ["AROAEXAMPLEEXAMPLE123", { kind: "unique-id", of: "role" }],
    ["AIDAEXAMPLEEXAMPLE123", { kind: "unique-id", of: "user" }],
    ["arn:aws:iam::111122223333:*", { kind: "invalid" }],
    ["arn:aws:iam::*:role/x", { kind: "invalid" }],
    ["arn:aws:iam::111122223333:role/*", { kind: "invalid" }],
    ["arn:aws:iam::111122223333:role/", { kind: "invalid" }],
    ["arn:aws:iam::111122223333:group/g", { kind: "invalid" }],
    ["arn:aws:iam::11112222333:root", { kind: "invalid" }],
    ["1111222233334", { kind: "invalid" }],
    ["arn:aws:iam::111122223333:role/${role}", { kind: "invalid" }],
    ["", { kind: "invalid" }],
  ])("reads %s", (text, expected) => {
    expect(parseAwsPrincipal(text)).toMatchObject({ text, ...expected });
  });
});

describe("placeholders", () => {
  const org = "kms:EncryptionContext:anthropic:org_uuid";
  const uuid = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";
  const cases: readonly [name: string, changes: Statement, kinds: readonly string[], version?: string][] = [
    ["a clean statement", { Condition: { StringEquals: { [org]: [uuid, uuid.toUpperCase()] } } }, []],
    ["an angle-bracketed account", { Principal: { AWS: "arn:aws:iam::<account id>:root" } }, ["angle-brackets"]],
    ["a value to be filled in", { Condition: { StringEquals: { [org]: "<ORG_UUID>" } } }, ["angle-brackets"]],
    [
      "a key to be filled in",
      { Condition: { StringEquals: { "kms:EncryptionContext:<key>": "v" } } },
      ["angle-brackets"],
    ],
    ["a template's variable as principal", { Principal: { AWS: "${role_arn}" } }, ["not-a-variable"]],
    ["a template's variable as value", { Condition: { StringEquals: { [org]: "${ORG}" } } }, ["not-a-variable"]],
    [
      "a policy variable",
      { Condition: { StringEquals: { "aws:PrincipalTag/x": "${aws:ResourceTag/x, 'none'}" } } },
      [],
    ],
    [
      "a policy variable under the old version",
      { Condition: { StringEquals: { "aws:PrincipalTag/x": "${aws:ResourceTag/x}" } } },
      ["not-a-variable"],
      "2008-10-17",
    ],
    ["a policy variable as principal", { Principal: { AWS: "${aws:PrincipalArn}" } }, ["not-a-variable"]],
    [
      "tagged ids",
      { Condition: { StringEquals: { [org]: ["org_01ab", "wrkspc_x", "ekey_y"] } } },
      Array(3).fill("tagged-id"),
    ],
    ["an empty text", { Condition: { StringEquals: { [org]: "" } } }, ["empty"]],
    ["no UUID", { Condition: { StringEqualsIfExists: { [org]: "acme" } } }, ["not-a-uuid"]],
    ["a star where it is no wildcard", { Condition: { StringEquals: { [org]: "*" } } }, ["not-a-uuid"]],
    ["a wildcard", { Condition: { StringLike: { [org]: "*" } } }, []],
    ["an existence test", { Condition: { Null: { [org]: "false" } } }, []],
    ["other encryption context", { Condition: { StringEquals: { "kms:EncryptionContext:app": "acme" } } }, []],
    ["an angle-bracketed Sid", { Sid: "<any>" }, []],
  ];
  it.each(cases)("%s", (_, changes, kinds, version) => {
    expect(parsed(policyText(allow(changes), version)).placeholders.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("says where", () => {
    const text = policyText([allow(), allow({ Condition: { StringEquals: { [org]: "<ORG>" } } })]);
    expect(parsed(text).placeholders).toEqual([
      { statement: 1, where: "condition", key: org, text: "<ORG>", kind: "angle-brackets" },
    ]);
  });
});
