import { domainRestrictionAllowsServiceAccount } from "../../../checks/gcp/domain-restriction-allows-service-account.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpPolicyRule } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpEffectivePolicy, gcpKmsKey, testGcpOrganization, testGcpProjectNumber } from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const domains = (rule: Partial<GcpPolicyRule>) =>
  gcpKmsKey({ "effective_policy:iam.allowedPolicyMemberDomains": gcpEffectivePolicy(rule) });
const members = (rule: Partial<GcpPolicyRule>) =>
  gcpKmsKey({ "effective_policy:iam.managed.allowedPolicyMembers": gcpEffectivePolicy(rule) });
const configured = { gcp: { own_domains: [], own_projects: [], anthropic_customer_id: "C0anthrop" } };

testCheck(domainRestrictionAllowsServiceAccount, {
  pass: [
    { name: "no rules", resource: gcpKmsKey() },
    { name: "all are allowed", resource: domains({ allow_all: true }) },
    {
      name: "Anthropic's customer id is listed",
      resource: domains({ allowed_values: ["C0customer", "C0anthrop"] }),
      settings: configured,
    },
    {
      name: "it is listed with the older prefix",
      resource: domains({ allowed_values: ["is:C0anthrop"] }),
      settings: configured,
    },
    { name: "members are not enforced", resource: members({ enforced: false }) },
    {
      name: "the account is listed",
      resource: members({ enforced: true, parameters: { allowedMemberSubjects: [anthropicGcpMember] } }),
    },
  ],
  fail: [
    {
      name: "enforced, and the id is not configured",
      resource: domains({ allowed_values: ["C0customer"] }),
      message: "set `gcp.anthropic_customer_id`",
    },
    {
      name: "another customer is listed",
      resource: domains({ allowed_values: ["C0customer"] }),
      settings: configured,
      message: "does not list",
    },
    {
      name: "all are denied",
      resource: domains({ deny_all: true }),
      settings: configured,
      message: "denies everybody",
    },
    {
      name: "other members are listed",
      resource: members({ enforced: true, parameters: { allowedMemberSubjects: ["user:ann@acme.example"] } }),
      message: "what is bound today stays",
    },
    {
      name: "the own organization is listed, and nobody looks at the policies above",
      resource: gcpKmsKey({
        "effective_policy:iam.managed.allowedPolicyMembers": gcpEffectivePolicy({
          enforced: true,
          parameters: { allowedPrincipalSets: [`//cloudresourcemanager.googleapis.com/${testGcpOrganization}`] },
        }),
        reads: known({ gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: false }),
      }),
      message: "iam.managed.allowedPolicyMembers does not list",
    },
    {
      name: "the own project is listed, by its number",
      resource: members({
        enforced: true,
        parameters: {
          allowedPrincipalSets: [`//cloudresourcemanager.googleapis.com/projects/${testGcpProjectNumber}`],
        },
      }),
      message: "iam.managed.allowedPolicyMembers does not list",
    },
    {
      name: "refused by one, and the other cannot be read",
      resource: gcpKmsKey({
        "effective_policy:iam.allowedPolicyMemberDomains": gcpEffectivePolicy({ deny_all: true }),
        "effective_policy:iam.managed.allowedPolicyMembers": denied,
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "the domains may not be read",
      resource: gcpKmsKey({ "effective_policy:iam.allowedPolicyMemberDomains": denied }),
      message: "not known",
    },
    {
      name: "the members may not be read",
      resource: gcpKmsKey({ "effective_policy:iam.managed.allowedPolicyMembers": denied }),
    },
    {
      name: "a set of another organization that may hold the account",
      resource: members({
        enforced: true,
        parameters: { allowedPrincipalSets: ["//cloudresourcemanager.googleapis.com/organizations/1"] },
      }),
    },
  ],
});
