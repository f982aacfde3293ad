import { deleteAssignments } from "../../src/access/azure/az-assignments.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { azureLevelsRead } from "../../src/access/azure/levels-read.ts";
import { likenessOfApplication } from "../../src/access/azure/lookalike.ts";
import { localRolesUnread } from "../../src/access/azure/vault-only.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAzureApplication } from "../../src/guidance/identifiers.ts";
import type { AzureAssignedApplication } from "../../src/model/azure.ts";
import type { AzureAssignment } from "../../src/model/azure-access.ts";

export const noLookalikePrincipal = defineCheck({
  id: "azure/no-lookalike-principal",
  title: "No application that resembles the published one is assigned anything at or above the key",
  resource: "azure.vault-key",
  severity: "critical",
  why: "An application of almost the published name or id passes a reader's eye; whoever owns it can use the key in Anthropic's place.",
  remediation: `Remove the application's assignments, and assign the role to the service principal of application ${anthropicAzureApplication} instead; then find out who put it there.`,
  references: [
    "https://learn.microsoft.com/en-us/entra/identity-platform/app-objects-and-service-principals",
    "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/protect-against-consent-phishing",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["reads"],
    excludes({ reads }) {
      return reads.azure_directory ? undefined : "the directory is not looked at: reads.azure_directory is off";
    },
  },

  reads: ["assigned_applications", "registered_key"],
  mayRead: [
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
  ],
  evaluate({ assigned_applications, registered_key, ...levels }) {
    const applications = lookalikes(assigned_applications);
    if (applications.length > 0) {
      const told = applications.map(
        ({ display_name, application_id, likeness }) => `${display_name} (${application_id}) ${likeness}`,
      );
      return {
        outcome: "fail",
        message: `assigned is what resembles the published application and is not it: ${told.join("; ")}`,
        evidence: { applications },
      };
    }
    const strangers = notInDirectory(assigned_applications, azureLevelsRead(levels).assignments);
    const left = strangers.length === 0 ? "" : `; the directory does not know ${strangers.join(", ")}`;
    const far = registered_key.kind === "vault" ? "" : `; ${localRolesUnread}`;
    return {
      outcome: "pass",
      message: `no application that is assigned anything resembles the published one${left}${far}`,
      evidence: { published: anthropicAzureApplication, not_in_directory: strangers },
    };
  },

  commands({ assigned_applications, registered_key, ...levels }) {
    const ids = new Set(lookalikes(assigned_applications).map(({ object_id }) => object_id.toLowerCase()));
    const { assignments } = azureLevelsRead(levels);
    return deleteAssignments(assignments.filter(({ principal_id }) => ids.has(principal_id.toLowerCase())));
  },
});

function lookalikes(applications: readonly AzureAssignedApplication[]) {
  return applications
    .flatMap(({ object_id, application_id, display_name }) => {
      const likeness = likenessOfApplication({ application_id, display_name });
      return likeness === undefined ? [] : [{ object_id, application_id, display_name, likeness }];
    })
    .toSorted((a, b) => (a.object_id < b.object_id ? -1 : 1));
}

/** What is left of applications that were deleted, and who was assigned something since the directory was read. */
function notInDirectory(
  applications: readonly AzureAssignedApplication[],
  assignments: readonly AzureAssignment[],
): readonly string[] {
  const known = new Set(applications.map(({ object_id }) => object_id.toLowerCase()));
  const ids = assignments
    .filter(({ principal_type }) => principal_type?.toLowerCase() === "serviceprincipal")
    .map(({ principal_id }) => principal_id.toLowerCase());
  return [...new Set(ids)].filter((id) => !known.has(id)).toSorted();
}
