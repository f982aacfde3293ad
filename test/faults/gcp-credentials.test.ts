import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/run-cli.ts";

const resource = "projects/customer-keys/locations/us-east5/keyRings/anthropic/cryptoKeys/prod";

/** The command line as on a machine that has nothing of Google Cloud on it, and reaches nothing. */
function scan(env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, "keyposture.yaml");
  const database = join(folder, "keyposture.db");
  writeFileSync(config, JSON.stringify({ keys: [{ name: "prod", resource }], database }));
  const nothing = {
    HOME: folder,
    KEYPOSTURE_CONFIG: config,
    GCE_METADATA_HOST: "127.0.0.1:1",
    METADATA_SERVER_DETECTION: "ping-only",
  };
  return runCli(["scan"], { env: { ...nothing, ...env }, cwd: folder });
}

const said =
  /^projects\/customer-keys: no Google Cloud credentials: neither the file of GOOGLE_APPLICATION_CREDENTIALS, nor .*; set one of them up.* \([1-9]\d*x\)$/;

it.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ["no credentials at all", {}, /set one of them up \(\d+x\)$/],
  ["credentials in a file that is not there", { GOOGLE_APPLICATION_CREDENTIALS: "/nowhere/gone.json" }, /gone\.json/],
])("with %s, a scan says so once, names no permission, and ends with 3", { timeout: 30_000 }, async (_, env, more) => {
  const { code, stdout, stderr } = await scan(env);

  expect(code).toBe(3);
  const told = stdout.split("\n").filter((line) => line.startsWith("projects/customer-keys: "));
  expect(told).toEqual([expect.stringMatching(said)]);
  expect(told[0]).toMatch(more);
  expect(stdout).not.toContain("permission");
  expect(stdout).toMatch(/cannot be judged without credentials \(access-denied\)/);
  expect(stderr).not.toMatch(/\n\s+at .*\(/);
});

it("where a proxy answers for the metadata server, stderr has nothing but the log", { timeout: 30_000 }, async () => {
  const proxy = createServer((_, response) => response.writeHead(502).end());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => proxy.close(() => resolve())));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  const { code, stderr } = await scan({ HTTP_PROXY: address, http_proxy: address, GCE_METADATA_HOST: "metadata.test" });

  expect(code).toBe(3);
  for (const line of stderr.split("\n").filter((one) => one !== "")) expect(line).toMatch(/^\{.*\}$/);
});
