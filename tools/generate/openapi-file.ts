import { version } from "../../src/cli/version.ts";
import { newTokenText } from "../../src/http/auth/token-text.ts";
import type { ApiPorts } from "../../src/http/ports.ts";
import { buildServer } from "../../src/http/server.ts";
import type { StoredToken } from "../../src/model/token.ts";
import type { GeneratedFile } from "./generated-file.ts";

/** Nothing is asked of a server that only describes itself. */
function unasked(): never {
  throw new Error("a server that only describes itself was asked for something");
}

// The description is that of a service that asks for tokens, which has everything; so it has to be asked with one.
const { id, text, sha256 } = newTokenText();
const unsaid = { created_at: null, expires_at: null, revoked_at: null, last_used_at: null };
const reader: StoredToken = { id, name: "reader", role: "viewer", source: "file", sha256, ...unsaid };

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
  tokens: {
    find: () => Promise.resolve(undefined),
    ofFile: () => [reader],
    list: unasked,
    create: unasked,
    revoke: unasked,
    used: () => Promise.resolve(),
  },
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
  log: { debug: () => {}, error: () => {} },
};

/** The description of the HTTP interface, as the service gives it at /openapi.json. */
export async function openapiFile(): Promise<GeneratedFile> {
  const app = buildServer(ports);
  const description = await app.inject({ url: "/openapi.json", headers: { authorization: `Bearer ${text}` } });
  await app.close();
  if (description.statusCode !== 200) throw new Error(`the description could not be had: ${description.body}`);
  return { path: "docs/openapi.json", text: `${JSON.stringify(description.json(), null, 2)}\n` };
}
