import { version } from "../../src/cli/version.ts";
import type { ApiPorts } from "../../src/http/ports.ts";
import { buildServer } from "../../src/http/server.ts";
import type { GeneratedFile } from "./generated-file.ts";

/** Nothing is asked of a server that only describes itself. */
function unasked(): never {
  throw new Error("a server that only describes itself was asked for something");
}

const ports: ApiPorts = {
  host: "127.0.0.1",
  version,
  catalogue: [],
  switchedOff: [],
  store: {
    keysInPortions: unasked,
    key: unasked,
    snapshot: unasked,
    currentSnapshot: unasked,
    sightRuns: unasked,
    findings: unasked,
    finding: unasked,
    findingHistory: unasked,
    findingCounts: unasked,
    conclusions: unasked,
    conclusionsAsOf: unasked,
    keyStandings: unasked,
    evidence: unasked,
    keysChangedSince: unasked,
    changeSeq: unasked,
    scans: unasked,
    scan: unasked,
    lastScans: unasked,
  },
  // The description is that of a service that asks for tokens, which has everything.
  tokens: { find: unasked, ofFile: unasked, list: unasked, create: unasked, revoke: unasked, used: unasked },
  limits: null,
  registry: { registerKey: unasked, updateKey: unasked, retireKey: unasked },
  scoreOf: unasked,
  accessOf: unasked,
  correctionOf: unasked,
  requestScan: unasked,
  queuedScan: unasked,
  health: unasked,
  metricsText: unasked,
  now: () => 0,
  settled: () => 0,
  log: { debug: () => {}, error: () => {} },
};

/** The description of the HTTP interface, as the service gives it at /openapi.json. */
export async function openapiFile(): Promise<GeneratedFile> {
  const app = buildServer(ports);
  const description = await app.inject("/openapi.json");
  await app.close();
  if (description.statusCode !== 200) throw new Error(`the description could not be had: ${description.body}`);
  return { path: "docs/openapi.json", text: `${JSON.stringify(description.json(), null, 2)}\n` };
}
