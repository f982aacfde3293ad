import { type Fact, type FactsByName, known, mapFact } from "../../model/fact.ts";
import type { GcpDenyPolicy, GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpDenyLevel, GcpLevel } from "../../model/gcp-access.ts";
import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";
import { factNamed } from "../fact-named.ts";
import { levelOfAncestor, whateverIsAbove } from "./ancestors.ts";
import { factOf } from "./fact-of.ts";

/** The deny policies of the project and of everything above it: each of them binds the key. Null where switched off. */
export function denyRules(facts: FactsByName, { project }: GcpRegisteredKey): Fact<GcpKmsKeyFacts["deny_rules"]> {
  const reads = factOf(facts, "reads");
  if (reads.state === "known" && !reads.value.gcp_deny_policies) return known(null);
  const level: GcpLevel = { kind: "project", name: `projects/${project}` };
  const names = namesOf(facts, project);
  const own = {
    level,
    also_named: names.map((name) => `projects/${name}`),
    rules: rulesOf(ownPolicies(facts, project, names)),
  };
  const ancestors = factOf(facts, "ancestors");
  // Who is above is not known, but that there may be rules is.
  if (ancestors.state === "unreadable") {
    return known([own, { level: whateverIsAbove, rules: ancestors }]);
  }
  const above = ancestors.value.map(
    (name): GcpDenyLevel => ({
      level: levelOfAncestor(name),
      rules: rulesOf(factNamed(facts, `deny_policies:${name}`)),
    }),
  );
  return known([own, ...above]);
}

function namesOf(facts: FactsByName, registered: string): readonly string[] {
  const project = factOf(facts, "project");
  return project.state === "known" ? [registered, project.value.id, project.value.number] : [registered];
}

/** Deny policies are attached to a project by its id or by its number. */
function ownPolicies(facts: FactsByName, registered: string, names: readonly string[]): Fact<unknown> {
  const found = names.flatMap((name) => facts[`deny_policies:projects/${name}`] ?? []);
  return (
    found.find(({ state }) => state === "known") ?? found[0] ?? factNamed(facts, `deny_policies:projects/${registered}`)
  );
}

function rulesOf(policies: Fact<unknown>): GcpDenyLevel["rules"] {
  return mapFact(policies as Fact<readonly GcpDenyPolicy[]>, (all) =>
    known(all.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, policy: name })))),
  );
}
