/** The running service over simulated keys of two clouds, with the fast lane at 10 seconds. */
import { join } from "node:path";
import { createLogger } from "../../src/cli/logger.ts";
import { type Server, startServer } from "../../src/cli/server.ts";
import { quotaNames } from "../../src/collect/call-tables.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { markerOfOrganization } from "../../src/guidance/organization-marker.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { sampleCryptoKey, sampleProject } from "../../src/simulator/gcp/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testAccount, testOrganization, testRegion, testTrail } from "../support/aws-kms-key.ts";
import { documentedGcpBindings, testGcpProject, testGcpRing } from "../support/gcp-kms-key.ts";

const arnOf = (id: number) => `arn:aws:kms:${testRegion}:${testAccount}:key/00000000-0000-4000-8000-00000000000${id}`;

/** Each is as documented at first; `steady` stays so. */
export const watchedKeys = {
  "switched-off": arnOf(1),
  opened: arnOf(2),
  steady: arnOf(3),
  "gcp-opened": `${testGcpRing}/cryptoKeys/gcp-opened`,
};

export interface WatchedClouds {
  readonly simulator: Simulator;
  readonly server: Server;
  close(): Promise<void>;
}

export async function startWatchedClouds(folder: string): Promise<WatchedClouds> {
  const simulator = await startSimulator({ seed: 1 });
  const label = markerOfOrganization(testOrganization);
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
  simulator.gcp.addProject(sampleProject({ name: `projects/${testGcpProject}` }));
  for (const name of Object.values(watchedKeys)) {
    if (name.startsWith("arn:")) simulator.aws.addKey(sampleKey({ arn: name, policy: documentedPolicy() }));
    else {
      const labels = { [label.name]: label.value };
      simulator.gcp.addKey(sampleCryptoKey({ name, labels, policy: { bindings: documentedBindings } }));
    }
  }
  const text = JSON.stringify({
    keys: Object.entries(watchedKeys).map(([name, resource]) => ({ name, resource })),
    organizations: [testOrganization],
    gcp: { own_domains: ["example.com"] },
    lanes: { fast: "10s", full: "30s" },
    // So often, the published quotas are soon used up.
    budgets: Object.fromEntries(quotaNames.map((name) => [name, 1000])),
    database: join(folder, "keyposture.db"),
    server: { port: 0 },
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  const local = { aws: { endpoint: simulator.endpoint }, gcp: simulator.gcpEndpoints };
  const server = await startServer({ config: parsed.config, log: createLogger("silent"), local });
  return {
    simulator,
    server,
    async close() {
      await server.close();
      await simulator.close();
    },
  };
}

const documentedBindings = documentedGcpBindings.map(({ role, members }) => ({ role, members }));

/** Disables one key, and opens one of each cloud to everybody. */
export function breakKeys({ control }: Simulator): void {
  control.patch({ resource: watchedKeys["switched-off"], change: { metadata: { KeyState: "Disabled" } } });
  const everybody = { Sid: "Everybody", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
  const { Statement, ...rest } = JSON.parse(documentedPolicy()) as { Statement: unknown[] };
  const policy = JSON.stringify({ ...rest, Statement: [...Statement, everybody] });
  control.patch({ resource: watchedKeys.opened, change: { policy } });
  const bindings = [
    ...documentedBindings,
    { role: "roles/cloudkms.cryptoKeyDecrypter", members: ["allAuthenticatedUsers"] },
  ];
  control.patch({ resource: watchedKeys["gcp-opened"], change: { policy: { bindings } } });
}

/** Makes them as documented again. */
export function mendKeys({ control }: Simulator): void {
  control.patch({ resource: watchedKeys["switched-off"], change: { metadata: { KeyState: "Enabled" } } });
  control.patch({ resource: watchedKeys.opened, change: { policy: documentedPolicy() } });
  control.patch({ resource: watchedKeys["gcp-opened"], change: { policy: { bindings: documentedBindings } } });
}
