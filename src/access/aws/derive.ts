/** The facts of a KMS key that follow from others, each from its own source, so that a missing one blinds no other. */
import type { AwsKmsKeyFacts, AwsTrail, AwsTrailWithLogging } from "../../model/aws.ts";
import type { AwsOrganizationPolicies, AwsOrganizationPolicyAccess } from "../../model/aws-access.ts";
import type { Fact } from "../../model/fact.ts";
import { known, mapFact, unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Facts } from "../../model/resource.ts";
import type { JsonError, Parsed } from "../parse-json.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import { grantAccess } from "./grants.ts";
import { type AwsKeyAttributes, keyAttributes } from "./key-attributes.ts";
import { policyAccess } from "./policy-access.ts";
import { compiledPolicy } from "./remembered-policies.ts";
import { type AttachedPolicy, organizationPolicyAccess } from "./resource-control-policy.ts";

export const derivedAwsFacts = [
  "registered_key",
  "policy",
  "policy_access",
  "grant_access",
  "organization_policy_access",
  "trails",
] as const satisfies readonly (keyof AwsKmsKeyFacts)[];
export type DerivedAwsFact = (typeof derivedAwsFacts)[number];

type RawFacts = Readonly<Record<string, Fact<unknown>>>;

/** The derived facts of a key from the raw ones; a raw fact that is not there counts as not read yet. */
export function deriveAwsKmsKeyFacts(facts: RawFacts, key: KeyResource): Facts<"aws.kms-key", DerivedAwsFact> {
  const attributes = attributesOf(facts, key);
  const compiled = mapFact(rawFact(facts, "policy_text"), compilePolicyText);
  const { arn, partition, account, region } = attributes;
  return {
    registered_key: mapFact(rawFact(facts, "registration"), () => known({ arn, partition, account, region })),
    policy: mapFact(compiled, ({ policy }) => known(policy)),
    policy_access: mapFact(compiled, (policy) => known(policyAccess(policy, attributes))),
    grant_access: mapFact(rawFact(facts, "grants"), (grants) => known(grantAccess(grants, attributes.partition))),
    organization_policy_access: organizationAccessOf(facts, attributes),
    trails: mapFact(rawFact(facts, "trail_list"), (trails) =>
      known(trails.map((trail) => withLogging(trail, region, facts))),
    ),
  };
}

function attributesOf(facts: RawFacts, key: KeyResource): AwsKeyAttributes {
  return keyAttributes(key, {
    spec: rawFact(facts, "spec"),
    usage: rawFact(facts, "usage"),
    origin: rawFact(facts, "origin"),
    multi_region: rawFact(facts, "multi_region"),
    tags: rawFact(facts, "tags"),
    organization_id: mapFact(rawFact(facts, "organization_policies"), (policies) =>
      known(policies === null ? null : policies.organization_id),
    ),
  });
}

function compilePolicyText(text: string): Fact<CompiledPolicy> {
  const compiled = compiledPolicy(text);
  return compiled.ok ? known(compiled.value) : malformed("the key policy", compiled.error, "kms:GetKeyPolicy");
}

/** Switched off is a decision: what was read before it counts no more, and what was never read is not missing. */
function organizationAccessOf(facts: RawFacts, attributes: AwsKeyAttributes): Fact<AwsOrganizationPolicyAccess | null> {
  const reads = rawFact(facts, "reads");
  if (reads.state === "known" && !reads.value.aws_organization) return known(null);
  return mapFact(rawFact(facts, "organization_policies"), (policies) =>
    policies === null ? known(null) : organizationAccess(policies, attributes),
  );
}

function organizationAccess(
  policies: AwsOrganizationPolicies,
  attributes: AwsKeyAttributes,
): Fact<AwsOrganizationPolicyAccess> {
  const attached: AttachedPolicy[] = [];
  for (const level of policies.levels) {
    for (const policy of level.policies) {
      const compiled: Parsed<CompiledPolicy> = compiledPolicy(policy.text);
      if (!compiled.ok) {
        return malformed(`the resource control policy ${policy.id}`, compiled.error, "organizations:DescribePolicy");
      }
      attached.push({ level, policy, compiled: compiled.value });
    }
  }
  return known(organizationPolicyAccess(policies, attached, attributes));
}

function withLogging(trail: AwsTrail, region: string, facts: RawFacts): AwsTrailWithLogging {
  return {
    ...trail,
    covers_region: trail.multi_region || trail.home_region === region,
    status: factNamed(facts, `trail_status:${trail.arn}`) as AwsTrailWithLogging["status"],
    selectors: factNamed(facts, `trail_selectors:${trail.arn}`) as AwsTrailWithLogging["selectors"],
  };
}

function malformed(what: string, { message, line, column }: JsonError, call: string): Fact<never> {
  return unreadable("malformed", `${what}: ${message} (line ${line}, column ${column})`, { call });
}

/** The collectors validate what they read, so a fact of that name has the type that the model gives it. */
function rawFact<N extends keyof AwsKmsKeyFacts>(facts: RawFacts, name: N): Fact<AwsKmsKeyFacts[N]> {
  return factNamed(facts, name) as Fact<AwsKmsKeyFacts[N]>;
}

function factNamed(facts: RawFacts, name: string): Fact<unknown> {
  return facts[name] ?? unreadable("not-read-yet", `${name} has not been read`);
}
