import { servicePrincipalWithoutLocalCredentials } from "../../../checks/azure/service-principal-without-local-credentials.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureCredential } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureServicePrincipal, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck, testTime } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const application = `application:${anthropicAzureApplication}`;
const owners = `application_owners:${anthropicAzureApplication}`;

const credential: AzureCredential = {
  kind: "password",
  id: "5a5a5a5a-0001-4000-8000-00000000c001",
  name: null,
  ends: Date.UTC(2028, 0, 1),
};
const withCredentials = (...credentials: readonly Partial<AzureCredential>[]) => ({
  [application]: known(azureServicePrincipal({ credentials: credentials.map((one) => ({ ...credential, ...one })) })),
});

testCheck(servicePrincipalWithoutLocalCredentials, {
  pass: [
    { name: "none", resource: azureVaultKey(), message: /tenant$/ },
    {
      name: "none, and owners who could add one",
      resource: azureVaultKey({
        [owners]: known([
          { object_id: "o2", display_name: null },
          { object_id: "o1", display_name: "Ann Example" },
        ]),
      }),
      message: "could add one: Ann Example, o2",
    },
    { name: "none, and nobody knows the owners", resource: azureVaultKey({ [owners]: denied }), message: "not known" },
  ],
  fail: [
    {
      name: "a password",
      resource: azureVaultKey(withCredentials({})),
      message: "a password 5a5a5a5a-0001-4000-8000-00000000c001, until 2028-01-01",
      severity: "critical",
    },
    {
      name: "a certificate of a name, without an end",
      resource: azureVaultKey(withCredentials({ kind: "certificate", name: "ci", ends: null })),
      message: "a certificate ci (5a5a5a5a",
      severity: "critical",
    },
    {
      name: "one that has ended",
      resource: azureVaultKey(withCredentials({ ends: testTime })),
      message: "ended 2026-11-22",
      severity: "medium",
    },
    {
      name: "one that has ended and one that has not",
      resource: azureVaultKey(withCredentials({ ends: testTime - 1 }, { id: "b", ends: testTime + 1 })),
      severity: "critical",
    },
    {
      name: "a password, and owners",
      resource: azureVaultKey({
        ...withCredentials({}),
        [owners]: known([{ object_id: "o1", display_name: "Ann Example" }]),
      }),
      message: "Ann Example",
    },
    {
      name: "a password, and nobody knows the owners",
      resource: azureVaultKey({ ...withCredentials({}), [owners]: denied }),
    },
  ],
  "not-applicable": [
    {
      name: "nobody looks",
      resource: azureVaultKey({ reads: known({ azure_directory: false }) }),
      message: "reads.azure_directory is off",
    },
    { name: "no service principal", resource: azureVaultKey({ [application]: known(null) }) },
    { name: "a managed HSM", resource: azureHsmKey() },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "the directory refuses", resource: azureVaultKey({ [application]: denied }) },
    { name: "existence unknown", resource: azureVaultKey({ existence: denied }) },
  ],
});
