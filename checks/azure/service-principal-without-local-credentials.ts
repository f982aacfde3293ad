import { az } from "../../src/access/azure/az.ts";
import { principalInDirectory } from "../../src/access/azure/existing-principal.ts";
import { formatDate } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureCredential, AzureOwner } from "../../src/model/azure.ts";
import type { Fact } from "../../src/model/fact.ts";

export const servicePrincipalWithoutLocalCredentials = defineCheck({
  id: "azure/service-principal-without-local-credentials",
  title: "The service principal has no credential of this tenant",
  resource: "azure.vault-key",
  severity: "critical",
  why: "Whoever holds a password or a certificate that was added here can sign in as Anthropic's application and use the key, and the logs show Anthropic.",
  remediation:
    "Remove the credential from the service principal, then find out who added it and what it was used for. Let the service principal have no owners: each of them could add another.",
  references: [
    "https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal",
    "https://learn.microsoft.com/en-us/entra/identity-platform/app-objects-and-service-principals",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
  ],

  scope: principalInDirectory,

  reads: ["service_principal"],
  mayRead: ["service_principal_owners"],
  evaluate({ service_principal, service_principal_owners }, { at }) {
    const credentials = (service_principal?.credentials ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const owners = tellOwners(service_principal_owners);
    if (credentials.length === 0) {
      const evidence = { credentials: [] };
      return { outcome: "pass", message: `the service principal has no credential of this tenant${owners}`, evidence };
    }
    const evidence = { credentials: credentials.map(({ kind, id, name, ends }) => ({ kind, id, name, ends })) };
    const message = `the service principal has ${credentials.map((one) => tell(one, at)).join(", ")}${owners}`;
    // What has ended lets nobody in any more; that somebody added it remains.
    return credentials.every(({ ends }) => ends !== null && ends <= at)
      ? { outcome: "fail", message, evidence, severity: "medium" }
      : { outcome: "fail", message, evidence };
  },

  commands({ service_principal }) {
    return (service_principal?.credentials ?? []).map(({ kind, id }) => {
      const remove = az("ad sp credential delete", { id: service_principal?.object_id ?? "", "key-id": id });
      return kind === "certificate" ? `${remove} --cert` : remove;
    });
  },
});

function tell({ kind, id, name, ends }: AzureCredential, at: number): string {
  const end = ends === null ? "without an end" : `${ends <= at ? "ended" : "until"} ${formatDate(ends)}`;
  return `a ${kind} ${name === null ? id : `${name} (${id})`}, ${end}`;
}

/** Owners decide nothing here: they are who could add a credential. */
function tellOwners(owners: Fact<readonly AzureOwner[]>): string {
  if (owners.state === "unreadable") return "; who owns it, and could add one, is not known";
  if (owners.value.length === 0) return "";
  const names = owners.value.map(({ object_id, display_name }) => display_name ?? object_id).toSorted();
  return `; its owners could add one: ${names.join(", ")}`;
}
