import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/run-cli.ts";

const scopes = ["customer-keys.vault.azure.net", "customer-hsm.managedhsm.azure.net"] as const;
const subscription = "11112222-3333-4444-8555-666677778888";

/** The command line as on a machine that has nothing of Azure on it, and reaches nothing. */
function scan(env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, "keyposture.yaml");
  const database = join(folder, "keyposture.db");
  const keys = scopes.flatMap((host, index) =>
    ["a", "b"].map((name) => ({ name: `${name}${index}`, resource: `https://${host}/keys/${name}` })),
  );
  writeFileSync(config, JSON.stringify({ keys, azure: { subscriptions: [subscription] }, database }));
  const nothing = {
    HOME: folder,
    PATH: "",
    KEYPOSTURE_CONFIG: config,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1",
    NO_PROXY: "127.0.0.1",
  };
  return runCli(["scan"], { env: { ...nothing, ...env }, cwd: folder });
}

const missing =
  /^vaults\/[a-z.-]+: no Azure credentials: neither the environment \(AZURE_TENANT_ID, .*\), nor workload identity, nor .*; set one of them up \([1-9]\d*x\)$/;

it.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ["no credentials at all", {}, missing],
  [
    "a choice of credentials that is none",
    { AZURE_TOKEN_CREDENTIALS: "magic" },
    /^vaults\/[a-z.-]+: the Azure credentials gave no token: Invalid value for AZURE_TOKEN_CREDENTIALS.* \([1-9]\d*x\)$/,
  ],
])("with %s, a scan says so once, names no permission, and ends with 3", { timeout: 60_000 }, async (_, env, said) => {
  const { code, stdout, stderr } = await scan(env);

  expect(code).toBe(3);
  for (const host of scopes) {
    const told = stdout.split("\n").filter((line) => line.startsWith(`vaults/${host}: `));
    expect(told, host).toEqual([expect.stringMatching(said)]);
  }
  expect(stdout).not.toContain("needs the permission");
  expect(stdout).toMatch(/cannot be judged without credentials \(access-denied\)/);
  // The clients have loggers of their own: all that is said beside the report is said by ours.
  for (const line of stderr.split("\n").filter((one) => one !== "")) expect(JSON.parse(line)).toHaveProperty("level");
});
