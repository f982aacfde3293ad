import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";
import { startCli } from "../support/run-cli.ts";

/** Two keys, one of which is switched off, and a folder of their own for what a command puts aside. */
let simulator: Simulator;
let folder: string;
let aside: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-output-test-"));
  aside = join(folder, "aside");
  mkdirSync(aside);
  simulator = await startSimulator({ seed: 1 });
  const other = testKeyArn.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  simulator.aws.addKey(sampleKey({ arn: testKeyArn, policy: documentedPolicy(), metadata: { KeyState: "Disabled" } }));
  simulator.aws.addKey(sampleKey({ arn: other, policy: documentedPolicy() }));
  const keys = [
    { name: "off", resource: testKeyArn },
    { name: "on", resource: other },
  ];
  writeFileSync(join(folder, "keyposture.yaml"), JSON.stringify({ keys, organizations: [testOrganization] }));
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: simulator.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "not-a-secret",
    TMPDIR: aside,
  };
}

/** A command whose reader has gone away before it says anything. */
function withoutReader(...args: string[]) {
  const cli = startCli(args, { env: environment(), cwd: folder });
  cli.child.stdout.destroy();
  return cli.ended;
}

describe("a command whose standard output is read no more", { timeout: 30_000 }, () => {
  it.each(["table", "csv"])("scan --format %s clears up, and ends with what it found", async (format) => {
    expect(await withoutReader("scan", "--no-store", "--format", format)).toBe(1);
    expect(readdirSync(aside)).toEqual([]);
  });

  it("collect writes every file", async () => {
    expect(await withoutReader("collect", "--out", "snapshots")).toBe(0);
    expect(readdirSync(join(folder, "snapshots"))).toEqual(["off.json", "on.json"]);
  });

  it("demo ends, and clears up", async () => {
    expect(await withoutReader("demo", "--port", "0")).toBe(0);
    expect(readdirSync(aside)).toEqual([]);
  });
});

describe("a command whose standard output cannot be written", { timeout: 30_000 }, () => {
  it("says so once, clears up, and does not end as if it had found something", async () => {
    const main = join(import.meta.dirname, "../../src/cli/main.ts");
    const file = openSync(join(folder, "keyposture.yaml"), "r");
    const env = { PATH: process.env["PATH"], ...environment() };
    const args = [main, "scan", "--no-store", "--format", "csv"];
    const child = spawn(process.execPath, args, { env, cwd: folder, stdio: ["ignore", file, "pipe"] });
    closeSync(file);
    let told = "";
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      told += piece;
    });
    const [code] = await once(child, "close");

    expect(code).toBe(2);
    expect(told).toMatch(/^keyposture: standard output cannot be written: EBADF.*\n$/);
    expect(readdirSync(aside)).toEqual([]);
  });
});
