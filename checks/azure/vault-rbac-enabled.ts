import { azVault } from "../../src/access/azure/az.ts";
import { assignDocumentedRole, givesWhatIsNeeded } from "../../src/access/azure/az-assignments.ts";
import { isOfPrincipal } from "../../src/access/azure/reaching-assignments.ts";
import { existingVaultKey } from "../../src/access/azure/vault-only.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzurePolicyAccess, AzurePublishedPrincipal } from "../../src/model/azure-access.ts";

export const vaultRbacEnabled = defineCheck({
  id: "azure/vault-rbac-enabled",
  title: "The vault decides by role assignments",
  resource: "azure.vault-key",
  severity: "high",
  why: "An access policy is for every key of the vault, those of tomorrow too, and whoever may write the vault may add one. Only a role can be assigned on one key.",
  remediation:
    "Assign roles to those who have access by policy, to Anthropic's service principal on the key itself; then turn role-based access control on (`az keyvault update … --enable-rbac-authorization true`). From then on the policies do nothing.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-migration",
    "https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-access-policy",
  ],
  controls: [
    { framework: "CIS Azure Foundations", version: "5.0.0", id: "8.3.6", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.1", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.3.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-10", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "CC6.3", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.3", basis: "judgement" },
  ],

  scope: existingVaultKey,

  reads: ["vault_rbac", "registered_key"],
  mayRead: ["vault", "published_principal", "published_access", "policy_access"],
  evaluate({ vault_rbac }) {
    const evidence = { rbac: vault_rbac };
    if (vault_rbac === true) return { outcome: "pass", message: "role assignments decide in the vault", evidence };
    const unset = vault_rbac === null ? ": whether role assignments do is not set" : "";
    return { outcome: "fail", message: `access policies decide in the vault${unset}`, evidence };
  },

  commands({ registered_key, vault, published_principal, published_access, policy_access }) {
    if (published_principal.state === "unreadable" || policy_access.state === "unreadable") return [];
    const principal = published_principal.value;
    // To turn it on for somebody who has no role yet is to lock him out.
    if (principal?.published !== true || !isForAlone(policy_access.value, principal)) return [];
    const reaching = published_access.state === "known" ? (published_access.value?.assignments ?? []) : [];
    const turnOn = azVault("update", registered_key, vault, { "enable-rbac-authorization": "true" });
    if (givesWhatIsNeeded(reaching, principal)) return [turnOn];
    const assign = assignDocumentedRole(principal, registered_key, vault, reaching);
    return assign.length === 0 ? [] : [...assign, turnOn];
  },
});

function isForAlone({ policies }: AzurePolicyAccess, principal: AzurePublishedPrincipal): boolean {
  return policies.every(({ object_id }) => isOfPrincipal({ principal_id: object_id }, principal));
}
