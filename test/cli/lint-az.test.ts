import { describe, expect, it } from "vitest";
import { azureCryptoUserRole } from "../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../src/guidance/identifiers.ts";
import {
  azureRoleId,
  testAzureHost,
  testAzureKeyUri,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureTenant,
  testAzureVault,
  testAzureVersion,
} from "../support/azure-vault-key.ts";
import { runCli } from "../support/run-cli.ts";
import { file } from "./lint-files.ts";

/** What `az` prints, shortened: a vault without purge protection, a key that is too small, and a role on the resource group. */
const vault = {
  id: testAzureVault,
  location: "northcentralus",
  properties: {
    accessPolicies: [],
    enablePurgeProtection: null,
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    networkAcls: null,
    privateEndpointConnections: null,
    publicNetworkAccess: "Enabled",
    tenantId: testAzureTenant,
    vaultUri: `https://${testAzureHost}/`,
  },
  type: "Microsoft.KeyVault/vaults",
};
const key = {
  attributes: { created: "2026-06-01T08:00:00+00:00", enabled: true, expires: null, notBefore: null },
  key: {
    e: "AQAB",
    keyOps: ["wrapKey", "unwrapKey"],
    kid: `${testAzureKeyUri}/${testAzureVersion}`,
    kty: "RSA",
    n: Buffer.alloc(256, 0xb7).toString("base64"),
  },
  tags: {},
};
const assignments = [
  {
    condition: null,
    id: `${testAzureResourceGroup}/providers/Microsoft.Authorization/roleAssignments/1`,
    principalId: testAzurePrincipal,
    principalName: anthropicAzureApplication,
    principalType: "ServicePrincipal",
    roleDefinitionId: azureRoleId(azureCryptoUserRole),
    roleDefinitionName: "Key Vault Crypto User",
    scope: testAzureResourceGroup,
  },
];

describe("keyposture lint, of what az prints", () => {
  it("knows each document by its content, and judges what it tells", async () => {
    const files = Object.entries({ vault, key, assignments }).map(([name, value]) =>
      file(`${name}.json`, JSON.stringify(value, null, 2)),
    );
    const { stdout, code } = await runCli(["lint", "--format", "json", "--resource", testAzureKeyUri, ...files]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { files: { type: string; error: unknown; results: Outcome[] }[] };
    expect(report.files.map(({ type, error }) => [type, error])).toEqual([
      ["az-vault", null],
      ["az-key", null],
      ["az-role-assignments", null],
    ]);
    const failing = report.files.map(({ results }) =>
      results.filter(({ outcome }) => outcome === "fail").map(({ check }) => check),
    );
    expect(failing[0]).toEqual(["azure/vault-purge-protected"]);
    expect(failing[1]).toContain("azure/key-rsa-3072");
    expect(failing[2]).toContain("azure/grant-scoped-to-key");
    for (const { results } of report.files) expect(results.map(({ outcome }) => outcome)).not.toContain("error");
  });

  it("is told what a message asks for, by the name that the message has for it", async () => {
    const unnamed = assignments.map((one) => ({ ...one, principalName: "claude" }));
    const path = file("unnamed-assignments.json", JSON.stringify(unnamed));
    const open = await runCli(["lint", "--resource", testAzureKeyUri, path]);
    expect(open.stdout).toMatch(
      /^For azure\/grant-scoped-to-key, azure\/[^:]+: say --set azure\.service_principal_object_id=…\.$/m,
    );
    expect(open.stdout).toContain("What is under `reads:` is looked at by scans; lint looks nothing up.");

    const said = ["--set", `azure.service_principal_object_id=${testAzurePrincipal}`];
    const told = await runCli(["lint", "--resource", testAzureKeyUri, ...said, path]);
    expect(told.stdout).not.toContain("--set");
    expect(told.stdout).toMatch(/fail +azure\/grant-scoped-to-key/);

    const tenant = ["--set", "azure.tenant_id=99999999-aaaa-4bbb-8ccc-dddddddddddd"];
    const vaultPath = file("vault-of-tenant.json", JSON.stringify(vault));
    expect((await runCli(["lint", ...said, ...tenant, vaultPath])).stdout).toMatch(
      /fail +azure\/registered-tenant-matches/,
    );
  });

  it.each([
    ["vault", vault],
    ["key", key],
  ])("refuses a %s that is not in the vault that --account names, and takes it where it is", async (name, document) => {
    const path = file(`of-account-${name}.json`, JSON.stringify(document));
    const other = await runCli(["lint", "--account", "somebody-elses.vault.azure.net", path]);
    expect(other.code).toBe(2);
    expect(other.stdout).toMatch(/it is about https:\S+, and --account names somebody-elses\.vault\.azure\.net/);
    expect((await runCli(["lint", "--account", "111122223333", path])).code).toBe(2);
    const own = await runCli(["lint", "--account", testAzureHost.toUpperCase(), path]);
    expect(own.stdout).not.toContain("cannot be judged");
  });

  it.each([
    ["vault", vault, "https://somebody-elses.vault.azure.net/keys/cmek", `it is about https://${testAzureHost}, and`],
    ["key", key, `https://${testAzureHost}/keys/another`, `it is about ${testAzureKeyUri}, and`],
  ])("refuses a %s that is not of the key that is named", async (name, document, other, said) => {
    const path = file(`other-${name}.json`, JSON.stringify(document));
    const { stdout, stderr, code } = await runCli(["lint", "--resource", other, path]);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(said);
  });
});

interface Outcome {
  readonly check: string;
  readonly outcome: string;
}
