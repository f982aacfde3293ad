import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Server } from "../../src/cli/server.ts";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { createWorld, type World } from "../support/running-service.ts";
import { externalSuite } from "./external-suite.ts";
import { type FuzzCase, readFuzzReport } from "./fuzz-report.ts";

const seed = process.env["KEYPOSTURE_TEST_SEED"] ?? "1";
/** Of each operation in each phase; the phases make some hundreds of cases beside them. */
const examples = 20;

/** On a quiet machine it takes a quarter of a minute. */
const patience = 240_000;

/** What the description lets through and the service refuses on purpose, by code and place: more is asked for than a schema can say. */
const refusedByMeaning: Readonly<Record<string, string>> = {
  "as-of-in-future": "a moment up to now",
  "cursor-invalid": "a cursor that was handed out, for the same question",
  "invalid-resource": "parts of an ARN that fit together; the answer says which do not",
  "invalid-body /expected_principals": "one of several forms of a principal; the answer lists them",
  "invalid-body /compartments": "no item twice",
  "invalid-body /organizations": "no item twice",
};

externalSuite("schemathesis", { needs: ["schemathesis"] }, () => {
  let world: World;
  let server: Server;
  let folder: string;
  let operations: string[];
  let cases: FuzzCase[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "keyposture-fuzz-"));
    world = await createWorld({ fast: "60s", full: "300s" });
    server = await world.start();
    const ids = await prepare(world, server);
    expect(ids).toEqual({ finding: expect.stringMatching(/^fnd_/), scan: expect.stringMatching(/./) });
    const document = await (await fetch(`${server.url}/openapi.json`)).text();
    writeFileSync(join(folder, "openapi.json"), document);
    writeFileSync(join(folder, "schemathesis.toml"), configuration(ids));
    const { paths } = JSON.parse(document) as { readonly paths: Readonly<Record<string, object>> };
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    await fuzz(folder, server.url);
    cases = readFuzzReport(readFileSync(join(folder, "events.ndjson"), "utf8"));
  }, patience + 30_000);

  afterAll(async () => {
    await server.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("asks every operation of the description, well and badly", () => {
    const answered = (operation: string, isThis: (status: number) => boolean) =>
      cases.some((one) => one.operation === operation && isThis(one.status));
    expect(operations.filter((one) => !answered(one, (status) => status < 300))).toEqual([]);
    expect(operations.filter((one) => !answered(one, (status) => status >= 400))).toEqual([]);
  });

  it(`finds no fault of the service, and no answer that is not as described (seed ${seed})`, () => {
    expect(cases.filter(({ status }) => status >= 500 || status === 0)).toEqual([]);
    const wrong = cases.flatMap(({ failed, ...one }) =>
      failed
        .filter(({ check }) => check !== "positive_data_acceptance" || !isRefusedByMeaning(one))
        .map(({ check, message }) => ({ check, message, ...one })),
    );
    expect(wrong).toEqual([]);
  });
});

/** Puts into the service something to ask for. Returns parameters of paths that lead to it. */
async function prepare(world: World, server: Server): Promise<Readonly<Record<string, string>>> {
  const arnOf = (digit: number) => `arn:aws:kms:us-east-2:111122223333:key/00000000-0000-4000-8000-00000000000${digit}`;
  world.simulator.aws.addKey(sampleKey({ arn: arnOf(1), metadata: { KeyState: "Disabled" } }));
  world.simulator.aws.addKey(sampleKey({ arn: arnOf(2) }));
  world.simulator.control.deny({ call: "kms:GetKeyPolicy", resource: arnOf(1), reason: "access-denied" });
  for (const [name, resource] of [
    ["changed", arnOf(1)],
    ["retired", arnOf(2)],
  ]) {
    const body = JSON.stringify({ name, resource });
    await fetch(`${server.url}/keys`, { method: "POST", headers: { "content-type": "application/json" }, body });
  }
  const scans = await server.service.schedule.requestScan(null, "full");
  await Promise.all(scans.map(({ done }) => done));
  const reply = (await (await fetch(`${server.url}/findings?key=changed`)).json()) as {
    readonly findings: readonly { readonly id: string }[];
  };
  return { finding: reply.findings[0]?.id ?? "", scan: scans[0]?.id ?? "" };
}

/** https://schemathesis.readthedocs.io/en/stable/reference/configuration/ */
function configuration({ finding, scan }: Readonly<Record<string, string>>): string {
  const operation = (by: string, parameter: string, value = "") =>
    ["[[operations]]", by, "[operations.parameters]", `"path.${parameter}" = "${value}"`, ""].join("\n");
  return [
    'suppress-health-check = ["filter_too_much", "too_slow"]',
    "[parameters]",
    '"path.name" = "prod"',
    '"path.provider" = "aws"',
    '"path.check" = "key-enabled"',
    "[checks]",
    // Besides its own list of refusals: 413 is one, and a fault is none.
    "negative_data_rejection.expected-statuses = [400, 404, 405, 409, 413, 415]",
    "[output.sanitization]",
    "enabled = false",
    operation('include-path-regex = "^/findings/"', "id", finding),
    operation('include-path-regex = "^/scans/"', "id", scan),
    operation('include-method = "PATCH"', "name", "changed"),
    operation('include-method = "DELETE"', "name", "retired"),
  ].join("\n");
}

/** Runs schemathesis in the folder. Not done while it waits: the service answers from this process. */
async function fuzz(folder: string, url: string): Promise<void> {
  // It asks for what it just made, and the parameters that lead to what is there lead it elsewhere.
  const checks = ["--checks", "all", "--exclude-checks", "ensure_resource_availability"];
  const options = [...checks, "--continue-on-failure", "--max-examples", String(examples), "--seed", seed];
  const kept = ["--generation-database", "none", "--report", "ndjson", "--report-ndjson-path", "events.ndjson"];
  const run = ["--no-color", "run", "openapi.json", "--url", url, ...options, ...kept];
  await new Promise<void>((resolve, reject) => {
    execFile("schemathesis", run, { cwd: folder, timeout: patience, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      // 1 says that there are failures; they are in the report. Anything else is no run.
      if (error === null || error.code === 1) resolve();
      else reject(new Error(`schemathesis did not run: ${stdout}${stderr}`, { cause: error }));
    });
  });
}

function isRefusedByMeaning({ code, places }: Pick<FuzzCase, "code" | "places">): boolean {
  if (String(code) in refusedByMeaning) return true;
  return places.length > 0 && places.every((place) => `${code} ${place.replace(/\/\d+$/, "")}` in refusedByMeaning);
}
