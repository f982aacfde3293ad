import { noLookalikePrincipal } from "../../../checks/azure/no-lookalike-principal.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAssignment,
  azureAssignmentsWith,
  azureHsmKey,
  azureRegistration,
  azureVaultKey,
  testAzurePrincipal,
  testAzureStranger,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const otherId = "11111111-2222-4333-8444-555555555555";
const published = {
  object_id: testAzurePrincipal,
  application_id: anthropicAzureApplication,
  display_name: anthropicAzureApplicationName,
};
/** Assigned something beside the published one. */
const applications = (display_name: string, application_id = otherId) => ({
  assigned_applications: known([published, { object_id: testAzureStranger, application_id, display_name }]),
});
const also = (display_name: string, application_id = otherId) =>
  azureVaultKey(applications(display_name, application_id));
const stranger = azureAssignment({ principal_id: testAzureStranger });

testCheck(noLookalikePrincipal, {
  pass: [
    { name: "the published application", resource: azureVaultKey() },
    {
      name: "the published application, its id in capitals",
      resource: azureVaultKey({
        assigned_applications: known([{ ...published, application_id: anthropicAzureApplication.toUpperCase() }]),
      }),
    },
    { name: "the published id under another name", resource: also("Acme Backup", anthropicAzureApplication) },
    { name: "another name and another id", resource: also("Acme Backup") },
    { name: "another region's name", resource: also("anthropic-cmek-client-eu") },
    { name: "a name that only begins so", resource: also("anthropic-cmek-client-us-monitor") },
    { name: "an id three letters off", resource: also("Acme Backup", "8635ae1a-3e5d-44e8-a4ed-e0f614466000") },
    { name: "nobody is assigned anything", resource: azureVaultKey({ assigned_applications: known([]) }) },
    {
      name: "one that the directory does not know",
      resource: azureVaultKey({ assignments: azureAssignmentsWith(stranger) }),
      message: `does not know ${testAzureStranger}`,
    },
    { name: "the levels cannot be read", resource: azureVaultKey({ assignments: denied }) },
    {
      name: "a managed HSM, as far as ARM tells",
      resource: azureHsmKey({ assigned_applications: known([]) }),
      message: "local RBAC",
    },
  ],
  fail: [
    {
      name: "the name under another id",
      resource: also(anthropicAzureApplicationName),
      message: `${anthropicAzureApplicationName} (${otherId}) has the published application's name`,
    },
    { name: "in capitals", resource: also("ANTHROPIC-CMEK-CLIENT-US") },
    { name: "with Cyrillic letters", resource: also("аnthrоpic-cmеk-client-us"), message: "has the published" },
    { name: "with Greek letters", resource: also("anthrοpιc-cmek-client-us") },
    { name: "with digits for letters", resource: also("anthr0pic-cmek-c1ient-us") },
    { name: "with an l for an i", resource: also("anthroplc-cmek-client-us") },
    { name: "with an accent", resource: also("anthropic-cmek-cliént-us") },
    { name: "in wide letters", resource: also("ａｎｔｈｒｏｐｉｃ-cmek-client-us") },
    { name: "with an r and an n for an m", resource: also("anthropic-crnek-client-us") },
    { name: "with other dashes", resource: also("anthropic–cmek‑client_us") },
    { name: "with spaces", resource: also(" anthropic cmek client us ") },
    { name: "with a sign of no width", resource: also("anthropic-cmek\u200b-client-us") },
    {
      name: "an id one letter off",
      resource: also("Acme Backup", "8635ae1a-3e5d-44e8-a4ed-e0f614466f88"),
      message: `resembles ${anthropicAzureApplication}`,
    },
    { name: "an id two letters off", resource: also("Acme Backup", "8635AE1A-3e5d-44e8-a4ed-e0f614466fff") },
    {
      name: "an id whose neighbours changed places",
      resource: also("Acme Backup", "8653ae1a-3e5d-44e8-a4ed-e0f614466f87"),
    },
    {
      name: "on a managed HSM",
      resource: azureHsmKey({ assigned_applications: known([{ ...published, application_id: otherId }]) }),
    },
    {
      name: "the application that is registered in the published one's place",
      resource: azureVaultKey({
        ...applications(anthropicAzureApplicationName),
        registration: known(azureRegistration({}, { client_id: otherId })),
      }),
    },
  ],
  "not-applicable": [
    {
      name: "nobody looks",
      resource: azureVaultKey({ reads: known({ azure_directory: false }), assigned_applications: denied }),
      message: "reads.azure_directory is off",
    },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "the directory refuses", resource: azureVaultKey({ assigned_applications: denied }) },
    { name: "existence unknown", resource: azureVaultKey({ existence: denied }) },
  ],
});
