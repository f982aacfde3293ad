/** The real order of work over a real store; only what is read of the cloud is made up. */
import { onTestFinished } from "vitest";
import { createConclusions } from "../../src/audit/conclude.ts";
import type { Rules } from "../../src/audit/judge.ts";
import type { AuditOptions, ScanRequest } from "../../src/audit/scan.ts";
import { createAudit } from "../../src/audit/scan.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { Collector } from "../../src/collect/collector.ts";
import type { CheckSettings } from "../../src/model/check-settings.ts";
import type { KeyResource } from "../../src/model/key.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Scan } from "../../src/model/scan.ts";
import type { Store } from "../../src/store/store.ts";
import { calls, intervals, keyNamed, keyReadings, scope, start, temporaryStore } from "../store/support/material.ts";
import { recordingLog } from "./recording-log.ts";

export const card = {
  resource: "aws.kms-key",
  severity: "high",
  why: "It matters.",
  remediation: "Mend it.",
  references: [],
  controls: [],
} as const;

export const enabled = defineCheck({
  ...card,
  id: "aws/enabled",
  title: "The key is enabled",
  reads: ["state"],
  evaluate: ({ state }) => ({
    outcome: state === "Enabled" ? "pass" : "fail",
    message: `the key is ${state}`,
    evidence: { state },
  }),
});

export const hasPolicy = defineCheck({
  ...card,
  id: "aws/has-policy",
  title: "The key has a policy",
  reads: ["policy_text"],
  evaluate: () => ({ outcome: "pass", message: "there is one", evidence: null }),
});

export const hasTrail = defineCheck({
  ...card,
  id: "aws/has-trail",
  title: "The scope has a trail",
  reads: ["trail_list"],
  evaluate: ({ trail_list }) => ({
    outcome: trail_list.length > 0 ? "pass" : "fail",
    message: "by the list",
    evidence: null,
  }),
});

export const settings = {} as CheckSettings;
export const reads = { aws_organization: false } as const;

export const rules: Rules = {
  catalogue: [enabled, hasPolicy, hasTrail],
  version: "1",
  guidance: "2026-09",
  settings,
  reads,
};

/** A collector that answers what it is told to; by default every key is healthy and the scope has nothing to read. */
interface CollectorOfTest extends Collector {
  key: (key: KeyResource, at: number) => Promise<readonly Reading[]> | readonly Reading[];
  ofScope: (at: number) => Promise<readonly Reading[]> | readonly Reading[];
  readonly asked: string[];
}

export async function auditOfTest(options: Partial<AuditOptions> & { readonly max_pages?: number } = {}) {
  const { max_pages, ...replaced } = options;
  const temporary = await temporaryStore(max_pages === undefined ? {} : { max_pages });
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  const { store, path } = temporary;
  const { lines, log } = recordingLog();
  const scans: Scan[] = [];
  const clock = { now: start };
  const collector: CollectorOfTest = {
    asked: [],
    key: (_key, at) => keyReadings(at),
    ofScope: () => [],
    async readKey(key, lane) {
      collector.asked.push(`${lane} ${key.resource.split("/").at(-1) ?? ""}`);
      return collector.key(key, clock.now);
    },
    async readScope(name, lane) {
      collector.asked.push(`${lane} ${name}`);
      return collector.ofScope(clock.now);
    },
  };
  const parts: AuditOptions = {
    store,
    collectors: { aws: collector, gcp: collector, azure: collector },
    calls,
    conclusions: createConclusions({ store, calls, rules, now: () => clock.now }),
    concluding: (work) => work(clock.now),
    now: () => clock.now,
    log,
    onScan: (ended) => scans.push(ended),
  };
  let number = 0;
  async function scan(change: Partial<ScanRequest> = {}, over: Partial<AuditOptions> = {}): Promise<Scan> {
    number += 1;
    const keys = change.keys ?? (await store.read.keys());
    const request = {
      id: `scan-${number}`,
      provider: "aws",
      scope,
      lane: "full",
      readScope: false,
      intervals,
    } as const;
    const chosen = { ...parts, ...replaced, ...over };
    const conclusions =
      over.conclusions ?? createConclusions({ store: chosen.store, calls, rules, now: () => clock.now });
    return createAudit({ ...chosen, conclusions }).scan({ ...request, ...change, keys });
  }
  return { store, path, collector, clock, lines, scans, scan };
}

export async function register(store: Store, ...names: readonly string[]): Promise<void> {
  await store.write(async (tx) => {
    for (const name of names) await tx.registerKey(keyNamed(name), start);
  });
}
