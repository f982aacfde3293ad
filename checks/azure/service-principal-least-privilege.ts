import { azVault } from "../../src/access/azure/az.ts";
import { removeAssignments } from "../../src/access/azure/az-assignments.ts";
import { beyondDocumented, isBeyond, isDocumented, needlessOf } from "../../src/access/azure/beyond-documented.ts";
import { existingPrincipal } from "../../src/access/azure/existing-principal.ts";
import { type AzureGrant, grantsInForce } from "../../src/access/azure/grants-in-force.ts";
import { azureLevelsRead, unreadRole } from "../../src/access/azure/levels-read.ts";
import { openMemberships, policiesOfPrincipal } from "../../src/access/azure/principal-policies.ts";
import { isOfPrincipal, reachingAssignments } from "../../src/access/azure/reaching-assignments.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureAssignment, AzurePolicyAccess, AzurePublishedPrincipal } from "../../src/model/azure-access.ts";
import type { Fact } from "../../src/model/fact.ts";

export const servicePrincipalLeastPrivilege = defineCheck({
  id: "azure/service-principal-least-privilege",
  title: "The service principal may do nothing beyond the two documented roles",
  resource: "azure.vault-key",
  severity: "high",
  why: "What the service principal does not need can only be misused: it could delete the key or hand it to others.",
  remediation:
    "Give the service principal the role Key Vault Crypto User or Key Vault Crypto Service Encryption User on the key, and remove every other role and permission.",
  references: [
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/security",
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-5", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingPrincipal,

  reads: ["published_principal", "registered_key"],
  mayRead: [
    "published_access",
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
    "policy_access",
    "assigned_applications",
    "vault",
  ],
  evaluate({ published_principal, published_access, policy_access, assigned_applications, ...levels }) {
    const { assignments, unread } = reachingAssignments(published_principal, published_access, levels);
    const grants = grantsTo(published_principal, assignments, policy_access);
    const beyond = grants
      .filter(isBeyond)
      .map((grant) => ({ by: grant.told, ...beyondDocumented(grant) }))
      .toSorted((a, b) => (a.by < b.by ? -1 : 1));
    if (beyond.length > 0) {
      const told = beyond.map(({ by, actions, data_actions }) => `${by} gives ${tell([...actions, ...data_actions])}`);
      const message = `the service principal has more than it needs: ${told.join("; ")}`;
      return { outcome: "fail", message, evidence: { grants: beyond } };
    }
    const open = [
      ...unread,
      ...assignments.filter((one) => !isDocumented(one)).flatMap(unreadRole),
      ...(policy_access.state === "unreadable"
        ? [{ name: "policy_access", why: policy_access }]
        : openMemberships(policy_access.value, azureLevelsRead(levels).assignments, assigned_applications)),
    ];
    if (open.length > 0) {
      const told = open.map((one) => (typeof one === "string" ? one : one.name)).join(", ");
      return { outcome: "undecided", on: open, message: `nobody knows what ${told} would give the service principal` };
    }
    const needless = [...new Set(grants.flatMap(needlessOf))].toSorted();
    const more = needless.length === 0 ? "" : `; documented, and not needed, is ${tell(needless)}`;
    const evidence = { by: [...new Set(grants.map(({ told }) => told))].toSorted(), needless };
    return { outcome: "pass", message: `the service principal has nothing beyond the two roles${more}`, evidence };
  },

  commands({ published_principal: principal, published_access, registered_key, policy_access, vault, ...levels }) {
    if (principal === null || policy_access.state === "unreadable") return [];
    const { assignments } = reachingAssignments(principal, published_access, levels);
    const beyond = grantsTo(principal, assignments, policy_access).filter(isBeyond);
    // What a group is assigned is others' too.
    const ids = beyond.flatMap(({ assignment }) => (assignment === null ? [] : [assignment.id]));
    const own = assignments.filter((one) => ids.includes(one.id) && isOfPrincipal(one, principal));
    const context = { key: registered_key, vault, policies: policy_access.value, reaching: assignments };
    // What a policy says of keys is replaced as a whole.
    const flags = { "object-id": principal.object_id, "key-permissions": ["get", "wrapKey", "unwrapKey"] };
    const hasPolicy = beyond.some((grant) => grant.assignment === null && isOfPrincipal(grant, principal));
    return [
      ...removeAssignments(own, { principal, ...context }),
      ...(hasPolicy ? [azVault("set-policy", registered_key, vault, flags)] : []),
    ];
  },
});

/** Where it is not known which of the two counts, what somebody may administer counts in either case. */
function grantsTo(
  principal: AzurePublishedPrincipal | null,
  assignments: readonly AzureAssignment[],
  policies: Fact<AzurePolicyAccess>,
): readonly AzureGrant[] {
  const { in_force, policies: all } = policies.state === "known" ? policies.value : { in_force: true, policies: [] };
  const own = principal === null ? [] : policiesOfPrincipal(all, principal, assignments);
  return grantsInForce(assignments, { in_force, policies: own });
}

function tell(actions: readonly string[]): string {
  const rest = actions.length > 4 ? ` and ${actions.length - 4} more` : "";
  return `${actions.slice(0, 4).join(", ")}${rest}`;
}
