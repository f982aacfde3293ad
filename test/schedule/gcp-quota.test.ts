/** Many keys of Google Cloud on its quota of 300 reads a minute, by a clock that needs no time. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createAudit } from "../../src/audit/scan.ts";
import { createMetricsSource } from "../../src/cli/metrics-source.ts";
import { scheduledKeys } from "../../src/cli/scheduled-keys.ts";
import { Budget } from "../../src/collect/budget.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { classifyGcpError } from "../../src/collect/gcp/classify-error.ts";
import type { GcpReader } from "../../src/collect/gcp/reader.ts";
import { callTables, listOf } from "../../src/collect/registry.ts";
import { createRequest } from "../../src/collect/request.ts";
import { createMetrics } from "../../src/metrics/create-metrics.ts";
import type { CheckSettings } from "../../src/model/check-settings.ts";
import type { Scan } from "../../src/model/scan.ts";
import { effectiveIntervals } from "../../src/schedule/intervals.ts";
import { Schedule } from "../../src/schedule/schedule.ts";
import { registration, temporaryStore } from "../store/support/material.ts";
import { answeringReader, cryptoKey } from "../support/gcp-answers.ts";
import { gcpCollectorOf } from "../support/gcp-collector.ts";
import { recordingLog } from "../support/recording-log.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";

const minute = 60_000;
const configured = { fast: minute, full: 15 * minute };
/** https://cloud.google.com/kms/quotas: of which the service takes a quarter. */
const floor = 300;
const ratio = 0.25;
/** What was saved up in a second goes at once, and so does the request that is due. */
const burst = (floor * ratio) / 60 + 1;

const keyCalls = {
  listCryptoKeys: "cloudkms:ListCryptoKeys",
  getCryptoKeyIamPolicy: "cloudkms:GetCryptoKeyIamPolicy",
  listCryptoKeyVersions: "cloudkms:ListCryptoKeyVersions",
  getKeyRingIamPolicy: "cloudkms:GetKeyRingIamPolicy",
} as const satisfies Partial<Record<keyof GcpReader, keyof typeof gcpCalls>>;

function resources(projects: number, keys: number) {
  return Array.from({ length: keys }, (_, number) => {
    const project = `project-${number % projects}`;
    return { project, resource: `projects/${project}/locations/us-east5/keyRings/r/cryptoKeys/k${number}` };
  });
}

/** A reader whose requests of Cloud KMS go through the budget; who asks and when is written down. */
function countedReader(clock: TestClock, names: readonly string[], quotaOf: (scope: string) => string) {
  const sent: { readonly at: number; readonly call: string; readonly of: string; readonly quota: string }[] = [];
  const budget = new Budget({ calls: gcpCalls, clock, ratio, concurrency: 16 });
  const request = createRequest({
    provider: "gcp",
    budget,
    clock,
    onCall: () => undefined,
    classify: classifyGcpError,
  });
  const told = answeringReader({
    listCryptoKeys: (ring) => ({
      cryptoKeys: names.filter((name) => name.startsWith(`${ring}/`)).map((name) => cryptoKey(name)),
      nextPageToken: "",
    }),
  });
  const counted = Object.entries(keyCalls).map(([method, call]) => [
    method,
    (target: Parameters<GcpReader["getProject"]>[0], of: string, next: undefined) => {
      const quota = quotaOf(target.scope);
      return request({ ...target, call, scope: quota }, async () => {
        sent.push({ at: clock.steady(), call, of, quota });
        await clock.sleep(20);
        return told[method as keyof typeof keyCalls](target, of, next);
      });
    },
  ]);
  return { sent, budget, reader: { ...told, ...Object.fromEntries(counted) } as GcpReader };
}

interface Options {
  readonly projects: number;
  readonly keys: number;
  readonly quota_project?: string;
}

