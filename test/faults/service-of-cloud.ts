/** The real service over the real SDKs and a simulated cloud, scanned before and after something breaks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { expect, onTestFinished } from "vitest";
import { judge } from "../../src/audit/judge.ts";
import { createLogger } from "../../src/cli/logger.ts";
import { exitCodeOf, formats, readReport } from "../../src/cli/scan-report.ts";
import { openService } from "../../src/cli/service.ts";
import { quotaNames } from "../../src/collect/call-tables.ts";
import type { LocalClouds } from "../../src/collect/registry.ts";
import { parseKeyResource } from "../../src/config/key-resource.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { Fact } from "../../src/model/fact.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Json } from "../../src/model/json.ts";
import { factsIn } from "../../src/model/snapshot.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { allOf } from "../support/all-of.ts";

/** A filled simulator, and how the service is to watch it. */
interface WatchedCloud<Name extends string> {
  readonly simulator: Simulator;
  readonly local: Partial<LocalClouds>;
  readonly keys: Readonly<Record<Name, string>>;
  /** What the configuration says besides the keys and the database. */
  readonly config: object;
}

/** What was known and concluded after a scan, and what the command line would say of it. */
export interface Scanned<Name extends string> {
  readonly facts: Readonly<Record<Name, Readonly<Record<string, Fact<Json>>>>>;
  readonly findings: Readonly<Record<Name, readonly Finding[]>>;
  readonly scans: readonly { readonly state: string; readonly failed_keys: number }[];
  readonly refused: readonly string[];
  readonly exitCode: number;
  readonly text: string;
}

export interface ServiceOfCloud<Name extends string> {
  readonly simulator: Simulator;
  readonly names: readonly Name[];
  scan(lane?: "fast" | "full"): Promise<Scanned<Name>>;
  /** Ends the service and starts it anew on the same database: nothing is remembered but what is stored. */
  restart(): Promise<void>;
  /** What the catalogue says of facts, without any of the way that they took. */
  verdicts(name: Name, facts: Readonly<Record<string, Fact<Json>>>, at: number): Record<string, Verdict>;
}

interface Verdict {
  readonly outcome: string;
  readonly evidence: Json;
}

export async function serviceOf<Name extends string>(cloud: WatchedCloud<Name>): Promise<ServiceOfCloud<Name>> {
  const { simulator, local, keys } = cloud;
  const folder = mkdtempSync(join(tmpdir(), "keyposture-faults-"));
  const names = Object.keys(keys) as Name[];
  const config = configOf(cloud, names, join(folder, "keyposture.db"));
  const open = async () => {
    const opened = await openService({ config, log: createLogger("silent"), local });
    await opened.takeOver();
    return opened;
  };
  let service = await open();
  const close = async () => {
    await service.schedule.stop();
    await service.close();
  };
  onTestFinished(async () => {
    await close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    simulator,
    names,
    async scan(lane = "full") {
      const { store, schedule, now } = service;
      const begun = await schedule.requestScan(null, lane);
      const scans = await Promise.all(begun.map(({ done }) => done));
      const read = readReport({ read: store.read, keys: names, begun, scans });
      const report = { ...read, keys: await allOf(read.keys) };
      const facts = names.map(async (name) => {
        const snapshot = await store.read.currentSnapshot(name, now());
        return [name, snapshot === undefined ? {} : factsIn(snapshot)] as const;
      });
      return {
        facts: Object.fromEntries(await Promise.all(facts)) as unknown as Scanned<Name>["facts"],
        findings: Object.fromEntries(
          report.keys.map(({ name, findings }) => [name, findings]),
        ) as unknown as Scanned<Name>["findings"],
        scans: scans.flatMap((scan) => scan ?? []),
        refused: report.scopes
          .flatMap(({ scope, refused }) =>
            refused.map((one) => `${scope} ${one.call} ${one.reason} ${one.permission ?? "-"} ${one.subjects}x`),
          )
          .toSorted(),
        exitCode: exitCodeOf(report, "none"),
        text: await textOf(formats.table({ ...report, keys: [report.keys] })),
      };
    },
    async restart() {
      await close();
      service = await open();
    },
    verdicts(name, facts, at) {
      const parsed = parseKeyResource(keys[name]);
      if (!parsed.ok) return expect.fail(parsed.detail);
      const { outcomes } = judge(service.rules, parsed.resource, facts, null, at);
      return Object.fromEntries(outcomes.map(({ check, outcome, evidence }) => [check, { outcome, evidence }]));
    },
  };
}

/** What is concluded of a key, by check. */
export function conclusionsOf<Name extends string>({ findings }: Scanned<Name>, name: Name) {
  return Object.fromEntries(
    findings[name].map(({ check, status, latest }) => [check, { status, outcome: latest.outcome }]),
  );
}

function configOf<Name extends string>({ keys, config }: WatchedCloud<Name>, names: readonly Name[], database: string) {
  const text = JSON.stringify({ ...config, keys: names.map((name) => ({ name, resource: keys[name] })), database });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  return parsed.config;
}
