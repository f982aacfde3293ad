import { registeredTenantMatches } from "../../../checks/azure/registered-tenant-matches.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureRegistration, azureVaultKey, testAzureTenant } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const another = "0a1b2c3d-0008-4000-8000-00000000a008";
const registered = (tenant_id: string | null) =>
  azureVaultKey({ registration: known(azureRegistration({}, { tenant_id })) });

testCheck(registeredTenantMatches, {
  pass: [
    { name: "the vault's", resource: azureVaultKey() },
    { name: "in other capitals", resource: azureVaultKey({ vault_tenant: known(testAzureTenant.toUpperCase()) }) },
    { name: "of a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "another one",
      resource: registered(another),
      message: `the vault belongs to the tenant ${testAzureTenant}, and ${another} is registered`,
    },
    { name: "a vault that went to another one", resource: azureVaultKey({ vault_tenant: known(another) }) },
    { name: "of a managed HSM", resource: azureHsmKey({ vault_tenant: known(another) }) },
  ],
  "not-applicable": [
    { name: "no tenant is registered", resource: registered(null), message: "no tenant is registered" },
    {
      name: "nothing is said of Azure",
      resource: azureVaultKey({ registration: known(azureRegistration({ azure: null })) }),
      message: "no tenant is registered",
    },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "vault denied", resource: azureVaultKey({ vault_tenant: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: azureVaultKey({ registration: unreadable("stale", "") }) },
  ],
});
