/** The facts of a Cloud KMS key that follow from others, each level from its own policy, so that a missing one blinds no other. */
import { type Fact, type FactsByName, known, mapFact } from "../../model/fact.ts";
import type { GcpIamPolicy, GcpRegisteredKey, GcpRole } from "../../model/gcp.ts";
import type { GcpAuditLogging, GcpLevelAccess } from "../../model/gcp-access.ts";
import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Facts } from "../../model/resource.ts";
import { factNamed } from "../fact-named.ts";
import { ancestorPolicyFact, type LevelsAbove, levelOfAncestor, levelsAbove, whateverIsAbove } from "./ancestors.ts";
import { denyRules } from "./deny-levels.ts";
import { factOf } from "./fact-of.ts";
import { gcpKeyParts } from "./key-name.ts";
import { levelAccess } from "./level-access.ts";

export type DerivedGcpFact = keyof typeof gcpDerivedSources;

/** The raw facts that each derived one rests on. */
export const gcpDerivedSources = {
  registered_key: ["registration"],
  key_access: ["key_policy", "role"],
  ring_access: ["ring_policy", "role"],
  project_access: ["project_policy", "role"],
  ancestor_access: ["ancestors", "folder_policy", "organization_policy", "role", "reads"],
  deny_rules: ["deny_policies", "ancestors", "project", "reads"],
  audit_logging: ["project_policy", "ancestors", "folder_policy", "organization_policy", "reads"],
  member_restrictions: ["effective_policy"],
  perimeter_access: ["perimeters", "project", "reads"],
} as const satisfies Readonly<Partial<Record<keyof GcpKmsKeyFacts, readonly string[]>>>;

/** The derived facts of a key from the raw ones; a raw fact that is not there counts as not read yet. */
export function deriveGcpKmsKeyFacts(facts: FactsByName, key: KeyResource): Facts<"gcp.kms-key", DerivedGcpFact> {
  const registered = gcpKeyParts(key.resource);
  const above = levelsAbove(facts);
  const accessOf = accessReader(facts);
  return {
    registered_key: mapFact(factOf(facts, "registration"), () => known(registered)),
    key_access: accessOf({ kind: "key", name: registered.name }, factOf(facts, "key_policy")),
    ring_access: accessOf(
      { kind: "key-ring", name: registered.ring_name },
      policyNamed(facts, `ring_policy:${registered.ring_name}`),
    ),
    project_access: accessOf(projectLevel(registered), factOf(facts, "project_policy")),
    ancestor_access: ancestorAccess(facts, above),
    deny_rules: denyRules(facts, registered),
    audit_logging: known(auditLogging(facts, registered, above)),
    member_restrictions: known({
      domains: factNamed(facts, "effective_policy:iam.allowedPolicyMemberDomains"),
      members: factNamed(facts, "effective_policy:iam.managed.allowedPolicyMembers"),
    }) as Fact<GcpKmsKeyFacts["member_restrictions"]>,
    perimeter_access: perimeterAccess(facts),
  };
}

function accessReader(facts: FactsByName) {
  const roleOf = (role: string) => factNamed(facts, `role:${role}`) as Fact<GcpRole>;
  return (level: GcpLevelAccess["level"], policy: Fact<GcpIamPolicy>): Fact<GcpLevelAccess> =>
    mapFact(policy, (value) => known(levelAccess(level, value, roleOf)));
}

function projectLevel({ project }: GcpRegisteredKey): GcpLevelAccess["level"] {
  return { kind: "project", name: `projects/${project}` };
}

function policyNamed(facts: FactsByName, name: string): Fact<GcpIamPolicy> {
  return factNamed(facts, name) as Fact<GcpIamPolicy>;
}

function ancestorAccess(facts: FactsByName, above: LevelsAbove): Fact<GcpKmsKeyFacts["ancestor_access"]> {
  if (above.state === "not-looked-at") return known(null);
  const accessOf = accessReader(facts);
  return mapFact(above.names, (names) =>
    known(
      names.map((name) => ({
        name,
        access: accessOf(levelOfAncestor(name), policyNamed(facts, ancestorPolicyFact(name))),
      })),
    ),
  );
}

/** A level whose policy is not readable may still switch a log on, or exempt somebody: it stands in the list. */
function auditLogging(facts: FactsByName, registered: GcpRegisteredKey, above: LevelsAbove): GcpAuditLogging {
  const configsOf = (policy: Fact<GcpIamPolicy>) => mapFact(policy, ({ audit_configs }) => known(audit_configs));
  const project = { level: projectLevel(registered), configs: configsOf(factOf(facts, "project_policy")) };
  if (above.state === "not-looked-at") return [project];
  if (above.names.state === "unreadable") return [project, { level: whateverIsAbove, configs: above.names }];
  const others = above.names.value.map((name) => ({
    level: levelOfAncestor(name),
    configs: configsOf(policyNamed(facts, ancestorPolicyFact(name))),
  }));
  return [project, ...others];
}

/** Switched off is a decision: what was read before it counts no more, and what was never read is not missing. */
function perimeterAccess(facts: FactsByName): Fact<GcpKmsKeyFacts["perimeter_access"]> {
  const reads = factOf(facts, "reads");
  if (reads.state === "known" && !reads.value.gcp_perimeters) return known(null);
  return mapFact(factOf(facts, "perimeters"), (perimeters) => {
    if (perimeters === null) return known(null);
    return mapFact(factOf(facts, "project"), ({ number }) => known({ ...perimeters, project: `projects/${number}` }));
  });
}
