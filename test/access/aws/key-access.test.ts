import { describe, expect, it } from "vitest";
import { awsKeyAccess } from "../../../src/access/aws/key-access.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsGrant } from "../../../src/model/aws.ts";
import { type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import type { KeyAccessRow } from "../../../src/model/key-access.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import {
  awsKmsKey,
  testAccount,
  testCompartment,
  testKey,
  testOrganization,
  testRegistration,
} from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

const foreign = "999988887777";
const ownRoot = `arn:aws:iam::${testAccount}:root`;
const publishedSession = `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/one`;
const decrypts = { Action: "kms:Decrypt" };
const statement1 = { kind: "key-policy", name: "statement 1" };

function accessOf(facts: FactsByName) {
  return awsKeyAccess(awsKmsKey(facts).facts, testKey, { at: testTime, settings: testSettings });
}

function rowsFor(...statements: readonly Statement[]): readonly KeyAccessRow[] {
  return accessOf({ policy_text: known(policyText(statements)) }).rows;
}

function grant(changes: Partial<AwsGrant>): AwsGrant {
  return {
    id: "abc",
    name: null,
    grantee: `arn:aws:iam::${foreign}:role/app`,
    retiring: null,
    issuing_account: `arn:aws:iam::${testAccount}:root`,
    operations: ["Decrypt"],
    context_equals: null,
    context_subset: null,
    ...changes,
  };
}

const rowsOfGrant = (changes: Partial<AwsGrant>, ...statements: readonly Statement[]) =>
  accessOf({ policy_text: known(policyText(statements)), grants: known([grant(changes)]) }).rows.filter(
    ({ source }) => source.kind === "grant",
  );

describe("a statement that names somebody gives a row to", () => {
  it.each([
    [{ AWS: foreign }, "external", foreign],
    [{ AWS: `arn:aws:iam::${foreign}:role/app` }, "external", `arn:aws:iam::${foreign}:role/app`],
    [{ AWS: `arn:aws:iam::${testAccount}:user/bob` }, "own-account", `arn:aws:iam::${testAccount}:user/bob`],
    [{ AWS: testAccount }, "own-account", ownRoot],
    [{ AWS: anthropicAwsRoleArn }, "anthropic-published", anthropicAwsRoleArn],
    [
      { AWS: `arn:aws:iam::${anthropicAwsAccount}:role/x` },
      "anthropic-other",
      `arn:aws:iam::${anthropicAwsAccount}:role/x`,
    ],
    [{ AWS: "915198916911" }, "lookalike", "915198916911"],
    [{ AWS: "AROAEXAMPLEEXAMPLE123" }, "orphaned", "AROAEXAMPLEEXAMPLE123"],
    [{ Service: "cloudtrail.amazonaws.com" }, "service", "cloudtrail.amazonaws.com"],
  ])("%j: %s", (Principal, whose, principal) => {
    expect(rowsFor(allow({ Principal, ...decrypts }))).toEqual([
      expect.objectContaining({
        principal,
        class: whose,
        operations: ["kms:Decrypt"],
        decision: "allowed",
        source: statement1,
        conditions: [],
        on: [],
      }),
    ]);
  });

  it("the published role beside its session, whose name may be another", () => {
    const rows = rowsFor(allow({ Principal: { AWS: publishedSession }, ...decrypts }));
    expect(rows.map(({ principal, class: whose, decision }) => [principal, whose, decision])).toEqual([
      [anthropicAwsRoleArn, "anthropic-published", "conditional"],
      [publishedSession, "anthropic-published", "allowed"],
    ]);
  });

  const sourceIs = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });

  it.each([
    [{ Service: "sns.amazonaws.com" }, "aws:SourceAccount", foreign, "sns.amazonaws.com", `account ${foreign}`],
    [{ Service: "sns.amazonaws.com" }, "aws:SourceOrgID", "o-abc", "sns.amazonaws.com", "organization o-abc"],
    ["*", "aws:SourceAccount", foreign, "any AWS service", `account ${foreign}`],
    ["*", "aws:SourceOrgID", "o-abc", "any AWS service", "organization o-abc"],
  ])("%j on behalf of whom its source names: %s", (Principal, key, value, service, whose) => {
    expect(rowsFor(allow({ Principal, ...decrypts, ...sourceIs(key, value) }))).toContainEqual(
      expect.objectContaining({
        principal: Principal === "*" ? "*" : service,
        class: "service",
        callers: [`${service} on behalf of ${whose}`],
        operations: ["kms:Decrypt"],
        decision: "allowed",
      }),
    );
  });

  it("everybody, the published role and the own account where it is for everybody", () => {
    const rows = rowsFor(allow({ Principal: "*", ...decrypts }));
    expect(rows.map((row) => [row.principal, row.decision])).toEqual([
      ["*", "allowed"],
      [anthropicAwsRoleArn, "allowed"],
      [ownRoot, "allowed"],
    ]);
    expect(rows[0]?.callers).toContain("anybody");
  });

  it("whom a condition names", () => {
    const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-customer123" } };
    expect(rowsFor(allow({ Principal: "*", ...decrypts, Condition }))).toContainEqual(
      expect.objectContaining({
        principal: "o-customer123",
        class: "external",
        conditions: ["aws:PrincipalOrgID is o-customer123"],
      }),
    );
  });

  it("the own account where a statement for everybody asks for its endpoint", () => {
    const Condition = { StringEquals: { "aws:SourceVpce": "vpce-1" } };
    expect(rowsFor(allow({ Principal: "*", ...decrypts, Condition }))).toEqual([
      expect.objectContaining({ principal: ownRoot, decision: "conditional", on: ["aws:SourceVpce"] }),
    ]);
  });

  it("nobody where a Deny takes it away, or where the entry matches nobody", () => {
    const app = { AWS: `arn:aws:iam::${foreign}:role/app` };
    expect(rowsFor(allow({ Principal: app, ...decrypts }), deny({ Principal: app }))).toEqual([]);
    expect(rowsFor(allow({ Principal: { AWS: `arn:aws:iam::${foreign}:role/*` } }))).toEqual([]);
  });

  it("each for what names it, where another statement is for everybody", () => {
    const app = { AWS: `arn:aws:iam::${foreign}:role/app` };
    const rows = rowsFor(allow({ Principal: app, ...decrypts }), allow({ Principal: "*", ...decrypts }));
    expect(rows.filter(({ class: whose }) => whose === "external")).toEqual([
      expect.objectContaining({ source: statement1 }),
    ]);
  });

  it("somebody with a condition where a Deny hangs on what is not known", () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "x" } };
    const app = { AWS: `arn:aws:iam::${foreign}:role/app` };
    expect(rowsFor(allow({ Principal: app, ...decrypts }), deny({ Condition }))).toEqual([
      expect.objectContaining({ source: statement1, decision: "conditional", on: ["aws:PrincipalTag/team"] }),
    ]);
  });
});

