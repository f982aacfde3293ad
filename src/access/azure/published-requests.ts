/** Whether the service principal that a key is for may do what it needs, from every source at once. */
import type { AzureAccessPolicy } from "../../model/azure.ts";
import type { AzureAssignment, AzurePolicyAccess } from "../../model/azure-access.ts";
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import type { Fact } from "../../model/fact.ts";
import type { Facts } from "../../model/resource.ts";
import { principalDenial } from "./deny.ts";
import { noPrincipal } from "./existing-principal.ts";
import { letsThrough } from "./judge-condition.ts";
import { type AzureUnread, unreadRole } from "./levels-read.ts";
import { policyActions } from "./policy-permissions.ts";
import { permitsDataAction } from "./role-permits.ts";
import { isAtOrAbove } from "./scope.ts";
import { tellAssignment } from "./tell-level.ts";

/** What an answer hangs on: context by name, or something that could not be read. */
export type AzureOpen = string | AzureUnread;

export interface AzurePrincipalAnswer {
  /** A data action. */
  readonly action: string;
  readonly decision: "allowed" | "refused" | "open";
  readonly on: readonly AzureOpen[];
  /** Where `allowed`: what gives it, in words, sorted. */
  readonly by: readonly string[];
  /** Where `refused`: why, in words. */
  readonly why: string;
}

export type AzureRequestFact = "published_access" | "vault_rbac" | "policy_access" | "denials";

type Asked = Facts<"azure.vault-key", AzureRequestFact>;

/** With RBAC, assignments and deny assignments decide; without, the vault's access policies alone. */
export function askForPrincipal(actions: readonly string[], facts: Asked): readonly AzurePrincipalAnswer[] {
  const { vault_rbac } = facts;
  return actions.map((action) => {
    if (vault_rbac.state === "unreadable") return open(action, [{ name: "vault_rbac", why: vault_rbac }]);
    return vault_rbac.value === true ? byRoles(action, facts) : byPolicies(action, facts);
  });
}

function byRoles(action: string, facts: Asked): AzurePrincipalAnswer {
  const given = whatAssignmentsGive(action, facts);
  if (given.decision === "refused") return given;
  const taken = takenAway(action, facts.denials);
  if (taken.decision === "refused") return taken;
  return given.decision === "allowed" && taken.decision === "open" ? taken : given;
}

function whatAssignmentsGive(action: string, { published_access }: Asked): AzurePrincipalAnswer {
  if (published_access.state === "unreadable") {
    return open(action, [{ name: "published_access", why: published_access }]);
  }
  if (published_access.value === null) return refused(action, noPrincipal);
  const { assignments } = published_access.value;
  const giving = assignments.filter(
    ({ permits }) => permits.state === "known" && permitsDataAction(permits.value, action),
  );
  const surely = giving.filter(
    ({ level, condition }) => isAtOrAbove(level) && letsThrough(condition, action) === "yes",
  );
  if (surely.length > 0) return allowed(action, surely.map(tellAssignment));
  const on = [...giving.flatMap((one) => whatHangs(one, action)), ...assignments.flatMap(unreadRole)];
  return on.length > 0 ? open(action, on) : refused(action, "no role that is assigned to it permits it");
}

function whatHangs(assignment: AzureAssignment, action: string): readonly string[] {
  const { level, condition } = assignment;
  return [
    ...(isAtOrAbove(level) ? [] : [`which version of the key is asked: ${tellAssignment(assignment)}`]),
    ...(letsThrough(condition, action) === "yes" ? [] : [`the condition of ${tellAssignment(assignment)}`]),
  ];
}

function takenAway(action: string, denials: Fact<AzureVaultKeyFacts["denials"]>): AzurePrincipalAnswer {
  if (denials.state === "unreadable") return open(action, [{ name: "denials", why: denials }]);
  const answer = principalDenial(denials.value, action);
  if (answer.decision === "spared") return allowed(action, []);
  if (answer.decision === "conditional") return open(action, answer.on);
  const names = answer.denials.map(({ name }) => name);
  return refused(action, `denied by ${[...new Set(names)].toSorted().join(", ")}`);
}

function byPolicies(action: string, { published_access, policy_access }: Asked): AzurePrincipalAnswer {
  if (policy_access.state === "unreadable") return open(action, [{ name: "policy_access", why: policy_access }]);
  const giving = policiesGiving(policy_access.value, action);
  if (giving.length === 0) return refused(action, "no access policy of the vault permits it");
  if (published_access.state === "unreadable") {
    return open(action, [{ name: "published_access", why: published_access }]);
  }
  if (published_access.value === null) return refused(action, noPrincipal);
  const own = published_access.value.principal.object_id.toLowerCase();
  const others = giving.filter(({ object_id }) => object_id.toLowerCase() !== own);
  if (others.length < giving.length) return allowed(action, [`the vault's access policy for ${own}`]);
  // A policy does not say whether it is for somebody or for a group, nor who is in it.
  return open(
    action,
    others.map(({ object_id }) => `membership of ${object_id}`),
  );
}

/** One that is for an application on somebody's behalf is not for the application itself. */
function policiesGiving({ policies }: AzurePolicyAccess, action: string): readonly AzureAccessPolicy[] {
  return policies.filter((policy) => policy.application_id === null && policyActions(policy).includes(action));
}

function allowed(action: string, by: readonly string[]): AzurePrincipalAnswer {
  return { action, decision: "allowed", on: [], by: [...new Set(by)].toSorted(), why: "" };
}

function refused(action: string, why: string): AzurePrincipalAnswer {
  return { action, decision: "refused", on: [], by: [], why };
}

function open(action: string, on: readonly AzureOpen[]): AzurePrincipalAnswer {
  return { action, decision: "open", on, by: [], why: "" };
}
