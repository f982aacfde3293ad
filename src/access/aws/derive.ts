/** The facts of a KMS key that follow from others, each from its own source, so that a missing one blinds no other. */
import type { AwsKmsKeyFacts, AwsTrail, AwsTrailWithLogging } from "../../model/aws.ts";
import type { AwsOrganizationPolicies, AwsOrganizationPolicyAccess } from "../../model/aws-access.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import { known, mapFact, unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Facts } from "../../model/resource.ts";
import { factNamed } from "../fact-named.ts";
import type { JsonError, Parsed } from "../parse-json.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import { factOf } from "./fact-of.ts";
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

/** The derived facts of a key from the raw ones; a raw fact that is not there counts as not read yet. */
export function deriveAwsKmsKeyFacts(facts: FactsByName, key: KeyResource): Facts<"aws.kms-key", DerivedAwsFact> {
  const attributes = attributesOf(facts, key);
  const compiled = mapFact(factOf(facts, "policy_text"), compilePolicyText);
  const { arn, partition, account, region } = attributes;
  return {
    registered_key: mapFact(factOf(facts, "registration"), () => known({ arn, partition, account, region })),
    policy: mapFact(compiled, ({ policy }) => known(policy)),
    policy_access: mapFact(compiled, (policy) => known(policyAccess(policy, attributes))),
    grant_access: mapFact(factOf(facts, "grants"), (grants) => known(grantAccess(grants, attributes.partition))),
    organization_policy_access: organizationAccessOf(facts, attributes),
    trails: mapFact(factOf(facts, "trail_list"), (trails) =>
      known(trails.map((trail) => withLogging(trail, region, facts))),
    ),
  };
}

function attributesOf(facts: FactsByName, key: KeyResource): AwsKeyAttributes {
  return keyAttributes(key, {
    spec: factOf(facts, "spec"),
    usage: factOf(facts, "usage"),
    origin: factOf(facts, "origin"),
    multi_region: factOf(facts, "multi_region"),
    tags: factOf(facts, "tags"),
    organization_id: mapFact(factOf(facts, "organization_policies"), (policies) =>
      known(policies === null ? null : policies.organization_id),
    ),
  });
}

function compilePolicyText(text: string): Fact<CompiledPolicy> {
  const compiled = compiledPolicy(text);
  return compiled.ok ? known(compiled.value) : malformed("the key policy", compiled.error, "kms:GetKeyPolicy");
}

/** Switched off is a decision: what was read before it counts no more, and what was never read is not missing. */
function organizationAccessOf(
  facts: FactsByName,
  attributes: AwsKeyAttributes,
): Fact<AwsOrganizationPolicyAccess | null> {
  const reads = factOf(facts, "reads");
  if (reads.state === "known" && !reads.value.aws_organization) return known(null);
  return mapFact(factOf(facts, "organization_policies"), (policies) =>
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

function withLogging(trail: AwsTrail, region: string, facts: FactsByName): AwsTrailWithLogging {
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
