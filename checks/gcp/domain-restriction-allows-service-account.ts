import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import {
  allowedMembersRestriction,
  type GcpRestriction,
  memberDomainsRestriction,
} from "../../src/access/gcp/member-restrictions.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const domainRestrictionAllowsServiceAccount = defineCheck({
  id: "gcp/domain-restriction-allows-service-account",
  title: "The organization's policies let the published service account be bound",
  resource: "gcp.kms-key",
  severity: "medium",
  why: "Under domain restricted sharing the next change of the key's policy is refused, or loses Anthropic's binding; what is bound today stays until then.",
  remediation:
    "List Anthropic's customer id in `iam.allowedPolicyMemberDomains`, or the account in `iam.managed.allowedPolicyMembers`, for the key's project, and set `gcp.anthropic_customer_id`.",
  references: [
    "https://cloud.google.com/organization-policy/domain-restricted-sharing",
    "https://cloud.google.com/organization-policy/restrict-domains",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["member_restrictions", "registered_key"],
  mayRead: ["project", "ancestors"],
  evaluate({ member_restrictions: { domains, members }, registered_key, project, ancestors }, { settings }) {
    const above = ancestors.state === "known" ? ancestors.value : [];
    const number = project.state === "known" ? [`projects/${project.value.number}`] : [];
    const own = [`projects/${registered_key.project}`, ...number, ...above];
    const answers = [
      ...(domains.state === "known"
        ? [
            {
              constraint: byDomain,
              ...memberDomainsRestriction(domains.value, settings.gcp.anthropic_customer_id, own),
            },
          ]
        : []),
      ...(members.state === "known"
        ? [{ constraint: byMember, ...allowedMembersRestriction(members.value, own) }]
        : []),
    ];
    const refusing = answers.filter(({ decision }) => decision === "refused");
    const evidence = {
      constraints: answers.map(({ constraint, why, listed }) => ({ constraint, why, listed: [...listed] })),
    };
    if (refusing.length > 0) {
      const told = refusing.map(({ constraint, why }) => `${constraint.split(":")[1]} ${refusals[why] ?? why}`);
      const message = `${told.join("; ")}; what is bound today stays until the policy is changed`;
      return { outcome: "fail", message, evidence };
    }
    const open = [
      ...(domains.state === "unreadable" ? [{ name: byDomain, why: domains }] : []),
      ...(members.state === "unreadable" ? [{ name: byMember, why: members }] : []),
      ...new Set(answers.flatMap(({ on }) => on)),
    ];
    if (open.length > 0) {
      return { outcome: "undecided", on: open, message: "whether the account may be bound is not known" };
    }
    return { outcome: "pass", message: "the organization's policies let the account be bound", evidence };
  },
});

const byDomain = "effective_policy:iam.allowedPolicyMemberDomains";
const byMember = "effective_policy:iam.managed.allowedPolicyMembers";

const refusals: Readonly<Partial<Record<GcpRestriction["why"], string>>> = {
  "denies-all": "denies everybody",
  denied: `denies the customer of ${anthropicGcpAccount}`,
  "not-listed": `does not list ${anthropicGcpAccount} or its customer`,
  "customer-not-configured":
    "lists customers, and which of them is Anthropic's nobody said: set `gcp.anthropic_customer_id`",
};
