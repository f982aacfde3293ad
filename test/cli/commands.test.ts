import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "../support/aws-kms-key.ts";
import { runCli, startCli } from "../support/run-cli.ts";

let folder: string;
let simulator: Simulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-cli-test-"));
  simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(
    sampleKey({ arn: testKeyArn, policy: documentedPolicy(), rotation: { KeyRotationEnabled: true } }),
  );
  simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
});
beforeEach(() => simulator.control.reset());
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

let number = 0;
/** Runs a command with a configuration file of its own; the SDK's own variables lead it to the simulator. */
function options(config: object = {}) {
  number += 1;
  const file = join(folder, `keyposture-${number}.yaml`);
  const all = {
    keys: [{ name: "prod", resource: testKeyArn }],
    organizations: [testOrganization],
    database: join(folder, `keyposture-${number}.db`),
    server: { port: 0 },
    ...config,
  };
  writeFileSync(file, JSON.stringify(all));
  const env = {
    KEYPOSTURE_CONFIG: file,
    AWS_ENDPOINT_URL: simulator.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "not-a-secret",
  };
  return { env, cwd: folder, file };
}

describe("keyposture scan", { timeout: 30_000 }, () => {
  it("tells the findings as JSON and ends with 0 where all is well", async () => {
    const { code, stdout, stderr } = await runCli(["scan", "--format", "json"], options());

    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as { keys: { findings: { outcome: string; check: string }[] }[] };
    const bad = report.keys[0]?.findings.filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable");
    expect(bad).toEqual([]);
    expect(code).toBe(0);
  });

  it("ends with 1 for a finding, unless it is told otherwise", async () => {
    simulator.control.patch({ resource: testKeyArn, change: { metadata: { KeyState: "Disabled" } } });

    expect((await runCli(["scan"], options())).code).toBe(1);
    expect((await runCli(["scan", "--fail-on", "none"], options())).code).toBe(0);
  });

  it("ends with 3 where something could not be judged, and lists the call and the permission", async () => {
    simulator.control.deny({ call: "kms:GetKeyPolicy", reason: "access-denied" });

    const { code, stdout } = await runCli(["scan"], options());

    expect(code).toBe(3);
    expect(stdout).toMatch(/kms:GetKeyPolicy access-denied .* permission kms:GetKeyPolicy/);
  });

  it("leaves no database behind with --no-store", async () => {
    const chosen = options();

    expect((await runCli(["scan", "--no-store"], chosen)).code).toBe(0);
    expect(() => readFileSync(chosen.file.replace(".yaml", ".db"))).toThrow("ENOENT");
  });

  it("refuses a key that is not registered, with the nearest name", async () => {
    const { code, stderr } = await runCli(["scan", "--key", "prud"], options());

    expect(code).toBe(2);
    expect(stderr).toContain("did you mean prod?");
  });

  it("refuses to start without any key", async () => {
    expect((await runCli(["scan"], options({ keys: [] }))).code).toBe(2);
  });
});

