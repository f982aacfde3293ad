import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callersNamed,
  foreignOrganizationMember,
  memberOf,
  otherRole,
  otherUser,
  rootOf,
  serviceForOwner,
  serviceForStranger,
  strangers,
} from "../../../src/access/aws/callers.ts";
import { mayBeAllowed } from "../../../src/access/aws/policy-access.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsCaller } from "../../../src/model/aws-access.ts";
import { allow, ask, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";

const home = { account: testAccount, partition: "aws" };

/** Whether anybody but those who are meant gets in where `Principal` is `*` and only this condition holds them back. */
function isOpen(condition: Statement, callers: readonly AwsCaller[] = strangers(), ...denials: Statement[]): boolean {
  const policy = policyText([allow({ Principal: "*", Condition: condition }), ...denials]);
  return callers.some((caller) => mayBeAllowed(ask(policy, { caller, encryption_context: "any" })));
}

describe("a condition that pins who", () => {
  const pinning: readonly [name: string, condition: Statement][] = [
    ["the caller's account", { StringEquals: { "kms:CallerAccount": testAccount } }],
    ["several accounts", { StringEquals: { "aws:PrincipalAccount": [testAccount, "999988887777"] } }],
    ["the caller's account in a wildcard operator", { StringLike: { "kms:CallerAccount": testAccount } }],
    ["the caller's ARN", { ArnEquals: { "aws:PrincipalArn": anthropicAwsRoleArn } }],
    ["all ARNs of an account", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:*` } }],
    ["all ARNs of an account as texts", { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:*` } }],
    ["some ARNs of an account, of whichever service", { ArnLike: { "aws:PrincipalArn": `arn:*:*::${testAccount}:*` } }],
    ["the account of a VPC as a text", { StringLike: { "aws:SourceVpcArn": `arn:aws:ec2:*:${testAccount}:vpc/*` } }],
    ["the organization", { StringEquals: { "aws:PrincipalOrgID": "o-customer123" } }],
    ["the key's organization", { StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }],
    ["a unit", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-customer123/r-ab12/*" } }],
    ["a VPC endpoint", { StringEquals: { "aws:SourceVpce": "vpce-0123" } }],
    ["a VPC", { StringEquals: { "aws:SourceVpc": ["vpc-0123", "vpc-4567"] } }],
    ["the account of a VPC endpoint", { StringEquals: { "aws:VpceAccount": testAccount } }],
    [
      "the account of one of several VPC endpoints",
      { "ForAnyValue:StringEquals": { "aws:VpceAccount": [testAccount] } },
    ],
    ["the key's account as that of a VPC endpoint", { StringEquals: { "aws:VpceAccount": "${aws:ResourceAccount}" } }],
    ["the organization of a VPC endpoint", { StringEquals: { "aws:VpceOrgID": "o-customer123" } }],
    ["a unit with VPC endpoints", { "ForAnyValue:StringLike": { "aws:VpceOrgPaths": "o-customer123/r-ab12/*" } }],
    ["a key of another service", { StringEquals: { "sts:ExternalId": "abc" } }],
    ["a key that AWS KMS does not publish", { StringEquals: { "kms:EncryptionContext/app": "x" } }],
    ["a few addresses", { IpAddress: { "aws:SourceIp": ["160.79.104.0/21", "2001:db8::/32"] } }],
    [
      "the account besides the service",
      { StringEquals: { "kms:CallerAccount": testAccount, "kms:ViaService": "s3.us-east-2.amazonaws.com" } },
    ],
    ["the key's account", { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }],
  ];
  it.each(pinning)("%s", (_, condition) => expect(isOpen(condition)).toBe(false));
});

describe("a condition that pins nobody", () => {
  const open: readonly [name: string, condition: Statement][] = [
    ["none", {}],
    ["the service that is used", { StringEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } }],
    ["any service", { StringLike: { "kms:ViaService": "*.amazonaws.com" } }],
    ["the caller's tags", { StringEquals: { "aws:PrincipalTag/team": "x" } }],
    ["the user agent", { StringLike: { "aws:UserAgent": "x*" } }],
    ["the time", { DateLessThan: { "aws:CurrentTime": "2030-01-01" } }],
    ["TLS", { Bool: { "aws:SecureTransport": "true" } }],
    ["MFA", { Bool: { "aws:MultiFactorAuthPresent": "true" } }],
    ["the caller's own ARN", { StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }],
    ["the caller's own account", { StringEquals: { "kms:CallerAccount": "${aws:PrincipalAccount}" } }],
    [
      "a role's name in the caller's own account",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/admin" } },
    ],
    [
      "a role's name in the caller's own account, as a text",
      { StringEquals: { "aws:PrincipalArn": "arn:aws:iam::${kms:CallerAccount}:role/admin" } },
    ],
    [
      "a unit of the caller's own organization",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "${aws:PrincipalOrgID}/*" } },
    ],
    ["any account", { StringLike: { "kms:CallerAccount": "*" } }],
    ["a few accounts", { StringLike: { "kms:CallerAccount": "11112222333?" } }],
    ["many accounts", { StringLike: { "kms:CallerAccount": "1111????????" } }],
    ["a role's name in any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } }],
    ["a role's name in many accounts", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::1111*:role/admin" } }],
    ["any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
    ["part of an organization", { StringLike: { "aws:PrincipalOrgID": "o-customer*" } }],
    [
      "units of part of an organization",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-customer123*", "o-custome?123/*"] } },
    ],
    ["another organization", { StringNotEquals: { "aws:PrincipalOrgID": "o-customer123" } }],
    ["the organization if there is one", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-customer123" } }],
    ["all organizations of none", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-customer123/*" } }],
    ["an organization at all", { Null: { "aws:PrincipalOrgID": "false" } }],
    ["not this account", { StringNotEquals: { "aws:PrincipalAccount": testAccount } }],
    ["any VPC endpoint", { StringLike: { "aws:SourceVpce": "vpce-*" } }],
    ["a VPC endpoint if there is one", { StringEqualsIfExists: { "aws:SourceVpce": "vpce-0123" } }],
    ["some VPC endpoint", { Null: { "aws:SourceVpce": "false" } }],
    ["VPC endpoints of any account", { StringLike: { "aws:VpceAccount": "*" } }],
    ["VPC endpoints of the caller's own account", { StringEquals: { "aws:VpceAccount": "${aws:PrincipalAccount}" } }],
    ["VPC endpoints of the caller's own organization", { StringEquals: { "aws:VpceOrgID": "${aws:PrincipalOrgID}" } }],
    ["no VPC endpoint of this account", { StringNotEquals: { "aws:VpceAccount": testAccount } }],
    ["the account of a VPC endpoint if there is one", { StringEqualsIfExists: { "aws:VpceAccount": testAccount } }],
    ["VPC endpoints of some units", { "ForAnyValue:StringLike": { "aws:VpceOrgPaths": "o-cust*/r-ab12/*" } }],
    ["half of the Internet", { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } }],
    ["all of the Internet in two halves", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }],
    ["a few addresses if there is one", { IpAddressIfExists: { "aws:SourceIp": "10.0.0.0/8" } }],
    ["an address at all", { Null: { "aws:SourceIp": "false" } }],
    ["not a few addresses", { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }],
    ["the encryption context", { StringEquals: { "kms:EncryptionContext:app": "x" } }],
    ["the encryption context's names", { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "app" } }],
    ["no service", { Bool: { "aws:PrincipalIsAWSService": "false" } }],
    ["a key that is not known", { StringEquals: { "aws:Future": "x" } }],
    ["the session of a workload", { StringEquals: { "glue:CredentialIssuingService": "glue.amazonaws.com" } }],
    [
      "an account after one character of any kind",
      { StringLike: { "aws:PrincipalArn": `arn:aw?:iam::${testAccount}:*` } },
    ],
    ["an account after any text", { StringLike: { "aws:PrincipalArn": `arn:*:iam::${testAccount}:*` } }],
    ["a role after any partition", { StringLike: { "aws:PrincipalArn": `arn:aws*:iam::${testAccount}:role/ops` } }],
    [
      "an account after so many characters",
      { StringLike: { "aws:PrincipalArn": `arn:${"?".repeat(27)}:iam::${testAccount}:*` } },
    ],
    ["any ARN at all", { ArnLike: { "aws:PrincipalArn": "*" } }],
    ["the key's own tags", { StringEquals: { "aws:ResourceTag/Team": "payments" } }],
  ];
  it.each(open)("%s", (_, condition) => expect(isOpen(condition)).toBe(true));
});

describe("another principal of an account", () => {
  const others = [otherRole(anthropicAwsAccount), otherUser(anthropicAwsAccount), rootOf(anthropicAwsAccount)];
  const open = (condition: Statement) => others.map((caller) => isOpen(condition, [caller]));

  it("is kept out by the role's ARN", () => {
    expect(open({ ArnEquals: { "aws:PrincipalArn": anthropicAwsRoleArn } })).toEqual([false, false, false]);
  });
  it("is kept out by all ARNs of another account, as texts", () => {
    const condition = { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${testAccount}:*` } };
    expect(open(condition)).toEqual([false, false, false]);
  });
  it("is let in by its path, where the account comes after any text", () => {
    const condition = { StringLike: { "aws:PrincipalArn": `arn:*:iam::${testAccount}:*` } };
    expect(open(condition)).toEqual([true, true, false]);
  });
  it("is let in by its account", () => {
    expect(open({ StringEquals: { "kms:CallerAccount": anthropicAwsAccount } })).toEqual([true, true, true]);
  });
  it("is not taken for one that the policy writes out", () => {
    const whoever = (...callers: AwsCaller[]) => callers.map((caller) => isOpen({}, [caller], notTheirs));
    const names = ["role/another-role", "user/another-user", "role/member"].map(
      (name) => `arn:aws:iam::${testAccount}:${name}`,
    );
    const notTheirs = deny({ Condition: { ArnEquals: { "aws:PrincipalArn": names } } });
    expect(whoever(otherRole(testAccount), otherUser(testAccount), memberOf(testAccount, home))).toEqual([
      true,
      true,
      true,
    ]);
    const ofTheirs = deny({
      Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/any" } },
    });
    expect(isOpen({}, strangers(), ofTheirs)).toBe(true);
    expect(
      strangers()
        .slice(1)
        .map((caller) => isOpen({}, [caller], ofTheirs)),
    ).toEqual([true, true, true]);
  });
  it("is let in by a pattern of names", () => {
    expect(open({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${anthropicAwsAccount}:role/anthropic-*` } })).toEqual([
      true,
      false,
      false,
    ]);
    expect(open({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${anthropicAwsAccount}:user/*` } })).toEqual([
      false,
      true,
      false,
    ]);
    expect(open({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } })).toEqual([true, false, false]);
  });
});

describe("a stranger with a value of its own", () => {
  const account = "444455556666";
  /** By condition key: what a stranger has there, and the part of it that no policy writes by chance. */
  const values: Readonly<Record<string, readonly [value: string, own: string]>> = {
    "aws:PrincipalArn": [`arn:aws:iam::${account}:role/x:iam::${testAccount}:role/y`, account],
    "kms:CallerAccount": [account, account],
    "aws:PrincipalOrgID": ["o-stranger11", "o-stranger11"],
    "aws:PrincipalOrgPaths": ["o-stranger11/r-ab12/ou-ab12-11111111/", "o-stranger11"],
    "aws:SourceVpce": ["vpce-0123456789abcdef0", "vpce-0123456789abcdef0"],
    "aws:SourceVpcArn": [`arn:aws:ec2:us-east-1:${account}:vpc/vpc-0123456789abcdef0`, account],
    "aws:VpceAccount": [account, account],
    "aws:VpceOrgID": ["o-stranger11", "o-stranger11"],
    "aws:VpceOrgPaths": ["o-stranger11/r-ab12/", "o-stranger11"],
    "aws:SourceArn": [`arn:aws:cloudwatch:us-east-1:${account}:alarm:x:${testAccount}`, account],
    "aws:SourceOrgPaths": ["o-stranger11/r-ab12/", "o-stranger11"],
  };
  const wildcards = fc.record({ from: fc.nat(80), length: fc.nat(45), by: fc.constantFrom("*", "*", "?", "x") });

  /** The value with wildcards in the place of some of it; `?` stand for as many characters as they replace. */
  function patternOf(value: string, replaced: readonly { from: number; length: number; by: string }[]): string {
    return replaced.reduce((text, { from, length, by }) => {
      const at = from % text.length;
      const end = Math.min(at + length, text.length);
      return text.slice(0, at) + (by === "?" ? by.repeat(end - at) : by) + text.slice(end);
    }, value);
  }

  it.each(Object.keys(values))("is let in by %s only where any stranger is", (key) => {
    const [value, own] = values[key] ?? ["", ""];
    const isSource = key.startsWith("aws:Source") && !key.startsWith("aws:SourceVpc");
    const stranger = isSource ? serviceForStranger("s3.amazonaws.com") : foreignOrganizationMember();
    const known = { ...stranger.context, [key.toLowerCase()]: { state: "present", values: [value] } as const };
    const texts = ["StringLike", "StringNotLike"];
    const operators = key.endsWith("Arn") ? [...texts, "ArnLike", "ArnNotLike"] : texts;
    let letIn = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...operators),
        fc.array(wildcards, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (operator, replaced, denies) => {
          const pattern = patternOf(value, replaced);
          fc.pre(!pattern.includes(own));
          const condition = { [operator]: { [key]: pattern } };
          const open = (caller: AwsCaller) =>
            denies ? isOpen({}, [caller], deny({ Condition: condition })) : isOpen(condition, [caller]);
          if (!open({ ...stranger, context: known })) return;
          letIn += 1;
          expect(open(stranger)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
    expect(letIn).toBeGreaterThan(100);
  });
});

describe("a service", () => {
  const cases: readonly [name: string, condition: Statement, stranger: boolean, owner: boolean][] = [
    ["without a condition", {}, true, true],
    ["for an account", { StringEquals: { "aws:SourceAccount": testAccount } }, false, true],
    ["for a resource", { ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${testAccount}:trail/*` } }, false, true],
    [
      "for resources of an account after any text",
      { StringLike: { "aws:SourceArn": `arn:aws:*:${testAccount}:alarm:*` } },
      true,
      true,
    ],
    [
      "for resources of an account as texts",
      { StringLike: { "aws:SourceArn": `arn:aws:sns:us-east-2:${testAccount}:*` } },
      false,
      true,
    ],
    [
      "for resources of an account in any region, as texts",
      { StringLike: { "aws:SourceArn": `arn:aws:cloudwatch:*:${testAccount}:alarm:*` } },
      true,
      true,
    ],
    ["for a bucket", { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::my-bucket" } }, false, true],
    ["for resources of any account", { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*" } }, true, true],
    [
      "for resources of the account that it is for",
      { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:${aws:SourceAccount}:trail/*" } },
      true,
      true,
    ],
    ["for an organization", { StringEquals: { "aws:SourceOrgID": "o-customer123" } }, false, true],
    [
      "for another account if there is one",
      { StringEqualsIfExists: { "aws:SourceAccount": "999988887777" } },
      true,
      true,
    ],
    ["for no service", { Bool: { "aws:PrincipalIsAWSService": "false" } }, false, false],
  ];
  it.each(cases)("%s", (_, condition, stranger, owner) => {
    const policy = policyText(allow({ Principal: { Service: "cloudtrail.amazonaws.com" }, Condition: condition }));
    expect(mayBeAllowed(ask(policy, { caller: serviceForStranger("cloudtrail.amazonaws.com") }))).toBe(stranger);
    expect(mayBeAllowed(ask(policy, { caller: serviceForOwner("cloudtrail.amazonaws.com", home) }))).toBe(owner);
  });
});

describe("callersNamed", () => {
  it.each([
    [{ kind: "anyone", text: "*" }, 4],
    [{ kind: "account", text: testAccount, account: testAccount, partition: null }, 2],
    [{ kind: "service", text: "s3.amazonaws.com" }, 2],
    [{ kind: "federated", text: "accounts.google.com" }, 1],
    [{ kind: "unique-id", text: "AROAEXAMPLEEXAMPLE123", of: "role" }, 1],
    [{ kind: "canonical-user", text: "79a5" }, 1],
    [{ kind: "invalid", text: "arn:aws:iam::1:role/*" }, 0],
  ] as const)("%j", (principal, count) => {
    const callers = callersNamed(principal, home);
    expect(callers).toHaveLength(count);
    const entry = {
      anyone: "*",
      account: { AWS: principal.text },
      service: { Service: principal.text },
      federated: { Federated: principal.text },
      "unique-id": { AWS: principal.text },
      "canonical-user": { CanonicalUser: principal.text },
      invalid: { AWS: principal.text },
    }[principal.kind];
    for (const caller of callers) {
      expect(ask(policyText(allow({ Principal: entry })), { caller }).decision).toBe("allowed");
    }
  });

  it("is of the key's organization only in the key's account", () => {
    const condition = { StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } };
    expect(isOpen(condition, [memberOf(testAccount, home)])).toBe(true);
    expect(isOpen(condition, [memberOf("999988887777", home)])).toBe(false);
  });
});
