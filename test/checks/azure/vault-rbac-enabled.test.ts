import { expect, it } from "vitest";
import { vaultRbacEnabled } from "../../../checks/azure/vault-rbac-enabled.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureHsmKey,
  azureRegistration,
  azureVaultKey,
  testAzureKeyScope,
  testAzurePrincipal,
  testAzureStranger,
  testAzureSubscription,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const denied = unreadable("access-denied", "");
const off = known(false);

testCheck(vaultRbacEnabled, {
  pass: [
    { name: "on", resource: azureVaultKey() },
    { name: "on, and nothing known of the principal", resource: azureVaultKey({ published_principal: denied }) },
  ],
  fail: [
    { name: "off", resource: azureVaultKey({ vault_rbac: off }), message: /^access policies decide in the vault$/ },
    {
      name: "not set, which means access policies",
      resource: azureVaultKey({ vault_rbac: known(null) }),
      message: "whether role assignments do is not set",
    },
    {
      name: "off, and the vault's id is not known",
      resource: azureVaultKey({ vault_rbac: off, vault: denied }),
      message: "access policies decide",
    },
  ],
  "not-applicable": [
    {
      name: "a managed HSM",
      resource: azureHsmKey(),
      message: "local RBAC of a managed HSM is not read by this version",
    },
    { name: "a managed HSM of which it is not reported", resource: azureHsmKey({ vault_rbac: denied }) },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent"), vault_rbac: off }) },
  ],
  unknown: [
    { name: "the vault may not be read", resource: azureVaultKey({ vault_rbac: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

const nothingAssigned = { vault_rbac: off, principal_assignments: known([]) };
const turnOn = `az keyvault update --name customer-cmek --subscription ${testAzureSubscription} --enable-rbac-authorization true`;

it.each([
  ["nobody has access by policy", []],
  ["the service principal alone has", [azureAccessPolicy({ object_id: testAzurePrincipal.toUpperCase() })]],
])("assigns the role before it turns role-based access control on: %s", (_name, policies) => {
  const resource = azureVaultKey({ ...nothingAssigned, vault_access_policies: known(policies) });
  expect(offeredCommands(vaultRbacEnabled, resource)).toEqual([
    `az role assignment create --assignee-object-id ${testAzurePrincipal} --assignee-principal-type ServicePrincipal --role 'Key Vault Crypto User' --scope ${testAzureKeyScope}`,
    turnOn,
  ]);
});

it("assigns no role that is assigned already", () => {
  expect(offeredCommands(vaultRbacEnabled, azureVaultKey({ vault_rbac: off }))).toEqual([turnOn]);
});

const impostor = azureRegistration(
  {},
  { client_id: testAzureStranger, service_principal_object_id: testAzurePrincipal },
);

/** Its permissions on secrets are not read. */
const elses = azureAccessPolicy({ object_id: testAzureStranger, key_permissions: [] });

it.each([
  ["an unknown principal", { published_principal: denied }],
  ["no principal", { [`application:${anthropicAzureApplication}`]: known(null) }],
  ["another application's principal", { registration: known(impostor) }],
  ["an unknown vault", { vault: denied }],
  ["somebody else who has access by policy", { vault_access_policies: known([elses]) }],
  ["unknown access policies", { vault_access_policies: denied }],
])("locks nobody out: %s", (_name, facts) => {
  expect(offeredCommands(vaultRbacEnabled, azureVaultKey({ ...nothingAssigned, ...facts }))).toBeUndefined();
});
