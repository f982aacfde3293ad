import { describe, expect, it } from "vitest";
import { isExpectedPrincipal, isOwnPrincipal } from "../../../src/access/aws/known-principals.ts";
import { isServicePrincipal, parseAwsPrincipal } from "../../../src/access/aws/parse-principal.ts";
import type { AwsPrincipal } from "../../../src/model/aws-access.ts";
import { testAccount } from "../../support/aws-kms-key.ts";

const home = { account: testAccount, partition: "aws" };
const other = "999988887777";
const role = `arn:aws:iam::${other}:role/partner`;

function principal(text: string): AwsPrincipal {
  return isServicePrincipal(text) ? { kind: "service", text } : parseAwsPrincipal(text);
}

describe("isOwnPrincipal", () => {
  it.each([
    [testAccount, true],
    [`arn:aws:iam::${testAccount}:root`, true],
    [`arn:aws:iam::${testAccount}:role/path/app`, true],
    [`arn:aws:sts::${testAccount}:assumed-role/app/s`, true],
    [`arn:aws:sts::${testAccount}:federated-user/bob`, true],
    [`arn:aws-cn:iam::${testAccount}:role/app`, false],
    [role, false],
    ["*", false],
    ["AROAIOSFODNN7EXAMPLE1", false],
    ["s3.amazonaws.com", false],
  ])("%s: %s", (text, expected) => {
    expect(isOwnPrincipal(principal(text), home)).toBe(expected);
  });
});

describe("isExpectedPrincipal", () => {
  it.each([
    ["the same text", role, role, true],
    ["a role of the account, by its number", role, other, true],
    ["a role of the account, by its root", role, `arn:aws:iam::${other}:root`, true],
    ["the account, its root being expected", other, `arn:aws:iam::${other}:root`, true],
    ["a session of the role", `arn:aws:sts::${other}:assumed-role/partner/s`, role, true],
    ["a service", "s3.amazonaws.com", "s3.amazonaws.com", true],
    ["the account, one role of it being expected", other, role, false],
    ["another role", `${role}2`, role, false],
    ["a user of the role's name", `arn:aws:iam::${other}:user/partner`, role, false],
    ["a session of another role", `arn:aws:sts::${other}:assumed-role/else/s`, role, false],
    ["another partition's account of that number", `arn:aws-cn:iam::${other}:role/partner`, other, false],
    ["another service", "s3.amazonaws.com", "sns.amazonaws.com", false],
  ])("%s", (_, text, expected, result) => {
    expect(isExpectedPrincipal(principal(text), [testAccount, expected], home)).toBe(result);
  });
});
