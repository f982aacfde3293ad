import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/metrics/catalogue.ts";
import { createMetrics, type MetricsOptions } from "../../src/metrics/create-metrics.ts";
import type { FindingCount, KeyDetail, KeyHead, MetricsSource } from "../../src/metrics/metrics-source.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { severities } from "../../src/model/outcome.ts";
import { providers } from "../../src/model/resource.ts";
import type { Scan } from "../../src/model/scan.ts";
import { parseExposition } from "./parse-exposition.ts";

type TestKey = KeyDetail & { readonly last_observed: number | null; readonly scan_interval: number };

const disabled: TestKey = {
  provider: "aws",
  name: "prod-us",
  version: "1",
  account: "111122223333",
  location: "us-east-2",
  resource: "arn:aws:kms:us-east-2:111122223333:key/k1",
  labels: { team: "payments" },
  lifecycle: known("disabled"),
  last_known_lifecycle: "disabled",
  protection_level: "hsm",
  key_spec: "SYMMETRIC_DEFAULT",
  origin: "AWS_KMS",
  checks: [
    { check: "aws/key-enabled", severity: "critical", open: true },
    { check: "aws/rotation-enabled", severity: "low", open: false },
  ],
  unknown_checks: 0,
  score: 2,
  last_observed: 1_790_000_000_500,
  scan_interval: 60_000,
};
const other: TestKey = { ...disabled, name: "prod-eu", resource: "arn:aws:kms:eu-west-1:111122223333:key/k2" };

/** Keys in memory, which remembers what it was asked for. */
class MemorySource implements MetricsSource {
  stored: TestKey[] = [];
  counts: FindingCount[] | Promise<never> = [];
  asked: string[][] = [];
  /** How many keys are told at a time. */
  page = 2;

  constructor(...keys: TestKey[]) {
    this.stored = keys;
  }
  async *keys(): AsyncGenerator<readonly KeyHead[]> {
    const { stored } = this;
    for (let first = 0; first < stored.length; first += this.page) yield stored.slice(first, first + this.page);
  }
  async details(names: readonly string[]) {
    this.asked.push([...names]);
    return this.stored.filter(({ name }) => names.includes(name));
  }
  async findingCounts() {
    return this.counts;
  }
}

function metricsOf(source: MetricsSource, options: Partial<MetricsOptions> = {}) {
  const metrics = createMetrics({
    source,
    version: "1.2.3",
    keyLabels: [],
    mode: "detailed",
    lanes: { fast: 60_000, full: 900_000 },
    calls: { aws: ["kms:DescribeKey", "kms:GetKeyPolicy"], gcp: [], azure: [] },
    ...options,
  });
  return { ...metrics, text: async () => joined(await metrics.pieces("identity")) };
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<string> {
  const buffers: Buffer[] = [];
  for await (const piece of pieces) buffers.push(piece);
  return Buffer.concat(buffers).toString();
}

/** The lines about keys: the rest moves by itself. */
function ofKeys(text: string): string {
  return text.slice(0, text.indexOf("# HELP keyposture_findings "));
}

/** The samples of a family, as `label values -> value`. */
async function read(metrics: { text(): Promise<string> }, family: string): Promise<Record<string, number>> {
  const samples = parseExposition(await metrics.text()).get(family)?.samples;
  if (samples === undefined) throw new Error(`no family ${family}`);
  return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(" "), value]));
}

