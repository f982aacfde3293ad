import { describe, expect, it } from "vitest";
import {
  anonymous,
  callersNamed,
  otherRole,
  rootOf,
  serviceForOwner,
  unrelatedAccount,
} from "../../../src/access/aws/callers.ts";
import { keyAttributes } from "../../../src/access/aws/key-attributes.ts";
import { parseAwsPrincipal } from "../../../src/access/aws/parse-principal.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsCaller } from "../../../src/model/aws-access.ts";
import { known } from "../../../src/model/fact.ts";
import { accessTo, allow, anthropicRole, ask, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount, testKey, testKeyArn } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

type Expected = "allowed" | "denied" | "conditional";
const home = { account: testAccount, partition: "aws" };
const accountRoot = `arn:aws:iam::${anthropicAwsAccount}:root`;
const session = `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/s`;

function named(arn: string): AwsCaller {
  const [caller] = callersNamed(parseAwsPrincipal(arn), home);
  if (caller === undefined) throw new Error(`nobody is ${arn}`);
  return caller;
}

describe("Principal", () => {
  const cases: readonly [name: string, principal: unknown, expected: Expected][] = [
    ["the role", { AWS: anthropicAwsRoleArn }, "allowed"],
    ["the role in a list", { AWS: ["111122223333", anthropicAwsRoleArn] }, "allowed"],
    ["the account's root", { AWS: accountRoot }, "allowed"],
    ["the account's number", { AWS: anthropicAwsAccount }, "allowed"],
    ["anyone", "*", "allowed"],
    ["anyone under AWS", { AWS: "*" }, "allowed"],
    [
      "the role in another case",
      { AWS: anthropicAwsRoleArn.toUpperCase().replace("ARN:AWS:IAM", "arn:aws:iam") },
      "denied",
    ],
    ["the role with a path", { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/x/anthropic-cmek-client-us` }, "denied"],
    [
      "a session of the role's name in another account",
      { AWS: session.replace(anthropicAwsAccount, testAccount) },
      "denied",
    ],
    ["the role in another partition", { AWS: anthropicAwsRoleArn.replace("arn:aws:", "arn:aws-cn:") }, "denied"],
    ["the account in another partition", { AWS: accountRoot.replace("arn:aws:", "arn:aws-us-gov:") }, "denied"],
    ["another account", { AWS: "111122223333" }, "denied"],
    ["a wildcard inside the ARN", { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/*` }, "denied"],
    ["a wildcard for the account", { AWS: "arn:aws:iam::*:role/anthropic-cmek-client-us" }, "denied"],
    ["a session of the role", { AWS: session }, "conditional"],
    ["a session of another role", { AWS: session.replace("client", "x") }, "denied"],
    ["a deleted principal", { AWS: "AROAEXAMPLEEXAMPLE123" }, "denied"],
    ["a service", { Service: "s3.amazonaws.com" }, "denied"],
    ["an identity provider", { Federated: "cognito-identity.amazonaws.com" }, "denied"],
    [
      "a canonical user",
      { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
      "denied",
    ],
    ["nobody", { AWS: [] }, "denied"],
  ];
  it.each(cases)("%s", (_, principal, expected) => {
    expect(ask(policyText(allow({ Principal: principal }))).decision).toBe(expected);
    // What may be allowed by an Allow may be denied by a Deny.
    const opposite = { allowed: "denied", denied: "allowed", conditional: "conditional" }[expected];
    expect(ask(policyText([allow({ Principal: "*" }), deny({ Principal: principal })])).decision).toBe(opposite);
  });

  it("knows the session that a policy names", () => {
    expect(ask(policyText(allow({ Principal: { AWS: session } })), { caller: named(session) }).decision).toBe(
      "allowed",
    );
    expect(ask(policyText(allow({ Principal: { AWS: `${session}2` } })), { caller: named(session) }).decision).toBe(
      "denied",
    );
    expect(ask(policyText(allow({ Principal: { AWS: session } }))).on).toEqual(["sts:RoleSessionName"]);
  });

  it("takes a bare account number for one of the key's own partition", () => {
    const resource = testKeyArn.replace("arn:aws:", "arn:aws-cn:");
    const access = accessTo(
      policyText(allow({ Principal: { AWS: testAccount } })),
      keyAttributes({ ...testKey, resource }),
    );
    const decide = (caller: AwsCaller) => access.decide({ caller, operation: "kms:Decrypt", at: testTime }).decision;
    expect(decide(rootOf(testAccount, "aws-cn"))).toBe("allowed");
    expect(decide(rootOf(testAccount, "aws"))).toBe("denied");
  });

  it("knows services", () => {
    const policy = policyText(allow({ Principal: { Service: ["s3.amazonaws.com"] } }));
    expect(ask(policy, { caller: serviceForOwner("s3.amazonaws.com", home) }).decision).toBe("allowed");
    expect(ask(policy, { caller: serviceForOwner("ec2.amazonaws.com", home) }).decision).toBe("denied");
  });
});

describe("NotPrincipal", () => {
  const denied = (listed: unknown) =>
    policyText([allow({ Principal: "*" }), deny({ Principal: undefined, NotPrincipal: listed })]);
  const cases: readonly [name: string, listed: unknown, caller: AwsCaller, expected: Expected][] = [
    ["spares nobody of another account", { AWS: testAccount }, anthropicRole, "denied"],
    ["spares no role by its ARN", { AWS: anthropicAwsRoleArn }, anthropicRole, "denied"],
    ["spares no role by ARN and account", { AWS: [anthropicAwsRoleArn, accountRoot] }, anthropicRole, "denied"],
    [
      "spares no role whose session is not known",
      { AWS: [anthropicAwsRoleArn, accountRoot, session] },
      anthropicRole,
      "denied",
    ],
    [
      "spares a session that is fully listed",
      { AWS: [anthropicAwsRoleArn, accountRoot, session] },
      named(session),
      "allowed",
    ],
    ["spares no session by role and account", { AWS: [anthropicAwsRoleArn, accountRoot] }, named(session), "denied"],
    ["spares no session without its role", { AWS: [accountRoot, session] }, named(session), "denied"],
    ["spares no session without its account", { AWS: [anthropicAwsRoleArn, session] }, named(session), "denied"],
    ["spares a root user", { AWS: accountRoot }, rootOf(anthropicAwsAccount), "allowed"],
    [
      "spares a user with its account",
      { AWS: [testAccount, `arn:aws:iam::${testAccount}:user/bob`] },
      named(`arn:aws:iam::${testAccount}:user/bob`),
      "allowed",
    ],
    [
      "spares no user without its account",
      { AWS: `arn:aws:iam::${testAccount}:user/bob` },
      named(`arn:aws:iam::${testAccount}:user/bob`),
      "denied",
    ],
    ["spares a service", { Service: "s3.amazonaws.com" }, serviceForOwner("s3.amazonaws.com", home), "allowed"],
    ["spares anyone", { AWS: "*" }, anthropicRole, "allowed"],
  ];
  it.each(cases)("in a Deny %s", (_, listed, caller, expected) => {
    expect(ask(denied(listed), { caller }).decision).toBe(expected);
  });

  it("in an Allow is open to everyone else", () => {
    const policy = policyText(allow({ Principal: undefined, NotPrincipal: { AWS: rootArn(testAccount) } }));
    for (const caller of [anthropicRole, anonymous(), unrelatedAccount(), otherRole(anthropicAwsAccount)]) {
      expect(ask(policy, { caller }).decision).toBe("allowed");
    }
    expect(ask(policy, { caller: rootOf(testAccount) }).decision).toBe("denied");
    expect(ask(policyText(allow({ Principal: undefined, NotPrincipal: { AWS: anthropicAwsRoleArn } }))).decision).toBe(
      "conditional",
    );
  });
});

describe("Action", () => {
  const cases: readonly [name: string, changes: Statement, operation: string, expected: Expected][] = [
    ["all of AWS", { Action: "*" }, "kms:Decrypt", "allowed"],
    ["all of KMS", { Action: "kms:*" }, "kms:Decrypt", "allowed"],
    ["another case", { Action: "KMS:decrypt" }, "kms:Decrypt", "allowed"],
    ["a run", { Action: "kms:De*" }, "kms:Decrypt", "allowed"],
    ["a run in the middle", { Action: "kms:D*t" }, "kms:DescribeKey", "denied"],
    ["single characters", { Action: "kms:??crypt" }, "kms:Encrypt", "allowed"],
    ["too few characters", { Action: "kms:?crypt" }, "kms:Encrypt", "denied"],
    ["no service", { Action: "Decrypt" }, "kms:Decrypt", "denied"],
    ["another service", { Action: "s3:*" }, "kms:Decrypt", "denied"],
    ["a list", { Action: ["kms:Sign", "kms:Decrypt"] }, "kms:Decrypt", "allowed"],
    ["an empty list", { Action: [] }, "kms:Decrypt", "denied"],
    ["none at all", { Action: undefined }, "kms:Decrypt", "denied"],
    ["NotAction of another", { Action: undefined, NotAction: "kms:Encrypt" }, "kms:Decrypt", "allowed"],
    ["NotAction of this", { Action: undefined, NotAction: ["kms:dec*"] }, "kms:Decrypt", "denied"],
    ["NotAction of another service", { Action: undefined, NotAction: "s3:*" }, "kms:Decrypt", "allowed"],
  ];
  it.each(cases)("%s", (_, changes, operation, expected) => {
    expect(ask(policyText(allow(changes)), { operation }).decision).toBe(expected);
  });
});

describe("Resource", () => {
  const keyId = testKeyArn.split("/").at(-1);
  const cases: readonly [name: string, changes: Statement, expected: Expected][] = [
    ["everything", { Resource: "*" }, "allowed"],
    ["this key", { Resource: testKeyArn }, "allowed"],
    ["this key in a list", { Resource: ["arn:aws:s3:::b", testKeyArn] }, "allowed"],
    ["another key", { Resource: testKeyArn.replace("1234abcd", "00000000") }, "denied"],
    ["this key in another region", { Resource: testKeyArn.replace("us-east-2", "us-east-1") }, "denied"],
    ["this key's bare id", { Resource: keyId }, "denied"],
    ["an alias", { Resource: "arn:aws:kms:us-east-2:111122223333:alias/a" }, "denied"],
    ["a pattern of key ARNs", { Resource: "arn:aws:kms:*:111122223333:key/*" }, "allowed"],
    ["an empty list", { Resource: [] }, "denied"],
    ["none at all", { Resource: undefined }, "denied"],
    [
      "NotResource of another key",
      { Resource: undefined, NotResource: "arn:aws:kms:us-east-2:111122223333:key/x" },
      "allowed",
    ],
    ["NotResource of this key", { Resource: undefined, NotResource: testKeyArn }, "denied"],
    ["NotResource of everything", { Resource: undefined, NotResource: "*" }, "denied"],
    ["a variable", { Resource: "arn:aws:kms:${aws:RequestedRegion}:111122223333:key/*" }, "allowed"],
    [
      "a variable that is not known",
      { Resource: "arn:aws:kms:us-east-2:111122223333:key/${aws:userid}" },
      "conditional",
    ],
    ["a variable without a value", { Resource: "arn:aws:kms:us-east-2:111122223333:key/${aws:username}" }, "denied"],
    [
      "a variable with a default",
      { Resource: `arn:aws:kms:us-east-2:111122223333:key/\${aws:username, '${keyId}'}` },
      "allowed",
    ],
  ];
  it.each(cases)("%s", (_, changes, expected) => {
    expect(ask(policyText(allow(changes))).decision).toBe(expected);
  });
});

describe("Statement and Effect", () => {
  it("may be one object", () => expect(ask(policyText(allow())).decision).toBe("allowed"));
  it("may be none", () => expect(ask(policyText([])).decision).toBe("denied"));

  const maybe = { StringEquals: { "aws:PrincipalTag/team": "x" } };
  const cases: readonly [name: string, statements: readonly Statement[], expected: Expected, on: readonly string[]][] =
    [
      ["a Deny beats an Allow", [allow(), deny()], "denied", []],
      ["the order does not matter", [deny(), allow()], "denied", []],
      ["a Deny of something else", [allow(), deny({ Action: "kms:Encrypt" })], "allowed", []],
      ["an open Allow", [allow({ Condition: maybe })], "conditional", ["aws:PrincipalTag/team"]],
      ["an open Allow beside a plain one", [allow({ Condition: maybe }), allow()], "allowed", []],
      ["an open Deny", [allow(), deny({ Condition: maybe })], "conditional", ["aws:PrincipalTag/team"]],
      ["an open Deny without an Allow", [deny({ Condition: maybe })], "denied", []],
      ["a Deny beats what is open", [allow({ Condition: maybe }), deny()], "denied", []],
      [
        "an open Allow and an open Deny",
        [allow({ Condition: { Bool: { "aws:Other": "true" } } }), deny({ Condition: maybe })],
        "conditional",
        ["aws:Other", "aws:PrincipalTag/team"],
      ],
      [
        "an open condition beside a false one",
        [allow({ Condition: { ...maybe, Bool: { "aws:SecureTransport": "false" } } })],
        "denied",
        [],
      ],
    ];
  it.each(cases)("%s", (_, statements, expected, on) => {
    expect(ask(policyText(statements))).toMatchObject({ decision: expected, on });
  });

  it("says which statement decides", () => {
    expect(ask(policyText([allow(), deny({ Sid: "no" })])).by).toMatchObject({ sid: "no", effect: "Deny", index: 1 });
    expect(ask(policyText([allow(), deny({ Sid: "perhaps", Condition: maybe })]))).toMatchObject({
      by: { sid: "perhaps" },
      why: { condition: { key: "aws:PrincipalTag/team" }, result: "unknown" },
    });
  });
});

describe("the key's attributes", () => {
  const policy = (condition: Statement) => policyText(allow({ Condition: condition }));
  const cases: readonly [key: string, value: string][] = [
    ["kms:KeySpec", "SYMMETRIC_DEFAULT"],
    ["kms:KeyUsage", "ENCRYPT_DECRYPT"],
    ["kms:KeyOrigin", "AWS_KMS"],
    ["aws:ResourceTag/Team", "payments"],
    ["aws:resourcetag/team", "payments"],
  ];
  it.each(cases)("%s", (key, value) => {
    expect(ask(policy({ StringEquals: { [key]: value } })).decision).toBe("allowed");
    expect(ask(policy({ StringEquals: { [key]: "other" } })).decision).toBe("denied");
    const unread = accessTo(policy({ StringEquals: { [key]: value } }), keyAttributes(testKey));
    expect(unread.decide({ caller: anthropicRole, operation: "kms:Decrypt", at: testTime })).toMatchObject({
      decision: "conditional",
      on: [key],
    });
  });

  it("knows region and account from the ARN", () => {
    expect(
      ask(policy({ StringEquals: { "aws:RequestedRegion": "us-east-2", "aws:ResourceAccount": testAccount } }))
        .decision,
    ).toBe("allowed");
    expect(
      ask(policy({ Bool: { "kms:MultiRegion": "false" }, Null: { "kms:MultiRegionKeyType": "true" } })).decision,
    ).toBe("allowed");
  });

  it("knows a tag among others", () => {
    const attributes = keyAttributes(testKey, { tags: known({ stage: "test", Team: "payments" }) });
    const decide = (value: string) =>
      accessTo(policy({ StringEquals: { "aws:ResourceTag/Team": value } }), attributes).decide({
        caller: anthropicRole,
        operation: "kms:Decrypt",
        at: testTime,
      }).decision;
    expect([decide("payments"), decide("test")]).toEqual(["allowed", "denied"]);
  });

  it("does not guess between tags that differ only in case", () => {
    const attributes = keyAttributes(testKey, { tags: known({ team: "a", Team: "b" }) });
    const access = accessTo(policy({ StringEquals: { "aws:ResourceTag/team": "a" } }), attributes);
    expect(access.decide({ caller: anthropicRole, operation: "kms:Decrypt", at: testTime }).decision).toBe(
      "conditional",
    );
  });
});

function rootArn(account: string): string {
  return `arn:aws:iam::${account}:root`;
}
