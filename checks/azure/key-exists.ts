import { azKey, azVault } from "../../src/access/azure/az.ts";
import { formatDate, formatDateOrNull } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureDeletion, AzureVault } from "../../src/model/azure.ts";
import { type Fact, known } from "../../src/model/fact.ts";

export const keyExists = defineCheck({
  id: "azure/key-exists",
  title: "The key exists in its vault",
  resource: "azure.vault-key",
  severity: "critical",
  why: "Without the key nobody can read the workspace data under it, and Anthropic keeps no copy. A deleted key or vault can be recovered until it is purged, and never after.",
  remediation:
    "Recover the key (`az keyvault key recover …`) or the vault (`az keyvault recover …`) before it is purged; where it is gone, correct its registration, or register the key that Anthropic uses now.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview",
    "https://learn.microsoft.com/en-us/azure/key-vault/general/key-vault-recovery",
  ],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  reads: ["existence", "registered_key", "registration"],
  // Says whether the key can still be had; that it is not there is certain without.
  mayRead: ["deletion", "vault"],
  evaluate({ existence, registered_key: { host, key }, deletion, vault }) {
    const name = `https://${host}/keys/${key}`;
    if (existence === "present") {
      return { outcome: "pass", message: "the vault has the key", evidence: { key: name, existence, deletion: null } };
    }
    const evidence = { key: name, existence, deletion: evidenceOf(deletion) };
    return { outcome: "fail", message: tell(deletion, vault), evidence };
  },

  commands({ registered_key, registration, deletion, vault }, { at }) {
    if (deletion.state === "unreadable" || deletion.value === null) return [];
    const { of, purged } = deletion.value;
    if (purged !== null && purged <= at) return [];
    if (of === "key") return [azKey("recover", registered_key)];
    // A deleted vault answers no question about itself; its id may be registered.
    const id = registration.azure?.vault_resource_id ?? null;
    return [azVault("recover", registered_key, id === null ? vault : known({ id }))];
  },
});

function tell(deletion: Fact<AzureDeletion | null>, vault: Fact<AzureVault>): string {
  if (deletion.state === "unreadable") {
    const why = deletion.detail === "" ? deletion.reason : `${deletion.reason}: ${deletion.detail}`;
    return `there is no such key, and whether one can be recovered could not be read (${why})`;
  }
  if (deletion.value === null) {
    const hasVault = vault.state === "known" || vault.reason !== "not-found";
    return `there is no such key${hasVault ? "" : ", nor is its vault where it should be"}, and no deleted one to recover`;
  }
  const { of, deleted, purged } = deletion.value;
  const since = deleted === null ? "" : ` at ${formatDate(deleted)}`;
  const until =
    purged === null ? "Azure does not say when it is purged" : `it is purged for good at ${formatDate(purged)}`;
  return of === "key"
    ? `the key was deleted${since}; ${until}`
    : `the vault was deleted${since}, and its keys with it; ${until}`;
}

function evidenceOf(deletion: Fact<AzureDeletion | null>) {
  if (deletion.state === "unreadable" || deletion.value === null) return null;
  const { of, deleted, purged } = deletion.value;
  return { of, deleted: formatDateOrNull(deleted), purged: formatDateOrNull(purged) };
}