describe("the exposition", () => {
  it("holds every family of the catalogue as it is described there, and what the process tells of itself", async () => {
    const metrics = metricsOf(new MemorySource(disabled, other));
    metrics.setScopes([{ provider: "aws", scope: "111122223333/us-east-2", last_success: {} }]);
    const families = parseExposition(await metrics.text());
    for (const { name, type, help, labels } of Object.values(catalogue)) {
      expect(families.get(name)).toMatchObject({ type, help });
      const shown = families.get(name)?.samples.map((sample) => Object.keys(sample.labels).filter((l) => l !== "le"));
      expect(shown?.length, name).toBeGreaterThan(0);
      for (const names of shown ?? []) expect(names.toSorted(), name).toEqual([...labels].toSorted());
    }
    expect([...families.keys()].filter((name) => name.startsWith("keyposture_"))).toHaveLength(
      Object.keys(catalogue).length,
    );
    expect([...families.keys()]).toEqual(
      expect.arrayContaining(["process_start_time_seconds", "nodejs_eventloop_lag_seconds"]),
    );
  });

  it("says how it is written", () => {
    expect(metricsOf(new MemorySource()).contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("has each family in one place, however many pieces the keys come in", async () => {
    const keys = Array.from({ length: 11 }, (_, index) => ({ ...disabled, name: `key-${index}` }));
    const source = new MemorySource(...keys);
    const texts: string[] = [];
    for (source.page of [1, 4, 11, 20]) texts.push(ofKeys(await metricsOf(source).text()));
    expect(new Set(texts).size).toBe(1);
    const families = texts[0]?.split("\n").flatMap((line) => /^(\w+)\{/.exec(line)?.[1] ?? []) ?? [];
    const blocks = families.filter((name, index) => name !== families[index - 1]);
    expect(blocks).toEqual([...new Set(families)]);
    expect(families.filter((name) => name === "keyposture_key_score")).toHaveLength(keys.length);
  });

  it("brings any text back as it was", async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("\\", '"', "\n", "n", "{", "}", ",", "=") }));
    await fc.assert(
      fc.asyncProperty(text, async (team) => {
        const source = new MemorySource({ ...disabled, labels: { team } });
        const exposition = parseExposition(await metricsOf(source, { keyLabels: ["team"] }).text());
        expect(exposition.get("keyposture_key_info")?.samples[0]?.labels["label_team"]).toBe(team);
      }),
      { numRuns: 50 },
    );
  });

  it("is refused as the source is", async () => {
    const source = new MemorySource();
    source.counts = Promise.reject(new Error("database is gone"));
    await expect(metricsOf(source).text()).rejects.toThrow("database is gone");
  });
});

describe("keyposture_key_info", () => {
  it("has the chosen labels on every key", async () => {
    const source = new MemorySource(disabled, { ...other, labels: {}, origin: null });
    const metrics = metricsOf(source, { keyLabels: ["team", "toString"] });
    const samples = parseExposition(await metrics.text()).get("keyposture_key_info")?.samples;
    expect(samples?.map(({ labels }) => labels)).toEqual([
      {
        provider: "aws",
        key: "prod-us",
        account: "111122223333",
        location: "us-east-2",
        resource: "arn:aws:kms:us-east-2:111122223333:key/k1",
        protection_level: "hsm",
        key_spec: "SYMMETRIC_DEFAULT",
        origin: "AWS_KMS",
        label_team: "payments",
        label_toString: "",
      },
      expect.objectContaining({ key: "prod-eu", origin: "", label_team: "" }),
    ]);
  });
});

describe("keyposture_key_state", () => {
  const none = { enabled: 0, disabled: 0, "pending-deletion": 0, deleted: 0, "pending-import": 0, unavailable: 0 };
  const denied = unreadable("access-denied", "not allowed");

  it.each([
    ["a state that is known", { lifecycle: known("pending-deletion") }, { "pending-deletion": 1, unknown: 0 }],
    ["lost sight", { lifecycle: denied, last_known_lifecycle: "disabled" }, { disabled: 1, unknown: 1 }],
    ["sight that never was", { lifecycle: denied, last_known_lifecycle: null }, { unknown: 1 }],
    ["a known state over an older one", { lifecycle: known("enabled") }, { enabled: 1, unknown: 0 }],
  ] as const)("shows %s", async (_, change, expected) => {
    const states = await read(metricsOf(new MemorySource({ ...disabled, ...change })), "keyposture_key_state");
    const named = Object.entries({ ...none, ...expected }).map(([state, value]) => [`aws prod-us ${state}`, value]);
    expect(states).toEqual(Object.fromEntries(named));
  });
});

describe("keyposture_key_score", () => {
  it("is there for keys that have one, and for no others", async () => {
    const source = new MemorySource(disabled, { ...other, score: null });
    expect(await read(metricsOf(source), "keyposture_key_score")).toEqual({ "aws prod-us": 2 });
  });
});

