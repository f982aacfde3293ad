import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";
import { type Server, startServer } from "../../src/cli/server.ts";
import { allCalls } from "../../src/collect/call-tables.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { GcpIamPolicy } from "../../src/model/gcp.ts";
import type { KeyResource } from "../../src/model/key.ts";
import { localGcpCollector, readsAll } from "../support/gcp-collector.ts";
import { testAnthropicOrganization } from "../support/gcp-kms-key.ts";
import { told } from "../support/told.ts";
import { externalSuite } from "./external-suite.ts";
import { gcpEmulatorDifferences } from "./gcp-emulators-differences.ts";
import {
  type Binding,
  condition,
  destroyDelay,
  documentedBindings,
  labels,
  location,
  makeKeys,
  makeLevels,
  opened,
  project,
  projectBindings,
  ring,
  ringBindings,
  rotation,
} from "./gcp-emulators-resources.ts";
import { emulatorVariables, type GcpEmulators, gcpClients, startGcpEmulators } from "./gcp-emulators-servers.ts";

const absent = `${ring}/cryptoKeys/absent`;
const ringless = `${location}/keyRings/absent/cryptoKeys/absent`;

externalSuite("gcp-emulators", { needs: [...emulatorVariables] }, () => {
  const begun = Date.now();
  const started: (() => Promise<void>)[] = [];
  let emulators: GcpEmulators;
  let keys: Readonly<Record<string, string>>;
  let server: Server;

  beforeAll(async () => {
    emulators = await startGcpEmulators();
    started.push(() => emulators.close());
    const clients = gcpClients(emulators.local.grpc);
    keys = { ...(await makeKeys(clients)), absent, ringless };
    await makeLevels(clients);
    const folder = await mkdtemp(join(tmpdir(), "keyposture-gcp-emulators-"));
    started.push(() => rm(folder, { recursive: true, force: true }));
    server = await startService(folder);
    started.push(() => server.close());
    const scans = await server.service.schedule.requestScan(null, "full");
    await Promise.all(scans.map(({ done }) => done));
  });

  afterAll(async () => {
    for (const close of started.toReversed()) await close();
  });

  async function startService(folder: string): Promise<Server> {
    const text = JSON.stringify({
      keys: Object.entries(keys).map(([name, resource]) => ({ name, resource })),
      organizations: [testAnthropicOrganization],
      // Nobody tells what is above the project.
      reads: { gcp_ancestors: false },
      gcp: { own_domains: ["example.com"] },
      lanes: { fast: "60s", full: "15m" },
      budgets: { ratio: 1 },
      database: join(folder, "keyposture.db"),
      server: { port: 0 },
    });
    const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
    if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
    return startServer({ config: parsed.config, log: createLogger("silent"), local: { gcp: emulators.local } });
  }

  /** What the collector tells of a key. */
  async function factsOf(name: string): Promise<Record<string, unknown>> {
    const key = { ...ofProject, resource: keys[name] ?? "" };
    return told(await localGcpCollector(emulators.local).readKey(key, "full", 20_000));
  }

  /** Outcomes by check. */
  async function outcomesOf(name: string): Promise<Record<string, string>> {
    const response = await fetch(`${server.url}/findings?key=${name}&limit=1000`);
    const { findings } = (await response.json()) as { readonly findings: { check: string; outcome: string }[] };
    return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
  }

  async function checksWith(outcome: string, name: string): Promise<readonly string[]> {
    const outcomes = Object.entries(await outcomesOf(name));
    return outcomes.flatMap(([check, one]) => (one === outcome ? [check] : [])).toSorted();
  }

  function version(number: number, state: string) {
    const created = expect.toSatisfy((at: number) => at >= begun && at <= Date.now());
    const algorithm = "GOOGLE_SYMMETRIC_ENCRYPTION";
    // See the differences for the level and the date.
    return { number, state, protection_level: "SOFTWARE", algorithm, created, destroyed: null, imported: false };
  }

  it("tells of a documented key what was set, and nothing is left out but what roles mean", async () => {
    expect(await factsOf("documented")).toEqual({
      existence: "present",
      read_name: keys["documented"],
      purpose: "ENCRYPT_DECRYPT",
      primary: version(1, "ENABLED"),
      template: { protection_level: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" },
      rotation,
      destroy_delay: destroyDelay,
      import_only: false,
      labels,
      justifications: null,
      key_policy: policyOf(3, documentedBindings),
      versions: [version(1, "ENABLED")],
      [`ring_policy:${ring}`]: policyOf(1, ringBindings),
      "iam:GetRole:roles/cloudkms.admin": "(unavailable)",
      "iam:GetRole:roles/cloudkms.cryptoKeyEncrypterDecrypter": "(unavailable)",
      "iam:GetRole:roles/cloudkms.viewer": "(unavailable)",
    });
  });

  it.each([
    ["rotated", 2, ["DISABLED", "ENABLED", "DESTROY_SCHEDULED"]],
    ["disabled", 1, ["DISABLED"]],
    ["destroyed", 1, ["DESTROY_SCHEDULED"]],
  ])("tells the versions of the key %s, and which is primary", async (name, primary, states) => {
    const versions = states.map((state, index) => version(index + 1, state));
    expect(await factsOf(name)).toMatchObject({ primary: versions[primary - 1], versions });
  });

  it("tells who is let in, and on which condition", async () => {
    const ended = documentedBindings.map((one) => ({ ...one, condition }));
    expect(await factsOf("conditional")).toMatchObject({ key_policy: policyOf(3, ended) });
    expect(await factsOf("open")).toMatchObject({ key_policy: policyOf(3, opened("allUsers")) });
  });

  it("is told that a key is not there, nor its ring", async () => {
    for (const name of ["absent", "ringless"]) {
      const gone = { existence: "absent", primary: "(not-found)", "cloudkms:ListCryptoKeyVersions": "(not-found)" };
      expect(await factsOf(name)).toMatchObject(gone);
    }
  });

  it("tells of the project its policy with what is logged, and of all that nobody answers why it is not known", async () => {
    const collector = localGcpCollector(emulators.local, { reads: readsAll });
    expect(told(await collector.readScope(project, "full", 20_000))).toEqual({
      project_policy: {
        ...policyOf(1, projectBindings),
        audit_configs: [
          {
            service: "cloudkms.googleapis.com",
            logs: [
              { type: "DATA_READ", exempted: ["user:loud@example.com"] },
              { type: "DATA_WRITE", exempted: [] },
            ],
          },
        ],
      },
      // Services that neither emulator has, over gRPC.
      "cloudresourcemanager:GetProject": "(unsupported)",
      "logging:ListSinks": "(unsupported)",
      "logging:ListExclusions": "(unsupported)",
      // And over REST, where what is refused is refused in no words of Google's.
      "accesscontextmanager:ListServicePerimeters": "(unavailable)",
      "cloudbilling:GetProjectBillingInfo": "(unavailable)",
      "cloudresourcemanager:GetAncestry": "(unavailable)",
      [`iam:GetDenyPolicy:${project}`]: "(unavailable)",
      "iam:GetRole:roles/owner": "(unavailable)",
      "orgpolicy:GetEffectivePolicy:iam.allowedPolicyMemberDomains": "(unavailable)",
      "orgpolicy:GetEffectivePolicy:iam.managed.allowedPolicyMembers": "(unavailable)",
      "serviceusage:GetService": "(unavailable)",
    });
  });

  /** As every version is of software. */
  const always = ["gcp/key-hsm-protected"];
  /** What rests on the project's state, on what roles mean, on organization policies, on billing or on sinks. */
  const undecided = [
    "gcp/billing-enabled",
    "gcp/bindings-stay-in-force",
    "gcp/data-access-logs-stored",
    "gcp/domain-restriction-allows-service-account",
    "gcp/key-exists",
    "gcp/service-account-can-encrypt-and-decrypt",
    "gcp/service-account-can-view",
  ];

  it.each([
    ["documented", [], []],
    ["rotated", ["gcp/earlier-versions-enabled"], []],
    ["disabled", ["gcp/primary-version-enabled"], []],
    ["destroyed", ["gcp/primary-version-enabled"], []],
    ["open", ["gcp/no-public-access"], []],
    // Whether the stranger's role is one that matters.
    ["shared", [], ["gcp/no-unexpected-external-principal"]],
    ["lookalike", ["gcp/no-lookalike-principal"], []],
    ["conditional", [], []],
    ["signing", ["gcp/key-symmetric-encrypt-decrypt"], []],
  ])("judges the key %s by what is particular to it, and leaves open what is not known", async (name, fails, open) => {
    expect(await checksWith("fail", name)).toEqual([...always, ...fails].toSorted());
    expect(await checksWith("unknown", name)).toEqual([...undecided, ...open].toSorted());
    expect((await checksWith("pass", name)).length).toBeGreaterThan(10);
  });

  it.each(["absent", "ringless"])("judges nothing else of the key %s, that is not there", async (name) => {
    expect(await checksWith("fail", name)).toEqual(["gcp/key-exists"]);
    expect(await checksWith("unknown", name)).toEqual(["gcp/billing-enabled"]);
  });

  describe("differs from Google Cloud, and a row that holds no longer is to be deleted", () => {
    it.each(gcpEmulatorDifferences)("$what", async ({ documented, holds }) => {
      expect(await holds(emulators), documented).toBe(true);
    });
  });
});

const ofProject: Omit<KeyResource, "resource"> = {
  provider: "gcp",
  kind: "gcp.kms-key",
  scope: project,
  account: "conformance",
  location: "us-east5",
};

/** The fact of a policy, which has an order of its own. */
function policyOf(version: number, bindings: readonly Binding[]): GcpIamPolicy {
  const all = bindings.map(({ role, members, condition: on = null }) => ({
    role,
    members: members.toSorted(),
    condition: on,
  }));
  const asText = (one: object) => JSON.stringify(one);
  return { version, bindings: all.toSorted((a, b) => (asText(a) < asText(b) ? -1 : 1)), audit_configs: [] };
}
