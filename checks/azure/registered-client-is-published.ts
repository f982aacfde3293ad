import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicAzureApplication } from "../../src/guidance/identifiers.ts";

export const registeredClientIsPublished = defineCheck({
  id: "azure/registered-client-is-published",
  title: "The registered application is the published one, or none",
  resource: "azure.vault-key",
  severity: "medium",
  why: "Anthropic publishes one application: a registration with another one shows that somebody was given another identity to trust, and every other check of the key judges that one.",
  remediation: `Correct the registered client to ${anthropicAzureApplication}, or leave it out, unless Anthropic itself gave you the other one; find out where that came from.`,
  references: ["https://learn.microsoft.com/en-us/entra/identity-platform/app-objects-and-service-principals"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["registration"],
  evaluate({ registration: { azure } }) {
    const client_id = azure?.client_id ?? null;
    const evidence = { client_id };
    if (client_id === null) return { outcome: "pass", message: "no application is registered", evidence };
    return client_id.toLowerCase() === anthropicAzureApplication
      ? { outcome: "pass", message: "the registered application is the published one", evidence }
      : {
          outcome: "fail",
          message: `the registered application is ${client_id}, which the other checks judge; the published one is ${anthropicAzureApplication}`,
          evidence,
        };
  },
});
