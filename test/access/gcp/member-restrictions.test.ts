import { describe, expect, it } from "vitest";
import { allowedMembersRestriction, memberDomainsRestriction } from "../../../src/access/gcp/member-restrictions.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import type { GcpPolicyRule } from "../../../src/model/gcp.ts";
import { gcpEffectivePolicy, testGcpFolder, testGcpOrganization } from "../../support/gcp-kms-key.ts";

const customer = "C01anthropic";
const own = ["projects/123456789012", testGcpFolder, testGcpOrganization];
const tagged = { title: null, expression: 'resource.matchTag("1/env", "prod")' };

type Rules = readonly Partial<GcpPolicyRule>[];

describe("memberDomainsRestriction", () => {
  const cases: readonly [rules: Rules, decision: string, why: string][] = [
    [[], "allowed", "no-rule"],
    [[{ allow_all: true }], "allowed", "allows-all"],
    [[{ deny_all: true }], "refused", "denies-all"],
    [[{ allowed_values: ["C0other", customer] }], "allowed", "listed"],
    [[{ allowed_values: [`is:${customer}`] }], "allowed", "listed"],
    [[{ allowed_values: ["C0other"] }], "refused", "not-listed"],
    [[{ allowed_values: ["C0other"] }, { allowed_values: [customer] }], "allowed", "listed"],
    [[{ denied_values: ["C0other"] }, { allowed_values: ["C0another"] }], "refused", "not-listed"],
    [[{ denied_values: [customer] }], "refused", "denied"],
    [[{ allowed_values: [customer] }, { denied_values: [customer] }], "refused", "denied"],
    [[{ allow_all: true }, { denied_values: [customer] }], "refused", "denied"],
    [[{ denied_values: ["C0other"] }], "allowed", "no-rule"],
    [
      [{ allowed_values: ["is:principalSet://iam.googleapis.com/organizations/999999999999"] }],
      "refused",
      "not-listed",
    ],
    [[{ allowed_values: ["is:principalSet://iam.googleapis.com/organizations/1"] }], "conditional", "not-listed"],
    [[{ allowed_values: ["C0other"] }, { allow_all: true, condition: tagged }], "conditional", "not-listed"],
    [[{ deny_all: true, condition: tagged }], "conditional", "no-rule"],
    [[{ allowed_values: [customer] }, { allow_all: true, condition: tagged }], "allowed", "listed"],
  ];

  it.each(cases)("%j is %s: %s", (rules, decision, why) => {
    expect(memberDomainsRestriction(gcpEffectivePolicy(...rules).value, customer, own)).toMatchObject({
      decision,
      why,
    });
  });

  it("needs to be told which customer Anthropic is", () => {
    const listing = gcpEffectivePolicy({ allowed_values: ["C0other"] }).value;
    expect(memberDomainsRestriction(listing, null, own)).toMatchObject({
      decision: "refused",
      why: "customer-not-configured",
      listed: ["C0other"],
    });
    expect(memberDomainsRestriction(gcpEffectivePolicy().value, null, own).decision).toBe("allowed");
  });

  it("says what it hangs on, sorted", () => {
    const rules = ["b", "a"].map((expression) => ({ deny_all: true, condition: { title: null, expression } }));
    expect(memberDomainsRestriction(gcpEffectivePolicy(...rules).value, customer, own).on).toEqual([
      "tags of the project: a",
      "tags of the project: b",
    ]);
    const { on } = memberDomainsRestriction(
      gcpEffectivePolicy({ deny_all: true, condition: tagged }).value,
      customer,
      own,
    );
    expect(on).toEqual([`tags of the project: ${tagged.expression}`]);
  });
});

describe("allowedMembersRestriction", () => {
  const listing = (...values: readonly string[]) => ({ enforced: true, parameters: { allowedMemberSubjects: values } });
  const sets = (...values: readonly string[]) => ({ enforced: true, parameters: { allowedPrincipalSets: values } });
  const cases: readonly [rules: Rules, decision: string, why: string][] = [
    [[], "allowed", "no-rule"],
    [[{ enforced: false, parameters: { allowedMemberSubjects: [] } }], "allowed", "not-enforced"],
    [[{ enforced: true }], "refused", "not-listed"],
    [[listing("user:x@y.example", anthropicGcpMember)], "allowed", "listed"],
    [[listing("user:x@y.example")], "refused", "not-listed"],
    [[sets(`//cloudresourcemanager.googleapis.com/${testGcpOrganization}`)], "refused", "not-listed"],
    [[sets("//iam.googleapis.com/locations/global/workforcePools/staff/*")], "refused", "not-listed"],
    [[sets("//cloudresourcemanager.googleapis.com/organizations/1")], "conditional", "not-listed"],
    [[listing("user:x@y.example"), { enforced: false, condition: tagged }], "conditional", "not-listed"],
  ];

  it.each(cases)("%j is %s: %s", (rules, decision, why) => {
    expect(allowedMembersRestriction(gcpEffectivePolicy(...rules).value, own)).toMatchObject({ decision, why });
  });
});