describe("keyposture_check_failing", () => {
  it("is 1 while a finding is open and 0 for every other applicable check", async () => {
    expect(await read(metricsOf(new MemorySource(disabled)), "keyposture_check_failing")).toEqual({
      "aws prod-us aws/key-enabled critical": 1,
      "aws prod-us aws/rotation-enabled low": 0,
    });
  });

  it("does not improve when sight is lost, and neither does the age of the last read", async () => {
    const source = new MemorySource(disabled);
    const metrics = metricsOf(source);
    const before = await read(metrics, "keyposture_check_failing");
    source.stored = [
      { ...disabled, version: "2", lifecycle: unreadable("timeout", "no answer"), unknown_checks: 2, labels: {} },
    ];
    expect(await read(metrics, "keyposture_check_failing")).toEqual(before);
    expect(await read(metrics, "keyposture_key_unknown_checks")).toEqual({ "aws prod-us": 2 });
    expect(await read(metrics, "keyposture_key_last_observed_timestamp_seconds")).toEqual({
      "aws prod-us": 1_790_000_000.5,
    });
    expect(await read(metrics, "keyposture_key_state")).toMatchObject({
      "aws prod-us disabled": 1,
      "aws prod-us unknown": 1,
    });
  });
});

describe("in summary mode, keyposture_check_failing", () => {
  const summary = { mode: "summary" } as const;
  const key = "aws prod-us aws/key-enabled critical";

  it("has no series that are 0, and every other family is as it was", async () => {
    const source = new MemorySource(disabled, other);
    const lines = (text: string) => ofKeys(text).split("\n");
    const left = lines(await metricsOf(source, summary).text());
    expect(lines(await metricsOf(source).text()).filter((line) => !left.includes(line))).toEqual([
      'keyposture_check_failing{provider="aws",key="prod-us",check="aws/rotation-enabled",severity="low"} 0',
      'keyposture_check_failing{provider="aws",key="prod-eu",check="aws/rotation-enabled",severity="low"} 0',
    ]);
  });

  it("has a series as long as the finding is open, also while it cannot be judged", async () => {
    const source = new MemorySource(disabled);
    const metrics = metricsOf(source, summary);
    expect(await read(metrics, "keyposture_check_failing")).toEqual({ [key]: 1 });
    const blind = { lifecycle: unreadable("access-denied", "not allowed"), unknown_checks: 2 } as const;
    source.stored = [{ ...disabled, ...blind, version: "2" }];
    expect(await read(metrics, "keyposture_check_failing")).toEqual({ [key]: 1 });
    source.stored = [
      { ...disabled, version: "3", checks: disabled.checks.map((check) => ({ ...check, open: false })) },
    ];
    expect(await read(metrics, "keyposture_check_failing")).toEqual({});
  });
});

describe("what moves with every scan", () => {
  it("is shown without reading the key again", async () => {
    const source = new MemorySource(disabled);
    const metrics = metricsOf(source);
    await metrics.text();
    source.stored = [{ ...disabled, last_observed: 1_790_000_060_000, scan_interval: 120_000 }];
    expect(await read(metrics, "keyposture_key_last_observed_timestamp_seconds")).toEqual({
      "aws prod-us": 1_790_000_060,
    });
    expect(await read(metrics, "keyposture_key_scan_interval_seconds")).toEqual({ "aws prod-us": 120 });
    expect(source.asked).toEqual([["prod-us"]]);
  });

  it("makes a key that was never seen as old as can be", async () => {
    const metrics = metricsOf(new MemorySource({ ...disabled, last_observed: null }));
    expect(await read(metrics, "keyposture_key_last_observed_timestamp_seconds")).toEqual({ "aws prod-us": 0 });
  });
});

describe("kept texts", () => {
  it("are made again for keys that changed, and for no others", async () => {
    const source = new MemorySource(disabled, other);
    const metrics = metricsOf(source);
    await metrics.text();
    await metrics.text();
    expect(source.asked).toEqual([["prod-us", "prod-eu"]]);
    source.stored = [disabled, { ...other, version: "2", lifecycle: known("enabled") }];
    expect(await read(metrics, "keyposture_key_state")).toMatchObject({
      "aws prod-eu enabled": 1,
      "aws prod-us disabled": 1,
    });
    expect(source.asked).toEqual([["prod-us", "prod-eu"], ["prod-eu"]]);
  });

  it("end with their key, and begin anew when it comes back", async () => {
    const source = new MemorySource(disabled, other);
    const metrics = metricsOf(source);
    await metrics.text();
    source.stored = [other];
    expect(await metrics.text()).not.toContain("prod-us");
    source.stored = [disabled, other];
    await metrics.text();
    expect(source.asked).toEqual([["prod-us", "prod-eu"], ["prod-us"]]);
  });

  it("leave out a key that was retired between two reads", async () => {
    const source = new MemorySource(disabled, other);
    source.details = async () => [other];
    expect(await metricsOf(source).text()).not.toContain("prod-us");
  });

  it("do not mix two scrapes", async () => {
    const source = new MemorySource(disabled, other);
    const metrics = metricsOf(source);
    const first = await metrics.pieces("identity");
    source.stored = [{ ...other, version: "2", score: null }];
    await metrics.text();
    const samples = parseExposition(await joined(first)).get("keyposture_key_state")?.samples;
    expect(new Set(samples?.map(({ labels }) => labels["key"]))).toEqual(new Set(["prod-us", "prod-eu"]));
  });
});

