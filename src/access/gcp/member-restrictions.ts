/** Whether the organization lets the published account be bound at all, by what its policies come to at the project. */
import { anthropicGcpAccount, anthropicGcpMember } from "../../guidance/identifiers.ts";
import type { GcpEffectivePolicy, GcpPolicyRule } from "../../model/gcp.ts";

export interface GcpRestriction {
  readonly decision: "allowed" | "refused" | "conditional";
  /** Where `conditional`: what it hangs on, sorted. */
  readonly on: readonly string[];
  readonly why:
    | "no-rule"
    | "allows-all"
    | "denies-all"
    /** Anthropic's customer is. */
    | "denied"
    | "listed"
    | "not-listed"
    /** Something is listed, and nobody said which customer Anthropic is. */
    | "customer-not-configured"
    | "not-enforced";
  /** What is listed, as written. */
  readonly listed: readonly string[];
}

/**
 * By `iam.allowedPolicyMemberDomains`, which lists customers. `own` are the project and what is above it
 * (`projects/<number>`, `folders/…`, `organizations/…`): sets of these do not hold the account.
 * https://cloud.google.com/organization-policy/domain-restricted-sharing
 */
export function memberDomainsRestriction(
  { rules }: GcpEffectivePolicy,
  customer: string | null,
  own: readonly string[],
): GcpRestriction {
  return joined(rules, (rule) => {
    if (rule.deny_all) return refused("denies-all", rule.denied_values);
    if (rule.allow_all) return allowed("allows-all", []);
    const listed = rule.allowed_values;
    const isCustomer = (value: string) => value.replace(/^is:/, "") === customer;
    if (rule.denied_values.some(isCustomer)) return refused("denied", rule.denied_values);
    if (listed.length === 0) return allowed("no-rule", rule.denied_values);
    if (listed.some(isCustomer)) return allowed("listed", listed);
    return perhapsListed(listed, own) ?? refused(customer === null ? "customer-not-configured" : "not-listed", listed);
  });
}

/**
 * By `iam.managed.allowedPolicyMembers`, which lists members and sets of them. `own` as above.
 * https://cloud.google.com/organization-policy/restrict-domains
 */
export function allowedMembersRestriction({ rules }: GcpEffectivePolicy, own: readonly string[]): GcpRestriction {
  return joined(rules, (rule) => {
    if (rule.enforced !== true) return allowed("not-enforced", []);
    const listed = Object.values(rule.parameters).flat();
    if (listed.includes(anthropicGcpMember) || listed.includes(anthropicGcpAccount)) return allowed("listed", listed);
    return perhapsListed(listed, own) ?? refused("not-listed", listed);
  });
}

/** Sets of somebody else's organization may hold the account; those of the own one do not, nor those of a pool. */
function perhapsListed(listed: readonly string[], own: readonly string[]): GcpRestriction | undefined {
  const sets = listed.filter((value) => {
    const [, set] = /^(?:is:)?(?:principalSet:)?\/\/(.+)$/.exec(value) ?? [];
    if (set === undefined || /\/(?:workforcePools|workloadIdentityPools)\//.test(set)) return false;
    return !own.some((name) => set.endsWith(`/${name}`) || set.includes(`/${name}/`));
  });
  if (sets.length === 0) return undefined;
  return { decision: "conditional", on: sets.map((set) => `membership of ${set}`), why: "not-listed", listed };
}

function allowed(why: GcpRestriction["why"], listed: readonly string[]): GcpRestriction {
  return { decision: "allowed", on: [], why, listed };
}

function refused(why: GcpRestriction["why"], listed: readonly string[]): GcpRestriction {
  return { decision: "refused", on: [], why, listed };
}

/**
 * A rule with a condition holds for resources with certain tags, the one without for all others. Nobody reads the tags
 * here: where the rules do not agree, it hangs on them.
 */
function joined(rules: readonly GcpPolicyRule[], judge: (rule: GcpPolicyRule) => GcpRestriction): GcpRestriction {
  const always = rules.filter(({ condition }) => condition === null).map(judge);
  const otherwise = mostRestricting(always) ?? allowed("no-rule", []);
  const tagged = rules.filter(({ condition }) => condition !== null);
  const differing = tagged.filter((rule) => judge(rule).decision !== otherwise.decision);
  if (differing.length === 0) return otherwise;
  const on = differing.map(({ condition }) => `tags of the project: ${condition?.expression ?? ""}`);
  return { ...otherwise, decision: "conditional", on: [...new Set([...otherwise.on, ...on])].toSorted() };
}

/**
 * Several rules without a condition: who is denied by one is, whatever others allow; who is not listed by one may be by
 * another. https://docs.cloud.google.com/organization-policy/hierarchy-evaluation
 */
function mostRestricting(found: readonly GcpRestriction[]): GcpRestriction | undefined {
  const order = ["denies-all", "denied", "listed", "allows-all"] as const;
  const named = order.map((why) => found.find((one) => one.why === why)).find((one) => one !== undefined);
  return named ?? found.find(({ decision }) => decision !== "allowed") ?? found[0];
}
