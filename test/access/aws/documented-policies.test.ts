import { describe, expect, it } from "vitest";
import { anotherAccount, arnParts, form, present } from "../../../src/access/aws/caller-context.ts";
import {
  callersNamed,
  memberOf,
  otherRole,
  otherUser,
  rootOf,
  strangers,
  unrelatedAccount,
} from "../../../src/access/aws/callers.ts";
import { symmetricKeyOperations } from "../../../src/access/aws/kms-actions.ts";
import { mayBeAllowed } from "../../../src/access/aws/policy-access.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsCaller } from "../../../src/model/aws-access.ts";
import { accessTo, allow, anthropicRole, policyText, type Statement } from "../../support/ask-policy.ts";
import { documentedPolicy, testAccount, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const org = "anthropic:org_uuid";
const compartment = "anthropic:compartment_uuid";
const another = "00000000-1111-4222-8333-444444444444";
const home = { account: testAccount, partition: "aws" };

const root = allow({ Principal: { AWS: `arn:aws:iam::${testAccount}:root` } });
const describes = allow({ Action: "kms:DescribeKey" });
const uses = (condition: Statement, action: readonly string[] = ["kms:Encrypt", "kms:Decrypt"]) =>
  allow({ Action: action, Condition: condition });
const contextKey = (name: string) => `kms:EncryptionContext:${name}`;

const before2026 = policyText([
  root,
  uses({ StringEquals: { [contextKey(compartment)]: testCompartment } }),
  describes,
]);
const withCompartments = policyText([
  root,
  uses({
    StringEquals: { [contextKey(org)]: testOrganization },
    StringEqualsIfExists: { [contextKey(compartment)]: [testCompartment] },
  }),
  describes,
]);
const forOlderKey = policyText([
  root,
  uses({ StringEquals: { [contextKey(org)]: testOrganization } }),
  describes,
  uses({ StringEquals: { [contextKey(compartment)]: [testCompartment] } }, ["kms:Decrypt"]),
]);
/** What the console's wizard writes where another account is added. */
const wizard = policyText([
  root,
  allow({
    Principal: { AWS: [`arn:aws:iam::${anthropicAwsAccount}:root`] },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
  }),
  allow({
    Principal: { AWS: [`arn:aws:iam::${anthropicAwsAccount}:root`] },
    Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  }),
]);

const contexts = {
  none: undefined,
  compartment: { [compartment]: testCompartment },
  both: { [org]: testOrganization, [compartment]: testCompartment },
  organization: { [org]: testOrganization },
  "fresh compartment": { [compartment]: another },
  "fresh organization": { [org]: another },
  "own organization, fresh compartment": { [org]: testOrganization, [compartment]: another },
  "fresh organization, own compartment": { [org]: another, [compartment]: testCompartment },
} as const;
type ContextName = keyof typeof contexts;

/** The contexts with which Anthropic's role is allowed the operation. */
function allowedContexts(policy: string, operation: string): readonly string[] {
  return Object.keys(contexts).filter((name) => {
    const context = contexts[name as ContextName];
    const request = { caller: anthropicRole, operation, at: testTime };
    const decision = accessTo(policy).decide(
      context === undefined ? request : { ...request, encryption_context: context },
    );
    expect(decision.decision).not.toBe("conditional");
    return decision.decision === "allowed";
  });
}

describe("what Anthropic's role may do with which encryption context", () => {
  const withOrganization = ["both", "organization", "own organization, fresh compartment"];
  const withCompartment = ["compartment", "both", "fresh organization, own compartment"];
  it.each([
    ["before 2026-09", before2026, withCompartment, withCompartment],
    ["an organization", documentedPolicy(), withOrganization, withOrganization],
    ["an organization with compartments", withCompartments, ["both", "organization"], ["both", "organization"]],
    [
      "an older key",
      forOlderKey,
      withOrganization,
      [
        "compartment",
        "both",
        "organization",
        "own organization, fresh compartment",
        "fresh organization, own compartment",
      ],
    ],
    ["the wizard's", wizard, Object.keys(contexts), Object.keys(contexts)],
  ])("%s", (_, policy, encrypt, decrypt) => {
    expect(allowedContexts(policy, "kms:Encrypt")).toEqual(encrypt);
    expect(allowedContexts(policy, "kms:Decrypt")).toEqual(decrypt);
    expect(
      accessTo(policy).decide({ caller: anthropicRole, operation: "kms:DescribeKey", at: testTime }),
    ).toMatchObject({
      decision: "allowed",
    });
  });
});

/** A role of the same name and path in an account that the policy does not name. */
function sameRoleElsewhere(arn: string): AwsCaller {
  const { partition, resource } = arnParts(arn);
  const principal = `arn:${partition}:iam::${anotherAccount}:${resource}`;
  const elsewhere = unrelatedAccount(partition);
  return {
    ...elsewhere,
    name: `${resource} of another account`,
    principal,
    addresses: "unknown",
    context: {
      ...elsewhere.context,
      "aws:principalarn": form(`arn:${partition}:iam::????????????:${resource}`, principal, "arn-account"),
      "aws:principaltype": present("AssumedRole"),
    },
  };
}

describe("who else may do what", () => {
  const everything = symmetricKeyOperations;
  const others: readonly (readonly [string, AwsCaller])[] = [
    otherRole(anthropicAwsAccount),
    rootOf(anthropicAwsAccount),
    otherUser(anthropicAwsAccount),
    sameRoleElsewhere(anthropicAwsRoleArn),
    ...strangers(),
    memberOf("999988887777", home),
  ].map((caller) => [caller.name, caller]);

  function possible(policy: string, caller: AwsCaller): readonly string[] {
    const access = accessTo(policy);
    return everything.filter((operation) =>
      mayBeAllowed(access.decide({ caller, operation, at: testTime, encryption_context: "any" })),
    );
  }

  it.each(others)("nothing for %s under the documented policies", (_, caller) => {
    for (const policy of [before2026, documentedPolicy(), withCompartments, forOlderKey]) {
      expect(possible(policy, caller)).toEqual([]);
    }
  });

  it("no more than three operations for the role", () => {
    for (const policy of [before2026, documentedPolicy(), withCompartments, forOlderKey]) {
      expect(possible(policy, anthropicRole)).toEqual(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]);
    }
  });

  it("everything for the own account", () => {
    for (const caller of [rootOf(testAccount), memberOf(testAccount, home)]) {
      expect(possible(documentedPolicy(), caller)).toEqual(everything);
    }
  });

  it("the whole account 915198916910 under the wizard's policy", () => {
    const granted = [
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyPair",
      "kms:GenerateDataKeyPairWithoutPlaintext",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ListGrants",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:RevokeGrant",
    ];
    for (const caller of [otherRole, rootOf, otherUser]) {
      expect(possible(wizard, caller(anthropicAwsAccount))).toEqual(granted);
    }
    for (const caller of strangers()) expect(possible(wizard, caller)).toEqual([]);
  });

  it("whom the policy names", () => {
    const named = accessTo(wizard).policy.principals.flatMap((principal) => callersNamed(principal, home));
    expect(named.map(({ name }) => name)).toEqual([
      `a principal of account ${testAccount}`,
      `arn:aws:iam::${testAccount}:root`,
      `a principal of account ${anthropicAwsAccount}`,
      `arn:aws:iam::${anthropicAwsAccount}:root`,
    ]);
    expect(named.map((caller) => possible(wizard, caller).includes("kms:Encrypt"))).toEqual([true, true, true, true]);
  });
});

describe("what a decision says of itself", () => {
  it("names the statement that allows", () => {
    const decision = accessTo(documentedPolicy()).decide({
      caller: anthropicRole,
      operation: "kms:Encrypt",
      encryption_context: contexts.both,
      at: testTime,
    });
    expect(decision).toMatchObject({ by: { sid: "AnthropicUses" }, why: { result: "true" }, on: [] });
  });

  it("traces every statement", () => {
    const trace = accessTo(documentedPolicy()).trace({ caller: anthropicRole, operation: "kms:Encrypt", at: testTime });
    expect(trace.map(({ principal, action, resource, result }) => [principal, action, resource, result])).toEqual([
      ["false", true, "true", "false"],
      ["true", true, "true", "false"],
      ["true", false, "true", "false"],
    ]);
    expect(trace[1]?.conditions).toMatchObject([{ result: "false", had: null }]);
  });
});
