import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const registeredTenantMatches = defineCheck({
  id: "azure/registered-tenant-matches",
  title: "The registered tenant is the one that the vault belongs to",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic signs in to the tenant that is registered: in another one it gets a token that the vault refuses.",
  remediation:
    "Register the vault's own tenant, with Anthropic and here (`az keyvault show --name … --query properties.tenantId`).",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/general/authentication"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.9", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["registration"],
    excludes({ registration: { azure } }) {
      const registered = azure?.tenant_id ?? null;
      return registered === null ? "no tenant is registered: set `azure.tenant_id` of the key" : undefined;
    },
  },

  reads: ["registration", "vault_tenant"],
  evaluate({ registration: { azure }, vault_tenant }) {
    const registered = azure?.tenant_id ?? null;
    const evidence = { registered, vault: vault_tenant };
    return registered?.toLowerCase() === vault_tenant.toLowerCase()
      ? { outcome: "pass", message: "the registered tenant is the vault's", evidence }
      : {
          outcome: "fail",
          message: `the vault belongs to the tenant ${vault_tenant}, and ${registered} is registered`,
          evidence,
        };
  },
});
