import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";
import { exitCodeOf, readReport } from "../../src/cli/scan-report.ts";
import { openService } from "../../src/cli/service.ts";
import { allCalls } from "../../src/collect/registry.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "../support/aws-kms-key.ts";

const count = 80;
/** So few that the limit binds on a slow and busy machine too; test/collect/at-size.test.ts has 10,000 keys at 100. */
const perSecond = 10;

/** Many keys of one scope, and a budget that is far larger than what the provider allows. */
async function manyKeys() {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-throttling-"));
  const simulator = await startSimulator({ seed: 1 });
  const arns = Array.from({ length: count }, (_, number) =>
    testKeyArn.replace("1234abcd", String(number).padStart(8, "0")),
  );
  for (const arn of arns) simulator.aws.addKey(sampleKey({ arn, policy: documentedPolicy() }));
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
  const text = JSON.stringify({
    keys: arns.map((resource, number) => ({ name: `key-${number}`, resource })),
    organizations: [testOrganization],
    budgets: { ratio: 1 },
    database: join(folder, "keyposture.db"),
  });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
  const local = { aws: { endpoint: simulator.endpoint } };
  const service = await openService({ config: parsed.config, log: createLogger("silent"), local });
  await service.takeOver();
  onTestFinished(async () => {
    await service.schedule.stop();
    await service.store.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { simulator, ...service };
}

it("loses no key and no fact where the provider throttles most of what could be sent", {
  timeout: 60_000,
}, async () => {
  const { simulator, schedule, store } = await manyKeys();
  simulator.control.throttle({ call: "kms:*", per_second: perSecond });

  const begun = await schedule.requestScan(null, "full");
  const scans = await Promise.all(begun.map(({ done }) => done));

  expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0, refused: [] }]);
  const keys = (await store.read.keys()).map(({ name }) => name);
  const report = await readReport({ read: store.read, keys, begun, scans });
  expect(exitCodeOf(report, "high")).toBe(0);
  const conclusions = await store.read.conclusions();
  expect(new Set(conclusions.map(({ key }) => key)).size).toBe(count);
  expect(conclusions.filter(({ outcome }) => outcome === "unknown" || outcome === "error")).toEqual([]);
  expect(simulator.control.calls().total.throttled).toBeGreaterThan(0);
});
