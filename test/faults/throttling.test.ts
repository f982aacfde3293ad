import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";
import { exitCodeOf, readReport } from "../../src/cli/scan-report.ts";
import { openService } from "../../src/cli/service.ts";
import { Budget } from "../../src/collect/budget.ts";
import { allCalls } from "../../src/collect/call-tables.ts";
import { systemClock } from "../../src/collect/clock.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { ScanLane } from "../../src/model/lane.ts";
import { factsIn } from "../../src/model/snapshot.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";
import { allOf } from "../support/all-of.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "../support/aws-kms-key.ts";
import { testClock } from "../support/test-clock.ts";

/** Of the organization nothing is read unless it is said, and tags only where a policy asks for them. */
const notAskedFor = new Set(["organization_policies", "tags"]);
const elsewhere = "99999999-0000-4000-8000-000000000000";

/** Many keys of one scope, and a budget that is far larger than what the provider allows. */
async function manyKeys(
  count: number,
  given: { budgets?: object; policy?: string; simulator?: SimulatorOptions } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-throttling-"));
  const simulator = await startSimulator({ seed: 1, ...given.simulator });
  const arns = Array.from({ length: count }, (_, number) =>
    testKeyArn.replace("1234abcd", String(number).padStart(8, "0")),
  );
  const policy = given.policy ?? documentedPolicy();
  for (const arn of arns) simulator.aws.addKey(sampleKey({ arn, policy }));
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
  const text = JSON.stringify({
    keys: arns.map((resource, number) => ({ name: `key-${number}`, resource })),
    organizations: [testOrganization],
    budgets: { ratio: 1, ...given.budgets },
    database: join(folder, "keyposture.db"),
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  const local = { aws: { endpoint: simulator.endpoint } };
  const service = await openService({ config: parsed.config, log: createLogger("silent"), local });
  await service.takeOver();
  onTestFinished(async () => {
    await service.schedule.stop();
    await service.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { store, schedule } = service;
  const { control } = simulator;
  return {
    arns,
    control,
    store,
    async scan(lane: ScanLane = "full") {
      control.reset({ only: ["calls"] });
      const begun = await schedule.requestScan(null, lane);
      const scans = await Promise.all(begun.map(({ done }) => done));
      const keys = (await store.read.keys()).map(({ name }) => name);
      const report = readReport({ read: store.read, keys, begun, scans });
      return { scans, report: { ...report, keys: await allOf(report.keys) } };
    },
    /** The keys of which no such call was answered, as the cloud counted. */
    unanswered: (call: string) =>
      new Set(
        arns.flatMap((arn, number) => {
          const { received = 0, throttled = 0 } = control.calls().by_resource[arn]?.[call] ?? {};
          return received === throttled ? [`key-${number}`] : [];
        }),
      ),
    /** All that is unreadable of any key, and why. */
    async unreadable() {
      const names = arns.map((_, number) => `key-${number}`);
      const lists = names.map(async (name) => {
        const snapshot = await store.read.currentSnapshot(name, service.now());
        const facts = snapshot === undefined ? {} : factsIn(snapshot);
        expect(Object.keys(facts).length, name).toBeGreaterThan(10);
        return Object.entries(facts).flatMap(([fact, value]) =>
          value.state === "unreadable" && !notAskedFor.has(fact) ? [`${name} ${fact} ${value.reason}`] : [],
        );
      });
      return (await Promise.all(lists)).flat();
    },
  };
}

/**
 * The whole service by a clock that stands still while a request is on the wire, and leaps to the next moment that
 * somebody waits for: what a provider allows in a second binds however slow the machine is. Every answer takes 20 ms.
 */
function timeOfItsOwn() {
  const clock = testClock(Date.now());
  for (const name of ["now", "steady", "sleep", "random"] as const) {
    vi.spyOn(systemClock, name).mockImplementation(clock[name]);
  }
  const { inFlight } = Budget.prototype;
  vi.spyOn(Budget.prototype, "inFlight").mockImplementation(async function (this: Budget, target, request) {
    return inFlight.call(this, target, async () => {
      await clock.sleep(20);
      return clock.hold(request());
    });
  });
  onTestFinished(() => void vi.restoreAllMocks());
  return clock;
}

/** Each is asked once for each key, and each has a quota of its own. */
const callsOfAKey = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "kms:GetKeyRotationStatus"] as const;

describe("a provider that throttles most of what could be sent", () => {
  it("costs no key and no fact, by the machine's own clock", { timeout: 60_000 }, async () => {
    const count = 80;
    const { control, scan, unreadable, unanswered } = await manyKeys(count);
    // So few that the limit binds on a slow and busy machine too.
    control.throttle({ call: "kms:*", per_second: 10 });

    const { scans, report } = await scan();

    expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0, refused: [] }]);
    expect(exitCodeOf(report, "high")).toBe(0);
    expect(await unreadable()).toEqual([]);
    for (const call of callsOfAKey) expect([...unanswered(call)]).toEqual([]);
    expect(control.calls().total.throttled).toBeGreaterThan(0);
  });

  it("at 100 requests a second costs none of 300 keys, and no fact of them", { timeout: 60_000 }, async () => {
    const count = 300;
    const clock = timeOfItsOwn();
    const { control, scan, store, unreadable, unanswered } = await manyKeys(count, {
      simulator: { now: clock.now },
      budgets: { concurrency: 128, "kms:ListGrants": 1000 },
    });
    // As many requests in flight as there may be: a process begins with few.
    await scan();
    control.throttle({ call: "kms:*", per_second: 100 });

    const { scans, report } = await scan();

    const { by_call, total } = control.calls();
    // As many as show that it is slowed down again and again.
    expect(total.throttled).toBeGreaterThanOrEqual(50);
    for (const call of callsOfAKey) {
      const { received = 0, throttled = 0 } = by_call[call] ?? {};
      expect(throttled, call).toBeGreaterThan(0);
      // Once each: what was throttled was asked again until it was answered, and nothing else was.
      expect(received - throttled, call).toBe(count);
      expect([...unanswered(call)], call).toEqual([]);
    }
    expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0, refused: [] }]);
    expect(await unreadable()).toEqual([]);
    const conclusions = await store.read.conclusions();
    expect(new Set(conclusions.map(({ key }) => key)).size).toBe(count);
    expect(conclusions.filter(({ outcome }) => outcome === "unknown" || outcome === "error")).toEqual([]);
    expect(exitCodeOf(report, "high")).toBe(0);
  });

  it("beyond the deadline costs exactly the facts that were never told, and resolves nothing of them", {
    timeout: 60_000,
  }, async () => {
    const count = 64;
    const clock = timeOfItsOwn();
    const { arns, control, scan, unreadable, unanswered } = await manyKeys(count, {
      simulator: { now: clock.now },
      policy: documentedPolicy(elsewhere),
      budgets: { "kms:GetKeyPolicy": 200 },
    });
    const before = await scan();
    const open = (report: typeof before.report) =>
      report.keys.map(({ name, findings }) => ({
        name,
        open: findings
          .filter(({ status }) => status === "open")
          .map(({ check, latest }) => `${check} ${latest.outcome}`),
      }));
    const failing = open(before.report);
    expect(new Set(failing.map((key) => key.open.join()))).toEqual(new Set([failing[0]?.open.join()]));
    expect(failing[0]?.open.length).toBeGreaterThan(0);
    for (const resource of arns) control.patch({ resource, change: { policy: documentedPolicy() } });
    // Some of the keys that are read at once have an answer within their minute.
    control.throttle({ call: "kms:GetKeyPolicy", per_second: 0.25 });

    const { scans, report } = await scan("fast");

    const lost = unanswered("kms:GetKeyPolicy");
    expect(lost.size).toBeGreaterThan(count / 4);
    expect(lost.size).toBeLessThan(count);
    expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0 }]);
    expect(scans[0]?.refused).toMatchObject([{ call: "kms:GetKeyPolicy", reason: "throttled", subjects: lost.size }]);
    expect(new Set(await unreadable())).toEqual(new Set([...lost].map((name) => `${name} policy_text throttled`)));
    for (const key of open(report)) {
      const asBefore = failing[0]?.open.map((finding) => finding.replace(" fail", " unknown"));
      expect(key.open, key.name).toEqual(lost.has(key.name) ? asBefore : []);
    }
    expect(exitCodeOf(report, "none")).toBe(3);

    control.throttle({ call: "kms:GetKeyPolicy", per_second: null });
    const after = await scan("fast");

    expect(after.scans).toMatchObject([{ state: "done", refused: [] }]);
    expect(await unreadable()).toEqual([]);
    expect(open(after.report).flatMap((key) => key.open)).toEqual([]);
  });
});
