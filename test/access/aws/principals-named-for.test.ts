import { describe, expect, it } from "vitest";
import { principalsNamedFor } from "../../../src/access/aws/principals-named-for.ts";
import { accessTo, allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const operations = ["kms:PutKeyPolicy", "kms:DisableKey"];
const root = `arn:aws:iam::${testAccount}:root`;
const role = `arn:aws:iam::${testAccount}:role/app`;
const service = { Service: "s3.amazonaws.com" };

function found(...statements: readonly Statement[]) {
  return principalsNamedFor(operations, accessTo(policyText(statements)), { at: testTime }).map(
    ({ principal, ...rest }) => ({
      principal: principal.text,
      ...rest,
    }),
  );
}
const names = (...statements: readonly Statement[]) => found(...statements).map(({ principal }) => principal);

describe("principalsNamedFor", () => {
  it("tells who can do what by which statements", () => {
    expect(
      found(
        allow({ Sid: "Root", Principal: { AWS: root } }),
        allow({ Sid: "Puts", Principal: { AWS: role }, Action: "kms:Put*" }),
        allow({ Principal: { AWS: role }, Action: "kms:Decrypt" }),
      ),
    ).toEqual([
      { principal: root, operations, statements: ['statement 1 "Root"'] },
      { principal: role, operations: ["kms:PutKeyPolicy"], statements: ['statement 2 "Puts"'] },
    ]);
  });

  it("does not count for one what a statement about others lets it do", () => {
    expect(
      names(allow({ Principal: { AWS: root } }), allow({ Principal: { AWS: role }, Action: "kms:Decrypt" })),
    ).toEqual([root]);
  });

  it("counts an account once, however it is written", () => {
    const account = ["kms:PutKeyPolicy", "kms:DisableKey"].map((Action, index) =>
      allow({ Principal: { AWS: index === 0 ? root : testAccount }, Action }),
    );
    expect(found(...account)).toEqual([{ principal: root, operations, statements: ["statement 1", "statement 2"] }]);
  });

  it.each<[string, readonly string[], Statement]>([
    ["a service", ["s3.amazonaws.com"], allow({ Principal: service })],
    [
      "whom a condition lists",
      [role],
      allow({ Principal: "*", Condition: { ArnEquals: { "aws:PrincipalArn": role } } }),
    ],
    [
      "the account by its condition",
      [testAccount],
      allow({ Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": testAccount } } }),
    ],
    ["nobody outside", [], allow({ Principal: { AWS: "999988887777" } })],
    [
      "nobody by a condition that never holds",
      [],
      allow({ Principal: { AWS: role }, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ],
    [
      "the account in its organization",
      [root],
      allow({
        Principal: { AWS: root },
        Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-customer123/*" } },
      }),
    ],
  ])("names %s", (_, expected, statement) => {
    expect(names(statement)).toEqual(expected);
  });

  it("leaves out whom a Deny stops", () => {
    expect(names(allow({ Principal: { AWS: role } }), deny({ Principal: { AWS: role } }))).toEqual([]);
  });
});
