/** The real service over the real SDK and a simulated cloud of three accounts, scanned before and after something breaks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { judge } from "../../src/audit/judge.ts";
import { createLogger } from "../../src/cli/logger.ts";
import { exitCodeOf, formats, readReport } from "../../src/cli/scan-report.ts";
import { openService } from "../../src/cli/service.ts";
import { allCalls } from "../../src/collect/registry.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { Fact } from "../../src/model/fact.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Json } from "../../src/model/json.ts";
import { factsIn } from "../../src/model/snapshot.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testAccount, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";

/** `open` fails two checks from the start, so that there is something that could be resolved by mistake. */
export const keys = {
  healthy: testKeyArn,
  open: testKeyArn.replace("1234abcd", "5678abcd"),
  other: testKeyArn.replace("1234abcd", "9876abcd").replace(testAccount, "444455556666"),
  third: testKeyArn.replace("1234abcd", "4321abcd").replace(testAccount, "777788889999"),
} as const;
export type KeyName = keyof typeof keys;
export const names = Object.keys(keys) as KeyName[];

export const scopeOf = (name: KeyName) => `${accountOf(name)}/us-east-2`;
const accountOf = (name: KeyName) => keys[name].split(":")[4] ?? "";
export const roleOf = (name: KeyName) => `arn:aws:iam::${accountOf(name)}:role/keyposture`;
export const trailOf = (name: KeyName) => `arn:aws:cloudtrail:us-east-2:${accountOf(name)}:trail/management-events`;

/** What was known and concluded after a scan, and what the command line would say of it. */
export interface Scanned {
  readonly facts: Readonly<Record<KeyName, Readonly<Record<string, Fact<Json>>>>>;
  readonly findings: Readonly<Record<KeyName, readonly Finding[]>>;
  readonly scans: readonly { readonly state: string; readonly failed_keys: number }[];
  readonly refused: readonly string[];
  readonly exitCode: number;
  readonly text: string;
}

export interface CloudedService {
  readonly simulator: Simulator;
  scan(lane?: "fast" | "full"): Promise<Scanned>;
  /** Ends the service and starts it anew on the same database: nothing is remembered but what is stored. */
  restart(): Promise<void>;
  /** What the catalogue says of facts, without any of the way that they took. */
  verdicts(name: KeyName, facts: Readonly<Record<string, Fact<Json>>>, at: number): Record<string, Verdict>;
}

export interface Verdict {
  readonly outcome: string;
  readonly evidence: Json;
}

async function cloud(): Promise<Simulator> {
  const simulator = await startSimulator({ seed: 1 });
  for (const name of names) {
    const rotation = { KeyRotationEnabled: name !== "open" };
    const policy = name === "open" ? documentedPolicy("99999999-0000-4000-8000-000000000000") : documentedPolicy();
    simulator.aws.addKey(
      sampleKey({ arn: keys[name], policy: policy.replaceAll(testAccount, accountOf(name)), rotation }),
    );
    simulator.aws.addTrail(sampleTrail({ arn: trailOf(name) }));
    if (accountOf(name) !== testAccount) simulator.aws.addRole({ arn: roleOf(name) });
  }
  return simulator;
}

function configOf(folder: string) {
  const text = JSON.stringify({
    keys: names.map((name) => ({ name, resource: keys[name] })),
    organizations: [testOrganization],
    aws: {
      accounts: {
        [accountOf("other")]: { role_arn: roleOf("other") },
        [accountOf("third")]: { role_arn: roleOf("third") },
      },
    },
    database: join(folder, "keyposture.db"),
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  return parsed.config;
}

export async function cloudedService(options: { readonly request_timeout?: number } = {}): Promise<CloudedService> {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-faults-"));
  const simulator = await cloud();
  const config = configOf(folder);
  const local = { aws: { endpoint: simulator.endpoint, ...options } };
  const open = async () => {
    const opened = await openService({ config, log: createLogger("silent"), local });
    await opened.takeOver();
    return opened;
  };
  let service = await open();
  const close = async () => {
    await service.schedule.stop();
    await service.store.close();
  };
  onTestFinished(async () => {
    await close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    simulator,
    async scan(lane = "full") {
      const { store, schedule, now } = service;
      const begun = await schedule.requestScan(null, lane);
      const scans = await Promise.all(begun.map(({ done }) => done));
      const report = await readReport({ read: store.read, keys: names, begun, scans });
      const facts = names.map(async (name) => {
        const snapshot = await store.read.currentSnapshot(name, now());
        return [name, snapshot === undefined ? {} : factsIn(snapshot)] as const;
      });
      return {
        facts: Object.fromEntries(await Promise.all(facts)) as unknown as Scanned["facts"],
        findings: Object.fromEntries(
          report.keys.map(({ name, findings }) => [name, findings]),
        ) as unknown as Scanned["findings"],
        scans: scans.flatMap((scan) => scan ?? []),
        refused: report.scopes
          .flatMap(({ scope, refused }) =>
            refused.map((one) => `${scope} ${one.call} ${one.reason} ${one.permission ?? "-"} ${one.subjects}x`),
          )
          .toSorted(),
        exitCode: exitCodeOf(report, "none"),
        text: formats.table(report),
      };
    },
    async restart() {
      await close();
      service = await open();
    },
    verdicts(name, facts, at) {
      const key = { provider: "aws", kind: "aws.kms-key", resource: keys[name] } as const;
      const place = { scope: scopeOf(name), account: accountOf(name), location: "us-east-2" };
      const { outcomes } = judge(service.rules, { ...key, ...place }, facts, null, at);
      return Object.fromEntries(outcomes.map(({ check, outcome, evidence }) => [check, { outcome, evidence }]));
    },
  };
}
