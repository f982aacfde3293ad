import { az } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzurePrivateEndpoint } from "../../src/model/azure.ts";
import type { Fact } from "../../src/model/fact.ts";

/** https://learn.microsoft.com/en-us/azure/private-link/manage-private-endpoint */
const statesWithoutEffect: readonly string[] = ["pending", "rejected", "disconnected"];

export const vaultWithoutPrivateEndpoint = defineCheck({
  id: "azure/vault-without-private-endpoint",
  title: "The vault has no private endpoint",
  resource: "azure.vault-key",
  severity: "medium",
  why: "Anthropic calls the vault's public address and cannot use a private endpoint; whoever sets one up usually goes on to switch the public address off.",
  remediation:
    "Keep keys for Anthropic in a vault of their own without private endpoints, and reject the approved connections of this one where no workload of yours needs them (`az keyvault private-endpoint-connection reject --id …`). Exempt the vault from whatever Azure Policy makes them anew (effect `deployIfNotExists`).",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/general/private-link-service"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-7", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.20", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],
  conflicts: [
    {
      framework: "CIS Azure Foundations",
      version: "5.0.0",
      id: "8.3.8",
      reason:
        "The benchmark asks for private endpoints; Anthropic calls the vault's public endpoint and can use no other.",
      compensating: [
        "a firewall that denies by default and lets Anthropic's outbound range in",
        "role-based access control, with the service principal's role on the key alone",
        "AuditEvent records of every call, refused ones too",
        "a look at the vault's settings in every run of the fast lane",
      ],
    },
  ],

  scope: existingAzureKey,

  reads: ["private_endpoints"],
  mayRead: ["vault_public_access"],
  evaluate({ private_endpoints, vault_public_access }) {
    const endpoints = private_endpoints
      .map(({ id, status }) => ({ id, status }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const approved = endpoints.filter(isApproved);
    const evidence = { endpoints };
    if (approved.length > 0) {
      const told = approved.map(({ id }) => id.split("/").at(-1)).join(", ");
      const message = `approved private endpoint connections: ${told}; Anthropic cannot use them${publicly(vault_public_access)}`;
      return { outcome: "fail", message, evidence };
    }
    const strange = endpoints.filter(({ status }) => !statesWithoutEffect.includes(status.toLowerCase()));
    if (strange.length > 0) {
      const on = strange.map(({ id, status }) => `status ${status === "" ? "(none)" : status} of ${id}`);
      return { outcome: "undecided", on, message: `whether a connection is approved hangs on ${on.join(", ")}` };
    }
    const message =
      endpoints.length === 0
        ? "the vault has no private endpoint connection"
        : "no private endpoint connection is approved";
    return { outcome: "pass", message, evidence };
  },

  commands({ private_endpoints }) {
    const ids = private_endpoints.filter(isApproved).map(({ id }) => id);
    return ids.toSorted().map((id) => az("keyvault private-endpoint-connection reject", { id }));
  },
});

function isApproved({ status }: AzurePrivateEndpoint): boolean {
  return status.toLowerCase() === "approved";
}

function publicly(access: Fact<string | null>): string {
  if (access.state === "unreadable") return "";
  return access.value === null || access.value.toLowerCase() === "enabled"
    ? ", and still gets through the public address"
    : `, and the public address is not open either: ${access.value}`;
}