describe("keyposture serve", { timeout: 30_000 }, () => {
  it("says whether the configuration is in order, all mistakes at once", async () => {
    const good = await runCli(["serve", "--check-config"], options());
    const bad = await runCli(["serve", "--check-config"], options({ kyes: [], lanes: { fast: "often" } }));

    expect(good).toMatchObject({ code: 0, stdout: "the configuration is in order: 1 key\n" });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain("kyes");
    expect(bad.stderr).toContain('did you mean "keys"?');
    expect(bad.stderr).toContain("lanes.fast");
  });

  const circumstance = "while a request hangs and a client does not read its answer";
  it.each(["SIGTERM", "SIGINT"] as const)(`ends in good order on %s, also ${circumstance}`, async (signal) => {
    simulator.control.fail({ call: "kms:DescribeKey", times: 100, how: "hang" });
    const server = startCli(["serve"], options());
    while (!server.stderr().includes("the API is listening")) await new Promise((resolve) => setTimeout(resolve, 50));
    while ((simulator.control.calls().by_call["kms:DescribeKey"]?.received ?? 0) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const url = /"url":"(http:[^"]+)","msg":"the API is listening"/.exec(server.stderr())?.[1] ?? "";
    const reader = connect(Number(new URL(url).port), "127.0.0.1").pause();
    onTestFinished(() => void reader.destroy());
    // Together more than all buffers between the two hold.
    reader.write("GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".repeat(20));
    await once(reader, "readable");
    const asked = Date.now();

    server.child.kill(signal);

    expect(await server.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    for (const line of server.stderr().trim().split("\n")) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

describe("several processes on one database", { timeout: 60_000 }, () => {
  it("a second service that cannot start takes no key from the first one", async () => {
    const chosen = options();
    const first = startCli(["serve"], chosen);
    while (!first.stderr().includes("the API is listening")) await new Promise((resolve) => setTimeout(resolve, 50));
    const url = /"url":"(http:[^"]+)","msg":"the API is listening"/.exec(first.stderr())?.[1] ?? "";
    const other = options({
      keys: [],
      database: chosen.file.replace(".yaml", ".db"),
      server: { port: Number(new URL(url).port) },
    });

    const second = await runCli(["serve"], other);

    expect(second.code).toBe(2);
    const { keys } = (await (await fetch(`${url}/keys`)).json()) as { keys: { name: string }[] };
    expect(keys.map(({ name }) => name)).toEqual(["prod"]);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
  });

  it("a scan with another configuration scans the keys of the service, and retires none", async () => {
    const chosen = options();
    const service = startCli(["serve"], chosen);
    while (!service.stderr().includes("database opened")) await new Promise((resolve) => setTimeout(resolve, 50));
    const other = options({ keys: [], database: chosen.file.replace(".yaml", ".db") });

    const { stderr, stdout } = await runCli(["scan"], other);

    expect(stderr).toContain("a running service watches");
    expect(stdout).toContain("prod");
    service.child.kill("SIGTERM");
    expect(await service.ended).toBe(0);
  });

  it.each([
    ["a scan", () => ["scan", "--no-store"]],
    ["a collection", () => ["collect", "--out", folder]],
  ])("%s that is interrupted leaves no database of its own and no lease behind", async (_name, args) => {
    simulator.control.fail({ call: "kms:DescribeKey", times: 100, how: "hang" });
    const chosen = options();
    const tmp = mkdtempSync(join(folder, "tmp-"));
    const scan = startCli(args(), { ...chosen, env: { ...chosen.env, TMPDIR: tmp } });
    while ((simulator.control.calls().by_call["kms:DescribeKey"]?.received ?? 0) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }

    scan.child.kill("SIGINT");

    expect(await scan.ended).toBe(130);
    expect(readdirSync(tmp)).toEqual([]);
  });
});

describe("the other commands", { timeout: 30_000 }, () => {
  it("lists the checks, and tells about one", async () => {
    expect((await runCli(["checks"])).stdout).toContain("aws/key-enabled");
    expect((await runCli(["checks", "aws/key-enabled"])).stdout).toContain("kms:DescribeKey");
    const wrong = await runCli(["checks", "aws/key-enable"]);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean aws/key-enabled?") });
  });

  it("migrates a database, and says where there is nothing to do", async () => {
    const chosen = options();

    const made = await runCli(["migrate"], chosen);
    expect(made.stdout).toContain("applied 0001-initial");
    expect(made.stderr).toMatch(/^there was no database yet: \S+\.db was made\n$/);
    expect(await runCli(["migrate"], chosen)).toMatchObject({
      stdout: expect.stringContaining("nothing to do"),
      stderr: "",
    });
  });

  it("migrates no database that it would have to make where no configuration names it", async () => {
    const cwd = mkdtempSync(join(folder, "empty-"));

    const { code, stdout, stderr } = await runCli(["migrate"], { ...options(), cwd, env: { KEYPOSTURE_CONFIG: "" } });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`there is no database ${join(cwd, "keyposture.db")}, and no configuration that names`);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("refuses a corrupt database and says what to do", async () => {
    const database = join(folder, "corrupt.db");
    writeFileSync(database, "this is no database, and was never meant to be one".repeat(100));

    const { code, stderr } = await runCli(["scan"], options({ database }));

    expect(code).toBe(2);
    expect(stderr).toMatch(/corrupt.db/);
    expect(stderr).not.toContain("    at ");
  });

  it.each([[["nonsense"]], [["scan", "--lane", "slow"]], [["scan", "--nonsense"]]])(
    "refuses %j with 2",
    async (args) => {
      expect((await runCli(args, options())).code).toBe(2);
    },
  );

  it.each([[["--help"]], [["--version"]], [["scan", "--help"]]])("%j ends with 0", async (args) => {
    expect(await runCli(args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });
  });
});
