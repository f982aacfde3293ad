import { servicePrincipalWithoutDirectoryPermissions } from "../../../checks/azure/service-principal-without-directory-permissions.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureDirectoryRight } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const part = (name: string) => `${name}:${anthropicAzureApplication}`;
const [roles, grants, directoryRoles] = [
  part("application_roles"),
  part("application_grants"),
  part("application_directory_roles"),
];

const right = (kind: AzureDirectoryRight["kind"], name: string, on: string | null) => known([{ kind, name, on }]);
const reading = right("application-role", "Directory.Read.All", "Microsoft Graph");

testCheck(servicePrincipalWithoutDirectoryPermissions, {
  pass: [{ name: "none", resource: azureVaultKey() }],
  fail: [
    {
      name: "an application role",
      resource: azureVaultKey({ [roles]: reading }),
      message: "the application role Directory.Read.All on Microsoft Graph",
    },
    {
      name: "a delegated grant",
      resource: azureVaultKey({ [grants]: right("delegated-grant", "User.Read", "Microsoft Graph") }),
      message: "the delegated grant User.Read",
    },
    {
      name: "a directory role",
      resource: azureVaultKey({ [directoryRoles]: right("directory-role", "Directory Readers", null) }),
      message: /the directory role Directory Readers$/,
    },
    {
      name: "an application role, and the rest cannot be read",
      resource: azureVaultKey({ [roles]: reading, [grants]: denied, [directoryRoles]: denied }),
    },
  ],
  "not-applicable": [
    { name: "nobody looks", resource: azureVaultKey({ reads: known({ azure_directory: false }) }) },
    { name: "no service principal", resource: azureVaultKey({ [part("application")]: known(null) }) },
    { name: "a managed HSM", resource: azureHsmKey() },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "the application roles cannot be read", resource: azureVaultKey({ [roles]: denied }) },
    { name: "the grants cannot be read", resource: azureVaultKey({ [grants]: denied }) },
    { name: "the directory roles cannot be read", resource: azureVaultKey({ [directoryRoles]: denied }) },
    { name: "the service principal cannot be read", resource: azureVaultKey({ [part("application")]: denied }) },
  ],
});
