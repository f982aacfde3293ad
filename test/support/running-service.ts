import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/cli/logger.ts";
import { type Server, startServer } from "../../src/cli/server.ts";
import { allCalls } from "../../src/collect/registry.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "./aws-kms-key.ts";

/** A simulated cloud with a healthy key and trail, and a folder for the database of the service that watches it. */
export interface World {
  readonly simulator: Simulator;
  /** Starts the service on the same database; a second start is a restart. */
  start(): Promise<Server>;
  close(): Promise<void>;
}

export async function createWorld(
  lanes = { fast: "1s", full: "2s" },
  budgets: Readonly<Record<string, number>> = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-test-"));
  const simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn, policy: documentedPolicy() }));
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
  const text = JSON.stringify({
    keys: [{ name: "prod", resource: testKeyArn }],
    organizations: [testOrganization],
    lanes,
    budgets,
    database: join(folder, "keyposture.db"),
    server: { port: 0 },
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  const { config } = parsed;
  return {
    simulator,
    start: () => startServer({ config, log: createLogger("silent"), local: { aws: { endpoint: simulator.endpoint } } }),
    async close() {
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
