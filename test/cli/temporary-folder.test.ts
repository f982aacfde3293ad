import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { runCli } from "../support/run-cli.ts";

let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-test-"));
  config = join(folder, "keyposture.yaml");
  writeFileSync(config, `keys: [{resource: "${testKeyArn}"}]\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

// As in a container whose root file system is read-only, with nothing mounted at /tmp.
it.each([
  ["scan --no-store", () => ["scan", "--no-store", "--config", config]],
  ["collect", () => ["collect", "--out", folder, "--config", config]],
  ["demo", () => ["demo", "--once", "--port", "0"]],
])("%s says where it cannot keep what is forgotten afterwards, and is not itself at fault", async (_name, args) => {
  const nowhere = join(folder, "nowhere");

  const { code, stdout, stderr } = await runCli(args(), { env: { TMPDIR: nowhere } });

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^keyposture: .*nowhere.*TMPDIR/);
});
