import { describe, expect, it } from "vitest";
import {
  boundContext,
  sparedRole,
  withAdministration,
  withDescribe,
  withoutPlaceholders,
  withUse,
} from "../../../src/access/aws/correct-role-access.ts";
import { type PolicyToCorrect, policyToCorrect } from "../../../src/access/aws/policy-to-correct.ts";
import { documentedBinding } from "../../../src/guidance/aws-documented-statements.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { Registration } from "../../../src/model/registration.ts";
import { accessTo, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount, testCompartment, testOrganization, testRegistration } from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const orgKey = "kms:EncryptionContext:anthropic:org_uuid";
const compartmentKey = "kms:EncryptionContext:anthropic:compartment_uuid";
const ofOrganization = { StringEquals: { [orgKey]: testOrganization } };
const ofCompartment = { StringEquals: { [compartmentKey]: testCompartment } };
const ownRoot = `arn:aws:iam::${testAccount}:root`;
const own: Statement = { Sid: "Own", Effect: "Allow", Principal: { AWS: ownRoot }, Action: "kms:*", Resource: "*" };
const statement = (Action: unknown, rest: Statement = {}): Statement => ({
  Effect: "Allow",
  Principal: { AWS: anthropicAwsRoleArn },
  Action,
  Resource: "*",
  ...rest,
});
const use = ["kms:Encrypt", "kms:Decrypt"];

function of(...statements: readonly Statement[]): PolicyToCorrect {
  const text = policyText(statements);
  const context = { at: testTime, settings: testSettings };
  return policyToCorrect({ policy_text: text, policy_access: accessTo(text) }, context);
}

function statementsOf(text: string | undefined): unknown {
  return text === undefined ? undefined : (JSON.parse(text) as { Statement: unknown }).Statement;
}

const registered = (changes: Partial<Registration> = {}): Registration => ({ ...testRegistration, ...changes });

