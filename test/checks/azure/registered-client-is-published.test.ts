import { registeredClientIsPublished } from "../../../checks/azure/registered-client-is-published.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureRegistration, azureVaultKey, testAzurePrincipal } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const withClient = (client_id: string) => azureVaultKey({ registration: known(azureRegistration({}, { client_id })) });
const alike = anthropicAzureApplication.replace("8635", "8653");

testCheck(registeredClientIsPublished, {
  pass: [
    { name: "none", resource: azureVaultKey(), message: "no application is registered" },
    {
      name: "nothing is said of Azure",
      resource: azureVaultKey({ registration: known(azureRegistration({ azure: null })) }),
      message: "no application is registered",
    },
    { name: "the published one", resource: withClient(anthropicAzureApplication), message: "the published one" },
    { name: "in capitals", resource: withClient(anthropicAzureApplication.toUpperCase()) },
    { name: "of a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "a like one",
      resource: withClient(alike),
      message: `the registered application is ${alike}, which the other checks judge; the published one is ${anthropicAzureApplication}`,
    },
    { name: "the object id of the service principal", resource: withClient(testAzurePrincipal) },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "not registered at that time", resource: azureVaultKey({ registration: unreadable("stale", "") }) },
  ],
});