describe("keyposture_findings", () => {
  it("has every combination, and adds counts of one up", async () => {
    const source = new MemorySource();
    source.counts = [
      { provider: "aws", severity: "high", status: "open", count: 2 },
      { provider: "aws", severity: "high", status: "open", count: 3 },
      { provider: "aws", severity: "low", status: "unknown", count: 1 },
    ];
    const counts = await read(metricsOf(source), "keyposture_findings");
    expect(Object.keys(counts)).toHaveLength(providers.length * severities.length * 3);
    expect(Object.entries(counts).filter(([, count]) => count > 0)).toEqual([
      ["aws high open", 5],
      ["aws low unknown", 1],
    ]);
  });
});

describe("provider calls", () => {
  it("are counted from 0, failures by reason and throttles by themselves", async () => {
    const metrics = metricsOf(new MemorySource());
    expect(await read(metrics, "keyposture_provider_requests_total")).toEqual({
      "aws kms:DescribeKey": 0,
      "aws kms:GetKeyPolicy": 0,
    });
    const call = { provider: "aws", scope: "s", call: "kms:DescribeKey" } as const;
    metrics.onCall({ ...call, seconds: 0.03, refusal: null });
    metrics.onCall({ ...call, seconds: 3, refusal: "throttled" });
    metrics.onCall({ ...call, seconds: 0.03, refusal: "access-denied" });
    expect(await read(metrics, "keyposture_provider_requests_total")).toMatchObject({ "aws kms:DescribeKey": 3 });
    expect(await read(metrics, "keyposture_provider_throttles_total")).toEqual({
      "aws kms:DescribeKey": 1,
      "aws kms:GetKeyPolicy": 0,
    });
    expect(await read(metrics, "keyposture_provider_request_failures_total")).toMatchObject({
      "aws kms:DescribeKey throttled": 1,
      "aws kms:DescribeKey access-denied": 1,
      "aws kms:DescribeKey timeout": 0,
      "aws kms:GetKeyPolicy access-denied": 0,
    });
    const durations = parseExposition(await metrics.text()).get(
      "keyposture_provider_request_duration_seconds",
    )?.samples;
    const bucket = (le: string) =>
      durations?.find(({ labels }) => labels["api"] === "kms:DescribeKey" && labels["le"] === le)?.value;
    expect([bucket("0.01"), bucket("0.05"), bucket("3"), bucket("+Inf")]).toEqual([0, 2, 3, 3]);
  });
});

