import { describe, expect, it } from "vitest";
import { deriveAwsKmsKeyFacts, derivedAwsFacts } from "../../../src/access/aws/derive.ts";
import { awsKeyLifecycle } from "../../../src/access/aws/lifecycle.ts";
import { compiledPolicy } from "../../../src/access/aws/remembered-policies.ts";
import { resourceAccess } from "../../../src/access/registry.ts";
import type { AwsOrganizationPolicies } from "../../../src/model/aws-access.ts";
import type { Fact, FactsByName } from "../../../src/model/fact.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, anthropicRole, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { documentedPolicy, testKey, testRegistration, testTrail } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";
import { organizationPolicies as policies } from "../../support/organization-policies.ts";

const derive = (facts: FactsByName) => deriveAwsKmsKeyFacts(facts, testKey);
const refused = unreadable("access-denied", "no", { call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" });
const request = { caller: anthropicRole, operation: "kms:DescribeKey", at: testTime };

function value<T>(fact: Fact<T>): T {
  if (fact.state !== "known") throw new Error(`${fact.reason}: ${fact.detail}`);
  return fact.value;
}

describe("deriveAwsKmsKeyFacts", () => {
  it("knows nothing of what was not read", () => {
    const derived = derive({});
    expect(Object.keys(derived)).toEqual([...derivedAwsFacts]);
    for (const name of derivedAwsFacts)
      expect(derived[name]).toMatchObject({ state: "unreadable", reason: "not-read-yet" });
  });

  it("keeps the reason why a source could not be read, and lets no other source suffer", () => {
    const derived = derive({ policy_text: refused, grants: known([]), trail_list: known([]) });
    expect(derived.policy).toEqual(refused);
    expect(derived.policy_access).toEqual(refused);
    expect(value(derived.grant_access).grants).toEqual([]);
    expect(value(derived.trails)).toEqual([]);
    expect(derived.organization_policy_access).toMatchObject({ reason: "not-read-yet" });
  });

  it("tells the key as it is registered", () => {
    const { registered_key } = derive({ registration: known(testRegistration) });
    expect(value(registered_key)).toEqual({
      arn: testKey.resource,
      partition: "aws",
      account: testKey.account,
      region: testKey.location,
    });
  });

  it("says where a policy breaks", () => {
    const { policy, policy_access } = derive({ policy_text: known('{\n  "Statement": oops\n}') });
    expect(policy).toEqual(policy_access);
    expect(policy).toMatchObject({ state: "unreadable", reason: "malformed", call: "kms:GetKeyPolicy" });
    expect(policy.state === "unreadable" && policy.detail).toContain("line 2, column 16");
  });

  it("answers with the policy that it parsed", () => {
    const { policy, policy_access } = derive({ policy_text: known(documentedPolicy()) });
    expect(value(policy_access).policy).toBe(value(policy));
    expect(value(policy_access).decide(request).decision).toBe("allowed");
  });

  it.each([
    ["spec", "kms:KeySpec", "SYMMETRIC_DEFAULT"],
    ["usage", "kms:KeyUsage", "ENCRYPT_DECRYPT"],
    ["origin", "kms:KeyOrigin", "AWS_KMS"],
    ["multi_region", "kms:MultiRegion", false],
    ["tags", "aws:ResourceTag/team", { Team: "x" }],
  ])("binds the key's %s, and leaves a condition on it open where it was not read", (name, key, read) => {
    const wanted = typeof read === "object" ? read.Team : String(read);
    const policy_text = known(policyText(allow({ Condition: { StringEquals: { [key]: wanted } } })));
    const decide = (facts: FactsByName) =>
      value(derive({ policy_text, ...facts }).policy_access).decide(request).decision;
    expect(decide({ [name]: known(read) })).toBe("allowed");
    expect(decide({ [name]: refused })).toBe("conditional");
  });

  it("joins each trail with what could be read of it", () => {
    const other = { ...testTrail, arn: `${testTrail.arn}-2` };
    const status = { logging: true, latest_delivery: 1, delivery_error: null };
    const { trails } = derive({
      trail_list: known([testTrail, other]),
      [`trail_status:${testTrail.arn}`]: known(status),
      [`trail_selectors:${testTrail.arn}`]: refused,
    });
    expect(value(trails)).toMatchObject([
      { ...testTrail, status: known(status), selectors: refused },
      { ...other, status: { reason: "not-read-yet" }, selectors: { reason: "not-read-yet" } },
    ]);
  });

  it("compiles a text once, and forgets those that were not asked for long", () => {
    const [text, other] = [documentedPolicy(), policyText(allow())];
    const [compiled, compiledOther] = [compiledPolicy(text), compiledPolicy(other)];
    for (let index = 0; index < 1500; index += 1) {
      compiledPolicy(policyText(allow({ Sid: `${index}` })));
      expect(compiledPolicy(text)).toBe(compiled);
    }
    expect(compiledPolicy(other)).not.toBe(compiledOther);
    expect(compiledPolicy(other)).toMatchObject({ ok: true });
  });
});

describe("organization_policy_access", () => {
  const decide = (given: AwsOrganizationPolicies, changes: Partial<typeof request> = {}) => {
    const access = value(derive({ organization_policies: known(given) }).organization_policy_access);
    if (access === null) throw new Error("there is an organization");
    return access.decide({ ...request, ...changes });
  };

  it("is null for an account without organization, and where the switch is off whatever was read before", () => {
    const [on, off] = [known({ aws_organization: true }), known({ aws_organization: false })];
    const accessOf = (facts: FactsByName) => derive(facts).organization_policy_access;
    expect(accessOf({ reads: on, organization_policies: known(null) })).toEqual(known(null));
    expect(accessOf({ reads: off })).toEqual(known(null));
    expect(accessOf({ reads: off, organization_policies: known(policies({ root: [deny()] })) })).toEqual(known(null));
    expect(accessOf({ reads: on, organization_policies: refused })).toEqual(refused);
    expect(accessOf({ reads: on })).toMatchObject({ state: "unreadable", reason: "not-read-yet" });
  });

  it("tells a condition on the resource's organization that there is none", () => {
    const bound = allow({ Condition: { StringEqualsIfExists: { "aws:ResourceOrgID": "o-customer123" } } });
    const decideWith = (organization: Fact<AwsOrganizationPolicies | null>) => {
      const facts = { policy_text: known(policyText(bound)), organization_policies: organization };
      return value(derive(facts).policy_access).decide(request).decision;
    };
    expect(decideWith(known(null))).toBe("allowed");
    expect(decideWith(known(policies()))).toBe("allowed");
    expect(decideWith(known({ ...policies(), organization_id: "o-another" }))).toBe("denied");
    expect(decideWith(refused)).toBe("conditional");
  });

  /** The documented example of an identity perimeter. */
  const perimeter = (condition: Statement = {}) =>
    deny({
      Condition: {
        StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-customer123" },
        Bool: { "aws:PrincipalIsAWSService": "false" },
        ...condition,
      },
    });

  it("lets through what nothing denies", () => {
    expect(decide(policies())).toMatchObject({ decision: "allowed", by: null, policy: null, level: null });
  });

  it.each(["root", "unit", "account"] as const)("says which policy denies at the %s", (kind) => {
    expect(decide(policies({ [kind]: [perimeter()] }))).toMatchObject({
      decision: "denied",
      by: { effect: "Deny" },
      policy: { id: `p-${kind}` },
      level: { kind },
    });
  });

  it.each([
    ["by the role's ARN", { ArnNotEquals: { "aws:PrincipalArn": anthropicRole.principal } }, "allowed"],
    ["by the account", { StringNotEquals: { "aws:PrincipalAccount": anthropicRole.account } }, "allowed"],
    ["by another account", { StringNotEquals: { "aws:PrincipalAccount": "999988887777" } }, "denied"],
    ["by a tag of the key", { StringNotEquals: { "aws:ResourceTag/cmek": "anthropic" } }, "conditional"],
    ["by the key's organization", { StringNotEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }, "denied"],
  ])("knows a carve-out %s", (_, condition, decision) => {
    expect(decide(policies({ root: [perimeter(condition)] })).decision).toBe(decision);
  });

  it("knows a carve-out by NotResource", () => {
    const carved = { ...perimeter(), Resource: undefined, NotResource: testKey.resource };
    expect(decide(policies({ root: [carved] })).decision).toBe("allowed");
  });

  it("gathers what stays open over all levels, and a Deny further down still wins", () => {
    const tagged = (tag: string) => perimeter({ StringEquals: { [`aws:PrincipalTag/${tag}`]: "x" } });
    expect(decide(policies({ root: [tagged("b")], unit: [tagged("a")] }))).toMatchObject({
      decision: "conditional",
      on: ["aws:PrincipalTag/a", "aws:PrincipalTag/b"],
      policy: { id: "p-root" },
    });
    expect(decide(policies({ root: [tagged("b")], account: [perimeter()] }))).toMatchObject({
      decision: "denied",
      policy: { id: "p-account" },
    });
  });

  it("does not apply to the management account, nor to retiring grants", () => {
    const denying = policies({ root: [deny()] });
    expect(decide(denying).decision).toBe("denied");
    expect(decide({ ...denying, management_account: true }).decision).toBe("allowed");
    expect(decide(denying, { operation: "kms:RetireGrant" }).decision).toBe("allowed");
  });

  it("says which addresses are refused", () => {
    const network = deny({ Condition: { NotIpAddress: { "aws:SourceIp": "160.79.104.0/23" } } });
    expect(decide(policies({ unit: [network] }))).toMatchObject({
      decision: "denied",
      refused_addresses: "160.79.106.0-160.79.111.255",
    });
  });

  it("is malformed where one of its policies is", () => {
    const given = policies();
    const [root, ...rest] = given.levels;
    const broken = { ...root, policies: [{ id: "p-x", name: "x", text: "{" }] } as (typeof given.levels)[number];
    const { organization_policy_access } = derive({
      organization_policies: known({ ...given, levels: [broken, ...rest] }),
    });
    expect(organization_policy_access).toMatchObject({ state: "unreadable", reason: "malformed" });
    expect(organization_policy_access.state === "unreadable" && organization_policy_access.detail).toContain("p-x");
  });
});

it("is what the registry derives of a KMS key", () => {
  expect(resourceAccess["aws.kms-key"].derive).toBe(deriveAwsKmsKeyFacts);
});

describe("awsKeyLifecycle", () => {
  it.each([
    ["Enabled", "enabled"],
    ["Updating", "enabled"],
    ["Disabled", "disabled"],
    ["PendingDeletion", "pending-deletion"],
    ["PendingReplicaDeletion", "pending-deletion"],
    ["PendingImport", "pending-import"],
    ["Creating", "unavailable"],
    ["Unavailable", "unavailable"],
    ["NotInventedYet", "unavailable"],
  ])("calls %s %s", (state, lifecycle) => {
    expect(awsKeyLifecycle({ existence: known("present"), state: known(state) })).toEqual(known(lifecycle));
  });

  it("knows a key that is gone without its state", () => {
    expect(awsKeyLifecycle({ existence: known("absent"), state: refused })).toEqual(known("deleted"));
    expect(awsKeyLifecycle({ existence: known("absent") })).toEqual(known("deleted"));
  });

  it("does not know a key that could not be read", () => {
    expect(awsKeyLifecycle({ existence: refused, state: known("Enabled") })).toEqual(refused);
    expect(awsKeyLifecycle({ existence: known("present"), state: refused })).toEqual(refused);
    expect(awsKeyLifecycle({})).toMatchObject({ reason: "not-read-yet" });
  });
});
