import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { sampleVaultKey } from "../../src/simulator/azure/resources.ts";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { startCli } from "../support/run-cli.ts";
import { createAzureWorld, type World } from "../support/running-service.ts";
import { describeWatchedKey } from "./watched-key.ts";

const { id, current } = sampleVaultKey();

const changeState = ({ simulator }: World, enabled: boolean) =>
  simulator.control.patch({ resource: id, change: { versions: { [current]: { attributes: { enabled } } } } });

describeWatchedKey({
  cloud: "Azure",
  provider: "azure",
  createWorld: createAzureWorld,
  check: "azure/key-enabled",
  disable: (world) => changeState(world, false),
  enable: (world) => changeState(world, true),
  stateIn: ({ enabled }) => enabled?.fact.value,
  states: { disabled: false, enabled: true },
  // Where the vault is was forgotten by the restart.
  permission: "Microsoft.KeyVault/vaults/read",
});

const resource = "https://example-vault.vault.azure.net/keys/anthropic";
const azure = { subscriptions: ["1f6d0c1e-8d0e-4a51-9a35-3f0a2b7c9d11"] };

/** Nothing of Azure, and nobody who would answer for a machine in it. */
const nothing = { PATH: "", AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1" };

function configFile(settings: object): string {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-azure-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "keyposture.yaml");
  writeFileSync(file, JSON.stringify({ ...settings, database: join(folder, "keyposture.db") }));
  return file;
}

describe("the clients of Azure", { timeout: 60_000 }, () => {
  it("are loaded when a key of Azure is read for the first time", async () => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = new Set();
      registerHooks({
        load(url, context, next) {
          const [, name] = /node_modules\\/(@azure\\/[^/]+)\\//.exec(url) ?? [];
          if (name !== undefined) loaded.add(name);
          return next(url, context);
        },
      });
      const { parseConfig } = await import("./src/config/parse-config.ts");
      const { quotaNames } = await import("./src/collect/call-tables.ts");
      const { takeSnapshots } = await import("./src/cli/take-snapshots.ts");
      const nobody = "http://127.0.0.1:1";
      const local = { aws: { endpoint: nobody }, azure: { origin: nobody } };
      const keys = [{ name: "aws", resource: "${testKeyArn}" }, { name: "azure", resource: "${resource}" }];
      const { config } = parseConfig(JSON.stringify({ keys, azure: ${JSON.stringify(azure)} }), { file: "test", env: {}, knownCalls: quotaNames });
      const told = [];
      for (const { name } of keys) {
        const { snapshots } = await takeSnapshots(config, [name], local);
        told.push([name, snapshots.length, loaded.size > 0]);
      }
      console.log(JSON.stringify(told));
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--eval", script]);

    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([
      ["aws", 1, false],
      ["azure", 1, true],
    ]);
  });

  it("keep no service from its end while they look for credentials", async () => {
    const file = configFile({ keys: [{ name: "prod", resource }], azure, server: { port: 0 } });
    const service = startCli(["serve"], { env: { ...nothing, KEYPOSTURE_CONFIG: file } });
    while (!service.stderr().includes("the API is listening")) await new Promise((resolve) => setTimeout(resolve, 20));

    service.child.kill("SIGTERM");

    expect(await service.ended).toBe(0);
    expect(service.stdout()).toBe("");
  });
});
