import { assignDocumentedRole, givesWhatIsNeeded } from "../../src/access/azure/az-assignments.ts";
import { noPrincipal } from "../../src/access/azure/existing-principal.ts";
import { askForPrincipal } from "../../src/access/azure/published-requests.ts";
import { reachingAssignments } from "../../src/access/azure/reaching-assignments.ts";
import { existingVaultKey } from "../../src/access/azure/vault-only.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { azureNeededActions } from "../../src/guidance/azure-roles.ts";
import { known } from "../../src/model/fact.ts";

export const servicePrincipalCanWrap = defineCheck({
  id: "azure/service-principal-can-wrap",
  title: "The service principal may read the key, wrap and unwrap with it",
  resource: "azure.vault-key",
  severity: "high",
  why: "A request that is refused is workspace data that can be neither written nor read.",
  remediation:
    "Give the service principal of Anthropic's application the role Key Vault Crypto User on the key, without a condition, and remove what denies it.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-guide",
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/security",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingVaultKey,

  reads: ["published_principal", "registered_key"],
  mayRead: [
    "published_access",
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
    "vault_rbac",
    "policy_access",
    "denials",
    "vault",
  ],
  explainedBy: [
    "azure/service-principal-present",
    "azure/no-blocking-deny",
    "azure/no-lookalike-principal",
    "azure/registered-client-is-published",
    "azure/vault-rbac-enabled",
  ],
  evaluate({ published_principal, published_access, ...facts }) {
    if (published_principal === null) {
      return { outcome: "fail", message: noPrincipal, evidence: { refused: [{ action: "all", why: noPrincipal }] } };
    }
    const reaching = reachingAssignments(published_principal, published_access, facts);
    const byPolicies = facts.policy_access.state === "known" && facts.policy_access.value.in_force;
    // What was not read may give what nothing else gives, where assignments give anything.
    const unread = byPolicies ? [] : reaching.unread;
    const seen = known({ principal: published_principal, assignments: reaching.assignments });
    const answers = askForPrincipal(azureNeededActions, { ...facts, published_access: seen });
    const refused = answers.filter(({ decision }) => decision === "refused");
    if (refused.length > 0 && unread.length === 0) {
      const told = refused.map(({ action, why }) => `${action}: ${why}`);
      const evidence = { refused: refused.map(({ action, why }) => ({ action, why })) };
      return { outcome: "fail", message: `the service principal is refused ${told.join("; ")}`, evidence };
    }
    const open = answers.flatMap(({ on }) => on);
    if (refused.length + open.length > 0) {
      const message = "whether the service principal may read the key, wrap and unwrap hangs on what is not known";
      return { outcome: "undecided", on: [...open, ...unread], message };
    }
    const by = [...new Set(answers.flatMap((answer) => answer.by))].toSorted();
    const whose = published_principal.published ? "" : ` of application ${published_principal.application_id}`;
    const message = `the service principal${whose} may read the key, wrap and unwrap`;
    return { outcome: "pass", message, evidence: { by } };
  },

  commands({ published_principal, registered_key, published_access, vault, vault_rbac, ...levels }) {
    if (published_principal === null || vault_rbac.state === "unreadable" || vault_rbac.value !== true) return [];
    const { assignments } = reachingAssignments(published_principal, published_access, levels);
    // No role helps against a denial.
    return givesWhatIsNeeded(assignments, published_principal)
      ? []
      : assignDocumentedRole(published_principal, registered_key, vault, assignments);
  },
});