describe("what the organization above the key denies", () => {
  const app = { AWS: `arn:aws:iam::${foreign}:role/app` };
  const onTag = { Condition: { StringEquals: { "aws:PrincipalTag/team": "x" } } };
  const rowsBelow = (statement: Statement) =>
    accessOf({
      policy_text: known(policyText(allow({ Principal: app, ...decrypts }))),
      grants: known([grant({})]),
      reads: known({ aws_organization: true }),
      organization_policies: known(organizationPolicies({ root: [statement] })),
    }).rows.map(({ source, decision, on }) => [source.kind, decision, on]);

  it("is nobody's, by the key policy or by a grant", () => {
    expect(rowsBelow(deny())).toEqual([]);
  });

  it("hangs on what it hangs on there", () => {
    expect(rowsBelow(deny(onTag))).toEqual([
      ["key-policy", "conditional", ["aws:PrincipalTag/team"]],
      ["grant", "conditional", ["aws:PrincipalTag/team"]],
    ]);
  });

  it("is somebody's where it denies something else", () => {
    expect(rowsBelow(deny({ Action: "s3:*" }))).toEqual([
      ["key-policy", "allowed", []],
      ["grant", "allowed", []],
    ]);
  });
});

describe("the published role", () => {
  const bound = (values: readonly string[]) => ({
    StringEquals: { "kms:EncryptionContext:anthropic:compartment_uuid": values },
  });

  it("is asked about with every registered context and with none", () => {
    const registration = known({ ...testRegistration, compartments: [testCompartment] });
    const policy_text = known(policyText(allow({ ...decrypts, Condition: bound([testCompartment, "other"]) })));
    const { rows } = accessOf({ policy_text, registration });
    const compartment = { "anthropic:compartment_uuid": testCompartment };
    expect(rows.map(({ encryption_contexts, decision }) => [encryption_contexts, decision])).toEqual([
      [null, "conditional"],
      [[compartment, { "anthropic:org_uuid": testOrganization, ...compartment }], "allowed"],
    ]);
  });

  it("has its row where its context is nobody's that is registered", () => {
    expect(rowsFor(allow({ ...decrypts, Condition: bound(["other"]) }))).toEqual([
      expect.objectContaining({ encryption_contexts: null, decision: "conditional" }),
    ]);
  });

  it.each([
    ["all of its addresses", "160.79.104.0/21", "allowed", []],
    ["some of its addresses", "160.79.104.0/23", "conditional", ["aws:SourceIp"]],
  ])("with a condition that holds for %s", (_, range, decision, on) => {
    const Condition = { IpAddress: { "aws:SourceIp": range } };
    expect(rowsFor(allow({ ...decrypts, Condition }))).toEqual([
      expect.objectContaining({ decision, on, conditions: [`aws:SourceIp is in ${range}`] }),
    ]);
  });

  it("with a condition that holds for none of its addresses has no row", () => {
    expect(rowsFor(allow({ ...decrypts, Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }))).toEqual([]);
  });
});