describe("scans", () => {
  const scope = "111122223333/us-east-2";
  const scan: Scan = {
    id: "scn_1",
    provider: "aws",
    scope,
    lane: "fast",
    state: "done",
    started_at: 1_790_000_000_000,
    finished_at: 1_790_000_002_000,
    keys: 3,
    failed_keys: 0,
    changes: 0,
    refused: [],
  };
  const fast = `aws ${scope} fast`;

  function metricsOfScope(last_success = {}) {
    const metrics = metricsOf(new MemorySource());
    metrics.setScopes([{ provider: "aws", scope, last_success }]);
    return metrics;
  }

  it("have series before the first, with the last success from before the start", async () => {
    const metrics = metricsOfScope({ fast: 1_789_999_000_000 });
    expect(await read(metrics, "keyposture_scan_runs_total")).toEqual({ [fast]: 0, [`aws ${scope} full`]: 0 });
    expect(await read(metrics, "keyposture_scan_failures_total")).toMatchObject({ [`${fast} interrupted`]: 0 });
    expect(await read(metrics, "keyposture_scan_last_success_timestamp_seconds")).toEqual({
      [fast]: 1_789_999_000,
      [`aws ${scope} full`]: 0,
    });
    expect(await read(metrics, "keyposture_unreadable_facts_total")).toMatchObject({
      [`aws ${scope} kms:GetKeyPolicy access-denied`]: 0,
    });
    expect(await read(metrics, "keyposture_scan_interval_seconds")).toEqual({ fast: 60, full: 900 });
  });

  it("that go well are counted and timed", async () => {
    const metrics = metricsOfScope();
    metrics.onScan(scan);
    expect(await read(metrics, "keyposture_scan_runs_total")).toMatchObject({ [fast]: 1 });
    expect(await read(metrics, "keyposture_scan_last_success_timestamp_seconds")).toMatchObject({
      [fast]: 1_790_000_002,
    });
    const durations = parseExposition(await metrics.text()).get("keyposture_scan_duration_seconds")?.samples;
    expect(durations?.find(({ name, labels }) => name.endsWith("_sum") && labels["lane"] === "fast")?.value).toBe(2);
  });

  it.each([
    ["that met a fault of ours", { failed_keys: 2 }, "internal-error"],
    ["that were interrupted", { state: "interrupted", finished_at: null }, "interrupted"],
  ] as const)("%s are failures, and no success", async (_, change, reason) => {
    const metrics = metricsOfScope({ fast: 1_789_999_000_000 });
    metrics.onScan({ ...scan, ...change });
    expect(await read(metrics, "keyposture_scan_runs_total")).toMatchObject({ [fast]: 1 });
    expect(await read(metrics, "keyposture_scan_failures_total")).toMatchObject({ [`${fast} ${reason}`]: 1 });
    expect(await read(metrics, "keyposture_scan_last_success_timestamp_seconds")).toMatchObject({
      [fast]: 1_789_999_000,
    });
  });

  it("that broke off are failures", async () => {
    const metrics = metricsOfScope();
    metrics.onScanFailure(scan, "other");
    expect(await read(metrics, "keyposture_scan_runs_total")).toMatchObject({ [fast]: 1 });
    expect(await read(metrics, "keyposture_scan_failures_total")).toMatchObject({ [`${fast} other`]: 1 });
  });

  it("count refused reads, which are no failures of the scan", async () => {
    const metrics = metricsOfScope();
    const call = { call: "kms:GetKeyPolicy", permission: "kms:GetKeyPolicy", detail: "" };
    metrics.onScan({ ...scan, refused: [{ ...call, reason: "access-denied", subjects: 3 }] });
    expect(await read(metrics, "keyposture_unreadable_facts_total")).toMatchObject({
      [`aws ${scope} kms:GetKeyPolicy access-denied`]: 3,
    });
    expect(await read(metrics, "keyposture_scan_failures_total")).toMatchObject({ [`${fast} internal-error`]: 0 });
    expect(await read(metrics, "keyposture_scan_last_success_timestamp_seconds")).toMatchObject({
      [fast]: 1_790_000_002,
    });
  });

  it("of a scope without keys have no series any more, and those of the others go on", async () => {
    const metrics = metricsOfScope();
    const kept = { provider: "aws", scope: "kept/us-east-1", last_success: {} } as const;
    metrics.setScopes([{ provider: "aws", scope, last_success: {} }, kept]);
    metrics.onScan({ ...scan, scope: kept.scope });
    metrics.onScan({
      ...scan,
      refused: [{ call: "kms:DescribeKey", permission: "", reason: "malformed", detail: "", subjects: 1 }],
    });
    metrics.setScopes([kept]);
    expect(await metrics.text()).not.toContain(scope);
    expect(await read(metrics, "keyposture_scan_runs_total")).toMatchObject({ "aws kept/us-east-1 fast": 1 });
  });
});

describe("the strict reader", () => {
  const head = "# HELP a A.\n# TYPE a gauge\n";
  it.each([
    ["a sample without its family", "a 1\n"],
    ["a family that is not contiguous", `${head}a 1\n# HELP b B.\n# TYPE b gauge\na{x="1"} 1\n`],
    ["a family twice", `${head}${head}`],
    ["a series twice", `${head}a{x="1",y="2"} 1\na{y="2",x="1"} 2\n`],
    ["an unescaped quote", `${head}a{x="""} 1\n`],
    ["no end of line", `${head}a 1`],
    ["no number", `${head}a undefined\n`],
  ])("refuses %s", (_, text) => {
    expect(() => parseExposition(text)).toThrow();
  });
});
