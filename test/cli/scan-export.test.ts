import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../checks/index.ts";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { parseCsv } from "../export/parse-csv.ts";
import { documentedPolicy, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";
import { runCli } from "../support/run-cli.ts";

/** A key that is switched off, in a cloud that hides its trails. */
let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-export-test-"));
  simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn, policy: documentedPolicy(), metadata: { KeyState: "Disabled" } }));
  simulator.control.deny({ call: "cloudtrail:DescribeTrails", reason: "access-denied" });
  const key = { name: "prod", resource: testKeyArn, labels: { team: "search" } };
  const config = { keys: [key], organizations: [testOrganization] };
  writeFileSync(join(folder, "keyposture.yaml"), JSON.stringify(config));
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function scan(format: string) {
  const env = {
    AWS_ENDPOINT_URL: simulator.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "not-a-secret",
  };
  return runCli(["scan", "--no-store", "--format", format], { env, cwd: folder });
}

const checks = catalogue.filter(({ resource }) => resource === "aws.kms-key").map(({ id }) => id);

/** The outcomes by the checks, as each format tells them. */
const read: Readonly<Record<string, (stdout: string) => [string, string][]>> = {
  csv: (stdout) => {
    const [names = [], ...rows] = parseCsv(stdout);
    expect(rows.map((row) => row[names.indexOf("labels")])).toEqual(rows.map(() => "team=search"));
    return rows.map((row) => [row[names.indexOf("check")] ?? "", row[names.indexOf("outcome")] ?? ""]);
  },
  ndjson: (stdout) =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { check: string; outcome: string })
      .map(({ check, outcome }) => [check, outcome]),
  sarif: (stdout) => {
    const log = JSON.parse(stdout) as { runs: { results: { ruleId: string; properties: { outcome: string } }[] }[] };
    return log.runs
      .flatMap(({ results }) => results.map((one) => [one.ruleId, one.properties.outcome] as const))
      .map(([check, outcome]) => [check, outcome]);
  },
  ocsf: (stdout) =>
    (JSON.parse(stdout) as { compliance: { control: string }; unmapped: { outcome: string } }[]).map(
      ({ compliance, unmapped }) => [compliance.control, unmapped.outcome],
    ),
};

describe("keyposture scan --format", { timeout: 30_000 }, () => {
  it.each(Object.keys(read))("%s tells every check of the key, and nothing else on stdout", async (format) => {
    const { code, stdout, stderr } = await scan(format);

    expect(code).toBe(1);
    const told = read[format]?.(stdout) ?? [];
    expect(told.map(([check]) => check).toSorted()).toEqual(checks.toSorted());
    const outcomes = Object.fromEntries(told);
    expect(outcomes).toMatchObject({ "aws/key-enabled": "fail", "aws/cloudtrail-logs-key-use": "unknown" });
    expect(stderr).toMatch(/cloudtrail:DescribeTrails access-denied .* permission cloudtrail:DescribeTrails/);
  });

  it("names the formats that there are, where it is asked for another", async () => {
    const { code, stdout, stderr } = await scan("xml");

    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("table, json, csv, ndjson, sarif, ocsf");
  });
});
