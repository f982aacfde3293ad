import { az } from "../../src/access/azure/az.ts";
import { azureApplicationOf } from "../../src/access/azure/published-principal.ts";
import { existingVaultKey } from "../../src/access/azure/vault-only.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../src/guidance/identifiers.ts";
import type { AzureServicePrincipal } from "../../src/model/azure.ts";
import type { AzurePublishedAccess } from "../../src/model/azure-access.ts";

export const servicePrincipalPresent = defineCheck({
  id: "azure/service-principal-present",
  title: "The published application has a service principal in the vault's tenant, enabled and of its name",
  resource: "azure.vault-key",
  severity: "high",
  why: "Without a service principal in the tenant the application cannot sign in, and no role on the key helps.",
  remediation: `Create the service principal of application ${anthropicAzureApplication}, or enable it; where an object id is registered for it, let it be this service principal's.`,
  references: [
    "https://learn.microsoft.com/en-us/entra/identity-platform/app-objects-and-service-principals",
    "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/disable-user-sign-in-portal",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "SA-9(6)", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingVaultKey,
    reads: ["reads", "registration"],
    excludes({ reads, registration }) {
      if (reads.azure_directory || typeof registration.azure?.service_principal_object_id === "string")
        return undefined;
      return "the directory is not looked at (reads.azure_directory is off), and no object id is registered (azure.service_principal_object_id)";
    },
  },

  reads: ["reads", "registration"],
  mayRead: ["service_principal", "published_access"],
  evaluate({ reads, registration, service_principal, published_access }) {
    const application = azureApplicationOf(registration);
    const registered = registration.azure?.service_principal_object_id ?? null;
    if (!reads.azure_directory) {
      if (published_access.state === "known" && published_access.value !== null)
        return asAssigned(published_access.value);
      const message = "whether the registered object id is a service principal's is not known";
      return { outcome: "undecided", on: ["published_access"], message };
    }
    if (service_principal.state === "unreadable") {
      const message = `whether the tenant has a service principal of application ${application} is not known`;
      return { outcome: "undecided", on: ["service_principal"], message };
    }
    const evidence = {
      application_id: application,
      registered_object_id: registered,
      ...seen(service_principal.value),
    };
    const wrong = wrongIn(service_principal.value, application, registered);
    if (wrong !== undefined) return { outcome: "fail", message: wrong, evidence };
    return { outcome: "pass", message: `application ${told(application)} has its service principal`, evidence };
  },

  commands({ reads, registration, service_principal }) {
    const application = azureApplicationOf(registration);
    // Nobody should be led to let in an application that is not the published one.
    if (!reads.azure_directory || service_principal.state === "unreadable") return [];
    if (service_principal.value === null) {
      return application === anthropicAzureApplication ? [az("ad sp create", { id: application })] : [];
    }
    const { object_id, enabled } = service_principal.value;
    return enabled ? [] : [az("ad sp update", { id: object_id, set: "accountEnabled=true" })];
  },
});

function wrongIn(
  principal: AzureServicePrincipal | null,
  application: string,
  registered: string | null,
): string | undefined {
  if (principal === null) return `the tenant has no service principal of application ${told(application)}`;
  const { object_id, enabled, display_name } = principal;
  if (registered !== null && registered.toLowerCase() !== object_id.toLowerCase()) {
    return `registered is the object id ${registered}; the service principal of application ${told(application)} is ${object_id}`;
  }
  if (!enabled) return `the service principal ${object_id} is disabled: nobody can sign in as it`;
  if (application === anthropicAzureApplication && display_name !== anthropicAzureApplicationName) {
    return `the service principal is called ${display_name}, and not ${anthropicAzureApplicationName}`;
  }
  return undefined;
}

function seen(principal: AzureServicePrincipal | null) {
  if (principal === null) return { service_principal: null };
  const { object_id, display_name, enabled } = principal;
  return { service_principal: { object_id, display_name, enabled } };
}

/** Nobody looks into the directory: what is assigned something says of what type it is, and no more. */
function asAssigned({ principal: { object_id }, assignments }: AzurePublishedAccess) {
  const types = assignments
    .filter(({ principal_id }) => principal_id.toLowerCase() === object_id.toLowerCase())
    .map(({ principal_type }) => principal_type?.toLowerCase() ?? null);
  const evidence = { registered_object_id: object_id, assumed: ["application_id", "enabled", "display_name"] };
  const other = types.find((type) => type !== null && type !== "serviceprincipal");
  if (other !== undefined) {
    const message = `the registered object id ${object_id} is of type ${other}, and no service principal's`;
    return { outcome: "fail", message, evidence: { registered_object_id: object_id, type: other } } as const;
  }
  const message = `the registered object id ${object_id} is a service principal's; whose it is, nobody looks (reads.azure_directory is off)`;
  return types.includes("serviceprincipal")
    ? ({ outcome: "pass", message, evidence } as const)
    : ({
        outcome: "undecided",
        on: ["the type of the registered object id"],
        message: `nothing that is assigned tells of what type the registered object id ${object_id} is`,
      } as const);
}

function told(application: string): string {
  return application === anthropicAzureApplication ? application : `${application} (registered; not the published one)`;
}
