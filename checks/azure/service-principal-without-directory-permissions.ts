import { principalInDirectory } from "../../src/access/azure/existing-principal.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const servicePrincipalWithoutDirectoryPermissions = defineCheck({
  id: "azure/service-principal-without-directory-permissions",
  title: "The service principal has no permission in the directory and none on anybody's behalf",
  resource: "azure.vault-key",
  severity: "medium",
  why: "The application asks for no permission; one that it was given anyway reaches people and data that have nothing to do with the key.",
  remediation:
    "Revoke the application's permissions and its directory roles in Microsoft Entra; it needs a role on the key, and nothing else.",
  references: [
    "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/manage-application-permissions",
    "https://learn.microsoft.com/en-us/entra/identity-platform/permissions-consent-overview",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: principalInDirectory,

  reads: [],
  passNeeds: ["service_principal_roles", "service_principal_grants", "service_principal_directory_roles"],
  evaluate({ service_principal_roles, service_principal_grants, service_principal_directory_roles }) {
    const rights = [service_principal_roles, service_principal_grants, service_principal_directory_roles]
      .flatMap((fact) => (fact.state === "known" ? fact.value : []))
      .map(({ kind, name, on }) => ({ kind, name, on }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (rights.length === 0) {
      return { outcome: "pass", message: "the directory gives the service principal nothing", evidence: { rights } };
    }
    const told = rights.map(({ kind, name, on }) => `${words[kind]} ${name}${on === null ? "" : ` on ${on}`}`);
    return {
      outcome: "fail",
      message: `the service principal has ${told.join(", ")}`,
      evidence: { rights },
    };
  },
});

const words = {
  "application-role": "the application role",
  "delegated-grant": "the delegated grant",
  "directory-role": "the directory role",
} as const;