describe("boundContext", () => {
  const binding = documentedBinding("2026-09", registered());
  const cases: readonly [name: string, before: readonly Statement[], after: readonly Statement[] | undefined][] = [
    ["binds a statement of use", [own, statement(use)], [own, statement(use, { Condition: ofOrganization })]],
    [
      "leaves DescribeKey, which has no context, unbound",
      [own, statement([...use, "kms:DescribeKey"], { Sid: "All" })],
      [own, statement(use, { Sid: "All", Condition: ofOrganization }), statement("kms:DescribeKey")],
    ],
    [
      "keeps other conditions",
      [own, statement("kms:Decrypt", { Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      [own, statement("kms:Decrypt", { Condition: { Bool: { "aws:SecureTransport": "true" }, ...ofOrganization } })],
    ],
    [
      "takes the place of a condition that binds nothing",
      [own, statement(use, { Condition: { StringLike: { [orgKey]: "*" } } })],
      [own, statement(use, { Condition: ofOrganization })],
    ],
    [
      "leaves the own account its statement",
      [statement([...use, "kms:PutKeyPolicy"], { Principal: { AWS: [ownRoot, anthropicAwsRoleArn] } })],
      [
        statement([...use, "kms:PutKeyPolicy"], { Principal: { AWS: [ownRoot] } }),
        statement(use, { Condition: ofOrganization }),
      ],
    ],
    [
      "binds Encrypt for any organization that claims a compartment, not Decrypt",
      [own, statement(use, { Condition: ofCompartment }), statement("kms:Decrypt", { Condition: ofCompartment })],
      [
        own,
        statement(use, {
          Condition: { StringEquals: { [compartmentKey]: testCompartment, [orgKey]: testOrganization } },
        }),
        statement("kms:Decrypt", { Condition: ofCompartment }),
      ],
    ],
    ["finds nothing to bind", [own, statement(use, { Condition: ofOrganization })], undefined],
  ];
  it.each(cases)("%s", (_, before, after) => {
    expect(statementsOf(boundContext(of(...before), binding))).toEqual(after);
  });
  it("has nothing where the registration does not say to what", () => {
    expect(boundContext(of(own, statement(use)), undefined)).toBeUndefined();
  });
});

describe("documentedBinding", () => {
  const zeros = "00000000-0000-0000-0000-000000000000";
  const both = { compartments: [testCompartment] };
  it.each([
    ["2026-09", both, orgKey, [testOrganization]],
    ["2026-09", { organizations: [], ...both }, compartmentKey, [testCompartment]],
    ["2026-07", both, compartmentKey, [testCompartment, zeros]],
    ["2026-06", both, compartmentKey, [testCompartment]],
  ] as const)("%s, %j", (revision, expected, key, values) => {
    expect(documentedBinding(revision, registered(expected))).toEqual({ operator: "StringEquals", key, values });
  });
  it("is none where nothing is registered", () => {
    expect(documentedBinding("2026-09", registered({ organizations: [] }))).toBeUndefined();
    expect(documentedBinding("2026-06", registered())).toBeUndefined();
  });
});

describe("sparedRole", () => {
  const spared = { ArnNotEquals: { "aws:PrincipalArn": anthropicAwsRoleArn } };
  const deny = (rest: Statement = {}): Statement => ({
    Effect: "Deny",
    Principal: "*",
    Action: "kms:*",
    Resource: "*",
    ...rest,
  });
  const ofOurs = { StringNotEquals: { "aws:PrincipalOrgID": "o-customer123" } };
  const cases: readonly [name: string, before: Statement, after: readonly Statement[] | undefined][] = [
    ["a Deny for everybody", deny({ Condition: ofOurs }), [deny({ Condition: { ...ofOurs, ...spared } })]],
    [
      "a Deny that spares others already",
      deny({ Condition: { ArnNotEquals: { "aws:PrincipalArn": [ownRoot] } } }),
      [deny({ Condition: { ArnNotEquals: { "aws:PrincipalArn": [ownRoot, anthropicAwsRoleArn] } } })],
    ],
    ["a Deny for the role alone", deny({ Principal: { AWS: anthropicAwsRoleArn } }), []],
    [
      "a Deny for the role and somebody else",
      deny({ Principal: { AWS: [anthropicAwsRoleArn, "999988887777"] } }),
      [deny({ Principal: { AWS: ["999988887777"] } })],
    ],
    [
      "a Deny for the role's account",
      deny({ Principal: { AWS: anthropicAwsAccount } }),
      [deny({ Principal: { AWS: anthropicAwsAccount }, Condition: spared })],
    ],
    [
      "a Deny with NotPrincipal",
      { Effect: "Deny", NotPrincipal: { AWS: ownRoot }, Action: "kms:*", Resource: "*" },
      [{ Effect: "Deny", NotPrincipal: { AWS: ownRoot }, Action: "kms:*", Resource: "*", Condition: spared }],
    ],
    ["a Deny of other operations", deny({ Action: "kms:Delete*" }), undefined],
    [
      "a guard that lets the right organization through",
      deny({ Condition: { StringNotEquals: { [orgKey]: testOrganization } }, Action: use }),
      undefined,
    ],
  ];
  it.each(cases)("%s", (_, before, after) => {
    const corrected = statementsOf(sparedRole(of(own, before)));
    expect(corrected).toEqual(after === undefined ? undefined : [own, ...after]);
  });
});

describe("what is added", () => {
  it("is the own account's statement", () => {
    expect(statementsOf(withAdministration(of(statement(use))))).toEqual([
      statement(use),
      { ...own, Sid: "AccountAdministers" },
    ]);
  });
  it("is the role's statement to describe, under a name that is free", () => {
    const taken = { ...own, Sid: "AnthropicDescribes" };
    expect(statementsOf(withDescribe(of(taken)))).toEqual([taken, statement("kms:DescribeKey")]);
  });
  it("is the role's statements of use as the revision documents them", () => {
    const named = (Sid: string, Action: unknown, Condition?: Statement) =>
      statement(Action, { Sid, ...(Condition === undefined ? {} : { Condition }) });
    const added = (registration: Partial<Registration>, revision: "2026-06" | "2026-09") =>
      (statementsOf(withUse(of(own), revision, registered(registration))) as unknown[]).slice(1);
    expect(added({}, "2026-09")).toEqual([named("AnthropicUses", use, ofOrganization)]);
    expect(added({ organizations: [] }, "2026-09")).toEqual([named("AnthropicUses", use)]);
    expect(added({ compartments: [testCompartment] }, "2026-06")).toEqual([named("AnthropicUses", use, ofCompartment)]);
    expect(added({ compartments: [testCompartment], in_use_since: "2026-07-01" }, "2026-09")).toEqual([
      named("AnthropicUses", use, ofOrganization),
      named("AnthropicReadsOlderData", "kms:Decrypt", ofCompartment),
    ]);
  });
});

describe("withoutPlaceholders", () => {
  it("fills in the key's account, the organizations and the compartments", () => {
    const before = of(
      { ...own, Principal: { AWS: "arn:aws:iam::<your account id>:root" } },
      statement(use, {
        Condition: {
          StringEquals: { [orgKey]: ["<organization uuid>"] },
          StringEqualsIfExists: { [compartmentKey]: "wrkspc_0123" },
        },
      }),
    );
    const after = withoutPlaceholders(before, { organizations: [testOrganization], compartments: [testCompartment] });
    expect(statementsOf(after)).toEqual([
      own,
      statement(use, {
        Condition: {
          StringEquals: { [orgKey]: [testOrganization] },
          StringEqualsIfExists: { [compartmentKey]: testCompartment },
        },
      }),
    ]);
  });
  it("leaves what nobody says", () => {
    const before = of(
      own,
      statement(use, { Principal: { AWS: "<role>" }, Condition: { StringEquals: { [orgKey]: "" } } }),
    );
    expect(withoutPlaceholders(before, { organizations: [], compartments: [] })).toBeUndefined();
  });
});
