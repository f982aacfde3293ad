import { vaultWithoutPrivateEndpoint } from "../../../checks/azure/vault-without-private-endpoint.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureVault } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const connection = (name: string, status: string) => ({
  id: `${testAzureVault}/privateEndpointConnections/${name}`,
  status,
});
const connected = (...statuses: readonly string[]) =>
  known(statuses.map((status, index) => connection(`connection-${index}`, status)));
const withStatus = (...statuses: readonly string[]) => azureVaultKey({ private_endpoints: connected(...statuses) });

testCheck(vaultWithoutPrivateEndpoint, {
  pass: [
    { name: "none", resource: azureVaultKey(), message: "the vault has no private endpoint connection" },
    { name: "one that waits", resource: withStatus("Pending"), message: "no private endpoint connection is approved" },
    { name: "one that was rejected", resource: withStatus("Rejected") },
    { name: "some that were never approved", resource: withStatus("pending", "Disconnected", "rejected") },
    { name: "none of a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "an approved one, with public access",
      resource: withStatus("Approved"),
      message:
        "approved private endpoint connections: connection-0; Anthropic cannot use them, and still gets through the public address",
    },
    { name: "approved in other capitals", resource: withStatus("APPROVED") },
    {
      name: "one of several",
      resource: withStatus("Rejected", "Approved", "Pending"),
      message: "connections: connection-1;",
    },
    {
      name: "with public access in other capitals",
      resource: azureVaultKey({ private_endpoints: connected("Approved"), vault_public_access: known("enabled") }),
      message: "still gets through",
    },
    {
      name: "where nothing is said of public access",
      resource: azureVaultKey({ private_endpoints: connected("Approved"), vault_public_access: known(null) }),
      message: "still gets through",
    },
    {
      name: "without public access",
      resource: azureVaultKey({ private_endpoints: connected("Approved"), vault_public_access: known("Disabled") }),
      message: "and the public address is not open either: Disabled",
    },
    {
      name: "behind a perimeter",
      resource: azureVaultKey({
        private_endpoints: connected("Approved"),
        vault_public_access: known("SecuredByPerimeter"),
      }),
      message: "not open either: SecuredByPerimeter",
    },
    {
      name: "public access is not known",
      resource: azureVaultKey({
        private_endpoints: connected("Approved"),
        vault_public_access: unreadable("not-reported", ""),
      }),
      message: /Anthropic cannot use them$/,
    },
    { name: "beside a status that nobody knows", resource: withStatus("Migrating", "Approved") },
    { name: "of a managed HSM", resource: azureHsmKey({ private_endpoints: connected("Approved") }) },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "vault denied", resource: azureVaultKey({ private_endpoints: unreadable("access-denied", "") }) },
    {
      name: "a status that nobody knows",
      resource: withStatus("Migrating"),
      message: `status Migrating of ${connection("connection-0", "").id}`,
    },
    { name: "no status", resource: withStatus(""), message: "status (none)" },
  ],
});
