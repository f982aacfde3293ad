import { registeredVaultMatches } from "../../../checks/azure/registered-vault-matches.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureHsmKey,
  azureRegistration,
  azureVaultKey,
  testAzureHost,
  testAzureHsm,
  testAzureHsmHost,
  testAzureKeyUri,
  testAzureVault,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const read = (uri: string) => azureVaultKey({ read_uri: known(uri) });
const vault = (uri: string) => known({ id: testAzureVault, kind: "vault", uri } as const);
const onHost = (host: string) =>
  azureVaultKey({
    registered_key: known({ host, kind: "vault", vault: "customer-cmek", key: "anthropic" }),
    read_uri: known(`https://${host}/keys/anthropic`),
    vault: vault(`https://${host}/`),
  });
const registeredAs = (vault_resource_id: string) => known(azureRegistration({}, { vault_resource_id }));
const denied = unreadable("access-denied", "");

testCheck(registeredVaultMatches, {
  pass: [
    { name: "the same", resource: azureVaultKey() },
    { name: "in capitals", resource: read("https://Customer-CMEK.vault.azure.net/keys/Anthropic") },
    { name: "with a trailing slash", resource: read(`${testAzureKeyUri}/`) },
    { name: "with the port", resource: read(`https://${testAzureHost}:443/keys/anthropic`) },
    {
      name: "a vault without a trailing slash",
      resource: azureVaultKey({ vault: vault(`https://${testAzureHost}`) }),
    },
    {
      name: "a vault in capitals, with the port",
      resource: azureVaultKey({ vault: vault("https://CUSTOMER-CMEK.vault.azure.net:443/") }),
    },
    { name: "a managed HSM", resource: azureHsmKey() },
    {
      name: "of the cloud for the United States' government",
      resource: onHost("customer-cmek.vault.usgovcloudapi.net"),
    },
    { name: "of the cloud in China", resource: onHost("customer-cmek.managedhsm.azure.cn") },
    {
      name: "the vault's id as it is registered",
      resource: azureVaultKey({ registration: registeredAs(`${testAzureVault.toUpperCase()}/`) }),
      message: /that were read$/,
    },
    {
      name: "the vault has been moved since its id was registered",
      resource: azureVaultKey({ registration: registeredAs(testAzureVault.replace("customer-keys", "old")) }),
      message: `; azure.vault_resource_id is out of date: the vault is ${testAzureVault}`,
    },
    { name: "the vault is not read, and the key's address tells", resource: azureVaultKey({ vault: denied }) },
  ],
  fail: [
    {
      name: "another vault's key",
      resource: read("https://other-cmek.vault.azure.net/keys/anthropic"),
      message: `the key that answered is https://other-cmek.vault.azure.net/keys/anthropic, and ${testAzureKeyUri} is registered`,
    },
    { name: "another key of the vault", resource: read(`https://${testAzureHost}/keys/other`), message: "keys/other" },
    { name: "a key whose name begins alike", resource: read(`${testAzureKeyUri}-2`) },
    { name: "another port", resource: read(`https://${testAzureHost}:4430/keys/anthropic`) },
    {
      name: "the managed HSM of that name",
      resource: read(`https://${testAzureHsmHost}/keys/anthropic`),
      message: testAzureHsmHost,
    },
    {
      name: "another vault, and the key is not reported",
      resource: azureVaultKey({
        read_uri: unreadable("not-reported", ""),
        vault: vault("https://other-cmek.vault.azure.net/"),
      }),
      message: `the vault that was read is https://other-cmek.vault.azure.net/, and https://${testAzureHost} is registered`,
    },
    {
      name: "a managed HSM of another name",
      resource: azureHsmKey({
        vault: known({ id: testAzureHsm, kind: "managed-hsm", uri: "https://other.managedhsm.azure.net/" }),
      }),
    },
    {
      name: "no host of a vault",
      resource: onHost("customer-cmek.vault.azure.net.example.com"),
      message: "customer-cmek.vault.azure.net.example.com is no host of a vault",
    },
    { name: "a host of secrets of another service", resource: onHost("customer-cmek.blob.core.windows.net") },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "not reported", resource: azureVaultKey({ read_uri: unreadable("not-reported", "") }) },
    { name: "nothing is read", resource: azureVaultKey({ read_uri: denied, vault: denied }) },
  ],
});
