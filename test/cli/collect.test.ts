import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSnapshotDocument, writeSnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { demoSubscription } from "../../src/cli/demo/azure-demo-keys.ts";
import { addDemoKeys } from "../../src/cli/demo/demo-keys.ts";
import { judgeFile } from "../../src/cli/judge-file.ts";
import { createLogger } from "../../src/cli/logger.ts";
import { openService } from "../../src/cli/service.ts";
import { takeSnapshots } from "../../src/cli/take-snapshots.ts";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import { quotaNames } from "../../src/collect/call-tables.ts";
import { checkSettings } from "../../src/config/check-settings.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { testOrganization, testRegistration } from "../support/aws-kms-key.ts";

let folder: string;
let simulator: Simulator;
let keys: ReturnType<typeof addDemoKeys>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-test-"));
  simulator = await startSimulator({ seed: 1 });
  keys = addDemoKeys(simulator);
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

function config() {
  const text = JSON.stringify({
    keys,
    organizations: [testOrganization],
    azure: { subscriptions: [demoSubscription] },
    // So many keys of one project or subscription would take a minute.
    budgets: { "cloudkms:read": 1000, "arm:read": 1000, "graph:read": 1000 },
    database: join(folder, "scan.db"),
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  return parsed.config;
}
const local = () => ({
  aws: { endpoint: simulator.endpoint },
  gcp: simulator.gcpEndpoints,
  azure: simulator.azureEndpoints,
});

/** What a scan concludes of every key. */
async function scanned() {
  const service = await openService({ config: config(), log: createLogger("silent"), local: local() });
  try {
    await service.takeOver();
    const begun = await service.schedule.requestScan(null, "full");
    await Promise.all(begun.map(({ done }) => done));
    const found = keys.map(async ({ name }) => {
      const { findings } = await service.store.read.findings({ filters: { key: [name] }, limit: 1000 });
      return [name, findings.map(({ check, latest }) => saidOf({ check, ...latest }))] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  } finally {
    await service.schedule.stop();
    await service.close();
  }
}

function saidOf({ check, outcome, severity, message }: Record<"check" | "outcome" | "severity" | "message", string>) {
  return [check, outcome, severity, message].join(" | ");
}

describe("collect and evaluate", () => {
  it("are the two halves of a scan", async () => {
    const settings = checkSettings(config());
    const { snapshots, scopes } = await takeSnapshots(config(), undefined, local());
    expect(scopes.filter(({ skipped, failed_keys }) => skipped || failed_keys > 0)).toEqual([]);
    // What was refused is told beside the files, as a scan tells it.
    expect(scopes.flatMap(({ refused }) => refused.map(({ call, reason }) => `${call} ${reason}`))).toEqual(
      expect.arrayContaining(["kms:GetKeyPolicy access-denied", "cloudkms:GetCryptoKeyIamPolicy access-denied"]),
    );
    const evaluated: Record<string, readonly string[]> = {};
    for (const snapshot of snapshots) {
      const file = join(folder, `${snapshot.key.name}.json`);
      writeFileSync(file, writeSnapshotDocument(snapshot));
      const { report } = await judgeFile(file, {
        type: null,
        guidance: null,
        settings,
        origin: { account: null, key: null },
        registration: testRegistration,
        now: 0,
      });
      expect(report).toMatchObject({ type: "snapshot", error: null });
      evaluated[snapshot.key.name] = report.outcomes.map(saidOf).toSorted();
    }
    const whole = await scanned();
    for (const [name, said] of Object.entries(whole)) expect(evaluated[name], name).toEqual(said.toSorted());
    expect(Object.keys(evaluated).toSorted()).toEqual(Object.keys(whole).toSorted());
    expect(new Set(Object.values(evaluated).flatMap((said) => said.map((one) => one.split(" | ")[1])))).toEqual(
      new Set(["pass", "fail", "unknown", "not-applicable"]),
    );
  }, 60_000);

  it.each([
    ["policy-unreadable", "policy_text", { call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy" }],
    [
      "gcp-policy-unreadable",
      "key_policy",
      { call: "cloudkms:GetCryptoKeyIamPolicy", permission: "cloudkms.cryptoKeys.getIamPolicy" },
    ],
    [
      "azure-grants-unreadable",
      "principal_assignments",
      {
        call: "authorization:ListPrincipalAssignments",
        permission: "Microsoft.Authorization/roleAssignments/read",
      },
    ],
  ])("keep of %s what could not be read, with why", async (name, fact, source) => {
    const { snapshots } = await takeSnapshots(config(), [name], local());
    expect(snapshots.map(({ key }) => key.name)).toEqual([name]);
    const parsed = parseSnapshotDocument(writeSnapshotDocument(snapshots[0] ?? expect.fail()));
    expect(parsed).toMatchObject({
      ok: true,
      snapshot: { facts: { [fact]: { state: "unreadable", reason: "access-denied", ...source } } },
    });
  });

  it("hold a key of Google Cloud with all that is read of it and of its project", async () => {
    const { snapshots } = await takeSnapshots(config(), ["gcp-as-documented"], local());
    const { key, facts } = snapshots[0] ?? expect.fail();
    expect(key).toMatchObject({ provider: "gcp", kind: "gcp.kms-key", scope: "projects/example-keys" });
    const ring = key.resource.split("/cryptoKeys/")[0];
    for (const fact of ["versions", "project_policy", "ancestors", `ring_policy:${ring}`, "role:roles/owner"]) {
      expect(facts[fact]?.state, fact).toBe("known");
    }
  });

  it("hold a key of Azure with all that is read of it, of its vault and of the directory", async () => {
    const { snapshots } = await takeSnapshots(config(), ["azure-as-documented"], local());
    const { key, facts } = snapshots[0] ?? expect.fail();
    expect(key).toMatchObject({
      provider: "azure",
      kind: "azure.vault-key",
      scope: "vaults/example-keys.vault.azure.net",
      location: null,
    });
    const unread = Object.entries(facts).flatMap(([name, { state }]) => (state === "known" ? [] : [name]));
    expect(unread).toEqual([]);
    const told = new Set(Object.keys(facts).map((name) => name.split(":")[0]));
    for (const { facts: names } of Object.values(azureCalls)) for (const name of names) expect(told).toContain(name);
  });

  it("refuse a key that is not there", async () => {
    await expect(takeSnapshots(config(), ["publik"], local())).rejects.toThrow("did you mean public?");
  });
});
