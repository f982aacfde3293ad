import { describe, expect, it } from "vitest";
import { memberOf, serviceForOwner, unrelatedAccount } from "../../../src/access/aws/callers.ts";
import { grantAccess } from "../../../src/access/aws/grants.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsGrant } from "../../../src/model/aws.ts";
import type { AwsAccessRequest } from "../../../src/model/aws-access.ts";
import { anthropicRole } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const grant: AwsGrant = {
  id: "g1",
  name: null,
  grantee: anthropicAwsRoleArn,
  retiring: null,
  issuing_account: testAccount,
  operations: ["Decrypt", "DescribeKey"],
  context_equals: null,
  context_subset: null,
};
const home = { account: testAccount, partition: "aws" };

type Row = readonly [name: string, grants: readonly AwsGrant[], request: Partial<AwsAccessRequest>, decision: string];

const rows: readonly Row[] = [
  ["nothing without a grant", [], {}, "denied"],
  ["its operation", [grant], {}, "allowed"],
  ["another operation", [grant], { operation: "kms:Encrypt" }, "denied"],
  ["another caller", [grant], { caller: unrelatedAccount() }, "denied"],
  ["a whole account", [{ ...grant, grantee: `arn:aws:iam::${anthropicAwsAccount}:root` }], {}, "allowed"],
  [
    "a session of the role",
    [{ ...grant, grantee: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/s` }],
    {},
    "conditional",
  ],
  [
    "a service",
    [{ ...grant, grantee: "dynamodb.us-east-2.amazonaws.com" }],
    { caller: serviceForOwner("dynamodb.us-east-2.amazonaws.com", home) },
    "allowed",
  ],
  ["the second of two", [{ ...grant, id: "g0", operations: [] }, grant], {}, "allowed"],
  ["equal context", [{ ...grant, context_equals: { a: "1" } }], { encryption_context: { A: "1" } }, "allowed"],
  [
    "equal context, more sent",
    [{ ...grant, context_equals: { a: "1" } }],
    { encryption_context: { a: "1", b: "2" } },
    "denied",
  ],
  [
    "context of that value under another name",
    [{ ...grant, context_subset: { a: "1" } }],
    { encryption_context: { b: "1" } },
    "denied",
  ],
  [
    "a grant under a context, which binds only what that grant is used for",
    [{ ...grant, operations: ["CreateGrant"], context_subset: { a: "1" } }],
    { operation: "kms:CreateGrant" },
    "allowed",
  ],
  ["equal context, none sent", [{ ...grant, context_equals: { a: "1" } }], {}, "denied"],
  [
    "context with another value",
    [{ ...grant, context_equals: { a: "x" } }],
    { encryption_context: { a: "X" } },
    "denied",
  ],
  ["context subset", [{ ...grant, context_subset: { a: "1" } }], { encryption_context: { a: "1", b: "2" } }, "allowed"],
  [
    "context subset, part missing",
    [{ ...grant, context_subset: { a: "1", c: "3" } }],
    { encryption_context: { a: "1" } },
    "denied",
  ],
  ["an empty constraint", [{ ...grant, context_equals: {} }], { encryption_context: { a: "1" } }, "allowed"],
  ["any context", [{ ...grant, context_equals: { a: "1" } }], { encryption_context: "any" }, "conditional"],
  [
    "an operation without context",
    [{ ...grant, context_equals: { a: "1" } }],
    { operation: "kms:DescribeKey" },
    "allowed",
  ],
  ["retiring by the grantee", [grant], { operation: "kms:RetireGrant" }, "denied"],
  [
    "retiring by its principal",
    [{ ...grant, grantee: testAccount, retiring: anthropicAwsRoleArn, context_equals: { a: "1" } }],
    { operation: "kms:RetireGrant" },
    "allowed",
  ],
  [
    "the own account",
    [{ ...grant, grantee: `arn:aws:iam::${testAccount}:root` }],
    { caller: memberOf(testAccount, home) },
    "allowed",
  ],
];

describe("grantAccess", () => {
  it.each(rows)("%s", (_, grants, request, decision) => {
    const access = grantAccess(grants, "aws");
    const asked = { caller: anthropicRole, operation: "kms:Decrypt", at: testTime, ...request };
    expect(access.decide(asked).decision).toBe(decision);
  });

  it("keeps what a grant says", () => {
    const { grants } = grantAccess(
      [{ ...grant, name: "n", retiring: "kms.amazonaws.com", context_subset: { a: "1" } }],
      "aws",
    );
    expect(grants).toEqual([
      {
        id: "g1",
        name: "n",
        grantee: expect.objectContaining({ kind: "role", account: anthropicAwsAccount }),
        retiring: { kind: "service", text: "kms.amazonaws.com" },
        issuing_account: testAccount,
        operations: ["kms:Decrypt", "kms:DescribeKey"],
        constraint: { kind: "subset", context: { a: "1" } },
      },
    ]);
  });
});