describe("a grant gives a row to", () => {
  const source = { kind: "grant", name: "abc" };

  it("its grantee and whoever may retire it", () => {
    expect(rowsOfGrant({ retiring: `arn:aws:iam::${testAccount}:role/admin` })).toEqual([
      expect.objectContaining({ class: "external", operations: ["kms:Decrypt"], decision: "allowed", source }),
      expect.objectContaining({ class: "own-account", operations: ["kms:RetireGrant"], decision: "allowed", source }),
    ]);
  });

  it("its grantee with the context that it asks for", () => {
    expect(rowsOfGrant({ operations: ["Decrypt", "DescribeKey"], context_subset: { team: "x" } })).toEqual([
      expect.objectContaining({
        operations: ["kms:Decrypt"],
        decision: "conditional",
        conditions: ["the encryption context holds team=x"],
        on: ["kms:EncryptionContext:team"],
      }),
      expect.objectContaining({ operations: ["kms:DescribeKey"], decision: "allowed", conditions: [] }),
    ]);
  });

  it("nobody where the key policy denies it", () => {
    expect(rowsOfGrant({}, deny())).toEqual([]);
  });

  it("its grantee where the key policy lets it in as well, and denies it something else", () => {
    const app = { AWS: `arn:aws:iam::${foreign}:role/app` };
    const rows = rowsOfGrant({}, allow({ Principal: app, ...decrypts }), deny({ Action: "kms:Encrypt" }));
    expect(rows).toEqual([expect.objectContaining({ class: "external", decision: "allowed", on: [] })]);
  });

  it("its grantee with what a Deny of the key policy hangs on", () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "x" } };
    expect(rowsOfGrant({}, deny({ Condition }))).toEqual([
      expect.objectContaining({ decision: "conditional", on: ["aws:PrincipalTag/team"] }),
    ]);
  });

  it("a grantee that cannot be told, rather than to nobody", () => {
    expect(rowsOfGrant({ grantee: "arn:aws:iam::*:role/app" })).toEqual([
      expect.objectContaining({
        principal: "arn:aws:iam::*:role/app",
        decision: "conditional",
        on: ["GranteePrincipal"],
      }),
    ]);
  });

  it("a service for the account that issued it", () => {
    const grantee = "dynamodb.us-east-2.amazonaws.com";
    expect(rowsOfGrant({ grantee })).toEqual([
      expect.objectContaining({ class: "service", callers: [`${grantee} on behalf of account ${testAccount}`] }),
    ]);
    expect(rowsOfGrant({ grantee, issuing_account: `arn:aws:iam::${foreign}:root` })).toEqual([
      expect.objectContaining({ class: "service", callers: [`${grantee} on behalf of an unrelated account`] }),
    ]);
  });
});

describe("what could not be read", () => {
  const denied = unreadable("access-denied", "no", { call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" });

  it("is listed, and what is known beside it is told", () => {
    const { rows, unreadable: lacking } = accessOf({ policy_text: denied, grants: known([grant({})]) });
    expect(rows).toEqual([expect.objectContaining({ source: { kind: "grant", name: "abc" }, decision: "allowed" })]);
    expect(lacking).toEqual([
      {
        fact: "policy_access",
        reason: "access-denied",
        detail: "no",
        call: "kms:GetKeyPolicy",
        permission: "kms:GetKeyPolicy",
      },
    ]);
  });

  it.each([
    ["policy_access", { policy_text: known("{") }, "malformed"],
    ["grant_access", { grants: unreadable("throttled", "slow") }, "throttled"],
    [
      "organization_policy_access",
      { reads: known({ aws_organization: true }), organization_policies: unreadable("access-denied", "no") },
      "access-denied",
    ],
    ["registration", { registration: unreadable("stale", "retired") }, "stale"],
  ])("names %s", (fact, facts, reason) => {
    expect(accessOf(facts).unreadable).toContainEqual(expect.objectContaining({ fact, reason }));
  });
});

it("tells everything at once of a key that has nothing", () => {
  expect(accessOf({ policy_text: known(policyText([])), reads: known({ aws_organization: false }) })).toEqual({
    rows: [],
    unreadable: [],
  });
});