async function watched({ projects, keys, quota_project }: Options) {
  const clock = testClock();
  const temporary = await temporaryStore({ calls: callTables });
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  const { store } = temporary;
  const all = resources(projects, keys);
  const { lines, log } = recordingLog();
  const scans: Scan[] = [];
  const quotaOf = (scope: string) => (quota_project === undefined ? scope : `projects/${quota_project}`);
  const { sent, budget, reader } = countedReader(
    clock,
    all.map(({ resource }) => resource),
    quotaOf,
  );
  const collector = gcpCollectorOf(reader, { clock });
  const settings = {} as CheckSettings;
  const reads = { aws_organization: false, gcp_ancestors: false, gcp_deny_policies: false, gcp_perimeters: false };
  const audit = createAudit({
    store,
    collectors: { aws: collector, gcp: collector },
    calls: callTables,
    rules: { catalogue: [], version: "1", guidance: "2026-09", settings, reads },
    now: () => clock.now(),
    log,
    onScan: (scan) => scans.push(scan),
  });
  const schedule = new Schedule({
    audit,
    leases: { whileHeld: (_scope, work) => work() },
    configured,
    intervalsFor: (_key, use) =>
      effectiveIntervals({ calls: gcpCalls, rateOf: (call) => budget.rateOf(call), use, configured }),
    sharing: { quotaScopeOf: ({ scope }) => quotaOf(scope), listOf },
    log,
    now: () => clock.now(),
    keys: () => scheduledKeys(store.read, clock.now(), () => undefined),
    onScopes: () => Promise.resolve(),
    housekeeping: () => Promise.resolve(),
    onFailure: () => expect.fail("a scan could not be kept"),
  });
  // Before the store is closed.
  onTestFinished(() => schedule.stop());
  await store.write(async (tx) => {
    for (const { project, resource } of all) {
      const name = resource.split("/").at(-1) ?? "";
      const place = { scope: `projects/${project}`, account: project, location: "us-east5" };
      const key = {
        name,
        provider: "gcp",
        kind: "gcp.kms-key",
        resource,
        ...place,
        source: "api",
        registration,
      } as const;
      await tx.registerKey(key, clock.now());
    }
  });
  return {
    store,
    clock,
    schedule,
    lines,
    scans,
    sent,
    async run(time: number) {
      for (const end = clock.steady() + time; clock.steady() < end; ) {
        await schedule.tick();
        await clock.sleep(1000);
      }
    },
    metrics: async () => {
      const source = createMetricsSource({
        read: store.read,
        now: () => clock.now(),
        fastIntervalOf: (scope) => schedule.intervalsOf(scope)?.fast ?? expect.fail(`no plan of ${scope}`),
      });
      const calls = { aws: [], gcp: Object.keys(gcpCalls) };
      const metrics = createMetrics({
        source,
        version: "1",
        keyLabels: [],
        mode: "detailed",
        lanes: configured,
        calls,
      });
      let text = "";
      for await (const piece of await metrics.pieces("identity")) text += Buffer.from(piece).toString();
      return text;
    },
  };
}

/** The most that was sent within any minute. */
function busiestMinute(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - minute) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The longest that any key was without a read of its policy, from the end of the first full scan on. */
function longestGap(sent: Awaited<ReturnType<typeof watched>>["sent"], from: number): number {
  const policies = sent.filter(({ call, at }) => call === keyCalls.getCryptoKeyIamPolicy && at >= from);
  const gaps = [...Map.groupBy(policies, ({ of }) => of).values()].flatMap((reads) =>
    reads.slice(1).map(({ at }, index) => at - (reads[index]?.at ?? 0)),
  );
  return Math.max(...gaps);
}

describe("100 keys of Google Cloud on one quota", { timeout: 60_000 }, () => {
  it.each<[string, Options, number]>([
    // The keys of a ring are read in seven parts, each with a list of its own.
    ["in one project", { projects: 1, keys: 100 }, 7],
    ["in four projects whose reads another one pays for", { projects: 4, keys: 100, quota_project: "scanner" }, 8],
    ["in as many projects", { projects: 100, keys: 100, quota_project: "scanner" }, 100],
  ])("%s are read within a quarter of it, and none is lost", async (_, options, lists) => {
    const { run, schedule, clock, sent, scans, lines, store, metrics } = await watched(options);
    const start = clock.steady();

    await run(45 * minute);

    expect(new Set(sent.map(({ quota }) => quota)).size).toBe(1);
    expect(busiestMinute(sent.map(({ at }) => at))).toBeLessThanOrEqual(floor * ratio + burst);
    expect(new Set(scans.map(({ lane }) => lane))).toEqual(new Set(["fast", "full"]));
    expect(scans.filter(({ failed_keys, refused }) => failed_keys > 0 || refused.length > 0)).toEqual([]);
    // The lists and the policies, at 60 % of 1.25 requests a second.
    const fast = 1000 * Math.ceil((lists + options.keys) / (0.6 * 1.25));
    for (let project = 0; project < options.projects; project += 1) {
      expect(schedule.intervalsOf(`projects/project-${project}`)).toMatchObject({ fast });
    }
    expect(longestGap(sent, start + 10 * minute)).toBeLessThan(2 * fast);
    for (const { name } of await store.read.keys()) {
      const { facts } = (await store.read.currentSnapshot(name, clock.now())) ?? expect.fail(name);
      for (const fact of ["existence", "key_policy", "versions", "registration"]) {
        expect(facts[fact]?.fact.state, `${name} ${fact}`).toBe("known");
      }
    }

    const stretched = lines.filter(({ message }) => message.includes("stretches its intervals"));
    expect(stretched).toHaveLength(options.projects);
    expect(stretched[0]).toMatchObject({ level: "warn", fields: { intervals: { fast }, configured } });
    const text = await metrics();
    expect(text).toContain(`keyposture_key_scan_interval_seconds{provider="gcp",key="k0"} ${fast / 1000}\n`);
  });

  it("in projects that each have their own are read as often as configured", async () => {
    const { run, schedule, sent, lines } = await watched({ projects: 4, keys: 100 });

    await run(20 * minute);

    expect(schedule.intervalsOf("projects/project-0")).toEqual(configured);
    expect(lines.filter(({ level }) => level === "warn")).toEqual([]);
    for (const [quota, ofQuota] of Map.groupBy(sent, (one) => one.quota)) {
      expect(busiestMinute(ofQuota.map(({ at }) => at)), quota).toBeLessThanOrEqual(floor * ratio + burst);
    }
  });
});
