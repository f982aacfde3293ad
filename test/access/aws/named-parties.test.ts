import { describe, expect, it } from "vitest";
import { letInByName, namedParties } from "../../../src/access/aws/named-parties.ts";
import { accessTo, allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const foreign = "999988887777";
const home = { partition: "aws", account: testAccount };
const partner = `arn:aws:iam::${foreign}:role/partner`;

function named(...statements: readonly Statement[]) {
  return namedParties(accessTo(policyText(statements)).policy, home).map(({ who }) => `${who.kind} ${who.text}`);
}
const where = (operator: string, key: string, values: string | readonly string[]) =>
  named(allow({ Principal: "*", Condition: { [operator]: { [key]: values } } }));

describe("namedParties", () => {
  it("are those of every Allow, once", () => {
    expect(
      named(
        allow({ Principal: { AWS: [partner, foreign, "*"], Service: "s3.amazonaws.com" } }),
        allow({ Principal: { AWS: partner } }),
        deny({ Principal: { AWS: testAccount } }),
        { Effect: "Allow", NotPrincipal: { AWS: testAccount }, Action: "kms:*", Resource: "*" },
      ),
    ).toEqual([`role ${partner}`, `account ${foreign}`, "service s3.amazonaws.com"]);
  });

  it.each([
    ["StringEquals", "kms:CallerAccount", foreign, [`account ${foreign}`]],
    ["StringEqualsIfExists", "AWS:PrincipalAccount", foreign, [`account ${foreign}`]],
    ["ArnEquals", "aws:PrincipalArn", partner, [`role ${partner}`]],
    ["ArnLike", "aws:PrincipalArn", `arn:aws:iam::${foreign}:role/p*`, [`role arn:aws:iam::${foreign}:role/p*`]],
    ["ArnLike", "aws:PrincipalArn", `arn:aws:iam::${foreign}:*`, [`account arn:aws:iam::${foreign}:*`]],
    ["ArnLike", "aws:PrincipalArn", `arn:*:iam::${foreign}:role/partner`, [`role ${partner}`]],
    ["ArnLike", "aws:PrincipalArn", `arn:*:*::${foreign}:*`, [`account arn:aws:*::${foreign}:*`]],
    ["StringEquals", "aws:PrincipalOrgID", "o-a", ["organization o-a"]],
    ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a/r-b/*", ["organization o-a"]],
    ["StringEquals", "aws:VpceAccount", foreign, [`account ${foreign}`]],
    ["StringEquals", "aws:VpceOrgID", "o-a", ["organization o-a"]],
    ["ForAnyValue:StringLike", "aws:VpceOrgPaths", "o-a/r-b/*", ["organization o-a"]],
    // These name nobody.
    ["StringNotEquals", "kms:CallerAccount", foreign, []],
    ["StringLike", "kms:CallerAccount", "9999*", []],
    ["StringEquals", "aws:PrincipalArn", `arn:aws:iam::${foreign}:role/*`, []],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/partner", []],
    ["ArnLike", "aws:PrincipalArn", `arn:aws-*:iam::${foreign}:role/partner`, []],
    ["StringLike", "aws:PrincipalOrgID", "o-*", []],
    ["Null", "aws:PrincipalOrgID", "false", []],
    ["StringEquals", "kms:ViaService", "s3.us-east-2.amazonaws.com", []],
  ])("by %s on %s %s", (operator, key, value, expected) => {
    expect(where(operator, key, value)).toEqual(expected);
  });
});

describe("letInByName", () => {
  function letIn(...statements: readonly Statement[]) {
    const access = accessTo(policyText(statements));
    return namedParties(access.policy, home).map((party) => letInByName(access, party, access.home, { at: testTime }));
  }

  it("tells what the statements give that name a party, and no others", () => {
    expect(
      letIn(
        allow({ Sid: "Public", Principal: "*", Action: "kms:Encrypt" }),
        allow({ Sid: "Named", Principal: { AWS: partner }, Action: ["kms:Encrypt", "kms:Decrypt"] }),
      ),
    ).toEqual([[{ statement: 'statement 2 "Named"', operations: ["kms:Decrypt", "kms:Encrypt"] }]]);
  });
  it("tells nothing where the statement gives nothing", () => {
    expect(letIn(allow({ Principal: { AWS: partner }, Action: "s3:*" }))).toEqual([[]]);
    expect(letIn(allow({ Principal: { AWS: partner } }), deny({ Principal: { AWS: foreign } }))).toEqual([[]]);
  });
  it("asks for whom a whole account has besides those who are named", () => {
    const narrowed = allow({
      Sid: "Narrowed",
      Principal: { AWS: foreign },
      Action: "kms:Decrypt",
      Condition: { ArnEquals: { "aws:PrincipalArn": partner } },
    });
    expect(letIn(narrowed)).toEqual([[], [{ statement: 'statement 1 "Narrowed"', operations: ["kms:Decrypt"] }]]);
  });
});
