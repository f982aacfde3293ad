import { describe, expect, it } from "vitest";
import { memberOf, publishedRole } from "../../../src/access/aws/callers.ts";
import { mayBeAllowed } from "../../../src/access/aws/policy-access.ts";
import { anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { accessTo, allow, anthropicRole, ask, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const from = (...ranges: readonly string[]) => ({ IpAddress: { "aws:SourceIp": ranges } });
const notFrom = (...ranges: readonly string[]) => ({ NotIpAddress: { "aws:SourceIp": ranges } });

// The role calls from any address of 160.79.104.0/21.
const cases: readonly [name: string, statements: readonly Statement[], decision: string, refused: string | null][] = [
  ["the range", [allow({ Condition: from("160.79.104.0/21") })], "allowed", null],
  ["a wider range", [allow({ Condition: from("160.0.0.0/8") })], "allowed", null],
  ["everywhere", [allow({ Condition: from("0.0.0.0/0", "::/0") })], "allowed", null],
  ["two halves", [allow({ Condition: from("160.79.104.0/22", "160.79.108.0/22") })], "allowed", null],
  [
    "two halves in two statements",
    ["160.79.104.0/22", "160.79.108.0/22"].map((range) => allow({ Condition: from(range) })),
    "allowed",
    null,
  ],
  ["only the inbound range", [allow({ Condition: from("160.79.104.0/23") })], "denied", "160.79.106.0-160.79.111.255"],
  [
    "one address is missing",
    [
      allow({
        Condition: from(
          "160.79.104.0/22",
          "160.79.108.0/23",
          "160.79.110.0/24",
          "160.79.111.0/25",
          "160.79.111.128/26",
          "160.79.111.192/27",
          "160.79.111.224/28",
          "160.79.111.240/29",
          "160.79.111.248/30",
          "160.79.111.252/31",
          "160.79.111.254",
        ),
      }),
    ],
    "denied",
    "160.79.111.255",
  ],
  ["somewhere else", [allow({ Condition: from("34.162.46.92", "34.162.102.82") })], "denied", null],
  ["IPv6 only", [allow({ Condition: from("2607:6bc0::/48") })], "denied", null],
  ["a Deny elsewhere", [allow(), deny({ Condition: notFrom("160.79.104.0/21") })], "allowed", null],
  [
    "a Deny outside the inbound range",
    [allow(), deny({ Condition: notFrom("160.79.104.0/23") })],
    "denied",
    "160.79.106.0-160.79.111.255",
  ],
  ["a Deny of one address", [allow(), deny({ Condition: from("160.79.105.7") })], "denied", "160.79.105.7"],
  ["a Deny of others", [allow(), deny({ Condition: from("10.0.0.0/8") })], "allowed", null],
  [
    "a Deny outside two lists, either enough",
    [allow(), deny({ Condition: notFrom("160.79.104.0/22", "160.79.108.0/22") })],
    "allowed",
    null,
  ],
  [
    "two Denies that leave nothing",
    [allow(), deny({ Condition: notFrom("160.79.104.0/22") }), deny({ Condition: notFrom("160.79.108.0/22") })],
    "denied",
    null,
  ],
  ["no range", [allow({ Condition: from("<range>") })], "conditional", null],
  [
    "the address as a text",
    [allow({ Condition: { StringEquals: { "aws:SourceIp": "160.79.104.1" } } })],
    "conditional",
    null,
  ],
  ["an address at all", [allow({ Condition: { Null: { "aws:SourceIp": "false" } } })], "allowed", null],
];

describe("aws:SourceIp", () => {
  it.each(cases)("%s", (_, statements, decision, refused) => {
    expect(ask(policyText(statements))).toMatchObject({ decision, refused_addresses: refused });
  });

  it("is too much access where some addresses are enough", () => {
    const half = policyText(allow({ Condition: from("160.79.104.0/23") }));
    expect(mayBeAllowed(ask(half))).toBe(true);
    expect(mayBeAllowed(ask(policyText(allow({ Condition: from("10.0.0.0/8") }))))).toBe(false);
  });

  it("takes several ranges of a caller", () => {
    const caller = publishedRole(anthropicAwsRoleArn, ["160.79.104.0/21", "2607:6bc0::/48"]);
    expect(ask(policyText(allow({ Condition: from("160.79.104.0/21") })), { caller }).decision).toBe("denied");
    expect(ask(policyText(allow({ Condition: from("160.79.104.0/21", "2607:6bc0::/32") })), { caller }).decision).toBe(
      "allowed",
    );
  });

  it("is not known of a caller whose ranges cannot be read", () => {
    const caller = publishedRole(anthropicAwsRoleArn, ["somewhere"]);
    expect(ask(policyText(allow({ Condition: from("160.79.104.0/21") })), { caller }).decision).toBe("conditional");
  });

  it("is not known of the own account", () => {
    const policy = policyText(allow({ Principal: { AWS: testAccount }, Condition: from("10.0.0.0/8") }));
    const caller = memberOf(testAccount, { account: testAccount, partition: "aws" });
    expect(ask(policy, { caller })).toMatchObject({ decision: "conditional", on: ["aws:SourceIp"] });
  });

  it("is told where it is refused", () => {
    const access = accessTo(policyText(allow({ Condition: from("160.79.104.0/23") })));
    const request = { caller: anthropicRole, operation: "kms:Decrypt", at: testTime };
    const had = ["160.79.106.0-160.79.111.255"];
    expect(access.trace(request)[0]?.conditions).toMatchObject([{ result: "false", had }]);
  });
});
