import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/cli/logger.ts";
import { type Server, startServer } from "../../src/cli/server.ts";
import { quotaNames } from "../../src/collect/call-tables.ts";
import type { LocalClouds } from "../../src/collect/registry.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { markerOfOrganization } from "../../src/guidance/organization-marker.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import {
  sampleDiagnosticSetting,
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import { sampleCryptoKey, sampleProject } from "../../src/simulator/gcp/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "./aws-kms-key.ts";
import { documentedGcpBindings, testAnthropicOrganization, testGcpKeyName, testGcpProject } from "./gcp-kms-key.ts";

/** A simulated cloud with a healthy key, and a folder for the database of the service that watches it. */
export interface World {
  readonly simulator: Simulator;
  /** The path of its file. */
  readonly database: string;
  /** Starts the service on the same database; a second start is a restart. */
  start(): Promise<Server>;
  close(): Promise<void>;
}

const often = { fast: "1s", full: "2s" };

/** A key and a trail of AWS. */
export async function createWorld(lanes = often, budgets: Readonly<Record<string, number>> = {}): Promise<World> {
  const simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn, policy: documentedPolicy() }));
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
  const settings = { organizations: [testOrganization], lanes, budgets };
  return worldOf(simulator, { aws: { endpoint: simulator.endpoint } }, testKeyArn, settings);
}

/** A key of Google Cloud in a project that is in no organization. */
export async function createGcpWorld(lanes = often): Promise<World> {
  const simulator = await startSimulator({ seed: 1 });
  const label = markerOfOrganization(testAnthropicOrganization);
  const bindings = documentedGcpBindings.map(({ role, members }) => ({ role, members }));
  simulator.gcp.addProject(sampleProject({ name: `projects/${testGcpProject}` }));
  simulator.gcp.addKey(
    sampleCryptoKey({ name: testGcpKeyName, labels: { [label.name]: label.value }, policy: { bindings } }),
  );
  // So often, the published quotas are soon used up.
  const budgets = Object.fromEntries(quotaNames.map((name) => [name, 1000]));
  const gcp = { own_domains: ["example.com"] };
  const settings = { organizations: [testAnthropicOrganization], gcp, lanes, budgets };
  return worldOf(simulator, { gcp: simulator.gcpEndpoints }, testGcpKeyName, settings);
}

/** A key of Azure in a vault of its own. */
export async function createAzureWorld(lanes = often): Promise<World> {
  const simulator = await startSimulator({ seed: 1 });
  const { azure } = simulator;
  const { id, current } = sampleVaultKey();
  const { name, value } = markerOfOrganization(testAnthropicOrganization);
  azure.addVault(sampleVault());
  azure.addKey(sampleVaultKey({ versions: { [current]: { tags: { [name]: value } } } }));
  azure.addServicePrincipal(sampleServicePrincipal());
  azure.addRoleAssignment(sampleRoleAssignment());
  azure.addDiagnosticSetting(sampleDiagnosticSetting());
  const budgets = Object.fromEntries(quotaNames.map((quota) => [quota, 1000]));
  const subscriptions = [id.split("/")[2]];
  const settings = { organizations: [testAnthropicOrganization], azure: { subscriptions }, lanes, budgets };
  const resource = `${sampleVault().properties.vaultUri}keys/anthropic`;
  return worldOf(simulator, { azure: simulator.azureEndpoints }, resource, settings);
}

function worldOf(simulator: Simulator, local: Partial<LocalClouds>, resource: string, settings: object): World {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-test-"));
  const database = join(folder, "keyposture.db");
  const text = JSON.stringify({ ...settings, keys: [{ name: "prod", resource }], database, server: { port: 0 } });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  const { config } = parsed;
  return {
    simulator,
    database,
    start: () => startServer({ config, log: createLogger("silent"), local }),
    async close() {
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
