import { servicePrincipalPresent } from "../../../checks/azure/service-principal-present.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAssignment,
  azureHsmKey,
  azureRegistration,
  azureServicePrincipal,
  azureVaultKey,
  testAzureGroup,
  testAzurePrincipal,
  testAzureStranger,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const application = `application:${anthropicAzureApplication}`;
const noDirectory = known({ azure_directory: false });
const registered = known(azureRegistration({}, { service_principal_object_id: testAzurePrincipal }));
const otherClient = "11111111-2222-4333-8444-555555555555";
const otherApplication = {
  registration: known(azureRegistration({}, { client_id: otherClient })),
  [`application:${otherClient}`]: known(
    azureServicePrincipal({ application_id: otherClient, display_name: "anthropic-cmek-client-eu" }),
  ),
};

testCheck(servicePrincipalPresent, {
  pass: [
    { name: "there, enabled, of its name", resource: azureVaultKey() },
    {
      name: "registered by its object id, in capitals",
      resource: azureVaultKey({
        registration: known(azureRegistration({}, { service_principal_object_id: testAzurePrincipal.toUpperCase() })),
      }),
    },
    {
      name: "the directory is not looked at, and the registered object id is assigned as a service principal's",
      resource: azureVaultKey({ reads: noDirectory, registration: registered }),
      message: "nobody looks",
    },
    {
      name: "the directory is not looked at, and a group that it is in is assigned something too",
      resource: azureVaultKey({
        reads: noDirectory,
        registration: registered,
        principal_assignments: known([
          azureAssignment({ principal_id: testAzureGroup, principal_type: "Group" }),
          azureAssignment(),
        ]),
      }),
    },
    {
      name: "another application is registered: it is judged, and its name is its own",
      resource: azureVaultKey(otherApplication),
      message: "not the published one",
    },
  ],
  fail: [
    { name: "none in the tenant", resource: azureVaultKey({ [application]: known(null) }), message: "has no service" },
    {
      name: "none in the tenant, whatever object id is registered",
      resource: azureVaultKey({ [application]: known(null), registration: registered }),
      message: "has no service principal",
    },
    {
      name: "disabled",
      resource: azureVaultKey({ [application]: known(azureServicePrincipal({ enabled: false })) }),
      message: "is disabled",
    },
    {
      name: "of another name",
      resource: azureVaultKey({ [application]: known(azureServicePrincipal({ display_name: "Acme Backup" })) }),
      message: "Acme Backup",
    },
    {
      name: "of its name in capitals",
      resource: azureVaultKey({
        [application]: known(azureServicePrincipal({ display_name: "Anthropic-CMEK-client-us" })),
      }),
    },
    {
      name: "registered is the object id of another",
      resource: azureVaultKey({
        registration: known(azureRegistration({}, { service_principal_object_id: testAzureStranger })),
      }),
      message: testAzureStranger,
    },
    {
      name: "the directory is not looked at, and the registered object id is a group's",
      resource: azureVaultKey({
        reads: noDirectory,
        registration: registered,
        principal_assignments: known([azureAssignment({ principal_type: "Group" })]),
      }),
      message: "of type group",
    },
    {
      name: "another application is registered, and has none",
      resource: azureVaultKey({ ...otherApplication, [`application:${otherClient}`]: known(null) }),
      message: otherClient,
    },
  ],
  "not-applicable": [
    {
      name: "nobody looks, and no object id is registered",
      resource: azureVaultKey({ reads: noDirectory }),
      message: "reads.azure_directory is off",
    },
    { name: "a managed HSM", resource: azureHsmKey(), message: "local RBAC" },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "the directory refuses", resource: azureVaultKey({ [application]: denied }) },
    {
      name: "the directory refuses, and an object id is registered",
      resource: azureVaultKey({ [application]: denied, registration: registered }),
    },
    {
      name: "nobody looks, and the registered object id is assigned nothing",
      resource: azureVaultKey({ reads: noDirectory, registration: registered, principal_assignments: known([]) }),
    },
    {
      name: "nobody looks, and the registered object id is assigned something as of no type",
      resource: azureVaultKey({
        reads: noDirectory,
        registration: registered,
        principal_assignments: known([azureAssignment({ principal_type: null })]),
      }),
    },
    {
      name: "nobody looks, and what is assigned could not be read",
      resource: azureVaultKey({ reads: noDirectory, registration: registered, principal_assignments: denied }),
    },
    { name: "existence unknown", resource: azureVaultKey({ existence: denied }) },
    { name: "registration unknown", resource: azureVaultKey({ registration: denied }) },
  ],
});
