import { removeAssignments } from "../../src/access/azure/az-assignments.ts";
import { existingPrincipal } from "../../src/access/azure/existing-principal.ts";
import { isOfPrincipal, reachingAssignments } from "../../src/access/azure/reaching-assignments.ts";
import { tellAssignment } from "../../src/access/azure/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureAssignment } from "../../src/model/azure-access.ts";
import type { Facts, FactValues } from "../../src/model/resource.ts";

export const grantScopedToKey = defineCheck({
  id: "azure/grant-scoped-to-key",
  title: "The service principal is assigned roles on the key itself, or on a vault for that key alone",
  resource: "azure.vault-key",
  severity: "high",
  why: "A role on a shared vault or above gives Anthropic every key there is below, and every one that will be made; one on a version of the key gives nothing any more after the next rotation.",
  remediation:
    "Give the service principal its role on the key itself, or on a vault that is for Anthropic's keys alone and registered as such (`azure.dedicated_vault`); then remove the assignments elsewhere.",
  references: [
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/scope-overview",
    "https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-guide",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.3", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingPrincipal,

  reads: ["published_principal", "registered_key", "registration"],
  mayRead: [
    "published_access",
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
    "vault_rbac",
    "vault_keys",
    "vault",
  ],
  evaluate({ published_principal, published_access, vault_rbac, ...facts }) {
    const { assignments, unread } = reachingAssignments(published_principal, published_access, facts);
    const vault = vaultOf(facts);
    const misplaced = assignments.filter((one) => isMisplaced(one, vault));
    const byPolicy = vault === "shared" && vault_rbac.state === "known" && vault_rbac.value !== true;
    if (misplaced.length > 0 || byPolicy) {
      const told = misplaced.map(tell).toSorted();
      const policies = byPolicy ? ["the vault goes by access policies, which are for all its keys"] : [];
      const message = `what the service principal is given is not for the key alone: ${[...told, ...policies].join("; ")}`;
      return { outcome: "fail", message, evidence: { assignments: idsOf(misplaced), access_policies: byPolicy } };
    }
    const open = [...unread, ...(vault === "dedicated" ? [] : openVault(assignments, { vault_rbac, ...facts }))];
    if (open.length > 0) {
      const message = "nobody knows whether what the service principal is given is for the key alone";
      return { outcome: "undecided", on: open, message };
    }
    const evidence = { assignments: idsOf(assignments), dedicated_vault: vault === "dedicated" };
    return { outcome: "pass", message: "what the service principal is given is for the key alone", evidence };
  },

  commands({ published_principal: principal, published_access, vault_rbac, vault, ...facts }) {
    if (principal === null || vault_rbac.state === "unreadable") return [];
    const { assignments } = reachingAssignments(principal, published_access, facts);
    // What a group is assigned is others' too.
    const own = assignments.filter((one) => isMisplaced(one, vaultOf(facts)) && isOfPrincipal(one, principal));
    const policies = { in_force: vault_rbac.value !== true };
    const context = { key: facts.registered_key, vault, policies, reaching: assignments };
    return removeAssignments(own, { principal, ...context });
  },
});

type VaultFacts = FactValues<"azure.vault-key", "registration" | "registered_key"> &
  Facts<"azure.vault-key", "vault_keys">;

function vaultOf({ registration, registered_key, vault_keys }: VaultFacts): "dedicated" | "shared" | "not-known" {
  if (registration.azure?.dedicated_vault === true) return "dedicated";
  if (vault_keys.state === "unreadable") return "not-known";
  const names = vault_keys.value.map((name) => name.toLowerCase());
  if (names.some((name) => name !== registered_key.key)) return "shared";
  // A list without this key is not the whole.
  return names.length > 0 ? "dedicated" : "not-known";
}

function isMisplaced({ level }: AzureAssignment, vault: ReturnType<typeof vaultOf>): boolean {
  return level.kind === "vault" ? vault === "shared" : level.kind !== "key";
}

/** Which keys the vault has matters where something is given on the vault. */
function openVault(
  assignments: readonly AzureAssignment[],
  { vault_rbac, vault_keys }: Facts<"azure.vault-key", "vault_rbac" | "vault_keys">,
) {
  if (vault_rbac.state === "unreadable") return [{ name: "vault_rbac", why: vault_rbac }];
  const isOnVault = vault_rbac.value !== true || assignments.some(({ level }) => level.kind === "vault");
  if (!isOnVault) return [];
  return [vault_keys.state === "unreadable" ? { name: "vault_keys", why: vault_keys } : "the keys of the vault"];
}

function tell(assignment: AzureAssignment): string {
  const told = tellAssignment(assignment);
  return assignment.level.kind === "key-version" ? `${told}, which ends with the next rotation` : told;
}

function idsOf(assignments: readonly AzureAssignment[]): readonly string[] {
  return assignments.map(({ id }) => id.toLowerCase()).toSorted();
}
